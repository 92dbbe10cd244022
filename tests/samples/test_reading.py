"""The product's readers see in every delivery what its twin says is there."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from formats import arithmetic, delivery, einvoice
from formats.coupa.invoices import InvoiceImport
from formats.delivery import Kind
from formats.documents import Invoice
from formats.findings import Finding
from formats.text import decode
from tests.samples.day import deliveries, twin

PAGES = {".tif", ".jpg", ".pdf"}
with_data = [path for path in deliveries() if path.suffix not in PAGES]


def read(path: Path) -> list[Invoice | Finding]:
    """Read a delivery as the product does, by its content."""
    content = path.read_bytes()
    match delivery.identify(content):
        case Kind.ZIP:
            return list(unpack(content, path.name))
        case Kind.CSV:
            return list(table(content, path.name))
        case _:
            return list(einvoice.read(io.BytesIO(content), path.name))


def unpack(content: bytes, name: str) -> Iterator[Invoice | Finding]:
    opened = delivery.open_zip(io.BytesIO(content), name)
    if isinstance(opened, Finding):
        yield opened
        return
    for result in table(opened.csv, opened.csv_name):
        yield result
        if isinstance(result, Invoice):
            yield from opened.missing(result)


def table(content: bytes, name: str) -> Iterator[Invoice | Finding]:
    decoded = decode(io.BytesIO(content), name)
    yield from decoded.findings
    yield from InvoiceImport.read(decoded.stream, name)


@pytest.mark.parametrize("path", with_data, ids=lambda path: path.name)
def test_a_delivery_gives_the_invoices_and_totals_of_its_twin(path: Path) -> None:
    got = [(one.number, one.total, one.currency) for one in read(path) if isinstance(one, Invoice)]
    named = [invoice for invoice in twin(path)["invoices"] if invoice["decision"] != "reject"]
    assert [(number, f"{total:.2f}", currency) for number, total, currency in got] == [
        (invoice["number"], invoice["total"], invoice["currency"]) for invoice in named
    ]


@pytest.mark.parametrize("path", with_data, ids=lambda path: path.name)
def test_a_delivery_breaks_the_rules_that_its_twin_names_and_no_others_where_it_names_none(path: Path) -> None:
    broken = {one.rule.id for one in read(path) if isinstance(one, Finding)}
    named = set(twin(path)["findings"])
    assert (named - broken, bool(broken)) == (set(), bool(named))


@pytest.mark.parametrize("path", with_data, ids=lambda path: path.name)
def test_invoices_add_up_unless_the_twin_says_that_they_do_not(path: Path) -> None:
    wrong = {found.rule.id for one in read(path) if isinstance(one, Invoice) for found in arithmetic.check(one)}
    reasons = {reason for invoice in twin(path)["invoices"] for reason in invoice["reasons"]}
    assert bool(wrong) == bool(reasons & {"tax-differs", "total-line"})
