"""Answers for tests/models: one JSON line in, one JSON line out.

{"open": "onnxruntime" | "jpmml"}                                its version comes back
{"model": text or base64, "columns": [{name, type, values}]}     the label of each row, null for none
"""

import base64
import json
import os
import sys


class Onnx:
    def __init__(self):
        import onnxruntime

        self.version = onnxruntime.__version__

    def labels(self, model, columns):
        import numpy
        import onnx
        import onnxruntime

        read = onnx.load_model_from_string(base64.b64decode(model))
        onnx.checker.check_model(read, full_check=True)
        meta = {entry.key: json.loads(entry.value) for entry in read.metadata_props if entry.key in ("columns", "labels")}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(base64.b64decode(model), options, providers=["CPUExecutionProvider"])
        given = {column["name"]: column for column in columns}
        feed = {}
        for column in meta["columns"]:
            values, kind = given[column["name"]]["values"], given[column["name"]]["type"]
            assert kind == column["type"], (kind, column)
            if kind == "number":
                made = numpy.array([float("nan") if value is None else value for value in values], dtype=numpy.float64)
            else:
                made = numpy.array(["" if value is None else value for value in values], dtype=object)
            feed[column["input"]] = made.reshape(-1, 1)
        label, scores = session.run(["label", "scores"], feed)
        assert label.dtype == numpy.int64 and scores.shape == (len(label), len(meta["labels"])), (label.dtype, scores.shape)
        finite = numpy.where(numpy.isfinite(scores), scores, None)
        return [None if one < 0 else meta["labels"][one] for one in label.tolist()], finite.tolist()


class Jpmml:
    def __init__(self):
        import jpmml_evaluator
        from jpmml_evaluator.jpype import JPypeBackend

        self.version = jpmml_evaluator.__version__
        self.backend = JPypeBackend()

    def labels(self, model, columns):
        import tempfile

        from jpmml_evaluator import make_evaluator

        with tempfile.NamedTemporaryFile("w", suffix=".pmml", encoding="utf-8") as file:
            file.write(model)
            file.flush()
            evaluator = make_evaluator(file.name, backend=self.backend).verify()
        (output,) = [field.name for field in evaluator.getOutputFields()]
        names = [column["name"] for column in columns]
        rows = zip(*[column["values"] for column in columns])
        found = []
        for row in rows:
            result = evaluator.evaluate(dict(zip(names, row)))
            found.append(result.get(output))
        return found, None


def main():
    engine = None
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            if "open" in ask:
                engine = {"onnxruntime": Onnx, "jpmml": Jpmml}[ask["open"]]()
                answer = {"version": engine.version}
            else:
                labels, scores = engine.labels(ask["model"], ask["columns"])
                answer = {"labels": labels, "scores": scores}
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"[:2000]}
        out.write(json.dumps(answer) + "\n")
        out.flush()


main()
