"""The flow of suppliers from Coupa to the lockbox."""

from exchange.batches import masters, outbound
from exchange.batches.batch import Batch
from exchange.batches.entries import entry
from exchange.batches.masters import Master
from exchange.coupa.resources import Coupa
from formats.coupa.suppliers import SupplierExport

SUPPLIERS = Master(
    name="Suppliers",
    folder="Suppliers",
    layout=SupplierExport,
    fetch=Coupa.suppliers,
    entry=entry,
    unsaid=("iban", "website", "display_name", "hold_invoices"),
)


def run(batch: Batch) -> None:
    """Read what changed at Coupa, write it for the lockbox, send it, tidy up."""
    found = masters.read(batch, SUPPLIERS)
    masters.send_changes(batch, SUPPLIERS, found)
    outbound.publish(batch)
    masters.tidy(batch, SUPPLIERS)
