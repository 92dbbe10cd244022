"""Amounts, dates and texts as they travel in Coupa's JSON: decimals are strings, everything else is native."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

ZERO = Decimal(0)
NUMBER = re.compile(r"[+-]?(\d{1,26}(\.\d{0,20})?|\.\d{1,20})")  # Coupa's widest column is decimal(46,20)


def number(value: object) -> Decimal:
    """Read an amount from a string or a JSON number; ValueError if it is neither, or wider than decimal(46,20)."""
    text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
    if isinstance(value, bool) or not NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def amount(value: object) -> Decimal:
    """Read an amount that may be missing (then 0); ValueError as ``number``."""
    return ZERO if value in (None, "") else number(value)


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and with two places or more: ``52.50``, ``0.3333``."""
    text = format(value.normalize(), "f")
    places = len(text.partition(".")[2])
    return text if places >= 2 else format(value, ".2f")  # noqa: PLR2004  # Coupa never prints fewer


def rounded(value: Decimal, decimals: int = 2) -> Decimal:
    """Round to a currency's minor units, half up."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def day(value: object) -> dt.date | None:
    """Read the date of an ISO date or datetime; None if there is none or it is not one."""
    try:
        return dt.datetime.fromisoformat(str(value)).date()
    except ValueError:
        return None


def label(attribute: str) -> str:
    """Write an attribute as Rails does in messages: ``invoice-number`` -> ``Invoice number``."""
    return attribute.replace("-", " ").replace("_", " ").capitalize()


def listed(value: object, item: str) -> list[Any]:
    """Read a list that may come in the nesting of XML: ``{"tax-line": {...}}`` or ``{"tax-line": [{...}]}``."""
    if isinstance(value, dict) and set(value) == {item}:
        value = value[item]
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else []
