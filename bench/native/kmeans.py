"""scikit-learn's k-means on one thread: reads a JSON line, fits, writes a JSON line.

usage: kmeans.py ROWS.f32 STARTS.f32 N D K
"""
import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_info, threadpool_limits

rows, starts = sys.argv[1:3]
n, d, k = map(int, sys.argv[3:6])
x = np.fromfile(rows, "<f4").reshape(n, d)
c = np.fromfile(starts, "<f4").reshape(k, d)
warnings.filterwarnings("ignore")


def say(answer):
    print(json.dumps(answer), flush=True)


with threadpool_limits(1):
    kernels = [pool.get("architecture", "") for pool in threadpool_info() if pool.get("user_api") == "blas"]
    say({"scikit-learn": sklearn.__version__, "numpy": np.__version__, "blas": ", ".join(kernels)})
    for line in sys.stdin:
        wanted = json.loads(line)
        began = time.perf_counter()
        model = KMeans(k, init=c, n_init=1, max_iter=wanted["iterations"], tol=0, algorithm="lloyd").fit(x)
        took = (time.perf_counter() - began) * 1e3
        say({"ms": took, "iterations": int(model.n_iter_), "inertia": float(model.inertia_)})
