"""Write bills as Coupa's invoice import: schema rows first, then data rows, every field quoted."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from day.bill import Bill, Line

HEADER = (
    "Invoice", "Invoice Number*", "Supplier Name", "Supplier Number", "Status", "Invoice Date*",
    "Submit For Approval?", "Handling Amount", "Misc Amount", "Shipping Amount", "Line Level Taxation*", "Tax Amount",
    "Tax Rate", "Tax Code", "Supplier Note", "Chart of Accounts*", "Currency", "Image Scan Filename",
    "Invoice Control Total", "Original invoice number", "Original invoice date", "Is Credit Note",
    "Supplier Tax Number",
)
CHARGE = (
    "Invoice Charge", "Invoice Number*", "Supplier Name", "Supplier Number", "Line Number", "Type*", "Description",
    "Total*",
)
LINE = (
    "Invoice Line", "Invoice Number*", "Supplier Name", "Supplier Number", "Line Number", "Description*",
    "Supplier Part Number", "Price*", "Quantity", "Unit of Measure*", "PO Number", "PO Line Number", "Account Code",
    "Line Tax Amount", "Line Tax Rate", "Line Tax Code",
)
ALLOCATION = ("Account Allocation", "Invoice Number*", "Invoice Line Number*", "Amount", "Account Code")
TAX = (
    "Invoice Tax Line", "Invoice Number*", "Invoice Line Number", "Line Number", "Tax Amount", "Tax Rate", "Tax Code",
    "Taxable Amount",
)
SCHEMA = (HEADER, CHARGE, LINE, ALLOCATION, TAX)


def rows(bills: Sequence[Bill]) -> Iterator[Sequence[str]]:
    """Yield the schema rows that these bills need, then their data rows."""
    made = [row for bill in bills for row in bill_rows(bill)]
    used = {row[0] for row in made}
    yield from (row for row in SCHEMA if row[0] in used)
    yield from made


def bill_rows(bill: Bill) -> Iterator[Sequence[str]]:
    """Yield the rows of one bill: header, charges, lines each with its allocations, taxes."""
    key = (bill.number, bill.sender.name, bill.sender.number)
    yield ("Invoice", *key, *header(bill))
    for number, charge in enumerate(bill.charges, 1):
        yield ("Invoice Charge", *key, str(number), charge.kind, charge.text, charge.amount)
    for number, line in enumerate(bill.lines, 1):
        yield ("Invoice Line", *key, str(number), *cells(line))
        for share in line.shares:
            yield ("Account Allocation", bill.number, str(number), share.amount, share.account)
    if len(bill.taxes) > 1:
        for number, tax in enumerate(bill.taxes, 1):
            yield ("Invoice Tax Line", bill.number, "", str(number), tax.amount, tax.rate, tax.code, tax.basis)


def header(bill: Bill) -> Sequence[str]:
    """Return the header's cells from the status on; one tax stands here, several in rows of their own."""
    tax = bill.taxes[0] if len(bill.taxes) == 1 else None
    taxation = (tax.amount, tax.rate, tax.code) if tax else ("", "", "")
    credit = (bill.original, bill.original_date, "Yes" if bill.original else "")
    return (
        "", bill.date, "Yes", bill.handling, bill.misc, bill.shipping, "Yes" if bill.by_line else "No", *taxation,
        bill.note, bill.sender.chart, bill.sender.currency, bill.image, bill.total, *credit, bill.sender.tax_id,
    )


def cells(line: Line) -> Sequence[str]:
    """Return a line's cells from the description on; an amount line has no unit."""
    return (
        line.text, line.part, line.price, line.quantity, line.uom if line.quantity else "", line.order,
        line.order_line, line.account, line.tax, line.rate, line.code,
    )


def text(made: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV, RFC 4180."""
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(made)
    return stream.getvalue()


def invoices(*bills: Bill) -> bytes:
    """Return bills as the bytes of an invoice import file."""
    return text(rows(bills)).encode()
