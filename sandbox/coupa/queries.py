"""The filter language of Coupa's lists: ``attr[op]=value``, nested attributes, pages, order (FACTS §3).

Operators: none, contains, starts_with, ends_with, blank, gt, lt, gt_or_eq, lt_or_eq, not_eq, in, not_in. Names take
dashes or underscores, a bare date is midnight UTC, a page has 50 rows at most. [I]: a larger ``limit`` counts as 50;
an attribute, operator or date that is not one is answered with 400; texts are compared without regard to case (as
MySQL does); without ``order_by`` the order is that of the ids; ``canceled`` also finds ``cancelled``, because the ERP
recipe writes the one and OpenAPI the other.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from sandbox.coupa import attributes
from sandbox.coupa.refused import Refused
from sandbox.coupa.values import number, whole
from sandbox.store import KEYS, Json, Store, as_utc

PAGE = 50
RESERVED = frozenset({
    "limit", "offset", "order_by", "dir", "fields", "filter", "return_object", "show_deleted_lines",
})  # fmt: skip
SQL = {"": "=", "gt": ">", "lt": "<", "gt_or_eq": ">=", "lt_or_eq": "<=", "not_eq": "<>"}
TEXT_ONLY = frozenset({"contains", "starts_with", "ends_with", "blank"})
OPERATORS = frozenset({*SQL, *TEXT_ONLY, "in", "not_in"})
KEY = re.compile(r"([A-Za-z][\w?-]*)((?:\[[\w?-]+\])*)")
MOMENTS = ("-at", "-date", "-time")

Pairs = Sequence[tuple[str, str]]


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
        return _text(operator, _folded(found), value.casefold())
    return _ordered(operator, *_comparable(condition, found, value))


def _text(operator: str, found: str, value: str) -> bool:
    tests = {"contains": value in found, "starts_with": found.startswith(value), "ends_with": found.endswith(value)}
    return tests[operator]


def _folded(value: object) -> str:
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
    if _is_number(condition.path[-1], found):
        try:
            return Decimal(str(found)), number(value)
        except ValueError:
            pass
    return _folded(found), _folded(value)


def _is_number(attribute: str, found: object) -> bool:
    """Identifiers that look like numbers are texts: 007 is not 7."""
    if isinstance(found, bool) or attribute.endswith(("number", "num", "code", "name")):
        return False
    return isinstance(found, int) or re.fullmatch(r"-?\d+\.\d+", str(found)) is not None


def _ordered(operator: str, left: Any, right: Any) -> bool:  # noqa: ANN401  # of one type
    return bool(
        {"gt": left > right, "lt": left < right, "gt_or_eq": left >= right, "lt_or_eq": left <= right}[operator]
    )


def select(store: Store, kind: str, pairs: Pairs, *, hidden_since: dt.datetime | None = None) -> list[Json]:
    """Return the page of objects a list request asks for; what was created after ``hidden_since`` is not seen."""
    query = parse(kind, pairs)
    indexed = {condition: clause for condition in query.conditions if (clause := _clause(kind, condition))}
    clauses = list(indexed.values())
    if hidden_since:
        clauses.append(("created_at <= ?", [hidden_since.astimezone(dt.UTC).isoformat(timespec="seconds")]))
    rest = [condition for condition in query.conditions if condition not in indexed]
    where = " AND ".join(text for text, _ in clauses) or "1"
    values = [value for _, own in clauses for value in own]
    column = _column(kind, (query.order,))
    if column and not rest:
        return list(store.rows(kind, where, values, _tail(query, column)))
    return page((body for body in store.rows(kind, where, values) if all(one.holds(body) for one in rest)), query)


def page(found: Iterable[Json], query: Query) -> list[Json]:
    """Return one page of objects, in the order that was asked for."""
    if query.order != "id" or query.descending:
        found = sorted(found, key=lambda body: _sort_key(body, query.order), reverse=query.descending)
    return list(islice(found, query.offset, query.offset + query.limit))


def _sort_key(body: Json, attribute: str) -> tuple[bool, bool, Any, int]:
    value = body.get(attribute)
    numeric = _is_number(attribute, value)
    return (value is not None, not numeric, Decimal(str(value)) if numeric else _folded(value or ""), body["id"])


def _tail(query: Query, column: str) -> str:
    way = "DESC" if query.descending else "ASC"
    return f"ORDER BY {column} {way}, id {way} LIMIT {query.limit} OFFSET {query.offset}"


def _column(kind: str, path: tuple[str, ...]) -> str | None:
    """Return the indexed column of an attribute, or None."""
    columns = {
        ("id",): "id",
        ("status",): "status",
        ("exported",): "exported",
        ("supplier", "id"): "supplier_id",
        ("created-at",): "created_at",
        ("updated-at",): "updated_at",
        (KEYS.get(kind, "name"),): "number",
    }
    return columns.get(path)


def _clause(kind: str, condition: Condition) -> tuple[str, list[object]] | None:
    """Write a condition over an indexed column as SQL, or None where it must be tried object by object."""
    column = _column(kind, condition.path)
    wanted = condition.value.split(",") if condition.operator == "in" else [condition.value]
    values = [_cell(column, one.strip()) for one in wanted]
    if column is None or any(value is None for value in values) or (column == "status" and "cancel" in condition.value):
        return None
    if condition.operator == "in":
        return f"{column} IN ({', '.join('?' * len(values))})", values
    if condition.operator not in SQL or condition.operator == "not_eq" or (column == "number" and condition.operator):
        return None
    return f"{column} {SQL[condition.operator]} ?", values


def _cell(column: str | None, value: str) -> object:
    if column in ("id", "supplier_id"):
        return whole(value)
    if column == "exported":
        return {"true": 1, "false": 0}.get(value.casefold())
    return as_utc(value) if column in ("created_at", "updated_at") else value or None
