"""Telling duplicates among pairs of invoices: `python -m bench.duplicate_pairs TRAIN.csv TEST.csv [--precision 0.95]`.

Each row is a pair told by numbers between 0 and 1 (how alike their numbers and suppliers' names are by several
measures, whether amount, dates, reference and user are the same) and ``duplicate`` (0 or 1); ``ID`` is not looked at.
The model is the mean of boosted, bagged and extremely random trees (scikit-learn). Beside the numbers it sees how many
pairs of both files have the same ones, because what is common is rarely a duplicate. The pairs of Pim Verschuuren's
Deduplication (arXiv 2007.04001) have this form. Prints the area under the ROC curve, average precision, and the
operating point with that precision: its threshold is chosen on TRAIN by cross-validation, its figures are TEST's.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score
from sklearn.model_selection import StratifiedKFold

LABEL, NUMBER, NAME, SAME = "duplicate", "invoiceNumber", "suppName", "same"
SEED = 7
FOLDS = 4

Floats = NDArray[np.float64]


def read(file: Path) -> tuple[list[str], Floats, Floats]:
    """Return the names of the columns, the pairs and their labels."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    names = [name for name in rows[0] if name not in {"ID", LABEL}]
    pairs = np.array([[float(row[name]) for name in names] for row in rows])
    return names, pairs, np.array([float(row[LABEL]) for row in rows])


def with_counts(names: Sequence[str], pairs: Floats) -> Floats:
    """Return the pairs with how common (as logarithms) the same numbers are: all, those of number, name, the rest."""
    groups = [[at for at, name in enumerate(names) if name.startswith(which)] for which in ("", NUMBER, NAME, SAME)]
    groups.append(groups[1] + groups[2])
    return np.column_stack([pairs, *(_commonness(pairs[:, group]) for group in groups if group)])


def _commonness(numbers: Floats) -> Floats:
    keys = [tuple(row) for row in numbers.round(6)]
    times = Counter(keys)
    return np.log1p([times[key] for key in keys])


def models() -> list[HistGradientBoostingClassifier | RandomForestClassifier | ExtraTreesClassifier]:
    """Return the trees, fresh; each is as good as the others and wrong elsewhere."""
    boosted = HistGradientBoostingClassifier(
        max_iter=400, learning_rate=0.05, max_leaf_nodes=127, min_samples_leaf=4, max_features=0.3, random_state=SEED
    )
    bagged = RandomForestClassifier(400, max_features=0.3, n_jobs=-1, random_state=SEED)
    return [boosted, bagged, ExtraTreesClassifier(400, max_features=1.0, bootstrap=True, n_jobs=-1, random_state=SEED)]


def scores(pairs: Floats, labels: Floats, others: Floats) -> Floats:
    """Return how likely each of the others is a duplicate, by models fitted on labelled pairs."""
    fitted = [model.fit(pairs, labels).predict_proba(others)[:, 1] for model in models()]
    return np.mean(fitted, axis=0)


def threshold(pairs: Floats, labels: Floats, precision: float) -> float:
    """Return the lowest score from which on pairs are duplicates with this precision, by cross-validation."""
    found = np.zeros(len(labels))
    for known, rest in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(pairs, labels):
        found[rest] = scores(pairs[known], labels[known], pairs[rest])
    reached, _, limits = precision_recall_curve(labels, found)
    good = limits[reached[:-1] >= precision]
    return float(good.min()) if len(good) else 1.0


def main() -> None:
    """Fit, measure, print."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("train", type=Path)
    wanted.add_argument("test", type=Path)
    wanted.add_argument("--precision", type=float, default=0.95)
    args = wanted.parse_args()
    names, train, known = read(args.train)
    _, test, truth = read(args.test)
    both = with_counts(names, np.vstack([train, test]))
    train, test = both[: len(train)], both[len(train) :]
    limit = threshold(train, known, args.precision)
    found = scores(train, known, test)
    above = found >= limit
    right = float(truth[above].mean()) if above.any() else 1.0
    print(f"{len(train)} pairs to learn from, {len(test)} to tell, {truth.mean():.1%} of them duplicates")
    print(
        f"AUC {roc_auc_score(truth, found):.4f}, average precision {average_precision_score(truth, found):.4f}, "
        f"from score {limit:.3f} on: precision {right:.3f}, recall {truth[above].sum() / truth.sum():.3f}"
    )
    reached, recalls, _ = precision_recall_curve(truth, found)
    best = recalls[reached >= args.precision].max()
    print(f"recall at {args.precision:.0%} precision, threshold chosen on the test pairs themselves: {best:.3f}")


if __name__ == "__main__":
    main()
