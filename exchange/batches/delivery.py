"""Delivery by API: an intent before each send, and a look before anything is sent again.

A request whose outcome nobody knows leaves the record in ``intent``. It waits until Coupa must have made up its
mind, is looked up by supplier and number, and only then sent again. So an invoice is loaded once, whatever fails.
"""

from pathlib import PurePosixPath

import structlog
from sqlalchemy import RowMapping

from exchange.batches import enclosures, inbound, loader, routing
from exchange.batches.batch import Batch
from exchange.batches.inbound import Work
from exchange.batches.sending import TakenOverError, is_too_early, sending
from exchange.errors import CoupaBusyError, CoupaRefusedError, CoupaUnknownError
from exchange.killpoints import Point, reached
from exchange.ledger import records
from formats import stored
from formats.documents import Invoice
from payables.verdicts import Decision

log = structlog.get_logger()
BUSY_TRIES = 3


def deliver(batch: Batch, work: Work) -> None:
    """Load every judged invoice of a file into Coupa with its image; what is refused is held with Coupa's reasons.

    What goes by Coupa's loader is left to it.
    """
    inbound.acquit(batch, work)
    with batch.world.ledger.read() as tx:
        rows = [row for row in records.of_file(tx, work.sha256, records.NEW, records.INTENT) if row["judgement"]]
    rows = [row for row in rows if not loader.carries(batch, row)]
    for number, row in enumerate(rows, 1):
        if not batch.go_on() or not inbound.renew(batch, work):
            return
        batch.world.progress.advance(number, len(rows), f"loading {row['number']}")
        _deliver_patiently(batch, work, row)


def _deliver_patiently(batch: Batch, work: Work, row: RowMapping) -> None:
    """Deliver one record; when Coupa asks to slow down, wait as long as it says and go on where it stands."""
    for _ in range(BUSY_TRIES):
        try:
            _deliver(batch, work, row)
        except CoupaBusyError as error:
            log.info("coupa asks to slow down", number=row["number"], seconds=error.after)
            batch.world.leave.wait(error.after)
            with batch.world.ledger.read() as tx:
                row = records.get(tx, row["id"])
        else:
            return
    _deliver(batch, work, row)


def _deliver(batch: Batch, work: Work, row: RowMapping) -> None:
    if is_too_early(batch, row):
        return
    try:
        _finish(batch, work, row, _find_or_create(batch, work, row))
    except TakenOverError:
        log.info("another process has taken over", number=row["number"])
    except CoupaUnknownError as error:
        _note(batch, row, "outcome unknown", error=str(error))
    except CoupaRefusedError as error:
        _refused(batch, row, error)


def _find_or_create(batch: Batch, work: Work, row: RowMapping) -> int:
    """Return Coupa's id of the invoice, created now or before."""
    if row["remote_id"]:
        return int(row["remote_id"])
    invoice = stored.load(Invoice, row["document"])
    if row["state"] == records.INTENT:
        found = _look_up(batch, invoice)
        if found is not None:
            return _known(batch, row, found, "found at Coupa")
    return _create(batch, work, row, invoice)


def _look_up(batch: Batch, invoice: Invoice) -> int | None:
    """Return the id of the invoice if Coupa has it; a voided one does not count."""
    found = batch.world.partners.coupa.find_invoices(invoice.supplier_number, invoice.number)
    ids = [one.id for one in found if one.status != "voided" and one.id is not None]
    return ids[0] if ids else None


def _create(batch: Batch, work: Work, row: RowMapping, invoice: Invoice) -> int:
    try:
        with sending(batch, work, row, "create"):
            created = batch.world.partners.coupa.create_invoice(invoice)
    except CoupaRefusedError as error:
        if row["state"] != records.INTENT or not error.says_taken:
            raise
        return _known(batch, row, _taken_by_us(batch, invoice, error), "found at Coupa")
    reached(Point.SENT)
    return _known(batch, row, created, "created at Coupa")


def _taken_by_us(batch: Batch, invoice: Invoice, refusal: CoupaRefusedError) -> int:
    """Return the id of what an earlier try made, which the look-up before did not show yet.

    CoupaUnknownError while it still does not; the refusal itself when only a voided invoice has the number.
    """
    found = batch.world.partners.coupa.find_invoices(invoice.supplier_number, invoice.number)
    if not found:
        raise CoupaUnknownError(f"Coupa has invoice {invoice.number} but does not show it yet") from refusal
    ids = [one.id for one in found if one.status != "voided" and one.id is not None]
    if not ids:
        raise refusal
    return ids[0]


def _known(batch: Batch, row: RowMapping, remote_id: int, what: str) -> int:
    _note(batch, row, what, remote_id=str(remote_id))
    reached(Point.RESULT)
    return remote_id


def _finish(batch: Batch, work: Work, row: RowMapping, remote_id: int) -> None:
    """Put image and attachments beside the draft, submit it where that was decided, and settle the record."""
    coupa = batch.world.partners.coupa
    invoice = stored.load(Invoice, row["document"])
    _enclose(batch, work, row, remote_id)
    submitted = invoice.submit and _decision(row) is Decision.LOAD
    if submitted and coupa.status(remote_id) == "draft":
        with sending(batch, work, row, "submit"):
            coupa.submit(remote_id)
        reached(Point.SUBMITTED)
    routing.accompany(batch, row, remote_id)
    with batch.world.ledger.write() as tx:
        records.settle(tx, row["id"], records.LOADED, batch.now(), error=None)
        batch.event(tx, "loaded", record_id=row["id"], remote_id=remote_id, submitted=submitted)
    reached(Point.LOADED)


def _enclose(batch: Batch, work: Work, row: RowMapping, remote_id: int) -> None:
    """Put the page image, the attachments and the e-invoice itself beside a draft; what is there is not sent again."""
    coupa = batch.world.partners.coupa
    with enclosures.opened(batch, row["sha256"]) as member:
        enclosed = enclosures.enclosures(batch, row, stored.load(Invoice, row["document"]), member)
    members = dict(enclosed.members) | enclosures.original(batch, row)
    if enclosed.image:
        coupa.put_image(remote_id, enclosed.image, members.pop(enclosed.image))
        reached(Point.IMAGE_PUT)
    attached = set(coupa.attachments(remote_id)) if members else set()
    for name, content in ((PurePosixPath(path).name, content) for path, content in members.items()):
        if name not in attached:
            with sending(batch, work, row, "attach"):
                coupa.attach(remote_id, name, content)
            reached(Point.ATTACHED)


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
