"""How probable it is that a value is right, computed from the evidence for it.

A logistic model: the features of the evidence, each from 0 to 1, weighed by the numbers in confidence.json.
That file carries a version, so that a better calibration replaces it without a change of code.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

CRITICAL = ("supplier", "number", "date", "currency", "total")


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What speaks for and against a value, from 0 (not at all) to 1.

    ``score`` how well its place fits, ``legible`` how sure the engine is of the worst word, ``rival`` how well another
    value fits, ``closes`` the sums are right, ``checked`` check digits are right, ``confirmed`` and ``denied`` by the
    second reading, ``textlayer`` nothing had to be recognised, ``master`` the supplier master agrees,
    ``unlisted`` a supplier whom the master does not know.
    """

    score: float = 0.0
    legible: float = 0.0
    rival: float = 0.0
    closes: float = 0.0
    checked: float = 0.0
    confirmed: float = 0.0
    denied: float = 0.0
    textlayer: float = 0.0
    master: float = 0.0
    unlisted: float = 0.0


@cache
def calibration() -> Mapping[str, Any]:
    """The calibration: its version, the threshold below which a person looks, and the weights."""
    found: Mapping[str, Any] = json.loads(files("capture").joinpath("confidence.json").read_text(encoding="utf-8"))
    return found


def probability(features: Features) -> float:
    """The probability that a value with these features is right."""
    weights = calibration()["weights"]
    total = weights["bias"] + sum(weights[field.name] * getattr(features, field.name) for field in fields(features))
    return round(1 / (1 + math.exp(-total)), 4)


def threshold() -> float:
    """The probability below which a critical field goes to review."""
    return float(calibration()["threshold"])


def together(confidences: Iterable[float]) -> float:
    """The probability that all fields are right, as if they failed independently."""
    return round(math.prod(confidences), 4)
