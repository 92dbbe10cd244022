"""The flow of the status of invoices from Coupa to the lockbox."""

from exchange.batches import masters, outbound
from exchange.batches.batch import Batch
from exchange.batches.entries import entry, plain
from exchange.batches.masters import Master
from exchange.coupa.resources import Coupa
from formats.coupa.approved import InvoiceUpdates

UPDATES = Master(
    name="InvoiceUpdates",
    folder="InvoiceUpdates",
    layout=InvoiceUpdates,
    fetch=Coupa.invoice_updates,
    entry=entry,
    essence=plain,
)


def run(batch: Batch) -> None:
    """Read which invoices changed at Coupa, write them for the lockbox, send the file, tidy up."""
    found = masters.read(batch, UPDATES)
    masters.send_changes(batch, UPDATES, found)
    outbound.publish(batch)
    masters.tidy(batch, UPDATES)
