"""Bring the values of one object to their types: decimals, flags, dates, positions and references.

[I]: the wording of the messages is Rails' ("must exist", "is not a number").
"""

from collections.abc import Callable

from sandbox.coupa import references
from sandbox.coupa.values import label, number, plain, whole
from sandbox.store import Json, Store, as_utc

NUMBERS = frozenset({
    "shipping-amount", "handling-amount", "misc-amount", "supplier-total", "discount-amount", "discount-percent",
    "exchange-rate", "price", "quantity", "net-weight", "total", "pct", "amount", "rate", "basis", "taxable-amount",
    "tax-amount", "tax-rate",
})  # fmt: skip
FLAGS = frozenset({"line-level-taxation", "is-credit-note", "paid"})
DATES = frozenset({"invoice-date", "original-invoice-date", "delivery-date", "payment-date", "date-received"})
Reader = tuple[str, Callable[[object], object], str]


def typed(store: Store, item: Json) -> tuple[Json, list[str]]:
    """Bring numbers, flags, dates and references of one object to their types; say which could not be."""
    typed, missing = references.expand(store, item)
    problems = [f"{label(field)} must exist" for field in missing]
    for name, read, complaint in _readers(typed):
        try:
            typed[name] = read(typed[name])
        except ValueError:
            problems.append(f"{label(name)} {complaint}")
            typed[name] = None
    return typed, problems


def _readers(item: Json) -> list[Reader]:
    given = [name for name, value in item.items() if value not in (None, "")]
    numbers: list[Reader] = [(name, _number, "is not a number") for name in given if name in NUMBERS]
    numbers += [(name, _position, "is not a whole number") for name in given if name == "line-num"]
    flags = [(name, _flag, "is not a boolean") for name in given if name in FLAGS]
    return [*numbers, *flags, *((name, _moment, "is not a valid date") for name in given if name in DATES)]


def _number(value: object) -> str:
    return plain(number(value))


def _position(value: object) -> int:
    position = whole(value)
    if position is None:
        raise ValueError(value)
    return position


def _flag(value: object) -> bool:
    if str(value).casefold() not in ("true", "false"):
        raise ValueError(value)
    return str(value).casefold() == "true"


def _moment(value: object) -> str:
    moment = as_utc(str(value))
    if moment is None:
        raise ValueError(value)
    return moment
