"""Vouchers: approved and voided invoices on their way to the ERP, each sent once and flagged when it has arrived."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection, RowMapping

from exchange.batches import inbound, outbound
from exchange.batches import papers as paperwork
from exchange.batches.batch import Batch
from exchange.batches.findings import write_findings
from exchange.batches.inbound import Folder, Work
from exchange.batches.overlays import load_layout
from exchange.errors import ExchangeError, SettingsError
from exchange.killpoints import Point, reached
from exchange.ledger import batches, files, outgoing, records
from formats import stored
from formats.coupa.approved import InvoiceExport
from formats.documents import Invoice
from formats.erp import posting
from formats.erp import template as templates
from formats.erp.template import Template
from formats.findings import Finding, Severity
from formats.text import decode

AGAIN = "Repair what is named, clear the exported flag at Coupa, and it will be exported again."


def folder(batch: Batch) -> Folder:
    """Return where Coupa's exporter leaves approved invoices; the consumer removes what it took."""
    return Folder("coupa", f"{batch.world.settings.coupa.files.outgoing}/Invoices")


def from_files(batch: Batch) -> bool:
    """True when the flow reads Coupa's export files instead of the REST API."""
    return batch.world.settings.flows.ok2pay.source == "files"


def take_in(batch: Batch) -> None:
    """Write what is ready to pay as records, together with the file that carries them, in one transaction."""
    batch.world.progress.step("reading approved and voided invoices from Coupa")
    if not from_files(batch):
        _take_in(batch, batch.world.partners.coupa.invoices(), None)
        return
    inbound.collect(batch, folder(batch))
    for work in inbound.unfinished(batch):
        with inbound.finishing(batch, work):
            _take_in_file(batch, work)


def _take_in_file(batch: Batch, work: Work) -> None:
    layout = load_layout(batch.world.settings.flows.ok2pay.overlay, InvoiceExport.name)
    with batch.world.spool.open(work.sha256) as stream:
        decoded = decode(stream, work.name)
        _take_in(batch, (*decoded.findings, *layout.read(decoded.stream, work.name)), work)


def _take_in(batch: Batch, results: Iterable[Invoice | Finding], work: Work | None) -> None:
    invoices: list[Invoice] = []
    findings: list[Finding] = []
    for result in results:
        if isinstance(result, Finding):
            findings.append(result)
        else:
            invoices.append(result)
    papers = paperwork.read(batch, _unseen(batch, invoices))
    with batch.world.ledger.write() as tx:
        write_findings(batch, tx, findings, sha256=work.sha256 if work else "")
        fresh = [added for invoice in invoices if (added := _add(batch, tx, invoice, work))]
        if fresh or batch.world.settings.flows.ok2pay.send_empty:
            _prepare(batch, tx, fresh, papers)
        if work:
            _reject(batch, tx, work, findings)
            files.release(tx, work.claim, files.DONE)
    reached(Point.VOUCHERS_WRITTEN)


def _reject(batch: Batch, tx: Connection, work: Work, findings: Iterable[Finding]) -> None:
    """Count what could not be read: Coupa has flagged it as exported, so it would never come again by itself."""
    broken = {finding.record or work.name: finding for finding in findings if finding.severity is Severity.ERROR}
    for position, (number, finding) in enumerate(broken.items(), 1):
        values = {
            "flow": batch.flow,
            "sha256": work.sha256,
            "batch_id": batch.id,
            "business_key": f"UNREADABLE|{work.sha256}|{position}",
            "payload_hash": work.sha256,
            "document": "",
            "number": number,
        }
        told = {"reasons": finding.rule.id, "explanation": str(finding), "suggestion": AGAIN}
        records.settle(tx, records.add(tx, values, batch.now()), records.REJECTED, batch.now(), **told)


def _unseen(batch: Batch, invoices: Iterable[Invoice]) -> list[Invoice]:
    """The invoices that no voucher was written for."""
    with batch.world.ledger.read() as tx:
        return [invoice for invoice in invoices if records.owner(tx, batch.flow, _key(invoice)) is None]


def _key(invoice: Invoice) -> str:
    return f"{invoice.id}|{invoice.status}"


def _add(batch: Batch, tx: Connection, invoice: Invoice, work: Work | None) -> tuple[int, Invoice] | None:
    """Write a voucher; None when the ERP got it before, when it waits to be flagged, or when it was held before."""
    text = stored.dump(invoice)
    key = _key(invoice)
    former = records.owner(tx, batch.flow, key)
    if former and former["state"] in (records.NEW, records.INTENT):
        return None
    if former and former["state"] == records.HELD and former["payload_hash"] == _money_hash(invoice):
        return None  # the ERP never got it: it waits for a person
    values = {
        "flow": batch.flow,
        "sha256": work.sha256 if work else None,
        "batch_id": batch.id,
        "business_key": key,
        "payload_hash": _money_hash(invoice),
        "document": text,
        "remote_id": str(invoice.id),
        "number": invoice.number,
        "supplier_number": invoice.supplier_number,
        "supplier_name": invoice.supplier_name,
        "currency": invoice.currency,
        "amount": _worth(invoice),
    }
    record_id = records.add(tx, values, batch.now())
    if former is not None:
        _sent_before(batch, tx, record_id, former, same=values["payload_hash"] == former["payload_hash"])
        return None
    return (record_id, invoice) if _postable(batch, tx, record_id, invoice) else None


def _worth(invoice: Invoice) -> Decimal:
    """What a voucher is worth to the ERP: a void takes back what was sent before."""
    return -invoice.signed_total if invoice.status == "voided" else invoice.signed_total


def _postable(batch: Batch, tx: Connection, record_id: int, invoice: Invoice) -> bool:
    """Hold an invoice that no ERP could post, because its parts do not add up."""
    problems = list(posting.check(invoice))
    if problems:
        write_findings(batch, tx, problems, record_id=record_id)
        told = {"explanation": str(problems[0]), "suggestion": problems[0].rule.remedy}
        records.settle(tx, record_id, records.HELD, batch.now(), **told)
    return not problems


def _sent_before(batch: Batch, tx: Connection, record_id: int, former: RowMapping, *, same: bool) -> None:
    """The ERP never gets an invoice twice: the same money is a duplicate, other money is for a person to decide."""
    told = f"The ERP got it in batch {former['batch_id']}"
    values = {"explanation": told + (" already." if same else " with other amounts.")}
    if not same:
        values["suggestion"] = "Void the one the ERP has, or correct it there; nothing was sent now."
    records.settle(tx, record_id, records.DUPLICATE if same else records.HELD, batch.now(), **values)


def _money_hash(invoice: Invoice) -> str:
    facts = (invoice.number, invoice.supplier_number, invoice.currency, format(invoice.signed_total.normalize(), "f"))
    return hashlib.sha256("|".join(facts).encode()).hexdigest()


def _prepare(batch: Batch, tx: Connection, fresh: Sequence[tuple[int, Invoice]], papers: paperwork.Papers) -> None:
    """Render the file through the ERP's template and tie its records to it; the papers that it names go ahead."""
    settings = batch.world.settings.erp
    invoices = [invoice for _, invoice in fresh]
    template = load_template(settings.template)
    context = {**settings.values, "batch": batch.id, "made_at": batch.now()}
    if batch.world.settings.flows.ok2pay.papers:
        context["papers"] = paperwork.prepare(batch, tx, papers, invoices)
    kept = batch.world.spool.keep(lambda stream: template.write(invoices, stream, context))
    totals = defaultdict[str, Decimal](Decimal)
    for invoice in invoices:
        totals[invoice.currency] += _worth(invoice)
    name = outbound.file_name(batch, "Ok2Pay", template.ending, part=len(batches.outgoings(tx, batch.id)))
    parcel = outbound.Parcel(
        remote="erp", path=f"{settings.ok2pay}/{name}", kept=kept, records=len(fresh), totals=totals
    )
    outgoing_id, *_ = [outbound.prepare(batch, tx, one) for one in outbound.with_manifest(batch, parcel, len(fresh))]
    for record_id, _ in fresh:
        records.note(tx, record_id, batch.now(), outgoing_id=outgoing_id)


def load_template(name: str) -> Template:
    """Return a packaged template, or a customer's own file or folder of ``*.j2``; SettingsError when there is none."""
    own = Path(name)
    try:
        return templates.load(name) if name in templates.names() else templates.read(own)
    except KeyError:
        known = ", ".join(templates.names())
        raise SettingsError(f"erp.template: {name!r} is none of {known}, and no .j2 file or folder of them") from None


def flag(batch: Batch) -> None:
    """Flag as exported at Coupa what is at the ERP; Coupa's own export files carry the flag already."""
    with batch.world.ledger.read() as tx:
        arrived = outgoing.arrived_records(tx, batch.flow)
        again = [row for row in batches.records(tx, batch.id) if row["state"] == records.DUPLICATE]
    for number, row in enumerate((*again, *arrived), 1):
        if not batch.go_on():
            return
        batch.world.progress.advance(number, len(again) + len(arrived), f"flagging {row['number']} as exported")
        _flag(batch, row)


def _flag(batch: Batch, row: RowMapping) -> None:
    """Flag one invoice, unless it became another one meanwhile: a void under the flag would never be exported."""
    coupa, remote_id = batch.world.partners.coupa, int(row["remote_id"])
    if not from_files(batch) and coupa.status(remote_id) == stored.load(Invoice, row["document"]).status:
        coupa.set_exported("invoices", remote_id)
        reached(Point.FLAGGED)
    with batch.world.ledger.write() as tx:
        if row["state"] != records.DUPLICATE:
            records.settle(tx, row["id"], records.LOADED, batch.now())
        batch.event(tx, "exported", record_id=row["id"], remote_id=row["remote_id"])
    reached(Point.FLAG_SETTLED)


def flag_again(batch: Batch, row: RowMapping) -> None:
    """Flag a voucher that arrived and was flagged before; ExchangeError when Coupa has it otherwise by now."""
    sent = stored.load(Invoice, row["document"])
    now = batch.world.partners.coupa.invoice(int(row["remote_id"]))
    if (now.status, now.currency, now.signed_total) != (sent.status, sent.currency, sent.signed_total):
        raise ExchangeError(f"{row['number']} is {now.status} with {now.signed_total} {now.currency} at Coupa by now.")
    batch.world.partners.coupa.set_exported("invoices", int(row["remote_id"]))


def tidy(batch: Batch) -> None:
    """Remove the export files that were taken."""
    if from_files(batch):
        inbound.tidy(batch, folder(batch))
