"""The flow of invoices from the lockbox and the drop folder into Coupa."""

from exchange.batches import answering, delivery, inbound, intake, judging, loading, outbound, reading, references
from exchange.batches.batch import Batch


def run(batch: Batch) -> None:
    """Bring invoices in: fetch, read, judge, load, answer, tidy up."""
    references.refresh(batch)
    for folder in reading.folders(batch):
        inbound.collect(batch, folder)
    for work in inbound.unfinished(batch):
        with inbound.finishing(batch, work):
            intake.take_in(batch, work)
            judging.judge(batch, work)
            delivery.deliver(batch, work)
            answering.answer(batch, work)
    loading.load(batch)
    outbound.publish(batch)
    for folder in reading.folders(batch):
        inbound.tidy(batch, folder)
