"""The flow of payments from the ERP into Coupa."""

from exchange.batches import booking, inbound, outbound, remittances
from exchange.batches.batch import Batch


def run(batch: Batch) -> None:
    """Fetch the ERP's payment files, book each payment once, tidy up."""
    inbound.collect(batch, remittances.folder(batch))
    for work in inbound.unfinished(batch):
        with inbound.finishing(batch, work):
            remittances.take_in(batch, work)
            remittances.book(batch, work)
    booking.load(batch)
    outbound.publish(batch)
    inbound.tidy(batch, remittances.folder(batch))
