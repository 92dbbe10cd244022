"""Coupa's Invoices Import: the rows of one invoice become one REST invoice.

A row belongs to the last invoice row above it with its invoice number (and its supplier, where it names one).
Columns that the sandbox knows but has no use for (addresses, e-invoicing fields of single countries, header
assignments) are accepted and forgotten. A supplier number, where given, counts alone; else the name does (inferred).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.files.cells import Reader, flag, gather, moment, number, require, text, whole
from sandbox.files.sheets import RefusedError, Row, UploadError
from sandbox.store import Json

SEGMENTS = range(1, 21)
ATTACHMENTS = tuple(f"Attachment {place}" for place in range(1, 11))

_HEADER: Mapping[str, tuple[str, Reader]] = {
    "Invoice Number": ("invoice-number", text),
    "Invoice Date": ("invoice-date", moment),
    "Line Level Taxation": ("line-level-taxation", flag),
    "Handling Amount": ("handling-amount", number),
    "Misc Amount": ("misc-amount", number),
    "Shipping Amount": ("shipping-amount", number),
    "Supplier Note": ("supplier-note", text),
    "Payment Terms": ("payment-term.code", text),
    "Shipping Terms": ("shipping-term.code", text),
    "Requester Email": ("requester-email", text),
    "Requester Name": ("requester-name", text),
    "Requester Lookup Name": ("requester-lookup-name", text),
    "Chart of Accounts": ("account-type.name", text),
    "Currency": ("currency.code", text),
    "Contract Number": ("contract.number", text),
    "Image Scan URL": ("image-scan-url", text),
    "Delivery Number": ("delivery-number", text),
    "Delivery Date": ("delivery-date", moment),
    "Exchange Rate": ("exchange-rate", number),
    "Invoice Control Total": ("supplier-total", number),
    "Credit Reason": ("credit-reason", text),
    "Discount Amount": ("discount-amount", number),
    "Remit To Code": ("remit-to-address.remit-to-code", text),
    "Original invoice number": ("original-invoice-number", text),
    "Original invoice date": ("original-invoice-date", moment),
}
_LINE: Mapping[str, tuple[str, Reader]] = {
    "Line Number": ("line-num", whole),
    "Description": ("description", text),
    "Supplier Part Number": ("source-part-num", text),
    "Auxiliary Part Number": ("supp-aux-part-num", text),
    "Price": ("price", number),
    "Quantity": ("quantity", number),
    "Unit of Measure": ("uom.code", text),
    "Category": ("category", text),
    "PO Number": ("order-header-num", text),
    "PO Line Number": ("order-line-num", text),
    "Billing Notes": ("billing-note", text),
    "Net Weight": ("net-weight", number),
    "Match Reference": ("match-reference", text),
    "Delivery Note Number": ("delivery-note-number", text),
    "Original Date Of Supply": ("original-date-of-supply", moment),
    "Commodity Name": ("commodity.name", text),
    "UNSPSC": ("unspsc", text),
    "Adjustment Type": ("adjustment-type", text),
}
_CHARGE: Mapping[str, tuple[str, Reader]] = {
    "Line Number": ("line-num", whole),
    "Type": ("type", text),
    "Description": ("description", text),
    "Total": ("total", number),
    "Percent": ("pct", number),
    "Billing Notes": ("billing-note", text),
}
_TAX: Mapping[str, tuple[str, Reader]] = {
    "Tax Amount": ("amount", number),
    "Tax Rate": ("rate", number),
    "Tax Code": ("code", text),
    "Tax Rate Type": ("tax-rate-type", text),
    "Tax Description": ("description", text),
    "Taxable Amount": ("taxable-amount", number),
    "Base Amount": ("base", number),
    "Type": ("type", text),
}
_INLINE_TAX: Mapping[str, tuple[str, Reader]] = {
    "Amount": ("amount", number),
    "Rate": ("rate", number),
    "Code": ("code", text),
    "Rate Type": ("tax-rate-type", text),
}


@dataclass(slots=True)
class InvoiceRows:
    """The rows of one invoice: its header row and all that hang on it."""

    header: Row
    rows: list[Row] = field(default_factory=list)

    def owns(self, row: Row) -> bool:
        """Tell whether a row names this invoice; allocations, taxes and tags carry no supplier."""
        if row["Object Number" if row.type == "Tag" else "Invoice Number"] != self.header["Invoice Number"]:
            return False
        named = [column for column in ("Supplier Number", "Supplier Name") if row[column] and self.header[column]]
        return all(row[column] == self.header[column] for column in named)


def group(rows: Iterable[Row]) -> tuple[list[InvoiceRows], list[UploadError]]:
    """Sort rows under their invoices; a row whose invoice does not stand above it is an upload error."""
    invoices: list[InvoiceRows] = []
    strays: list[UploadError] = []
    for row in rows:
        if row.type == "Invoice":
            invoices.append(InvoiceRows(row))
        elif owner := next((invoice for invoice in reversed(invoices) if invoice.owns(row)), None):
            owner.rows.append(row)
        elif row.type != "Invoice Header Assignment":
            strays.append(row.error("Invoice Number", "Invoice unable to find matching invoice."))
    return invoices, strays


def supplier_reference(row: Row) -> Json:
    """Return how the row names its supplier: by number, else by name."""
    if row["Supplier Number"]:
        return {"number": row["Supplier Number"]}
    return {"name": row["Supplier Name"]}


Custom = Mapping[str, Mapping[str, str]]
"""The names of the custom fields by their prompts, of the ``header`` and of a ``line``."""


def payload(invoice: InvoiceRows, custom: Custom) -> Json:
    """Return the REST invoice for rows; RefusedError at the first cell that cannot be read."""
    header = invoice.header
    require(header, "Invoice Date", "Line Level Taxation", "Chart of Accounts")
    found = gather(header, _HEADER)
    credit = bool(header["Is Credit Note"])
    by_line = bool(found["line-level-taxation"])
    found |= {
        "supplier": supplier_reference(header),
        "document-type": "Credit Note" if credit else "Invoice",
        "is-credit-note": credit,
        "tax-lines": [] if by_line else _inline_tax(header, "Tax"),
        "taggings": [],
        "invoice-charges": [_charge(row, found) for row in _of(invoice, "Invoice Charge")],
        "invoice-lines": [_line(row, found) | _custom(row, custom["line"]) for row in _of(invoice, "Invoice Line")],
        **_custom(header, custom["header"]),
    }
    for row in invoice.rows:
        _hang(row, found)
    return found


def _hang(row: Row, invoice: Json) -> None:
    """Hang an allocation, a tax or a tag on the line, charge or header that it names."""
    match row.type:
        case "Account Allocation":
            owner = _find(invoice["invoice-lines"], row, "Invoice Line Number")
            name, part = "account-allocations", _allocation(row, invoice)
        case "Invoice Tax Line":
            owner = _tax_owner(invoice, row)
            name, part = "tax-lines", {"type": "TaxLine"} | gather(row, _TAX)
        case "Tag":
            owner = _find(invoice["invoice-lines"], row, "Line Number") if row["Line Number"] else invoice
            name, part = "taggings", {"tag": {"name": row["Name"]}, "description": row["Description"]}
        case _:
            return
    owner.setdefault(name, []).append(part)


def _custom(row: Row, names: Mapping[str, str]) -> Json:
    found = {name: row[prompt] for prompt, name in names.items() if row[prompt]}
    return {"custom-fields": found} if found else {}


def _of(invoice: InvoiceRows, row_type: str) -> Iterator[Row]:
    return (row for row in invoice.rows if row.type == row_type)


def _line(row: Row, invoice: Json) -> Json:
    if row["PO Number"] and not (row["PO Line Number"] or row["Supplier Part Number"]):
        raise RefusedError(row.error("PO Line Number", "PO Line Number or Supplier Part Number can't be blank"))
    line = gather(row, _LINE) | _account(row, invoice)
    line["type"] = "InvoiceQuantityLine" if "quantity" in line else "InvoiceAmountLine"
    if "quantity" not in line:
        line.pop("uom", None)
    if invoice["line-level-taxation"]:
        line["tax-lines"] = _inline_tax(row, "Line Tax")
    return line


def _charge(row: Row, invoice: Json) -> Json:
    charge = gather(row, _CHARGE) | _account(row, invoice)
    if invoice["line-level-taxation"]:
        charge["tax-lines"] = _inline_tax(row, "Line Tax") or _inline_tax(row, "Tax")
    return charge


def _allocation(row: Row, invoice: Json) -> Json:
    shares = {"Amount": ("amount", number), "Percent": ("pct", number)}
    return gather(row, shares) | _account(row, invoice)


def _account(row: Row, invoice: Json) -> Json:
    """Return the account by its code, else by its segments, else by its name; nothing where the row has none."""
    segments = [row[f"Account Segment {place}"] for place in SEGMENTS]
    code = row["Account Code"] or "-".join(segment for segment in segments if segment)
    if code:
        return {"account": {"code": code, "account-type": invoice["account-type"]}}
    if row["Account Name"]:
        return {"account": {"name": row["Account Name"], "account-type": invoice["account-type"]}}
    return {}


def _inline_tax(row: Row, prefix: str) -> list[Json]:
    fields = {f"{prefix} {name}": target for name, target in _INLINE_TAX.items()}
    tax = gather(row, fields)
    return [{"type": "TaxLine"} | tax] if tax else []


def _tax_owner(invoice: Json, row: Row) -> Json:
    if row["Invoice Line Number"]:
        return _find(invoice["invoice-lines"], row, "Invoice Line Number")
    if row["Invoice Charge Number"]:
        return _find(invoice["invoice-charges"], row, "Invoice Charge Number")
    return invoice


def _find(parts: Sequence[Json], row: Row, column: str) -> Json:
    wanted = whole(row, column)
    if found := next((part for part in parts if part.get("line-num") == wanted), None):
        return found
    raise RefusedError(row.error(column, f"{column} unable to find matching line."))
