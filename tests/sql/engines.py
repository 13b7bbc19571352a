"""Answers for tests/sql: one JSON line in, one JSON line out.

{"open": engine}                      an engine, fresh; its version comes back
{"tables": [{name, columns, rows}]}   tables in place of those before
{"sql": [statement, …]}               for each {"rows": …} or {"error": …}
{"parse": [[dialect, statement], …]}  for each null, or what sqlglot says against it
"""

import datetime
import json
import os
import sys


def day(text):
    return None if text is None else datetime.date.fromisoformat(text)


def moment(text):
    return None if text is None else datetime.datetime.fromisoformat(text)


def name(text):
    return '"' + text.replace('"', '""') + '"'


def number(value):
    return None if value is None else float(value)


CONVERT = {"number": number, "date": day, "time": moment}


def typed(table):
    """Rows with Python's own days and moments."""
    kinds = [column["type"] for column in table["columns"]]
    return [[CONVERT.get(kind, lambda value: value)(value) for kind, value in zip(kinds, row)] for row in table["rows"]]


def plain(rows):
    return [[str(value) if isinstance(value, (datetime.date, datetime.datetime)) else value for value in row] for row in rows]


class Duck:
    def __init__(self):
        import duckdb

        self.version = duckdb.__version__
        self.db = duckdb.connect()

    types = {"number": "DOUBLE", "date": "DATE", "time": "TIMESTAMP", "boolean": "BOOLEAN"}

    def tables(self, tables):
        for table in tables:
            columns = ", ".join(f'{name(c["name"])} {self.types.get(c["type"], "VARCHAR")}' for c in table["columns"])
            self.db.execute(f'CREATE OR REPLACE TABLE {name(table["name"])} ({columns})')
            marks = ", ".join("?" * len(table["columns"]))
            rows = typed(table)
            if rows:
                self.db.executemany(f'INSERT INTO {name(table["name"])} VALUES ({marks})', rows)

    def sql(self, statement):
        return self.db.execute(statement).fetchall()


class Lite:
    def __init__(self):
        import sqlite3

        self.version = sqlite3.sqlite_version
        self.db = sqlite3.connect(":memory:")

    types = {"number": "REAL", "boolean": "INTEGER"}

    def tables(self, tables):
        for table in tables:
            columns = ", ".join(f'{name(c["name"])} {self.types.get(c["type"], "TEXT")}' for c in table["columns"])
            self.db.execute(f'DROP TABLE IF EXISTS {name(table["name"])}')
            self.db.execute(f'CREATE TABLE {name(table["name"])} ({columns})')
            marks = ", ".join("?" * len(table["columns"]))
            self.db.executemany(f'INSERT INTO {name(table["name"])} VALUES ({marks})', table["rows"])

    def sql(self, statement):
        return self.db.execute(statement).fetchall()


class Fusion:
    def __init__(self):
        import datafusion

        self.version = datafusion.__version__
        self.db = None

    def tables(self, tables):
        import datafusion
        import pyarrow

        types = {
            "number": pyarrow.float64(),
            "date": pyarrow.date32(),
            "time": pyarrow.timestamp("ms"),
            "boolean": pyarrow.bool_(),
        }
        self.db = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(1))
        for table in tables:
            fields = [(c["name"], types.get(c["type"], pyarrow.string())) for c in table["columns"]]
            rows = typed(table)
            arrays = [pyarrow.array([row[at] for row in rows], type=kind) for at, (_, kind) in enumerate(fields)]
            batch = pyarrow.RecordBatch.from_arrays(arrays, schema=pyarrow.schema(fields))
            self.db.register_record_batches(table["name"], [[batch]])

    def sql(self, statement):
        return [list(row.values()) for batch in self.db.sql(statement).collect() for row in batch.to_pylist()]


class Spark:
    def __init__(self):
        import pyspark
        from pyspark.sql import SparkSession

        self.version = pyspark.__version__
        builder = SparkSession.builder.master("local[1]").appName("sql")
        for key, value in {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "1",
            "spark.default.parallelism": "1",
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.autoBroadcastJoinThreshold": "10485760",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": "2g",
        }.items():
            builder = builder.config(key, value)
        self.db = builder.getOrCreate()
        self.db.sparkContext.setLogLevel("OFF")

    def tables(self, tables):
        from pyspark.sql import types as t

        kinds = {"number": t.DoubleType, "date": t.DateType, "time": t.TimestampNTZType, "boolean": t.BooleanType}
        for table in tables:
            fields = [t.StructField(c["name"], kinds.get(c["type"], t.StringType)()) for c in table["columns"]]
            self.db.createDataFrame(typed(table), t.StructType(fields)).coalesce(1).cache().createOrReplaceTempView(table["name"])

    def sql(self, statement):
        return [list(row) for row in self.db.sql(statement).collect()]


ENGINES = {"duckdb": Duck, "sqlite": Lite, "datafusion": Fusion, "spark": Spark}


def parse(dialect, statement):
    import sqlglot
    from sqlglot import exp

    try:
        trees = sqlglot.parse(statement, dialect=None if dialect == "ansi" else dialect)
    except sqlglot.errors.SqlglotError as error:
        return str(error)[:500]
    if len(trees) != 1 or not isinstance(trees[0], exp.Select):
        return f"{len(trees)} statements: {[type(tree).__name__ for tree in trees]}"
    return None


def main():
    engine = None
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            if "open" in ask:
                engine = ENGINES[ask["open"]]()
                answer = {"version": engine.version}
            elif "tables" in ask:
                engine.tables(ask["tables"])
                answer = {}
            elif "parse" in ask:
                answer = {"parsed": [parse(*pair) for pair in ask["parse"]]}
            else:
                answer = {"results": []}
                for statement in ask["sql"]:
                    try:
                        answer["results"].append({"rows": plain(engine.sql(statement))})
                    except Exception as error:
                        answer["results"].append({"error": f"{type(error).__name__}: {error}"[:600]})
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"[:2000]}
        out.write(json.dumps(answer) + "\n")
        out.flush()


main()
