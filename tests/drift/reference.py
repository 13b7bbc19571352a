"""What do SciPy and NumPy say of two samples? One JSON line in (columns of both sides), one out (the figures of each column)."""

import json
import sys

import numpy as np
from scipy import special, stats
from scipy.spatial.distance import jensenshannon
from scipy.stats.contingency import association

RARE, MOST = (5, 0.005), 30


def cut(values):
    """Counts in the bins that the first side is cut into; a number's edges are its deciles, each once, and the
    number behind a value that is more than one of them."""
    if any(isinstance(value, str) for value in values):
        names, counts = np.unique([value for value in values if value is not None], return_counts=True)
        least = max(RARE[0], int(np.ceil(RARE[1] * counts.sum())))
        order = sorted(range(len(names)), key=lambda at: (-counts[at], names[at]))
        levels = [names[at] for at in order[:MOST] if counts[at] >= least]
        return lambda column: [levels.index(value) if value in levels else len(levels) for value in column], len(levels) + 1
    known = np.array([value for value in values if value is not None], dtype=float)
    once, times = np.unique(np.quantile(known, np.arange(1, 10) / 10) if known.size else [], return_counts=True)
    edges = np.unique(np.append(once, np.nextafter(once[times > 1], np.inf)))
    return lambda column: np.searchsorted(edges, np.array(column, dtype=float), side="right"), len(edges) + 1


def counted(column, bins, width):
    known = [value for value in column if value is not None]
    counts = np.bincount(np.array(bins(known), dtype=int), minlength=width) if known else np.zeros(width, dtype=int)
    return counts, len(column) - len(known)


def column(before, after):
    bins, width = cut(before)
    (a, lost_a), (b, lost_b) = counted(before, bins, width), counted(after, bins, width)
    all_a, all_b = np.append(a, lost_a), np.append(b, lost_b)
    used = (all_a + all_b) > 0
    floored = [np.maximum(counts[used], 0.5) / counts.sum() for counts in (all_a, all_b)]
    shares = [counts / counts.sum() for counts in (all_a, all_b)]
    found = {
        "psi": float(np.sum((floored[1] - floored[0]) * np.log(floored[1] / floored[0]))),
        "expectedPsi": float((used.sum() - 1) * (1 / all_a.sum() + 1 / all_b.sum())),
        "totalVariation": float(np.abs(shares[0] - shares[1]).sum() / 2),
        "hellinger": float(np.linalg.norm(np.sqrt(shares[0]) - np.sqrt(shares[1])) / np.sqrt(2)),
        "jensenShannon": float(jensenshannon(shares[0], shares[1]) ** 2) if (shares[0] != shares[1]).any() else 0.0,
    }
    x, y = ([value for value in side if value is not None] for side in (before, after))
    if any(isinstance(value, str) for value in x):
        table = np.array([a, b])[:, (a + b) > 0]
        test = stats.chi2_contingency(table, correction=False)
        found |= {"value": float(test.statistic), "p": float(test.pvalue), "degrees": float(test.dof)}
        found["effect"] = float(association(table, method="cramer", correction=False))
        return found
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    statistic = float(stats.ks_2samp(x, y).statistic)
    found["value"] = statistic
    found["p"] = float(special.kolmogorov(np.sqrt(len(x) * len(y) / (len(x) + len(y))) * statistic))
    pooled = np.sqrt(((len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1)) / (len(x) + len(y) - 2))
    gap = y.mean() - x.mean()
    found |= {"effect": float(gap / pooled) if gap else 0.0, "meanBefore": float(x.mean()), "meanAfter": float(y.mean())}
    found |= {"medianBefore": float(np.median(x)), "medianAfter": float(np.median(y))}
    # What a baseline keeps of the values: the largest difference at its edges.
    found["fromBins"] = float(np.abs(np.cumsum(a) / a.sum() - np.cumsum(b) / b.sum()).max())
    return found


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {name: column(*sides) for name, sides in request["columns"].items()}
    except Exception as error:  # what went wrong goes back as an answer
        answer = {"failed": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
