"""How far leading digits are from Benford's law: a ranking of suppliers worth a look, never a proof.

The limits for the mean absolute deviation are Nigrini's (Benford's Law, 2012): close, acceptable, marginal, none.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ENOUGH = 300
TEN = Decimal(10)


class Conformity(StrEnum):
    """Nigrini's four grades."""

    CLOSE = "close"
    ACCEPTABLE = "acceptable"
    MARGINAL = "marginal"
    NONE = "none"


_LIMITS = {1: (0.006, 0.012, 0.015), 2: (0.0012, 0.0018, 0.0022)}


@dataclass(frozen=True, slots=True)
class Benford:
    """The test of the first ``digits`` (1 or 2) of ``count`` amounts; ``mad`` is the mean absolute deviation."""

    digits: int
    count: int
    mad: float

    @property
    def conformity(self) -> Conformity:
        """The grade of the deviation."""
        close, acceptable, marginal = _LIMITS[self.digits]
        if self.mad <= close:
            return Conformity.CLOSE
        if self.mad <= acceptable:
            return Conformity.ACCEPTABLE
        return Conformity.MARGINAL if self.mad <= marginal else Conformity.NONE


def benford(amounts: Iterable[Decimal], digits: int = 2) -> Benford:
    """Return the test of the leading digits of all amounts from 10; smaller ones are left out, as Nigrini does."""
    lead = Counter(_leading(amount, digits) for amount in amounts if amount >= TEN)
    count = lead.total()
    first, last = 10 ** (digits - 1), 10**digits
    expected = {digit: math.log10(1 + 1 / digit) for digit in range(first, last)}
    off = sum(abs(lead[digit] / count - share) for digit, share in expected.items()) if count else 0.0
    return Benford(digits, count, off / len(expected))


def _leading(amount: Decimal, digits: int) -> int:
    return int(amount.scaleb(digits - 1 - amount.adjusted()))


def ranking(amounts: Mapping[str, Iterable[Decimal]]) -> list[tuple[str, Benford]]:
    """Return the suppliers with at least 300 amounts, those furthest from the law first."""
    tests = ((supplier, benford(own)) for supplier, own in amounts.items())
    return sorted(((supplier, test) for supplier, test in tests if test.count >= ENOUGH), key=lambda pair: -pair[1].mad)
