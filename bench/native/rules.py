"""DuckDB on one thread: reads a JSON line with SQL conditions, counts all of them in one query, writes a JSON line.

usage: rules.py FILE.csv
"""
import json
import sys
import time

import duckdb

connection = duckdb.connect()
connection.execute("set threads = 1")
connection.execute("create table t as select * from read_csv(?)", [sys.argv[1]])


def say(answer):
    print(json.dumps(answer), flush=True)


say({"duckdb": duckdb.__version__, "rows": connection.execute("select count(*) from t").fetchone()[0]})
for line in sys.stdin:
    conditions = json.loads(line)["conditions"]
    query = "select " + ", ".join(f"count(*) filter (where {condition})" for condition in conditions) + " from t"
    began = time.perf_counter()
    counts = connection.execute(query).fetchone()
    took = (time.perf_counter() - began) * 1e3
    say({"ms": took, "counts": list(counts)})
