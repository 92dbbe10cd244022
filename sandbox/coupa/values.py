"""Amounts, dates and texts as they travel in Coupa's JSON: decimals are strings, everything else is native."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")

ZERO = Decimal(0)
GIVEN = re.compile(r"[+-]?(\d{1,26}(\.\d{0,20})?|\.\d{1,20})")  # Coupa's widest column is decimal(46,20)


def number(value: object) -> Decimal:
    """Read an amount that a client sent, a string or JSON number; ValueError if it does not fit decimal(46,20)."""
    text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
    if isinstance(value, bool) or not GIVEN.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def amount(value: object) -> Decimal:
    """Read an amount that is kept, however wide; a missing one is 0."""
    return ZERO if value in (None, "") else Decimal(str(value))


def whole(value: object) -> int | None:
    """Read a whole number of at most 18 digits, as ids are; None for anything else."""
    text = str(value)
    return int(text) if not isinstance(value, bool) and re.fullmatch(r"[0-9]{1,18}", text) else None


def plain(value: Decimal) -> str:
    """Write a decimal exactly, without exponent and with two places or more: ``52.50``, ``0.3333``."""
    units, _, fraction = format(value, "f").partition(".")
    return f"{units}.{fraction.rstrip('0').ljust(2, '0')}"


def exact(verb: Callable[Given, Result]) -> Callable[Given, Result]:
    """Let a function calculate with as many digits as two of Coupa's widest columns can have between them."""

    @wraps(verb)
    def calculating(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        with localcontext(prec=150):
            return verb(*args, **kwargs)

    return calculating


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
