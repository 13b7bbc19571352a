"""polars' CSV reader on one thread: reads a JSON line, reads the file, writes a JSON line.

usage: reading.py FILE.csv   (POLARS_MAX_THREADS is set by the caller)
"""
import json
import sys
import time

import polars

path = sys.argv[1]


def say(answer):
    print(json.dumps(answer), flush=True)


say({"polars": polars.__version__, "threads": polars.thread_pool_size()})
for line in sys.stdin:
    columns = json.loads(line)["columns"]
    began = time.perf_counter()
    table = polars.read_csv(path, try_parse_dates=True)
    took = (time.perf_counter() - began) * 1e3
    say({"ms": took, "rows": table.height, "sums": [float(table[name].sum()) for name in columns]})
