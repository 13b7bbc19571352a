"""Value by lifetimes, timed: customers summarised from the log, three models of purchases and one of spending fitted, and what each
customer is expected to bring in a year by the first. Answers line by line."""

import json
import sys
import time
import warnings

import lifetimes
import pandas
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter, ParetoNBDFitter
from lifetimes.utils import summary_data_from_transaction_data

warnings.filterwarnings("ignore")
lines = pandas.read_csv(sys.argv[1], parse_dates=["order_date"])
print(json.dumps({"lifetimes": lifetimes.__version__}), flush=True)


def value():
    all = summary_data_from_transaction_data(
        lines, "customer_id", "order_date", "amount", freq="D", observation_period_end=lines["order_date"].max()
    )
    all[["recency", "T"]] /= 7
    fitted = []
    for model in (BetaGeoFitter(), ModifiedBetaGeoFitter(), ParetoNBDFitter()):
        fitted.append(model.fit(all["frequency"], all["recency"], all["T"]))
    spent = all[(all["frequency"] > 0) & (all["monetary_value"] > 0)]
    money = GammaGammaFitter().fit(spent["frequency"], spent["monetary_value"])
    best = fitted[0]
    best.conditional_probability_alive(all["frequency"], all["recency"], all["T"])
    money.customer_lifetime_value(
        best, all["frequency"], all["recency"], all["T"], all["monetary_value"], time=12, freq="W", discount_rate=0.008
    )
    return best.params_["r"]


for line in sys.stdin:
    began = time.perf_counter()
    r = value()
    print(json.dumps({"ms": 1000 * (time.perf_counter() - began), "r": r}), flush=True)
