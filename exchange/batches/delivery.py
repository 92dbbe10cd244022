"""Delivery by API: an intent before each send, and a look before anything is sent again.

A request whose outcome nobody knows leaves the record in ``intent``. It waits until Coupa must have made up its
mind, is looked up by supplier and number, and only then sent again. So an invoice is loaded once, whatever fails.
"""

import datetime as dt
from pathlib import PurePosixPath

import structlog
from sqlalchemy import RowMapping

from exchange.batches import enclosures, inbound, loader, routing
from exchange.batches.batch import Batch
from exchange.batches.inbound import Work
from exchange.errors import CoupaRefusedError, CoupaUnknownError
from exchange.ledger import records
from formats import stored
from formats.documents import Invoice
from payables.verdicts import Decision

log = structlog.get_logger()


def deliver(batch: Batch, work: Work) -> None:
    """Load every judged invoice of a file into Coupa with its image; what is refused is held with Coupa's reasons.

    What goes by Coupa's loader is left to it.
    """
    with batch.world.ledger.read() as tx:
        rows = [row for row in records.of_file(tx, work.sha256, records.NEW, records.INTENT) if row["judgement"]]
    rows = [row for row in rows if not loader.carries(batch, row)]
    for number, row in enumerate(rows, 1):
        if not batch.go_on() or not inbound.renew(batch, work):
            return
        batch.world.progress.advance(number, len(rows), f"loading {row['number']}")
        _deliver(batch, work, row)


def _deliver(batch: Batch, work: Work, row: RowMapping) -> None:
    try:
        remote_id = _find_or_create(batch, work, row)
        if remote_id is not None:
            _finish(batch, row, remote_id)
    except CoupaUnknownError as error:
        _note(batch, row, "outcome unknown", error=str(error))
    except CoupaRefusedError as error:
        _refused(batch, row, error)


def _find_or_create(batch: Batch, work: Work, row: RowMapping) -> int | None:
    """Return Coupa's id of the invoice, created now or before; None when it is too early to know."""
    if row["remote_id"]:
        return int(row["remote_id"])
    invoice = stored.load(Invoice, row["document"])
    if row["state"] == records.INTENT:
        if batch.now() < row["intent_at"] + dt.timedelta(seconds=batch.world.settings.coupa.unknown_seconds):
            return None
        found = _look_up(batch, invoice)
        if found is not None:
            return _known(batch, row, found, "found at Coupa")
    return _create(batch, work, row, invoice)


def _look_up(batch: Batch, invoice: Invoice) -> int | None:
    """Return the id of the invoice if Coupa has it; a voided one does not count."""
    found = batch.world.partners.coupa.find_invoices(invoice.supplier_number, invoice.number)
    ids = [one.id for one in found if one.status != "voided" and one.id is not None]
    return ids[0] if ids else None


def _create(batch: Batch, work: Work, row: RowMapping, invoice: Invoice) -> int | None:
    longest = dt.timedelta(seconds=batch.world.settings.coupa.deadline_seconds)
    with batch.world.ledger.write() as tx:
        if not records.intend(tx, row["id"], work.claim, batch.now(), longest):
            return None
        batch.event(tx, "intent", record_id=row["id"], number=row["number"])
    try:
        created = batch.world.partners.coupa.create_invoice(invoice)
    except CoupaRefusedError as error:
        mine = _look_up(batch, invoice) if row["state"] == records.INTENT and error.says_taken else None
        if mine is None:
            raise
        return _known(batch, row, mine, "found at Coupa")
    return _known(batch, row, created, "created at Coupa")


def _known(batch: Batch, row: RowMapping, remote_id: int, what: str) -> int:
    _note(batch, row, what, remote_id=str(remote_id))
    return remote_id


def _finish(batch: Batch, row: RowMapping, remote_id: int) -> None:
    """Put image and attachments beside the draft, submit it where that was decided, and settle the record."""
    coupa = batch.world.partners.coupa
    invoice = stored.load(Invoice, row["document"])
    _enclose(batch, row, invoice, remote_id)
    submitted = invoice.submit and _decision(row) is Decision.LOAD
    if submitted and coupa.status(remote_id) == "draft":
        coupa.submit(remote_id)
    routing.accompany(batch, row, remote_id)
    with batch.world.ledger.write() as tx:
        records.settle(tx, row["id"], records.LOADED, batch.now(), error=None)
        batch.event(tx, "loaded", record_id=row["id"], remote_id=remote_id, submitted=submitted)


def _enclose(batch: Batch, row: RowMapping, invoice: Invoice, remote_id: int) -> None:
    """Put the page image, the attachments and the e-invoice itself beside a draft; what is there is not sent again."""
    coupa = batch.world.partners.coupa
    with enclosures.opened(batch, row["sha256"]) as member:
        enclosed = enclosures.enclosures(batch, row, invoice, member)
    members = dict(enclosed.members) | enclosures.original(batch, row)
    if enclosed.image:
        coupa.put_image(remote_id, enclosed.image, members.pop(enclosed.image))
    attached = set(coupa.attachments(remote_id)) if members else set()
    for name, content in ((PurePosixPath(path).name, content) for path, content in members.items()):
        if name not in attached:
            coupa.attach(remote_id, name, content)


def _decision(row: RowMapping) -> Decision:
    return Decision(row["decision"])


def _refused(batch: Batch, row: RowMapping, error: CoupaRefusedError) -> None:
    """Hold what Coupa said no to: the draft, if there is one, stays for a person to look at."""
    log.warning("coupa refused an invoice", number=row["number"], reasons=error.errors)
    reasons = "; ".join(error.errors) or str(error)
    values = {
        "error": reasons,
        "explanation": f"Coupa refused it: {reasons}",
        "suggestion": "Repair what Coupa names, then `exchange release` the record.",
    }
    with batch.world.ledger.write() as tx:
        records.settle(tx, row["id"], records.HELD, batch.now(), **values)
        batch.event(tx, "refused by Coupa", record_id=row["id"], reasons=list(error.errors))


def _note(batch: Batch, row: RowMapping, what: str, **values: str) -> None:
    with batch.world.ledger.write() as tx:
        records.note(tx, row["id"], batch.now(), **values)
        batch.event(tx, what, record_id=row["id"], **values)
