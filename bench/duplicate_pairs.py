"""Telling duplicates among pairs of invoices: `python -m bench.duplicate_pairs TRAIN.csv TEST.csv [--precision 0.95]`.

Each row is a pair told by numbers between 0 and 1 (how alike their numbers and suppliers' names are by several
measures, whether amount, dates, reference and user are the same) and ``duplicate`` (0 or 1); ``ID`` is not looked at.
The pairs of Pim Verschuuren's Deduplication (arXiv 2007.04001) have this form. The model is a mean of boosted and of
extremely random trees (scikit-learn) over the numbers and what `bench.pair_features` sees in them; that looks at the
pairs of both files together, at no label of TEST. Prints the area under the ROC curve, average precision, and the
operating point with that precision: its threshold is chosen on TRAIN by cross-validation, its figures are TEST's.
Without TEST, TRAIN alone is told by cross-validation (``--folds N``).

A measurement, not a part of the product: what holds an invoice there has to be said in a sentence, so the product's
control weighs signs (`payables.resemblance`), and its figures are those of `bench.payments`.
"""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from bench.pair_features import Floats, widened

LABEL = "duplicate"
FOLDS = 4
SEEDS = (1, 2, 3, 4)
RANDOM_TREES = 0.1


def read(file: Path) -> tuple[list[str], Floats, Floats]:
    """Return the names of the columns, the pairs and their labels."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    names = [name for name in rows[0] if name not in {"ID", LABEL}]
    pairs = np.array([[float(row[name]) for name in names] for row in rows])
    return names, pairs, np.array([float(row[LABEL]) for row in rows])


def _models() -> Iterator[tuple[float, HistGradientBoostingClassifier | ExtraTreesClassifier]]:
    """Yield the trees, fresh, each with its weight."""
    for seed in SEEDS:
        boosted = HistGradientBoostingClassifier(
            max_iter=600,
            learning_rate=0.04,
            max_leaf_nodes=63,
            min_samples_leaf=3,
            max_features=0.08,
            random_state=seed,
        )
        yield (1 - RANDOM_TREES) / len(SEEDS), boosted
    yield RANDOM_TREES, ExtraTreesClassifier(200, max_features=0.5, n_jobs=-1, random_state=SEEDS[0])


def scores(pairs: Floats, labels: Floats, others: Floats) -> Floats:
    """Return how likely each of the others is a duplicate, by models fitted on labelled pairs."""
    parts = [weight * model.fit(pairs, labels).predict_proba(others)[:, 1] for weight, model in _models()]
    return np.sum(parts, axis=0)


def crossed(pairs: Floats, labels: Floats, folds: int = FOLDS) -> Floats:
    """Return the scores of labelled pairs by models that have not seen them."""
    found = np.zeros(len(labels))
    for known, rest in StratifiedKFold(folds, shuffle=True, random_state=SEEDS[0]).split(pairs, labels):
        found[rest] = scores(pairs[known], labels[known], pairs[rest])
    return found


def threshold(found: Floats, labels: Floats, precision: float) -> float:
    """Return the lowest score from which on pairs are duplicates with this precision."""
    reached, _, limits = precision_recall_curve(labels, found)
    good = limits[reached[:-1] >= precision]
    return float(good.min()) if len(good) else 1.0


def tell(found: Floats, truth: Floats, limit: float, precision: float) -> None:
    """Print the figures of scores, the operating point, and what the best one would be."""
    above = found >= limit
    right = float(truth[above].mean()) if above.any() else 1.0
    print(
        f"AUC {roc_auc_score(truth, found):.4f}, average precision {average_precision_score(truth, found):.4f}, "
        f"from score {limit:.3f} on: precision {right:.3f}, recall {truth[above].sum() / truth.sum():.3f}"
    )
    reached, recalls, _ = precision_recall_curve(truth, found)
    best = recalls[reached >= precision].max()
    print(f"recall at {precision:.0%} precision, threshold chosen on the pairs told themselves: {best:.3f}")


def main() -> None:
    """Fit, measure, print."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("train", type=Path)
    wanted.add_argument("test", type=Path, nargs="?")
    wanted.add_argument("--precision", type=float, default=0.95)
    wanted.add_argument("--folds", type=int, default=FOLDS, help="of the cross-validation on TRAIN")
    args = wanted.parse_args()
    names, train, known = read(args.train)
    if args.test is None:
        found = crossed(widened(names, train), known, args.folds)
        print(f"{len(train)} pairs told by {args.folds} folds, {known.mean():.1%} of them duplicates")
        tell(found, known, threshold(found, known, args.precision), args.precision)
        return
    _, test, truth = read(args.test)
    both = widened(names, np.vstack([train, test]))
    train, test = both[: len(train)], both[len(train) :]
    limit = threshold(crossed(train, known, args.folds), known, args.precision)
    print(f"{len(train)} pairs to learn from, {len(test)} to tell, {truth.mean():.1%} of them duplicates")
    tell(scores(train, known, test), truth, limit, args.precision)


if __name__ == "__main__":
    main()
