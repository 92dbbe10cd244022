"""What flows there are: one kind of exchange each."""

from enum import StrEnum


class FlowName(StrEnum):
    """The flows, in the order of a business day."""

    SUPPLIERS = "suppliers"
    ACCOUNTS = "accounts"
    PURCHASE_ORDERS = "purchase_orders"
    RECEIPTS = "receipts"
    INVOICES = "invoices"
    INVOICE_UPDATES = "invoice_updates"
    OK2PAY = "ok2pay"
    PAYMENTS = "payments"

    @property
    def summary(self) -> str:
        """What the flow does, in a line."""
        return TITLES[self]


TITLES = {
    FlowName.SUPPLIERS: "suppliers from Coupa to the lockbox",
    FlowName.ACCOUNTS: "GL accounts from Coupa to the lockbox",
    FlowName.PURCHASE_ORDERS: "purchase orders from Coupa to the lockbox",
    FlowName.RECEIPTS: "receipts from Coupa into the reference store",
    FlowName.INVOICES: "invoices from the lockbox and the drop folder into Coupa",
    FlowName.INVOICE_UPDATES: "the status of invoices from Coupa to the lockbox",
    FlowName.OK2PAY: "approved and voided invoices from Coupa to the ERP",
    FlowName.PAYMENTS: "payments from the ERP into Coupa",
}
