"""The flow of invoices from the lockbox and the drop folder into Coupa."""

from exchange.batches import inbound, loading, outbound, reading, references, working
from exchange.batches.batch import Batch


def run(batch: Batch) -> None:
    """Bring invoices in: fetch, work each file (read, judge, load, answer), send, tidy up."""
    references.refresh(batch)
    unread = inbound.collect_each(batch, reading.folders(batch))
    working.work_files(batch)
    loading.load(batch)
    outbound.publish(batch)
    for folder in reading.folders(batch):
        inbound.tidy(batch, folder)
    inbound.complain(unread)
