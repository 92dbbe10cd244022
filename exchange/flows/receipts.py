"""The flow of receipts from Coupa into the reference store, where three-way matching finds them."""

from exchange.batches import masters
from exchange.batches.batch import Batch
from exchange.batches.entries import entry, of_order_id
from exchange.batches.masters import Master
from exchange.coupa.resources import Coupa
from formats.coupa.receipts import ReceiptExport

RECEIPTS = Master(
    name="Receipts",
    folder="Receipts",
    layout=ReceiptExport,
    fetch=Coupa.receipts,
    entry=entry,
    from_file=of_order_id,
)


def run(batch: Batch) -> None:
    """Read what changed at Coupa, remember it, tidy up."""
    found = masters.read(batch, RECEIPTS)
    masters.remember(batch, RECEIPTS, found)
    masters.tidy(batch, RECEIPTS)
