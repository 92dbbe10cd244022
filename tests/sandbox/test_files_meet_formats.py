"""The sandbox's codecs and the product's were written apart; here they meet."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from formats.catalogue import LAYOUTS
from formats.documents import Invoice, PurchaseOrder, Receipt, Supplier
from formats.erp.render import packaged, render
from sandbox.coupa import domain
from sandbox.world import World, open_world
from tests.sandbox.small import SEED, invoice_csv, load, messages, rows, toner

EXPORTS = {
    "Invoices": "invoice-export",
    "PurchaseOrders": "purchase-order-export",
    "Receipts": "receipt-export",
    "Suppliers": "supplier-export",
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world with the small seed."""
    found = open_world(tmp_path, SEED)
    yield found
    found.close()


def exported(world: World, folder: str) -> list[object]:
    """Return what the product reads in the file that the exporter places in a folder."""
    (path,) = [path for path in world.export() if path.startswith(f"Outgoing/{folder}/")]
    with (world.sites["coupa"].root / path).open(newline="", encoding="utf-8") as file:
        return list(LAYOUTS[EXPORTS[folder]].read(file, path))


def approved(world: World, content: bytes) -> Invoice:
    """Load and approve an invoice and return what the product reads in the Ok2Pay file."""
    assert messages(load(world, "a.csv", content)) == []
    domain.post_receipt(world.store, {"order-line": {"id": 1}, "quantity": "10"})
    assert len(domain.approve_all(world.store)) == 1
    (invoice,) = exported(world, "Invoices")
    assert isinstance(invoice, Invoice)
    return invoice


def test_an_order_is_read_as_it_was_exported(world: World) -> None:
    (order,) = exported(world, "PurchaseOrders")
    assert isinstance(order, PurchaseOrder)
    assert (order.number, order.supplier_number, order.currency, order.status) == ("4711", "V-007", "EUR", "issued")
    (line,) = order.lines
    assert (line.number, str(line.price), str(line.quantity), line.uom) == ("1", "50.00", "10", "EA")


def test_suppliers_are_read_as_they_were_exported(world: World) -> None:
    found = exported(world, "Suppliers")
    assert [(one.number, one.name) for one in found if isinstance(one, Supplier)] == [
        ("V-007", "Acme, Inc."),
        ("V-008", "Bolt GmbH"),
    ]


def test_a_receipt_is_read_as_it_was_exported(world: World) -> None:
    domain.post_receipt(world.store, {"order-line": {"id": 1}, "quantity": "4"})
    (receipt,) = exported(world, "Receipts")
    assert isinstance(receipt, Receipt)
    assert (receipt.order_number, receipt.order_line_number, str(receipt.quantity)) == ("4711", "1", "4.00")


def test_an_approved_invoice_is_read_as_it_was_exported(world: World) -> None:
    invoice = approved(world, invoice_csv(*toner("I-1")))
    assert (invoice.number, invoice.status, str(invoice.total)) == ("I-1", "approved", "100.00")
    assert invoice.po_numbers == ("4711",)


def test_what_the_product_writes_is_loaded(world: World) -> None:
    (invoice,) = LAYOUTS["invoice-import"].read(io.StringIO(invoice_csv(*toner("I-1")).decode(), newline=""), "a.csv")
    written = io.StringIO(newline="")
    LAYOUTS["invoice-import"].write([invoice], written)
    result = load(world, "b.csv", written.getvalue().encode())
    assert (result["records-created"], messages(result)) == (1, [])


def test_the_erp_books_the_products_ok2pay_file_and_coupa_takes_its_payments(world: World) -> None:
    invoice = approved(world, invoice_csv(*toner("I-1")))
    erp, coupa = world.sites["erp"].root, world.sites["coupa"].root
    (erp / "ok2pay" / "a.csv").write_text("".join(render([invoice], packaged("generic-csv"))), newline="")
    (name,) = world.erp.pay()
    assert len(rows(erp / "payments" / name)) == 2
    (coupa / "Incoming/InvoicePayments/p.csv").write_bytes((erp / "payments" / name).read_bytes())
    (result,) = world.load()
    assert (result["records-created"], messages(result)) == (1, [])
    assert world.totals()["coupa"]["payments"] == {"EUR": {"count": 1, "total": "100.00"}}
