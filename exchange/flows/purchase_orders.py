"""The flow of purchase orders from Coupa to the lockbox."""

from exchange.batches import masters, outbound
from exchange.batches.batch import Batch
from exchange.batches.entries import entry
from exchange.batches.masters import Master
from exchange.coupa.resources import Coupa
from formats.coupa.purchase_orders import PurchaseOrderExport

PURCHASE_ORDERS = Master(
    name="PurchaseOrders", folder="PurchaseOrders", layout=PurchaseOrderExport, fetch=Coupa.purchase_orders, entry=entry
)


def run(batch: Batch) -> None:
    """Read what changed at Coupa, write it for the lockbox, send it, tidy up."""
    found = masters.read(batch, PURCHASE_ORDERS)
    masters.send_changes(batch, PURCHASE_ORDERS, found)
    outbound.publish(batch)
    masters.tidy(batch, PURCHASE_ORDERS)
