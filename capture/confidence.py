"""How probable it is that a value is right, computed from the evidence for it.

A logistic model: the features of the evidence, each from 0 to 1, weighed by the numbers in confidence.json, and the
outcome stretched and shifted by group of fields, for dates go wrong in other ways than names. That file carries a
version, so that a better calibration replaces it without a change of code; `exchange capture evaluate --fit` makes one.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from importlib.resources import files

CRITICAL = ("supplier", "number", "date", "currency", "total")
GROUPS = {
    "supplier": "supplier",
    "supplier_tax_id": "identifier",
    "iban": "identifier",
    "number": "identifier",
    "po_number": "identifier",
    "original_number": "identifier",
    "date": "date",
    "due_date": "date",
    "delivery_date": "date",
    "currency": "currency",
}
OTHERS = "amount"
# of names that no supplier master confirms, 93 of 100 were right on forms that nobody had seen before
STRANGER = 0.93
# where another value fits just as well, or the sums say that one of three amounts is wrong
TIE = 0.9


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


FEATURES = tuple(feature.name for feature in fields(Features))


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A calibration: ``weights`` by feature and "bias", ``groups`` the slope and shift of each group of fields.

    ``date`` is the day it was fitted (ISO), ``fitted`` says on what, ``samples`` on how many labelled values.
    """

    version: int
    date: str = ""
    fitted: str = ""
    samples: int = 0
    threshold: float = 0.95
    weights: Mapping[str, float]
    groups: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def log_odds(self, features: Features) -> float:
        """The log odds that a value with these features is right, whatever its field."""
        return self.weights["bias"] + sum(self.weights[name] * float(getattr(features, name)) for name in FEATURES)

    def probability(self, name: str, features: Features) -> float:
        """The probability that the value of the field ``name`` is right."""
        slope, shift = self.groups.get(group(name), (1.0, 0.0))
        sure = round(1 / (1 + math.exp(-(slope * self.log_odds(features) + shift))), 4)
        return min(sure, STRANGER if features.unlisted else 1.0, TIE if features.rival >= 1 else 1.0)

    def dump(self) -> str:
        """The model as JSON text."""
        return json.dumps(asdict(self), indent=2) + "\n"


def group(name: str) -> str:
    """The group of fields that a field is calibrated with."""
    return GROUPS.get(name, OTHERS)


def load(text: str) -> Model:
    """The model in a JSON text; ValueError when it is none."""
    try:
        values = json.loads(text)
        known = {name: float(values["weights"][name]) for name in ("bias", *FEATURES)}
        groups = {name: (float(slope), float(shift)) for name, (slope, shift) in values.get("groups", {}).items()}
        return Model(**values | {"weights": known, "groups": groups})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no calibration: {error}") from error


@cache
def shipped() -> Model:
    """The calibration that comes with the product."""
    return load(files("capture").joinpath("confidence.json").read_text(encoding="utf-8"))


def threshold() -> float:
    """The probability below which a critical field goes to review."""
    return shipped().threshold


def together(confidences: Iterable[float]) -> float:
    """The probability that all fields are right, as if they failed independently."""
    return round(math.prod(confidences), 4)
