"""The Invoice Line row of the invoice import (Coupa: Invoices Import)."""

from collections.abc import Sequence
from typing import Final

from formats.documents import Invoice, InvoiceLine
from formats.layout import Amount, Flag, Integer, Keyword, Moment, Row, Text, Values, numbered
from formats.shortcuts import read_account_code, read_taxes, write_taxes

TAX: Final = {
    "amount": "Line Tax Amount",
    "rate": "Line Tax Rate",
    "code": "Line Tax Code",
    "description": "Line Tax Description",
}


class LineRow(Row):
    """One line; without a quantity it is an amount line."""

    keyword = "Invoice Line"
    makes = InvoiceLine
    fields = (
        Keyword("Invoice Line"),
        Text("Invoice Number*", 40, link="document"),
        Text("Supplier Name", 100, link="supplier_name"),
        Text("Supplier Number", 255, link="supplier_number"),
        Integer("Line Number", to="number"),
        Text("Description*", 1550, to="description"),
        Text("Supplier Part Number", 255, to="part_number"),
        Text("Auxiliary Part Number", 255),
        Amount("Price*", 46, 20, to="price", filled=True),
        Amount("Quantity", 30, 6, to="quantity"),
        Amount("Bulk Price", 30, 6),
        Amount("Bulk Price Qty", 30, 6),
        Text("Bulk Price UOM", 6),
        Text("Bulk Price Conversion Numerator"),
        Text("Bulk Price Conversion Denominator"),
        Text("Unit of Measure*", 6, to="uom"),
        Text("Category", 255),
        Text("Subcategory", 255),
        Text("Deductibility", 255),
        Text("PO Number", 20, to="po_number"),
        Text("PO Line Number", 255, to="po_line_number"),
        Text("Account Name", 1024),
        Text("Account Code", 1024, to="account_code"),
        Text("Billing Notes", 65535),
        *numbered(Text("Account Segment {}", 100), 20),
        Text("Budget Period Name", 100),
        Amount("Net Weight", 30, 6),
        Text("Weight UOM", 6),
        Amount("Price per Weight", 30, 6),
        Text("Match Reference", 255, to="match_reference"),
        Text("Delivery Note Number", 255, to="delivery_note"),
        Moment("Original Date Of Supply"),
        Text("Commodity Name", 255),
        Text("HSN/SAC", 255),
        Text("UNSPSC", 255),
        Text("Adjustment Type", 255),
        Text("Fiscal Code"),
        Text("Classification of Goods"),
        Text("Municipality Taxation Code"),
        Text("Item Barcode"),
        Amount("Line Tax Amount", 32, 4, to="tax.amount"),
        Amount("Line Tax Rate", 16, 10, to="tax.rate"),
        Text("Line Tax Code", 255, to="tax.code"),
        Text("Line Tax Rate Type", 255),
        Flag("Exempt from Tax?"),
        Flag("Reverse Charge?"),
        Text("Out of Scope?"),
        Text("Line Tax Location", 255),
        Text("Line Tax Description", 255, to="tax.description"),
        Moment("Line Tax Supply Date"),
        Text("Line Nature of Tax"),
        Text("Line Product Tax Classification"),
        Flag("Customer Accounting?"),
        Text("Exclude from tax"),
        Text("Contract Name"),
    )

    @classmethod
    def derive(cls, values: Values, others: Sequence[dict[str, str]]) -> None:
        """Make the tax and the account code that have several columns here."""
        read_taxes(values, others, TAX)
        read_account_code(values, others, "Account Segment {}")

    @classmethod
    def spread(cls, parts: Sequence[InvoiceLine], values: Values) -> None:
        """Spread the tax that has columns here."""
        write_taxes(parts, values, TAX)

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], InvoiceLine]]:
        """A row for each line."""
        links = (document.number, document.supplier_name, document.supplier_number)
        return [(links, line) for line in document.lines]
