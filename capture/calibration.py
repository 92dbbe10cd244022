"""Calibration: fitting how sure a reading is to labelled readings, and measuring how honest it is.

A logistic fit on all fields, drawn towards round numbers that no data was asked for, then a slope and a shift for each
group of fields, drawn towards none: errors are few, and a group without any must not become certain of itself. What is
measured is measured on layouts that were left out of the fit, for pages of one form go wrong together.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from capture.confidence import CRITICAL, FEATURES, Features, Model, group

Vector = npt.NDArray[np.float64]
AGAINST = frozenset({"rival", "denied", "unlisted"})
STRONGEST = 8.0
PULL, GROUP_PULL = 0.3, 4.0
BEFORE = {
    "bias": -1.0,
    "score": 2.0,
    "legible": 2.0,
    "rival": -2.0,
    "closes": 2.0,
    "checked": 2.0,
    "confirmed": 1.0,
    "denied": -1.0,
    "textlayer": 1.0,
    "master": 2.0,
    "unlisted": -1.0,
}
FOLDS = 5
ALIKE, SHORT = 85, 4
RISK = 0.01
SURE = 0.95
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99, 1.0)
STEPS = (0.01, 0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One labelled value: of which document and layout, its field, its evidence, and whether it was right."""

    document: str
    layout: str
    field: str
    features: Features
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The values whose probability lay between two bounds: how many, what was promised, what was right."""

    low: float
    high: float
    count: int
    promised: float
    right: float


@dataclass(frozen=True, slots=True)
class Point:
    """What passes at a threshold: the share of all (``coverage``), and the share of wrong ones in it (``risk``).

    ``bound`` is the risk that is not exceeded with a confidence of 95 %, were they drawn at random (Clopper and
    Pearson, 1934): none wrong of a hundred may still be three of a hundred.
    """

    threshold: float
    coverage: float
    risk: float
    bound: float = 1.0


@dataclass(frozen=True, slots=True)
class Measure:
    """How honest probabilities were: expected calibration error, Brier score, the bins, what passes at which risk.

    ``fields`` counts values one by one. ``documents`` passes a document when all its critical values were found and
    pass, and counts it as wrong when one of them is. A sender whom the supplier master does not know never passes.
    ``field_gate`` and ``document_gate`` are what passes at the model's own threshold, ``most_fields`` and
    ``most_documents`` the most that could pass with at most one wrong in a hundred.
    """

    samples: int
    wrong: int
    ece: float
    brier: float
    bins: tuple[Bin, ...]
    fields: tuple[Point, ...]
    documents: tuple[Point, ...]
    field_gate: Point
    document_gate: Point
    most_fields: Point
    most_documents: Point


def fit(samples: Sequence[Sample], *, version: int = 0) -> Model:
    """The model that fits the samples best."""
    evidence = np.array([_row(sample) for sample in samples])
    right = np.array([float(sample.right) for sample in samples])
    start = np.array([BEFORE[name] for name in ("bias", *FEATURES)])
    weights = _minimum(evidence, right, start, PULL, _bounds())
    named = {name: round(float(weight), 3) for name, weight in zip(("bias", *FEATURES), weights, strict=True)}
    pooled = Model(version=version, samples=len(samples), weights=named)
    return replace(pooled, groups=_groups(samples, pooled, right))


def held_out(samples: Sequence[Sample], folds: int = FOLDS) -> list[float]:
    """The probability of each sample by a model that was fitted without any page of its layout."""
    kin = senders({sample.layout for sample in samples})
    fold = parts([kin[sample.layout] for sample in samples], folds)
    models = {
        number: fit([sample for sample in samples if fold[kin[sample.layout]] != number])
        for number in set(fold.values())
    }
    return [models[fold[kin[sample.layout]]].probability(sample.field, sample.features) for sample in samples]


def senders(layouts: Collection[str]) -> Mapping[str, str]:
    """One name for layouts that may be of one sender: one's name is in the other's, or nearly the same."""
    names: dict[str, str] = {}
    for layout in sorted(layouts, key=lambda one: (len(one), one)):
        known = (other for other in names if other in layout or fuzz.ratio(other, layout) >= ALIKE)
        names[layout] = next((names[other] for other in known if len(other) >= SHORT), layout)
    return names


def parts(layouts: Sequence[str], folds: int) -> Mapping[str, int]:
    """The fold of each layout, so that all folds have about the same number of samples; always the same."""
    sizes = [0] * folds
    fold: dict[str, int] = {}
    for layout, size in sorted(Counter(layouts).items(), key=lambda item: (-item[1], item[0])):
        fold[layout] = sizes.index(min(sizes))
        sizes[fold[layout]] += size
    return fold


def measure(
    samples: Sequence[Sample],
    probabilities: Sequence[float],
    *,
    gate: float = 0.95,
    incomplete: Collection[str] = frozenset(),
) -> Measure:
    """How honest the probabilities were, one for each sample; ``gate`` is the threshold below which a person looks.

    ``incomplete`` are the documents in which a critical value was not found, so that they pass at no threshold.
    """
    right = [sample.right for sample in samples]
    bins = _bins(probabilities, right)
    # a sender that no master knows goes to review, however well its name is printed
    passing = [0.0 if one.features.unlisted else sure for one, sure in zip(samples, probabilities, strict=True)]
    values, pages = list(zip(passing, right, strict=True)), _pages(samples, passing, incomplete)
    count = max(1, len(samples))
    return Measure(
        samples=len(samples),
        wrong=right.count(False),
        ece=sum(one.count * abs(one.promised - one.right) for one in bins) / count,
        brier=sum((one - float(was)) ** 2 for one, was in zip(probabilities, right, strict=True)) / count,
        bins=bins,
        fields=tuple(_point(values, step) for step in STEPS),
        documents=tuple(_point(pages, step) for step in STEPS),
        field_gate=_point(values, gate),
        document_gate=_point(pages, gate),
        most_fields=_most(values),
        most_documents=_most(pages),
    )


Outcomes = list[tuple[float, bool]]


def _pages(samples: Sequence[Sample], passing: Sequence[float], incomplete: Collection[str]) -> Outcomes:
    """The probability of the worst critical value of each document, and whether all of them are right."""
    worst: dict[str, tuple[float, bool]] = {}
    for sample, sure in zip(samples, passing, strict=True):
        if sample.field in CRITICAL:
            least, whole = worst.get(sample.document, (0.0 if sample.document in incomplete else 1.0, True))
            worst[sample.document] = min(least, sure), whole and sample.right
    return list(worst.values())


def _bins(probabilities: Sequence[float], right: Sequence[bool]) -> tuple[Bin, ...]:
    bins = []
    for low, high in pairwise(EDGES):
        last = high == EDGES[-1]
        pairs = zip(probabilities, right, strict=True)
        here = [(one, was) for one, was in pairs if low <= one and (one < high or last)]
        if here:
            promised, was = sum(one for one, _ in here) / len(here), sum(was for _, was in here) / len(here)
            bins.append(Bin(low, high, len(here), promised, was))
    return tuple(bins)


def _point(outcomes: Outcomes, threshold: float) -> Point:
    passed = [right for probability, right in outcomes if probability >= threshold]
    wrong = passed.count(False)
    risk = wrong / len(passed) if passed else 0.0
    return Point(threshold, len(passed) / max(1, len(outcomes)), risk, _bound(wrong, len(passed)))


def _most(outcomes: Outcomes) -> Point:
    """The most that passes with a risk of at most RISK; what passes at no threshold never does."""
    thresholds = sorted({probability for probability, _ in outcomes if probability > 0})
    points = (_point(outcomes, threshold) for threshold in thresholds)
    return next((point for point in points if point.risk <= RISK), Point(1.0, 0.0, 0.0))


def _bound(wrong: int, count: int) -> float:
    from scipy.special import betaincinv  # noqa: PLC0415 - slow to import, and nothing but measuring needs it

    return 1.0 if wrong >= count else float(betaincinv(wrong + 1, count - wrong, SURE))


def _groups(samples: Sequence[Sample], pooled: Model, right: Vector) -> dict[str, tuple[float, float]]:
    odds = np.array([[pooled.log_odds(sample.features), 1.0] for sample in samples])
    names = [group(sample.field) for sample in samples]
    found = {}
    for name in sorted(set(names)):
        rows = np.array([other == name for other in names])
        start = np.array([1.0, 0.0])
        slope, shift = _minimum(odds[rows], right[rows], start, GROUP_PULL, [(0.3, 2.0), (-3.0, 0.0)])
        found[name] = round(float(slope), 3), round(float(shift), 3)
    return found


def _row(sample: Sample) -> list[float]:
    return [1.0, *(float(getattr(sample.features, name)) for name in FEATURES)]


def _bounds() -> list[tuple[float, float]]:
    """What speaks for a value may not be weighed against it, whatever a handful of samples says."""
    return [(-STRONGEST, STRONGEST), *((-STRONGEST, 0.0) if name in AGAINST else (0.0, STRONGEST) for name in FEATURES)]


def _minimum(rows: Vector, right: Vector, start: Vector, pull: float, bounds: Sequence[tuple[float, float]]) -> Vector:
    """The weights of the least penalised log loss."""
    from scipy.optimize import minimize  # noqa: PLC0415 - half a second that only a fit should cost

    def loss(weights: Vector) -> tuple[float, Vector]:
        odds = rows @ weights
        missed = np.sum(np.logaddexp(0, -odds) * right + np.logaddexp(0, odds) * (1 - right))
        slope = rows.T @ (1 / (1 + np.exp(-odds)) - right) + 2 * pull * (weights - start)
        return float(missed + pull * np.sum((weights - start) ** 2)), slope

    found: Any = minimize(loss, start, jac=True, bounds=list(bounds), method="L-BFGS-B")
    weights: Vector = found.x
    return weights
