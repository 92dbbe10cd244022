"""The Invoice row of the invoice import (Coupa: Invoices Import)."""

from collections.abc import Sequence
from typing import Final

from formats.documents import ChargeKind, Invoice
from formats.layout import (
    Amount,
    Date,
    Flag,
    Integer,
    Keyword,
    Moment,
    Presence,
    Row,
    Text,
    Values,
    numbered,
)
from formats.shortcuts import read_charges, read_taxes, write_charges, write_taxes

CHARGES: Final = {
    ChargeKind.HANDLING: "Handling Amount",
    ChargeKind.MISC: "Misc Amount",
    ChargeKind.SHIPPING: "Shipping Amount",
}
TAX: Final = {"amount": "Tax Amount", "rate": "Tax Rate", "code": "Tax Code"}
ATTACHMENTS: Final = 10


class InvoiceRow(Row):
    """The head of an invoice; credit notes and voids too."""

    keyword = "Invoice"
    makes = Invoice
    record = "number"
    fields = (
        Keyword("Invoice"),
        Text("Invoice Number*", 40, to="number"),
        Text("Supplier Name", 100, to="supplier_name"),
        Text("Supplier Number", 255, to="supplier_number"),
        Text("Status", 50, to="status"),
        Date("Invoice Date*", to="date"),
        Flag("Submit For Approval?", to="submit", blank=False),
        Amount("Handling Amount", 32, 4, to="charge.HANDLING"),
        Amount("Misc Amount", 32, 4, to="charge.MISC"),
        Amount("Shipping Amount", 32, 4, to="charge.SHIPPING"),
        Flag("Line Level Taxation*", to="line_level_taxation"),
        Amount("Tax Amount", 32, 4, to="tax.amount"),
        Amount("Tax Rate", 16, 10, to="tax.rate"),
        Text("Tax Code", 255, to="tax.code"),
        Text("Tax Rate Type", 255),
        Text("Supplier Note", to="note"),
        Text("Payment Terms", 255, to="payment_terms"),
        Text("Shipping Terms", 255),
        Text("Requester Email", 255, to="requester_email"),
        Text("Requester Name", 255),
        Text("Requester Lookup Name", 255),
        Text("Chart of Accounts*", 50, to="chart_of_accounts"),
        Text("Currency", 6, to="currency"),
        Text("Contract Number", 50, to="contract_number"),
        Text("Image Scan Filename", 255, to="image"),
        Text("Image Scan URL", 255),
        Amount("Local Currency Net", 32, 4),
        Amount("Taxes In Origin Country Currency", 32, 4),
        Amount("Local Currency Gross", 32, 4),
        Text("Delivery Number", 255),
        Date("Delivery Date", to="delivery_date"),
        Text("Margin Scheme", 255),
        Text("Invoice Issuance Time", 255),
        Text("Cash Register Operator", 255),
        Text("Means Of Payment", 255),
        Text("Unique Identification Code Of Cash Receipt", 255),
        Text("Security Code Of Issuer", 255),
        Text("Cash Accounting Scheme Reference", 255),
        Amount("Exchange Rate", 30, 9),
        Amount("Gross Total", 46, 20),
        Amount("Invoice Control Total", to="control_total"),
        Text("Late Payment Penalties", 255),
        Text("Credit Reason", 255),
        Text("Early Payment Provisions", 255),
        Moment("Pre-Payment Date"),
        Text("Self Billing Reference", 191),
        Amount("Discount Amount", 32, 4),
        Text("Reverse Charge Reference", 255),
        Amount("Discount %", 16, 10),
        Amount("Credit Note differences with Original Invoice", 30, 4),
        Amount("Original Value of Supply", 46, 20),
        Amount("Correct Value of Supply", 46, 20),
        Text("Customs Declaration Number", 60),
        Text("Customs Office"),
        Moment("Customs Declaration Date"),
        Text("Payment Order Reference", 255),
        Text("Payment Order Number", 255),
        Text("Resolution Number", 255),
        Amount("Amount of advance payment received", 30, 4),
        Text("Type of Relationship", 10),
        Text("Invoice Reference Number (IRN)", 255),
        Text("Series", 30),
        Text("Folio Number", 255),
        Text("Buyer Representative Name", 255),
        Text("Supplier Representative Name", 255),
        Text("Payment Schedule Terms", 255),
        Text("Transaction UUID", 50),
        Moment("Transaction Notification Date"),
        Text("VAT Chargeability System", 255),
        Text("Customer Account Number", 255),
        Text("Ship To Name", 255),
        Integer("Ship To Id"),
        Text("Ship To Attention", 255),
        Text("Ship To Street1", 100),
        Text("Ship To Street2", 100),
        Text("Ship To City", 50),
        Text("Ship To State", 50),
        Text("Ship To Postal Code", 50),
        Text("Ship to Country Code", 4),
        Text("Ship to Country Name", 100),
        Text("Ship to Location Code", 255),
        Text("Ship to VAT ID", 255),
        Text("Ship to Local Tax Number", 255),
        Integer("Bill To Address Id"),
        Text("Bill To Address Legal Entity Name", 255),
        Text("Bill To Address Street", 100),
        Text("Bill To Address City", 50),
        Text("Bill To Address Postal Code", 50),
        Text("Bill To Address Country Code", 4),
        Text("Bill To Address Location Code", 255),
        Text("Bill To Address VAT ID", 255),
        Text("Bill To Address Local Tax Number", 255),
        Text("Override Tax Country Code"),
        Text("Remit To Address Street1", 100),
        Text("Remit To Address Street2", 100),
        Text("Remit To Address City", 50),
        Text("Remit To Address State", 50),
        Text("Remit To Address Postal Code", 50),
        Text("Remit To Address Country Code", 4),
        Text("Remit To Code", 255, to="remit_to_code"),
        Text("Remit To Tax Prefix", 255),
        Text("Remit To Tax Number", 255),
        Text("Remit To Tax Country Code", 4),
        Text("Remit To VAT ID", 255),
        Text("Remit To Local Tax Number", 255),
        Text("Invoice From Address Street1", 100),
        Text("Invoice From Address Street2", 100),
        Text("Invoice From Address City", 50),
        Text("Invoice From Address State", 50),
        Text("Invoice From Address Postal Code", 50),
        Text("Invoice From Address Country Code", 4),
        Text("Invoice From Code", 255),
        Text("Ship From Address Street1", 100),
        Text("Ship From Address Street2", 100),
        Text("Ship From Address City", 50),
        Text("Ship From Address State", 50),
        Text("Ship From Address Postal Code", 50),
        Text("Ship From Address Country Code", 4),
        Text("Ship From Code", 255),
        Text("Original invoice number", 40, to="original_number"),
        Date("Original invoice date", to="original_date"),
        Presence("Is Credit Note", to="is_credit_note"),
        Text("Disputed Invoice Number", 40),
        Text("Dispute Resolution Credit Note Number"),
        Text("Supplier Tax Number", 40, to="supplier_tax_id"),
        Text("Buyer Tax Number", 255),
        Moment("Date of Discovery of Facts Decisive for Correction"),
        Text("Place Of Supply", 255),
        Flag("Split Payment Mechanism"),
        Text("Endorsement On Invoices", 255),
        Text("New Means Of Transport", 255),
        Text("Place Of Issuance", 255),
        Amount("Amount Of Advance Payment", 46, 20),
        Text("Supplier Invoice Issuer Name", 255),
        Text("Supplier Invoice Reviewer Name", 255),
        Text("Supplier Payment Collector Name", 255),
        Text("Signed QR Code"),
        Text("State Tax ID Number", 255),
        Text("State Tax ID Number for Substitute Taxpayer", 255),
        Text("Municipality Tax ID Number", 255),
        Text("Serial Code of Fiscal Invoice", 255),
        Text("Verification Code", 255),
        Text("Type of Document", 255),
        Text("Protocol Number", 255),
        Text("Nature of Operation", 255),
        Text("Type of Operation", 255),
        Text("Freight Type", 255),
        Text("Vehicle License Plate", 255),
        Text("National Enrollment of Conveyor", 255),
        Text("Volume Amount", 255),
        Text("Volume Gross Weight", 255),
        Text("Volume Liquid Weight", 255),
        Text("Volume Brand", 255),
        Text("Volume Type", 255),
        Text("Volume Numbering", 255),
        Text("Payment Agreement Notes"),
        *numbered(Text("Attachment {}", to="attachments[]"), ATTACHMENTS),
        Text("Ship To Street3"),
        Text("Ship To Street4"),
        Text("Remit To Address Street3"),
        Text("Remit To Address Street4"),
        Text("Invoice From Address Street3"),
        Text("Invoice From Address Street4"),
        Text("Ship From Address Street3"),
        Text("Ship From Address Street4"),
    )

    @classmethod
    def derive(cls, values: Values, others: Sequence[dict[str, str]]) -> None:
        """Make the tax and the charges that have columns here."""
        read_taxes(values, others, TAX)
        read_charges(values, others, CHARGES)
        if "attachments" in values:
            values["attachments"] = [tuple(filter(None, names)) for names in values["attachments"]]

    @classmethod
    def spread(cls, parts: Sequence[Invoice], values: Values) -> None:
        """Spread the tax and the charges that have columns here."""
        for invoice in parts:
            if len(invoice.attachments) > ATTACHMENTS:
                raise ValueError(f"{invoice.number} has more than {ATTACHMENTS} attachments")
        write_taxes(parts, values, TAX)
        write_charges(parts, values, CHARGES)

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], Invoice]]:
        """One row."""
        return (((), document),)
