"""Judging: every invoice of a file gets its decision, with the reasons and the evidence it rests on."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import RowMapping

from capture import crosscheck, rules
from capture.doubt import open_sums
from capture.pages import open_document
from capture.sightings import readings_of
from exchange.batches import deciding, drifting, inbound, intake, reading, references, trust
from exchange.batches.batch import Batch
from exchange.batches.catalogue import rule
from exchange.batches.correcting import PERSON
from exchange.batches.findings import write_findings
from exchange.batches.inbound import Work
from exchange.killpoints import Point, reached
from exchange.ledger import files, records
from exchange.ledger.decisions import JUDGED
from formats import arithmetic, stored
from formats.documents import Invoice
from formats.findings import Finding, Source
from formats.normalise import business_key
from payables.decision import Decided, decide
from payables.judgement import Judgement
from payables.verdicts import Decision

ALWAYS = frozenset(one.id for one in (*arithmetic.SUMS, rules.LINES_OPEN, rules.CAPTURE_DRIFT))
OF_IMAGE = frozenset(one.id for one in (*rules.CHECKS, *rules.OF_PAPER))
STATES = {Decision.HOLD: records.HELD, Decision.REJECT: records.REJECTED, Decision.DUPLICATE: records.DUPLICATE}


def judge(batch: Batch, work: Work) -> None:
    """Judge the invoices of a file that nobody judged yet; what is not to be loaded is settled at once."""
    with batch.world.ledger.read() as tx:
        rows = [row for row in records.of_file(tx, work.sha256, records.NEW) if not row["judgement"]]
    for number, row in enumerate(rows, 1):
        if not batch.go_on() or not inbound.renew(batch, work):
            return
        batch.world.progress.advance(number, len(rows), f"judging {row['number'] or work.name}")
        findings, decided = consider(batch, row)
        _write(batch, work, row, findings, decided)
        reached(Point.RECORD_JUDGED)


def consider(batch: Batch, row: RowMapping, mended: Collection[int] = ()) -> tuple[list[Finding], Decided]:
    """Return the new findings about a record and the decision on it, ``mended`` ones forgotten, and change nothing."""
    invoice = stored.load(Invoice, row["document"])
    with batch.world.ledger.read() as tx:
        earned = trust.earned(tx, batch.world)
    fresh = [
        *arithmetic.check(invoice),
        *_open_sums(row, invoice),
        *_look_at_image(batch, row, invoice),
        *drifting.doubts(batch, row, invoice),
    ]
    context = references.context(
        batch,
        invoice,
        row["id"],
        findings=(*_known_findings(batch, row, mended), *fresh),
        confidence=_confidence(row),
        image_sha256=row["image_sha256"] or "",
        standings=earned,
    )
    policy = batch.world.settings.policy
    return fresh, decide(invoice, context, policy, batch.world.today(), code=deciding.code_version())


def found_anew(row: RowMapping, finding: RowMapping) -> bool:
    """True for what judging finds again by itself, so that what it found before no longer counts."""
    return finding["rule"] in ALWAYS or (not row["evidence"] and finding["rule"] in OF_IMAGE)


def _open_sums(row: RowMapping, invoice: Invoice) -> Iterator[Finding]:
    """Compare the lines with the net total on the page they were read from; where a person edited, sums may close."""
    evidence = intake.EVIDENCE.validate_json(row["evidence"]) if row["evidence"] else {}
    net = evidence.get("net_total")
    if net is None or not invoice.lines:
        return
    edited = any(seen.engine == PERSON for seen in evidence.values())
    if not (edited and invoice.control_total is not None and not any(arithmetic.check_control(invoice))):
        yield from open_sums(invoice, readings_of(net.raw), net, row["image"] or "")


def _look_at_image(batch: Batch, row: RowMapping, invoice: Invoice) -> list[Finding]:
    """Check the data against the page; what was read from the page itself needs no second look."""
    if not row["image_sha256"] or row["evidence"]:
        return []
    with batch.world.spool.open(row["image_sha256"]) as stream:
        paper = open_document(stream.read(), row["image"], reading.page_limits(batch))
    if isinstance(paper, Finding):
        return [paper]
    return [*paper.findings, *crosscheck.check(invoice, paper, batch.world.engines)]


def _known_findings(batch: Batch, row: RowMapping, mended: Collection[int]) -> list[Finding]:
    """What was found wrong when the record was read."""
    with batch.world.ledger.read() as tx:
        known = records.findings(tx, row["id"])
    return [
        Finding(stored.load(Source, one["source"]), rule(one["rule"]), one["message"], one["record"])
        for one in known
        if not found_anew(row, one) and one["id"] not in mended
    ]


def _confidence(row: RowMapping) -> dict[str, float]:
    if not row["evidence"]:
        return {}
    return {name: seen.confidence for name, seen in intake.EVIDENCE.validate_json(row["evidence"]).items()}


def _write(batch: Batch, work: Work, row: RowMapping, findings: list[Finding], decided: Decided) -> None:
    """Write the decision; an invoice whose business key another record owns is never loaded."""
    judgement = decided.judgement
    key = business_key(judgement.invoice)
    values = judged_values(judgement)
    with batch.world.ledger.write() as tx:
        if not files.holds(tx, work.claim):
            return  # it took longer than the lease: whoever took over judges it
        former = [one["id"] for one in records.findings(tx, row["id"]) if found_anew(row, one)]
        records.forget_findings(tx, former)
        write_findings(batch, tx, findings, sha256=row["sha256"], record_id=row["id"])
        owned = records.own(tx, row["id"], key)
        decision = judgement.decision
        if not owned and decision in (Decision.LOAD, Decision.DRAFT):
            decision = Decision.HOLD
            values |= _not_the_owner(records.owner(tx, batch.flow, key))
        if decision in STATES:
            records.settle(tx, row["id"], STATES[decision], batch.now(), **values)
        else:
            records.note(tx, row["id"], batch.now(), **values)
        told: dict[str, Any] = deciding.keep(batch, tx, row["id"], decided, values["decision"])
        batch.event(tx, JUDGED, record_id=row["id"], decision=values["decision"], reasons=values["reasons"], **told)


def judged_values(judgement: Judgement) -> dict[str, str]:
    """Return the columns that a judgement fills."""
    return intake.describe(judgement.invoice) | {
        "document": stored.dump(judgement.invoice),
        "judgement": stored.dump(judgement),
        "decision": judgement.decision.value,
        "reasons": " ".join(dict.fromkeys(reason.code for reason in judgement.reasons)),
        "explanation": judgement.explanation,
        "suggestion": judgement.suggestion,
    }


def _not_the_owner(owner: RowMapping | None) -> dict[str, str]:
    other = f"record {owner['id']} ({owner['state']})" if owner else "another record"
    return {
        "decision": Decision.HOLD.value,
        "explanation": f"The same supplier, number and kind as {other}, but with other content.",
        "suggestion": "Compare the two side by side; release the right one and reject the other.",
    }
