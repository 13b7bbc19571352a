"""What does scikit-learn make of the same matrix? Prints the figures that tests/engine/propensity.rs holds.

    python3 -m venv .cache/oracle && .cache/oracle/bin/pip install scikit-learn==1.9.1
    .cache/oracle/bin/python scripts/propensity.py ../shared/data/telco_customer_churn.csv

Every fourth customer (from the first) is held back. Measures are standardised over the others with n, not n - 1, the median in place
of a missing one beside a column that says so; of a category the most frequent level is left out.
"""

import csv
import sys

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

MEASURES = ["tenure", "MonthlyCharges", "TotalCharges"]
CATEGORIES = ["Contract", "InternetService", "PaymentMethod", "PaperlessBilling"]

rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf8")))
fit = numpy.array([at % 4 != 0 for at in range(len(rows))])
happened = numpy.array([row["Churn"] == "Yes" for row in rows])
names, columns = [], []
for name in MEASURES:
    values = numpy.array([float(row[name]) if row[name].strip() else numpy.nan for row in rows])
    known = values[fit & ~numpy.isnan(values)]
    missing = numpy.isnan(values)
    names.append(name)
    columns.append((numpy.where(missing, numpy.median(known), values) - known.mean()) / known.std())
    if missing[fit].any():
        names.append(f"{name} (missing)")
        columns.append(missing.astype(float))
for name in CATEGORIES:
    values = [row[name] for row in rows]
    of_fit = [value for value, there in zip(values, fit) if there]
    levels = sorted(set(of_fit), key=lambda level: (-of_fit.count(level), level))
    for level in levels[1:]:
        names.append(f"{name} {level}")
        columns.append(numpy.array([float(value == level) for value in values]))
cells = numpy.column_stack(columns)
model = LogisticRegression(C=1.0, tol=1e-12, max_iter=100_000, solver="newton-cholesky").fit(cells[fit], happened[fit])
for name, coefficient in zip(names, model.coef_[0]):
    print(f"{name}: {coefficient:.9f}")
print(f"intercept: {model.intercept_[0]:.9f}")
said, test = model.predict_proba(cells[~fit])[:, 1], happened[~fit]
print(f"auc {roc_auc_score(test, said):.9f} log-loss {log_loss(test, said):.9f} brier {brier_score_loss(test, said):.9f}")
print(f"{len(rows)} customers, {fit.sum()} fitted to, {test.sum()} of {len(test)} churned")
