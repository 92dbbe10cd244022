"""Comparing: the same invoice in two files with other content, told field by field, side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping

from exchange.ledger import files, records
from formats import stored
from formats.documents import Invoice

OWN = frozenset(["id", "status", "exported", "paid", "updated_at", "source"])  # Coupa's, or where it stood in a file


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two records of one invoice: the other one, the files they came in, and what differs by field."""

    record: int
    other: int
    other_state: str
    file: str
    other_file: str
    differences: tuple[tuple[str, str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the conflict as plain values."""
        told = [{"field": name, "this": mine, "other": theirs} for name, mine, theirs in self.differences]
        other = {"record": self.other, "state": self.other_state, "file": self.other_file}
        return {"file": self.file, "other": other, "differences": told}


def conflict(tx: Connection, row: RowMapping) -> Conflict | None:
    """Return how a record differs from the one that owns its invoice; None when it owns it, or nothing differs."""
    if row["owned_key"] is not None or not row["document"] or row["flow"] != "invoices":
        return None
    other = records.owner(tx, row["flow"], row["business_key"])
    if other is None or other["id"] == row["id"] or not other["document"]:
        return None
    mine, theirs = _flat(row), _flat(other)
    names = sorted({*mine, *theirs}, key=lambda name: (name.startswith("line"), name))
    differing = tuple(
        (name, mine.get(name, ""), theirs.get(name, "")) for name in names if mine.get(name) != theirs.get(name)
    )
    places = (_file(tx, row), _file(tx, other))
    return Conflict(row["id"], other["id"], other["state"], *places, differing) if differing else None


def _file(tx: Connection, row: RowMapping) -> str:
    return str(files.get(tx, row["sha256"])["name"]) if row["sha256"] else ""


def _flat(row: RowMapping) -> Mapping[str, str]:
    invoice = stored.load(Invoice, row["document"])
    flat = {name: text for name, text in _leaves("", invoice) if text}
    return flat | {"total": f"{invoice.total} {invoice.currency}", "page image (SHA-256)": row["image_sha256"] or ""}


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Every value of a document by its path, such as ``line 2 price``."""
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            if one.name not in OWN:
                yield from _leaves(f"{path} {one.name.replace('_', ' ')}".strip(), getattr(value, one.name))
    elif isinstance(value, Mapping):
        for key, text in value.items():
            yield from _leaves(f"{path} {key}", text)
    elif isinstance(value, tuple):
        for number, part in enumerate(value, 1):
            yield from _leaves(f"{path.removesuffix('s')} {number}", part)
    else:
        yield path, "" if value is None else str(value)
