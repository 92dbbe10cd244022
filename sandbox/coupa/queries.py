"""The filter language of Coupa's lists: ``attr[op]=value``, nested attributes, pages, order.

Coupa: API Operators, Querying Options. Operators: none, contains, starts_with, ends_with, blank, gt, lt, gt_or_eq,
lt_or_eq, not_eq, in, not_in. Names take dashes or underscores, a bare date is midnight UTC, a page has 50 rows at
most. [I]: a larger ``limit`` counts as 50; an attribute, operator or date that is not one is answered with 400;
without ``order_by`` the order is that of the ids.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandbox.coupa import attributes
from sandbox.coupa.conditions import TEXT_ONLY, Condition
from sandbox.coupa.refused import Refused
from sandbox.coupa.values import whole
from sandbox.store import as_utc

PAGE = 50
RESERVED = frozenset({
    "limit", "offset", "order_by", "dir", "fields", "filter", "return_object", "show_deleted_lines",
})  # fmt: skip
OPERATORS = frozenset({*TEXT_ONLY, "gt", "lt", "gt_or_eq", "lt_or_eq", "not_eq", "in", "not_in"})
KEY = re.compile(r"([A-Za-z][\w?-]*)((?:\[[\w?-]+\])*)")
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Query:
    """What a list request asks for."""

    conditions: tuple[Condition, ...]
    order: str
    descending: bool
    limit: int
    offset: int


def parse(kind: str, pairs: Pairs) -> Query:
    """Read the parameters of a list request; Refused(400) for what Coupa does not have."""
    given = dict(pairs)
    limit = _whole(given, "limit", PAGE)
    return Query(
        tuple(_condition(kind, key, value) for key, value in pairs if key not in RESERVED),
        _attribute(kind, given.get("order_by", "id")),
        given.get("dir", "asc").casefold() == "desc",
        min(limit, PAGE),
        _whole(given, "offset", 0),
    )


def _refuse(message: str) -> Refused:
    return Refused(400, {"query": [message]})


def _whole(given: Mapping[str, str], name: str, default: int) -> int:
    found = whole(given.get(name, default))
    if found is None:
        raise _refuse(f"{name} is not a whole number")
    return found


def _attribute(kind: str, name: str) -> str:
    dashed = name.replace("_", "-")
    known = attributes.names().get(kind)
    if known and dashed not in known and dashed.removesuffix("-id") not in known:
        raise _refuse(f"Unknown attribute {name}")
    return dashed


def _condition(kind: str, key: str, value: str) -> Condition:
    parts = KEY.fullmatch(key)
    if parts is None:
        raise _refuse(f"Unknown attribute {key}")
    first = _attribute(kind, parts[1])
    inner = re.findall(r"\[([^\]]+)\]", parts[2])
    operator = inner.pop() if inner and inner[-1] in OPERATORS else ""
    _check_inner(first, inner)
    known = attributes.names().get(kind, frozenset())
    start = (first.removesuffix("-id"), "id") if known and first not in known else (first,)
    condition = Condition((*start, *(name.replace("_", "-") for name in inner)), operator, value)
    _check(condition)
    return condition


def _check_inner(first: str, inner: Sequence[str]) -> None:
    """What stands in brackets is an operator, or an attribute that some object has."""
    strange = [name for name in inner if name.replace("_", "-") not in attributes.everywhere()]
    if strange and first != "custom-fields":
        raise _refuse(f"Unknown operator or attribute {strange[0]}")


def _check(condition: Condition) -> None:
    if not condition.on_moment:
        return
    if condition.operator in TEXT_ONLY:
        raise _refuse(f"Operator {condition.operator} is not allowed for {condition.path[-1]}")
    wanted = condition.value.split(",") if condition.operator in ("in", "not_in") else [condition.value]
    if any(as_utc(one) is None for one in wanted):
        raise _refuse(f"{condition.path[-1]} {condition.value} is not a valid date")
