"""scikit-learn's k-means on one thread: reads a JSON line, fits or measures, writes a JSON line.

usage: kmeans.py ROWS.f32 N D
"""
import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_info, threadpool_limits

n, d = map(int, sys.argv[2:4])
x = np.fromfile(sys.argv[1], "<f4").reshape(n, d)
warnings.filterwarnings("ignore")


def say(answer):
    print(json.dumps(answer), flush=True)


with threadpool_limits(1):
    kernels = [pool.get("architecture", "") for pool in threadpool_info() if pool.get("user_api") == "blas"]
    say({"scikit-learn": sklearn.__version__, "numpy": np.__version__, "blas": ", ".join(kernels)})
    for line in sys.stdin:
        wanted = json.loads(line)
        k = wanted["k"]
        c = np.fromfile(wanted["starts"], "<f4").reshape(k, d)
        rows = x[: wanted.get("rows", n)]
        began = time.perf_counter()
        model = KMeans(k, init=c, n_init=1, max_iter=wanted["iterations"], tol=0, algorithm="lloyd").fit(rows)
        took = (time.perf_counter() - began) * 1e3
        answer = {"ms": took, "iterations": int(model.n_iter_), "inertia": float(model.inertia_)}
        if wanted.get("silhouette"):
            began = time.perf_counter()
            answer["silhouette"] = float(silhouette_score(rows, model.labels_))
            answer["ms"] = (time.perf_counter() - began) * 1e3
        say(answer)
