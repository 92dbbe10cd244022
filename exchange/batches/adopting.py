"""Adopting: after a restore the ledger is older than the world, so what it does not know to be loaded is looked up.

What Coupa has with the same supplier, number and money was loaded by the exchange before: it is adopted, not sent.
"""

from sqlalchemy import RowMapping

from exchange.batches import enclosures
from exchange.batches.batch import Batch
from exchange.batches.inbound import Work
from exchange.ledger import controls, records
from formats import stored
from formats.documents import Invoice

ADOPTED = "found at Coupa after a restore"


def adopt(batch: Batch, work: Work) -> None:
    """Settle the invoices of a file that Coupa has already; without effect unless the ledger was restored."""
    if not is_doubtful(batch):
        return
    with batch.world.ledger.read() as tx:
        rows = records.of_file(tx, work.sha256, records.NEW)
    for number, row in enumerate(rows, 1):
        batch.world.progress.advance(number, len(rows), f"looking for {row['number']} at Coupa")
        found = _at_coupa(batch, row)
        if found is not None:
            _settle(batch, row, found)


def is_doubtful(batch: Batch) -> bool:
    """True while a restored ledger may not know all that was done."""
    with batch.world.ledger.read() as tx:
        return controls.active(tx, controls.RESTORED) is not None


def _at_coupa(batch: Batch, row: RowMapping) -> Invoice | None:
    """The invoice as Coupa has it, with the same money; an other one of this number is for the judge."""
    if not row["document"] or row["owned_key"] is None:
        return None
    mine = stored.load(Invoice, row["document"])
    found = batch.world.partners.coupa.find_invoices(mine.supplier_number, mine.number)
    same = (one for one in found if one.status != "voided" and one.id is not None)
    return next((one for one in same if one.signed_total == row["amount"] and one.currency == row["currency"]), None)


def _settle(batch: Batch, row: RowMapping, found: Invoice) -> None:
    """Write what Coupa told; the page image, which may be repeated, is put beside it when it is missing."""
    coupa, identity = batch.world.partners.coupa, int(found.id or 0)
    if row["image_sha256"] and not coupa.has_image(identity):
        put_image(batch, row, identity)
    told = {"remote_id": str(identity), "decision": "load", "explanation": f"It was {ADOPTED}.", "suggestion": None}
    with batch.world.ledger.write() as tx:
        records.settle(tx, row["id"], records.LOADED, batch.now(), **told)
        batch.event(tx, ADOPTED, record_id=row["id"], remote_id=str(identity))


def put_image(batch: Batch, row: RowMapping, identity: int) -> None:
    """Put the page image of a record beside an invoice at Coupa; it may be repeated."""
    with enclosures.opened(batch, row["sha256"]) as member:
        enclosed = enclosures.enclosures(batch, row, stored.load(Invoice, row["document"]), member)
    if enclosed.image:
        batch.world.partners.coupa.put_image(identity, enclosed.image, enclosed.members[enclosed.image])
