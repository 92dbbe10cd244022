"""Find the objects of a list request: over indexed columns in SQL, over the others object by object."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from itertools import islice
from typing import Any

from sandbox.coupa.conditions import Condition, folded, is_number
from sandbox.coupa.queries import Pairs, Query, parse
from sandbox.coupa.values import whole
from sandbox.store import KEYS, Json, Store, as_utc

SQL = {"": "=", "gt": ">", "lt": "<", "gt_or_eq": ">=", "lt_or_eq": "<="}


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
    numeric = is_number(attribute, value)
    return (value is not None, not numeric, Decimal(str(value)) if numeric else folded(value or ""), body["id"])


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
    if condition.operator not in SQL or (column == "number" and condition.operator):
        return None
    return f"{column} {SQL[condition.operator]} ?", values


def _cell(column: str | None, value: str) -> object:
    if column in ("id", "supplier_id"):
        return whole(value)
    if column == "exported":
        return {"true": 1, "false": 0}.get(value.casefold())
    return as_utc(value) if column in ("created_at", "updated_at") else value or None
