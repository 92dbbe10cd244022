"""Amounts in the smallest unit of their currency."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from iso4217 import Currency

_USUAL = 2


@cache
def minor_units(currency: str) -> int:
    """Return the decimals of a currency by ISO 4217; 2 for a code it does not know."""
    try:
        exponent = Currency(currency).exponent
    except ValueError:
        return _USUAL
    return _USUAL if exponent is None else int(exponent)


def rounded(amount: Decimal, currency: str = "") -> Decimal:
    """Return the amount rounded half up to the currency's smallest unit."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)
