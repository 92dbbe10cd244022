"""Decisions in the ledger: what was decided, with everything it rests on, and what people found afterwards.

The content is JSON text, compressed; what many decisions rest on alike (policy, accounts) is kept once, as a part.
"""

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select, true
from sqlalchemy.exc import IntegrityError

from exchange.errors import NotFoundError
from exchange.ledger.schema import decision, event, part, record, verdict

JUDGED = "judged"


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def add(tx: Connection, values: Mapping[str, Any], content: str, parts: Mapping[str, str]) -> tuple[int, str]:
    """Write a decision and return its id and seal; ``parts`` are the texts, by name, that it shares with others."""
    named = json.dumps({name: _keep(tx, text) for name, text in parts.items()}, sort_keys=True)
    sealed = digest(content + named)
    row = {**values, "parts": named, "content": zlib.compress(content.encode()), "sha256": sealed}
    return int(tx.execute(decision.insert().values(**row).returning(decision.c.id)).scalar_one()), sealed


def seal(tx: Connection, row: RowMapping) -> str:
    """Return the SHA-256 over a decision and the texts it shares, "" when one of those is not what it was."""
    names: dict[str, str] = json.loads(row["parts"])
    whole = all(digest(text) == names[name] for name, text in parts(tx, row).items())
    return digest(content(row) + row["parts"]) if whole else ""


def _keep(tx: Connection, text: str) -> str:
    sha256 = digest(text)
    if tx.execute(select(part.c.sha256).where(part.c.sha256 == sha256)).first() is None:
        with suppress(IntegrityError), tx.begin_nested():  # another process may be writing the same part
            tx.execute(part.insert().values(sha256=sha256, content=zlib.compress(text.encode())))
    return sha256


def get(tx: Connection, decision_id: int) -> RowMapping:
    """Return one decision; NotFoundError if there is none."""
    row = tx.execute(select(decision).where(decision.c.id == decision_id)).mappings().first()
    if row is None:
        raise NotFoundError(f"There is no decision {decision_id}. `exchange review RECORD` names a record's decision.")
    return row


def of_record(tx: Connection, record_id: int) -> RowMapping | None:
    """Return the latest decision on a record, None when it was never judged."""
    query = select(decision).where(decision.c.record_id == record_id).order_by(decision.c.id.desc()).limit(1)
    return tx.execute(query).mappings().first()


def latest(tx: Connection, since: dt.datetime | None = None) -> Iterator[RowMapping]:
    """Yield the latest decision on each record that was decided since a moment, oldest first."""
    last = select(func.max(decision.c.id)).group_by(decision.c.record_id)
    query = select(decision).where(decision.c.id.in_(last)).order_by(decision.c.id)
    yield from tx.execute(query.where(decision.c.at >= since) if since else query).mappings()


def every(tx: Connection) -> Iterator[RowMapping]:
    """Yield every decision, oldest first."""
    yield from tx.execute(select(decision).order_by(decision.c.id)).mappings()


def content(row: RowMapping) -> str:
    """Return the JSON text of a decision, its parts aside."""
    return zlib.decompress(row["content"]).decode()


def parts(tx: Connection, row: RowMapping) -> dict[str, str]:
    """Return the texts, by name, that a decision shares with others."""
    names: dict[str, str] = json.loads(row["parts"])
    return {name: _part(tx, sha256) for name, sha256 in names.items()}


def _part(tx: Connection, sha256: str) -> str:
    return zlib.decompress(tx.execute(select(part.c.content).where(part.c.sha256 == sha256)).scalar_one()).decode()


def sworn(tx: Connection, record_id: int) -> dict[int, str]:
    """Return, by decision, the SHA-256 that the chain of events has of the decisions on a record."""
    return _sworn(tx, event.c.record_id == record_id)


def all_sworn(tx: Connection) -> dict[int, str]:
    """Return, by decision, the SHA-256 that the chain of events has of every decision."""
    return _sworn(tx, true())


def _sworn(tx: Connection, which: ColumnElement[bool]) -> dict[int, str]:
    query = select(event.c.detail).where(which, event.c.what == JUDGED).order_by(event.c.id)
    details = (json.loads(text) for text in tx.execute(query).scalars())
    return {int(one["decision_id"]): str(one["kept"]) for one in details if "decision_id" in one}


def verify(tx: Connection, values: Mapping[str, Any]) -> int:
    """Write what a person found about a decision and return the id of the verdict; the last one counts."""
    return int(tx.execute(verdict.insert().values(**values).returning(verdict.c.id)).scalar_one())


def verdicts(tx: Connection) -> Sequence[RowMapping]:
    """Return the last verdict on each decision, oldest first."""
    last = select(func.max(verdict.c.id)).group_by(verdict.c.decision_id)
    return tx.execute(select(verdict).where(verdict.c.id.in_(last)).order_by(verdict.c.id)).mappings().all()


def unverified(tx: Connection, reason: str) -> Sequence[RowMapping]:
    """Return the records with a reason whose decision nobody has verified, oldest first."""
    known = select(decision.c.record_id).join(verdict, verdict.c.decision_id == decision.c.id)
    query = select(record).where(record.c.reasons.contains(reason), record.c.id.not_in(known))
    return tx.execute(query.order_by(record.c.id)).mappings().all()
