"""Answering: when every invoice of a file has an outcome, the lockbox is told, and the file is finished."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping

from exchange.batches import outbound
from exchange.batches.batch import Batch
from exchange.batches.catalogue import rule
from exchange.batches.inbound import Work
from exchange.killpoints import Point, reached
from exchange.ledger import files, records
from formats import stored
from formats.acknowledgement import Acknowledgement, Answer, Remark
from formats.findings import Source
from payables.verdicts import Decision


def answer(batch: Batch, work: Work) -> None:
    """Prepare the answer and finish the file in one transaction; without effect while an invoice is still open."""
    with batch.world.ledger.read() as tx:
        rows = records.of_file(tx, work.sha256)
        if any(row["state"] not in records.OUTCOMES for row in rows):
            return
        acknowledgement = _acknowledgement(tx, work.name, work.sha256, rows)
    parcels = _parcels(batch, acknowledgement)
    with batch.world.ledger.write() as tx:
        if not files.holds(tx, work.claim):
            return  # whoever took over answers
        for parcel in parcels:
            outbound.prepare(batch, tx, parcel)
        files.release(tx, work.claim, files.DONE)
        batch.event(tx, "file finished", sha256=work.sha256, **acknowledgement.counts())
    reached(Point.ANSWERED)


def repeat(batch: Batch, sha256: str) -> None:
    """Prepare the answer to a finished file once more, under a name of its own."""
    with batch.world.ledger.read() as tx:
        file, rows = files.get(tx, sha256), records.of_file(tx, sha256)
        acknowledgement = _acknowledgement(tx, file["name"], sha256, rows)
    parcels = _parcels(batch, acknowledgement)
    with batch.world.ledger.write() as tx:
        for parcel in parcels:
            outbound.prepare(batch, tx, parcel)


def _acknowledgement(tx: Connection, name: str, sha256: str, rows: Sequence[RowMapping]) -> Acknowledgement:
    found = records.file_findings(tx, sha256)
    loose = [one for one in found if one["record_id"] is None]
    return Acknowledgement(
        file=name,
        sha256=sha256,
        answers=tuple(_answer(row, [one for one in found if one["record_id"] == row["id"]], loose) for row in rows),
        remarks=tuple(_remark(one) for one in loose if not one["record"]),
    )


def _answer(row: RowMapping, found: list[RowMapping], loose: list[RowMapping]) -> Answer:
    """The answer for one record; what could not be read brings the findings that name it."""
    mine = found or [one for one in loose if row["number"] and one["record"] == row["number"]]
    why = [Remark(rule=row["reasons"], message=row["explanation"], remedy=row["suggestion"] or "")]
    return Answer(
        number=row["number"],
        outcome=_outcome(row),
        supplier_number=row["supplier_number"],
        currency=row["currency"],
        amount=row["amount"],
        remarks=(*(why if row["reasons"] else ()), *map(_remark, mine)),
    )


def _outcome(row: RowMapping) -> str:
    """The state of the ledger, in the lockbox's words where it left a draft or voided what was loaded before."""
    if row["state"] != records.LOADED:
        return str(row["state"])
    return {Decision.DRAFT.value: "draft", records.VOIDED: records.VOIDED}.get(row["decision"], records.LOADED)


def _remark(row: RowMapping) -> Remark:
    source = stored.load(Source, row["source"])
    line = source.line if source.line is not None else source.page
    return Remark(
        rule=row["rule"], message=row["message"], line=line, column=source.column, remedy=rule(row["rule"]).remedy
    )


def _parcels(batch: Batch, acknowledgement: Acknowledgement) -> list[outbound.Parcel]:
    """The answer as CSV and as JSON; an answer after a rerun gets a name of its own."""
    kept, _ = outbound.keep_text(batch, acknowledgement.write)
    told = batch.world.spool.keep_bytes(acknowledgement.dump().encode())
    folder = batch.world.settings.lockbox.ack
    name = f"{outbound.plain_name(acknowledgement.file)}.{acknowledgement.sha256[:8]}.{batch.id}.ack"
    count = len(acknowledgement.answers)
    return [
        outbound.Parcel(remote="lockbox", path=path, kept=content, records=count, answers=acknowledgement.sha256)
        for path, content in ((f"{folder}/{name}.csv", kept), (f"{folder}/{name}.json", told))
    ]
