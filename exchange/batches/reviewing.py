"""The queue of what waits for a person: why, on what evidence, who can clear it, and what to write to the supplier."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, RowMapping

from capture.evidence import Evidence
from exchange.batches import intake
from exchange.batches.world import World
from exchange.ledger import decisions, events, files, records
from formats import stored
from formats.findings import Box, Severity, Source
from payables.judgement import Judgement
from payables.letters import letter
from payables.reasons import Clearer, Reason
from payables.wording import money

ASKED = "supplier asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where a value was read, or where something was found wrong; ``what`` is the field or the rule."""

    what: str
    says: str
    file: str
    page: int | None = None
    box: Box | None = None
    line: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A record that waits for a person; ``reasons`` are those that keep it, the weightiest first."""

    record: int
    decision: int | None
    number: str
    supplier: str
    amount: Decimal | None
    currency: str
    age: dt.timedelta
    explanation: str
    suggestion: str
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Seen, ...] = ()
    letter: str = ""
    asked: dt.datetime | None = None

    @property
    def clearers(self) -> tuple[str, ...]:
        """Who can clear it."""
        return tuple(dict.fromkeys(reason.clearer.value for reason in self.reasons)) or (Clearer.CLERK.value,)

    @property
    def at_stake(self) -> str:
        """The amount with its currency."""
        return "" if self.amount is None else money(self.amount, self.currency)


def queue(world: World) -> list[Waiting]:
    """Return every held record, the oldest first."""
    with world.ledger.read() as tx:
        return [_waiting(tx, row, world.clock()) for row in records.in_any_flow(tx, records.HELD)]


def one(world: World, record_id: int) -> Waiting:
    """Return one record, whatever its state; NotFoundError if there is none."""
    with world.ledger.read() as tx:
        return _waiting(tx, records.get(tx, record_id), world.clock())


def _waiting(tx: Connection, row: RowMapping, now: dt.datetime) -> Waiting:
    judgement = stored.load(Judgement, row["judgement"]) if row["judgement"] else None
    decision = decisions.of_record(tx, row["id"])
    since = files.get(tx, row["sha256"])["taken_at"] if row["sha256"] else row["updated_at"]
    return Waiting(
        record=row["id"],
        decision=decision["id"] if decision else None,
        number=row["number"],
        supplier=row["supplier_name"] or row["supplier_number"],
        amount=row["amount"],
        currency=row["currency"],
        age=now - since,
        explanation=row["explanation"] or row["error"] or "",
        suggestion=row["suggestion"] or "",
        reasons=_blocking(judgement),
        evidence=tuple(_evidence(row, records.findings(tx, row["id"]))),
        letter=letter(judgement) if judgement else "",
        asked=events.last(tx, row["id"], ASKED),
    )


def _blocking(judgement: Judgement | None) -> tuple[Reason, ...]:
    reasons = judgement.reasons if judgement else ()
    return tuple(reason for reason in reasons if reason.severity is not Severity.INFO)


def _evidence(row: RowMapping, found: Sequence[RowMapping]) -> Iterator[Seen]:
    for finding in found:
        source = stored.load(Source, finding["source"])
        yield Seen(
            what=finding["rule"],
            says=finding["message"],
            file=source.file,
            page=source.page,
            box=source.box,
            line=source.line,
        )
    fields: Mapping[str, Evidence] = intake.EVIDENCE.validate_json(row["evidence"]) if row["evidence"] else {}
    for name, read in fields.items():
        yield Seen(
            what=name, says=read.raw, file=row["image"] or "", page=read.page, box=read.box, confidence=read.confidence
        )
