"""Numbers as a clerk writes them."""

from decimal import Decimal

CENT = Decimal("0.01")
_EXACT = 6


def money(amount: Decimal, currency: str = "") -> str:
    """Return "EUR 1,234.50"; amounts finer than a cent keep up to six decimals."""
    shown = amount.quantize(CENT) if amount == round(amount, 2) else round(amount, _EXACT).normalize()
    return f"{currency} {shown:,f}".strip()


def quantity(amount: Decimal, uom: str = "") -> str:
    """Return "12 EA" without trailing zeros, rounded to six decimals."""
    return f"{round(amount, _EXACT).normalize():,f} {uom}".strip()


def rate(share: Decimal) -> str:
    """Return "8.25 %" for 8.25, as exactly as it is stated, to four decimals."""
    return f"{round(share, 4).normalize():f} %"


def percent(share: Decimal) -> str:
    """Return "2.5 %" for 2.5, rounded to one decimal, or finer where that would read as zero."""
    coarse = round(share, 1)
    return f"{(coarse or round(share, _EXACT)).normalize():f} %"
