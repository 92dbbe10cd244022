"""What the ERP paid (Coupa: Invoice Payment Import, Payment Import)."""

from typing import Final

from formats import rules
from formats.documents import Payment
from formats.layout import Amount, Batch, Column, Date, Flag, Integer, Table, Text

COLUMNS: Final[tuple[Column, ...]] = (
    Text("Supplier Name", 100, to="supplier_name"),
    Text("Supplier Number", 255, to="supplier_number"),
    Text("Invoice Number", 40, to="invoice_number"),
    Date("Invoice Date", to="invoice_date"),
    Integer("Invoice ID", to="invoice_id"),
    Text("Expense Report Id"),
    Flag("Paid", to="paid"),
    Date("Paid-in-Full Date", to="paid_in_full_on"),
    Text("Paid-in-Full Note", 255, to="note"),
    Amount("Check Amount Paid", 32, 4, to="amount"),
    Text("Check # / Note", 255, to="number"),
    Date("Check Payment Date", to="date"),
)


class InvoicePaymentImport(Table[Payment]):
    """One row for each payment on one invoice; Coupa books it only if exactly one invoice matches."""

    name = "invoice-payment-import"
    makes = Payment
    record = "invoice_number"
    fields = COLUMNS

    @classmethod
    def verify(cls, parts: list[Payment], batch: Batch) -> None:
        """Refuse payments that name no invoice: by its id, or by its number and supplier."""
        for index, payment in enumerate(parts):
            supplier = payment.supplier_number or payment.supplier_name
            if payment.invoice_id is None and not (payment.invoice_number and supplier):
                wanted = "an invoice id, or an invoice number and a supplier"
                batch.refuse(index, "Invoice Number", rules.VALUE_REQUIRED, f"{wanted} is needed")


class PaymentImport(InvoicePaymentImport):
    """The same with a category: payment, discount, adjustment, tax, credit."""

    name = "payment-import"
    fields = (*COLUMNS, Text("Category", 255, to="category"))
