"""The ERP's two files: the Ok2Pay CSV it takes and the payment CSV it gives.

The Ok2Pay file has one row for each invoice line with the header columns repeated. Columns are found by name, whatever
their case and punctuation, so ``InvoiceId``, ``invoice-id`` and ``Invoice ID`` are one column.
The payment file has the columns of Coupa's Invoice Payment Import.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sandbox.files.columns import columns
from sandbox.files.sheets import write_sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """One document to book; ``amount`` is what we owe: negative for a credit note."""

    invoice_id: str
    supplier_number: str
    supplier_name: str
    number: str
    date: str
    currency: str
    amount: Decimal
    credit_note: bool
    voided: bool


class UnreadableError(Exception):
    """The ERP cannot book this file."""


def read_vouchers(content: bytes) -> list[Voucher]:
    """Return the documents of an Ok2Pay file in its order; UnreadableError names the row that cannot be booked."""
    vouchers: dict[str, Voucher] = {}
    for number, cells in enumerate(_rows(content), 2):
        voucher = _voucher(number, cells)
        if vouchers.setdefault(voucher.invoice_id, voucher) != voucher:
            raise UnreadableError(f"row {number}: header of invoice {voucher.invoice_id} differs from its first row")
    return list(vouchers.values())


def _rows(content: bytes) -> Iterable[Mapping[str, str]]:
    try:
        header, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(str(error)) from None
    names = [_key(name) for name in header]
    return [dict(zip(names, row, strict=False)) for row in rows if any(row)]


def _key(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _voucher(row: int, cells: Mapping[str, str]) -> Voucher:
    credit_note = "credit" in _cell(cells, "documenttype").casefold()
    amount = _amount(row, _required(row, cells, "grosstotal", "total"))
    return Voucher(
        invoice_id=_required(row, cells, "invoiceid", "id"),
        supplier_number=_required(row, cells, "suppliernumber"),
        supplier_name=_cell(cells, "suppliername"),
        number=_required(row, cells, "invoicenumber", "number"),
        date=_cell(cells, "invoicedate", "date"),
        currency=_required(row, cells, "currency"),
        amount=-abs(amount) if credit_note else amount,
        credit_note=credit_note,
        voided=_cell(cells, "status").casefold() == "voided",
    )


def _cell(cells: Mapping[str, str], *names: str) -> str:
    return next((cells[name].strip() for name in names if cells.get(name)), "")


def _required(row: int, cells: Mapping[str, str], *names: str) -> str:
    if found := _cell(cells, *names):
        return found
    raise UnreadableError(f"row {row}: {names[0]} is missing")


def _amount(row: int, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise UnreadableError(f"row {row}: {text!r} is not an amount") from None
    if not amount.is_finite():
        raise UnreadableError(f"row {row}: {text!r} is not an amount")
    return amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheque:
    """One payment, or one ``taken_back`` by its negative; credit notes are settled by their positive amount."""

    number: str
    invoice_id: str
    supplier_number: str
    supplier_name: str
    invoice_number: str
    invoice_date: str
    amount: Decimal
    taken_back: bool
    date: str


def write_cheques(cheques: Iterable[Cheque]) -> bytes:
    """Return the payment file, in the columns of Coupa's Invoice Payment Import."""
    names = columns("payments-import")[:12]
    return write_sheet([names, *([_cells(cheque)[name] for name in names] for cheque in cheques)])


def _cells(cheque: Cheque) -> Mapping[str, str]:
    return {
        "Supplier Name": cheque.supplier_name,
        "Supplier Number": cheque.supplier_number,
        "Invoice Number": cheque.invoice_number,
        "Invoice Date": cheque.invoice_date,
        "Invoice ID": cheque.invoice_id,
        "Expense Report Id": "",
        "Paid": "No" if cheque.taken_back else "Yes",
        "Paid-in-Full Date": "" if cheque.taken_back else cheque.date,
        "Paid-in-Full Note": "",
        "Check Amount Paid": str(cheque.amount),
        "Check # / Note": cheque.number,
        "Check Payment Date": cheque.date,
    }
