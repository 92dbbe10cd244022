"""Decisions on record: kept with all they rest on, made again bit for bit, verified by people."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from sqlalchemy import Connection, RowMapping

from exchange.batches.batch import Batch
from exchange.ledger import decisions
from formats import stored
from payables import decision as past
from payables.decision import Decided

Plain = Any  # whatever JSON can hold


@dataclass(frozen=True, slots=True)
class Replayed:
    """A decision made again: what differs from the one on record, and what is wrong with the record itself."""

    decision_id: int
    made_by: str
    replayed_by: str
    forged: bool
    differences: tuple[tuple[str, Plain, Plain], ...]

    @property
    def same(self) -> bool:
        """True when the record is as it was written and the decision comes out the same in every byte."""
        return not self.forged and not self.differences


@cache
def code_version() -> str:
    """Return the version of the package and the hash of the sources that decide, whatever git says."""
    digest = hashlib.sha256()
    for name, content in sorted(_sources(files("payables"), "")):
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return f"{version('coupa-exchange')} {digest.hexdigest()[:16]}"


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _sources(one, f"{path}{one.name}/")
        elif one.name.endswith(".py"):
            yield path + one.name, one.read_bytes()


def keep(batch: Batch, tx: Connection, record_id: int, decided: Decided, outcome: str) -> dict[str, object]:
    """Write a decision with all it rests on; return what the event about it must say to vouch for it.

    ``outcome`` is what became of it, which is not what was judged when another record owns the invoice.
    """
    values = {
        "record_id": record_id,
        "batch_id": batch.id,
        "at": batch.now(),
        "outcome": outcome,
        "scope": decided.judgement.scope,
        "clean": past.is_clean(decided.judgement),
        "policy_hash": decided.policy_hash,
        "code": decided.code,
    }
    parts = {"policy": decided.policy, "accounts": _accounts(decided.context.accounts)}
    rest = replace(decided, policy="", context=replace(decided.context, accounts=None))
    decision_id, seal = decisions.add(tx, values, past.to_json(rest), parts)
    return {"decision_id": decision_id, "kept": seal}


@lru_cache(maxsize=64)
def _accounts(accounts: frozenset[str] | None) -> str:
    return json.dumps(None if accounts is None else sorted(accounts))


def load(tx: Connection, row: RowMapping) -> Decided:
    """Return a decision as it was made."""
    plain, parts = json.loads(decisions.content(row)), decisions.parts(tx, row)
    plain["policy"], plain["context"]["accounts"] = parts["policy"], json.loads(parts["accounts"])
    return past.from_json(json.dumps(plain))


def replay(tx: Connection, decision_id: int) -> Replayed:
    """Make a decision again from what it was made from, and compare; NotFoundError if there is none."""
    row = decisions.get(tx, decision_id)
    decided = load(tx, row)
    before, after = (json.loads(stored.dump(one)) for one in (decided.judgement, past.replay(decided).judgement))
    return Replayed(
        decision_id=decision_id,
        made_by=row["code"],
        replayed_by=code_version(),
        forged=is_forged(tx, row),
        differences=tuple(_differences(before, after, "")),
    )


def forged(tx: Connection) -> list[int]:
    """Return every decision that is not what the chain of events says that was written, or is gone from the ledger."""
    sworn = decisions.all_sworn(tx)
    known = {row["id"]: _is_other(tx, row, sworn.get(row["id"], "")) for row in decisions.every(tx)}
    gone = [number for number in sworn if number not in known]
    return sorted([number for number, wrong in known.items() if wrong] + gone)


def is_forged(tx: Connection, row: RowMapping) -> bool:
    """True when a decision is not what the chain of events says that was written."""
    return _is_other(tx, row, decisions.sworn(tx, row["record_id"]).get(row["id"], ""))


def _is_other(tx: Connection, row: RowMapping, sworn: str) -> bool:
    return not sworn == row["sha256"] == decisions.seal(tx, row)


def _differences(before: Plain, after: Plain, path: str) -> Iterator[tuple[str, Plain, Plain]]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            yield from _differences(before.get(name), after.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, two) in enumerate(zip(before, after, strict=True)):
            yield from _differences(one, two, f"{path}[{place}]")
    elif before != after:
        yield path, before, after
