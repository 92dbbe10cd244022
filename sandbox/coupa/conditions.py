"""One filter of a list request, and whether an object meets it.

[I]: texts are compared without regard to case (as MySQL does); ``canceled`` also finds ``cancelled``, because the ERP
recipe writes the one and OpenAPI the other; of a list inside an object one item is enough.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.coupa.values import number
from sandbox.store import Json, as_utc

TEXT_ONLY = frozenset({"contains", "starts_with", "ends_with", "blank"})
MOMENTS = ("-at", "-date", "-time")


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: a path of attributes, an operator, and the value as it was sent."""

    path: tuple[str, ...]
    operator: str
    value: str

    @property
    def on_moment(self) -> bool:
        """True when the attribute is a date or datetime."""
        return self.path[-1].endswith(MOMENTS)

    def holds(self, body: Json) -> bool:
        """Say whether an object meets the condition; of a list inside it, one item is enough."""
        return any(_compare(self, found) for found in _reach(body, self.path))


def _reach(value: Any, path: tuple[str, ...]) -> Iterator[Any]:  # noqa: ANN401  # any JSON
    """Yield what a path leads to, through every item of lists; None where it leads to nothing."""
    if isinstance(value, list):
        for item in value or [None]:
            yield from _reach(item, path)
    elif path:
        yield from _reach(value.get(path[0]) if isinstance(value, dict) else None, path[1:])
    else:
        yield value


def _compare(condition: Condition, found: object) -> bool:
    operator, value = condition.operator, condition.value
    if operator == "blank":
        return (found in (None, "", [], {})) == (value.casefold() == "true")
    if operator in ("in", "not_in"):
        among = any(_same(condition, found, one.strip()) for one in value.split(","))
        return among == (operator == "in")
    if operator in ("", "not_eq"):
        return _same(condition, found, value) == (operator == "")
    if found is None:
        return False
    if operator in TEXT_ONLY:
        return _text(operator, folded(found), value.casefold())
    return _ordered(operator, *_comparable(condition, found, value))


def _text(operator: str, found: str, value: str) -> bool:
    tests = {"contains": value in found, "starts_with": found.startswith(value), "ends_with": found.endswith(value)}
    return tests[operator]


def folded(value: object) -> str:
    """Return a text as it is compared."""
    text = str(value).casefold()
    return "cancelled" if text == "canceled" else text


def _same(condition: Condition, found: object, value: str) -> bool:
    if found is None:
        return value == ""
    left, right = _comparable(condition, found, value)
    return bool(left == right)


def _comparable(condition: Condition, found: object, value: str) -> tuple[Any, Any]:
    """Bring both sides to one type: moments, numbers where the attribute holds one, else texts without case."""
    if condition.on_moment:
        return as_utc(str(found)) or "", as_utc(value)
    if is_number(condition.path[-1], found):
        try:
            return Decimal(str(found)), number(value)
        except ValueError:
            pass
    return folded(found), folded(value)


def is_number(attribute: str, found: object) -> bool:
    """Identifiers that look like numbers are texts: 007 is not 7."""
    if isinstance(found, bool) or attribute.endswith(("number", "num", "code", "name")):
        return False
    return isinstance(found, int) or re.fullmatch(r"-?\d+\.\d+", str(found)) is not None


def _ordered(operator: str, left: Any, right: Any) -> bool:  # noqa: ANN401  # of one type
    return bool(
        {"gt": left > right, "lt": left < right, "gt_or_eq": left >= right, "lt_or_eq": left <= right}[operator]
    )
