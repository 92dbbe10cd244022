"""Amounts in the smallest units of their currency (ISO 4217), rounded half up, shared out without losing a cent."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from iso4217 import Currency

ZERO = Decimal(0)
WIDE = Context(prec=100)


@lru_cache(maxsize=256)
def minor_units(currency: str) -> int:
    """How many decimals the currency has; 2 for a code that ISO 4217 does not know."""
    try:
        exponent = Currency(currency).exponent
    except ValueError:
        return 2
    return 2 if exponent is None else int(exponent)


def smallest(currency: str) -> Decimal:
    """The smallest amount of the currency: 0.01 EUR, 1 JPY, 0.001 KWD."""
    return Decimal(1).scaleb(-minor_units(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole smallest units, half up (away from zero)."""
    return amount.quantize(smallest(currency), rounding=ROUND_HALF_UP, context=WIDE)


def share(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Share an amount out by weight, in whole smallest units that add up to the amount exactly.

    What rounding leaves over goes unit by unit to the shares that lost the most; without any weight the first
    share takes all.
    """
    if not weights:
        return []
    total = sum(weights, ZERO)
    amount = rounded(amount, currency)
    if not total:
        return [amount, *(rounded(ZERO, currency) for _ in weights[1:])]
    exact = [amount * weight / total for weight in weights]
    shares = [rounded(part, currency) for part in exact]
    return _settled(shares, exact, amount - sum(shares, ZERO), smallest(currency))


def _settled(shares: list[Decimal], exact: list[Decimal], left: Decimal, unit: Decimal) -> list[Decimal]:
    step = unit if left > 0 else -unit
    order = sorted(range(len(shares)), key=lambda place: (exact[place] - shares[place]) / step, reverse=True)
    for place in order[: int(abs(left) / unit)]:
        shares[place] += step
    return shares
