"""Papers: the page image and the attachments of approved invoices, sent to the ERP ahead of the file that names them.

Coupa's export files carry none, so they are read by REST whichever way the invoices come.
"""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from sqlalchemy import Connection

from exchange.batches import outbound
from exchange.batches.batch import Batch
from exchange.spool import Kept
from formats.documents import Invoice

Papers = Mapping[int, Mapping[str, Kept]]
"""By the invoice's id at Coupa: what lies in the spool, by the name that the ERP gets it under."""


def read(batch: Batch, invoices: Iterable[Invoice]) -> Papers:
    """Read the papers of invoices into the spool, where the settings ask for them; a void brings none again."""
    if not batch.world.settings.flows.ok2pay.papers:
        return {}
    wanted = [invoice for invoice in invoices if invoice.id is not None and not invoice.is_voided]
    found: dict[int, Mapping[str, Kept]] = {}
    for number, invoice in enumerate(wanted, 1):
        batch.world.progress.advance(number, len(wanted), f"reading the papers of {invoice.number}")
        found[invoice.id or 0] = _of_invoice(batch, invoice)
    return found


def _of_invoice(batch: Batch, invoice: Invoice) -> Mapping[str, Kept]:
    """The image first, then the files attached, numbered so that no name is given twice."""
    found: dict[str, Kept] = {}
    for name, content in batch.world.partners.coupa.papers(invoice.id or 0, invoice.image):
        plain = outbound.plain_name(PurePosixPath(name).name)
        found[f"{invoice.id}_{len(found) + 1:02d}_{plain}"] = batch.world.spool.keep_bytes(content)
    return found


def prepare(batch: Batch, tx: Connection, papers: Papers, invoices: Iterable[Invoice]) -> Mapping[str, list[str]]:
    """Write in the ledger that the papers of these invoices leave; return their names by the invoice's id."""
    folder = batch.world.settings.erp.papers
    names: dict[str, list[str]] = {}
    for invoice in invoices:
        for name, kept in papers.get(invoice.id or 0, {}).items():
            outbound.prepare(batch, tx, outbound.Parcel(remote="erp", path=f"{folder}/{name}", kept=kept, records=0))
            names.setdefault(str(invoice.id), []).append(name)
    return names
