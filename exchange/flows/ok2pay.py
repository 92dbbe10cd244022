"""The flow of approved and voided invoices from Coupa to the ERP."""

from exchange.batches import outbound, vouchers
from exchange.batches.batch import Batch


def run(batch: Batch) -> None:
    """Read what is ready to pay, send it to the ERP, and flag it at Coupa only once it has arrived whole."""
    vouchers.take_in(batch)
    outbound.publish(batch)
    vouchers.flag(batch)
    vouchers.tidy(batch)
