"""Files within Coupa's limits."""

from decimal import Decimal

from formats.coupa.invoices import InvoiceImport
from formats.documents import Invoice, InvoiceLine
from formats.split import BYTES, ROWS, split, text_of


def invoice(number: str, lines: int) -> Invoice:
    """An invoice of some lines."""
    made = (InvoiceLine(number=n, description="Größe", price=Decimal(1)) for n in range(1, lines + 1))
    return Invoice(number=number, date=None, currency="EUR", lines=tuple(made))


def numbers(files: list[list[Invoice]]) -> list[list[str]]:
    """The invoices of each file."""
    return [[document.number for document in file] for file in files]


INVOICES = [invoice("A", 2), invoice("B", 3), invoice("C", 1), invoice("D", 9)]


def test_no_file_has_more_rows_than_the_limit_and_no_invoice_is_torn() -> None:
    most = len(InvoiceImport.rows) + 7
    assert [["A", "B"], ["C"], ["D"]] == numbers(list(split(InvoiceImport, INVOICES, rows=most)))


def test_no_file_is_larger_than_the_limit() -> None:
    limit = len(text_of(InvoiceImport, INVOICES[:2])) + 4000
    files = list(split(InvoiceImport, INVOICES[:3], size=limit))
    assert ["A", "B", "C"] == [number for file in numbers(files) for number in file]
    assert all(len(text_of(InvoiceImport, file)) <= limit for file in files)


def test_images_weigh_too() -> None:
    assert [["A"], ["B"]] == numbers(list(split(InvoiceImport, INVOICES[:2], weigh=lambda _: 5 << 20)))


def test_nothing_makes_no_file() -> None:
    assert [] == list(split(InvoiceImport, []))


def test_the_limits_are_coupas() -> None:
    assert (5_000, 8_000_000) == (ROWS, BYTES)
    made = [invoice(f"I{number:05}", 4) for number in range(2_000)]
    files = list(split(InvoiceImport, made))
    assert [len(InvoiceImport.rows) + 5 * len(file) <= ROWS for file in files] == [True, True, True]
    assert made == [document for file in files for document in file]
