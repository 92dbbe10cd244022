"""What the exchange asks of Coupa, asked of the sandbox's Coupa over real HTTP."""

import datetime as dt
import itertools
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

import pytest

from exchange.coupa import runs
from exchange.coupa.resources import Coupa, open_coupa
from exchange.errors import CoupaBusyError, CoupaRefusedError, CoupaUnknownError
from formats.documents import Invoice, InvoiceLine, Payment, PurchaseOrder
from formats.findings import Finding
from tests.exchange.sandbox import SEED, Sandbox, running_sandbox

PDF = b"%PDF-1.4\n%%EOF\n"
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def coupa(sandbox: Sandbox) -> Iterator[Coupa]:
    opened = open_coupa(sandbox.coupa(requests_per_second=20, burst=10))
    yield opened
    opened.close()
    sandbox.control("faults", method="DELETE")


@pytest.fixture
def order(coupa: Coupa) -> PurchaseOrder:
    """An issued order whose first line is counted."""
    return next(
        one
        for one in coupa.purchase_orders()
        if isinstance(one, PurchaseOrder) and one.status == "issued" and one.lines[0].quantity
    )


def bill(order: PurchaseOrder) -> Invoice:
    line = order.lines[0]
    return Invoice(
        number=f"T-{next(NUMBERS):04d}",
        date=dt.date(2026, 11, 2),
        currency=order.currency,
        supplier_number=order.supplier_number,
        chart_of_accounts=order.chart_of_accounts,
        lines=(
            InvoiceLine(
                number=1,
                description="as ordered",
                price=line.price,
                quantity=Decimal(1),
                uom=line.uom,
                po_number=order.number,
                po_line_number=line.number,
            ),
        ),
    )


def expense(order: PurchaseOrder) -> Invoice:
    """The same without an order, so that nothing has to be received."""
    invoice = bill(order)
    line = replace(invoice.lines[0], po_number="", po_line_number="", account_code=order.lines[0].account_code)
    return replace(invoice, lines=(line,))


def one(coupa: Coupa, invoice: Invoice) -> Invoice:
    (found,) = coupa.find_invoices(invoice.supplier_number, invoice.number)
    return found


@pytest.mark.parametrize("kind", ["suppliers", "accounts", "purchase_orders", "receipts", "history"])
def test_everything_the_seed_has_is_read_without_findings(coupa: Coupa, kind: str) -> None:
    names = {"receipts": "receiving_transactions", "history": "invoices"}
    seeded = json.loads(SEED.read_text(encoding="utf-8"))[names.get(kind, kind)]
    found = list(getattr(coupa, kind)())
    assert [] == [finding for finding in found if isinstance(finding, Finding)]
    assert {str(one["id"]) for one in seeded} <= {str(document.id) for document in found}


def test_what_has_not_changed_is_not_read(coupa: Coupa) -> None:
    tomorrow = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    assert [] == [*coupa.suppliers(tomorrow), *coupa.accounts(tomorrow), *coupa.history(tomorrow)]


def test_one_supplier_and_one_order_are_found_by_number(coupa: Coupa, order: PurchaseOrder) -> None:
    assert [order] == list(coupa.purchase_orders(number=order.number))
    (supplier,) = coupa.suppliers(number=order.supplier_number)
    assert not isinstance(supplier, Finding)
    assert order.supplier_name == supplier.name


def test_charts_of_accounts_are_named(coupa: Coupa, order: PurchaseOrder) -> None:
    assert order.chart_of_accounts in coupa.account_types()


def test_an_invoice_is_drafted_dressed_and_submitted(coupa: Coupa, order: PurchaseOrder) -> None:
    invoice = bill(order)
    identity = coupa.create_invoice(invoice)
    assert "draft" == coupa.status(identity)
    coupa.put_image(identity, "scan.pdf", PDF)
    coupa.put_image(identity, "scan.pdf", PDF)
    coupa.attach(identity, "note ü.pdf", PDF)
    coupa.submit(identity)
    found = one(coupa, invoice)
    assert (identity, "scan.pdf", ["note ü.pdf"]) == (found.id, found.image, coupa.attachments(identity))
    assert "draft" != found.status
    assert (invoice.total, invoice.lines[0].po_number) == (found.total, found.lines[0].po_number)


def test_custom_fields_of_head_and_lines_arrive_under_coupas_names(sandbox: Sandbox, order: PurchaseOrder) -> None:
    invoice = bill(order)
    line = replace(invoice.lines[0], other={"Project": "P-7", "line-id": "1"})
    sent = replace(invoice, lines=(line,), other={"Batch ID": "0042", "guideline": "none of Coupa's"})
    custom = {"Batch ID": "batch-id", "Project": "project"}
    with closing(open_coupa(sandbox.coupa(custom_fields=custom))) as coupa:
        coupa.create_invoice(sent)
        found = one(coupa, sent)
    assert ({"batch-id": "0042"}, {"project": "P-7"}) == (found.other, found.lines[0].other)


def test_a_number_that_is_taken_is_refused_with_coupas_words(coupa: Coupa, order: PurchaseOrder) -> None:
    invoice = bill(order)
    coupa.create_invoice(invoice)
    with pytest.raises(CoupaRefusedError) as caught:
        coupa.create_invoice(invoice)
    assert caught.value.says_taken


def test_an_invoice_is_found_by_its_number_alone(coupa: Coupa, order: PurchaseOrder) -> None:
    invoice = bill(order)
    identity = coupa.create_invoice(invoice)
    assert [identity] == [found.id for found in coupa.find_invoices("", invoice.number)]
    assert [] == coupa.find_invoices("nobody", invoice.number)


def approved(coupa: Coupa, sandbox: Sandbox, order: PurchaseOrder) -> Invoice:
    invoice = expense(order)
    coupa.submit(coupa.create_invoice(invoice))
    sandbox.control("coupa/approve")
    return one(coupa, invoice)


def test_an_approved_invoice_waits_for_the_erp_until_it_is_flagged(
    coupa: Coupa, sandbox: Sandbox, order: PurchaseOrder
) -> None:
    invoice = approved(coupa, sandbox, order)
    waiting = {found.id for found in coupa.invoices() if isinstance(found, Invoice)}
    assert invoice.id in waiting
    coupa.set_exported("invoices", invoice.id or 0)
    assert {invoice.id} == waiting - {found.id for found in coupa.invoices() if isinstance(found, Invoice)}


def test_invoices_are_flagged_while_they_are_walked_through(
    coupa: Coupa, sandbox: Sandbox, order: PurchaseOrder
) -> None:
    drafts = [coupa.create_invoice(expense(order)) for _ in range(60)]
    for identity in drafts:
        coupa.submit(identity)
    sandbox.control("coupa/approve")
    flagged = []
    for found in coupa.invoices():
        assert isinstance(found, Invoice)
        coupa.set_exported("invoices", found.id or 0)
        flagged.append(found.id)
    assert set(drafts) <= set(flagged)
    assert [] == list(coupa.invoices())


def test_a_payment_is_booked_and_read_back(coupa: Coupa, sandbox: Sandbox, order: PurchaseOrder) -> None:
    invoice = approved(coupa, sandbox, order)
    payment = Payment(
        invoice_number=invoice.number,
        amount=invoice.total,
        paid=True,
        number="CHK-1003",
        date=dt.date(2026, 11, 20),
    )
    coupa.add_payment(invoice.id or 0, payment)
    (found,) = coupa.payments(invoice.id or 0)
    assert (payment.amount, payment.number, payment.date) == (found.amount, found.number, found.date)
    assert (invoice.number, invoice.supplier_number) == (found.invoice_number, found.supplier_number)
    assert one(coupa, invoice).paid


def test_a_draft_whose_answer_was_lost_is_unknown_and_can_be_found(
    coupa: Coupa, sandbox: Sandbox, order: PurchaseOrder
) -> None:
    invoice = bill(order)
    sandbox.fault("cut_after_commit", "/api/invoices$", "POST")
    with pytest.raises(CoupaUnknownError):
        coupa.create_invoice(invoice)
    assert "draft" == one(coupa, invoice).status


def test_a_draft_that_never_arrived_is_unknown_and_cannot_be_found(
    coupa: Coupa, sandbox: Sandbox, order: PurchaseOrder
) -> None:
    invoice = bill(order)
    sandbox.fault("cut_before_commit", "/api/invoices$", "POST")
    with pytest.raises(CoupaUnknownError):
        coupa.create_invoice(invoice)
    assert [] == coupa.find_invoices(invoice.supplier_number, invoice.number)


@pytest.mark.parametrize(
    ("status", "error"), [(429, CoupaBusyError), (500, CoupaUnknownError), (503, CoupaUnknownError)]
)
def test_a_status_has_its_meaning(
    coupa: Coupa, sandbox: Sandbox, order: PurchaseOrder, status: int, error: type[Exception]
) -> None:
    sandbox.fault("status", "/api/invoices$", "POST", status=status)
    with pytest.raises((CoupaBusyError, CoupaUnknownError)) as caught:
        coupa.create_invoice(bill(order))
    assert error is type(caught.value)


def test_a_page_for_people_is_no_answer(coupa: Coupa, sandbox: Sandbox, order: PurchaseOrder) -> None:
    sandbox.fault("html_200", "/api/invoices$", "POST")
    with pytest.raises(CoupaUnknownError, match="not JSON"):
        coupa.create_invoice(bill(order))


def test_a_token_that_dies_is_renewed_without_a_word(coupa: Coupa, sandbox: Sandbox, order: PurchaseOrder) -> None:
    coupa.account_types()
    sandbox.fault("token_expiry", "/api/invoices$", "POST")
    assert coupa.create_invoice(bill(order)) > 0


def test_reading_goes_on_through_all_of_it(coupa: Coupa, sandbox: Sandbox) -> None:
    sandbox.fault("status", "/api/suppliers", "GET", status=502)
    sandbox.fault("cut_before_commit", "/api/suppliers", "GET")
    sandbox.fault("html_200", "/api/suppliers", "GET")
    assert len(list(coupa.suppliers())) > 50


def test_a_file_that_was_never_loaded_has_no_result(coupa: Coupa) -> None:
    assert [] == list(coupa.file_loads("never.csv"))


def test_a_wrong_secret_is_refused_before_anything_is_sent(sandbox: Sandbox) -> None:
    with (
        closing(open_coupa(sandbox.coupa(client_secret="wrong"))) as coupa,
        pytest.raises(CoupaRefusedError, match="client_secret"),
    ):
        coupa.account_types()


def test_the_administrators_see_a_run_and_what_became_of_a_document(sandbox: Sandbox) -> None:
    scopes = (*sandbox.coupa().scopes, "core.integration.write", "core.comment.write")
    with closing(open_coupa(sandbox.coupa(scopes=scopes))) as coupa:
        client = coupa.client
        client.post("/api/integrations", body={"name": "ERP", "code": "ERP-INV"})
        run = runs.start_run(client, "ERP-INV")
        runs.record(client, "ERP-INV", runs.Record(kind="InvoiceHeader", id=9001, success=True, message="posted"))
        runs.finish_run(client, run, processed=1, total=1, success=True)
        coupa.comment(9001, "posted by the ERP")
        shown = client.get(f"/api/integration_runs/{run}")
        assert (1, "success") == (shown["records-processed"], shown["status"])


def test_image_and_attached_files_are_read_with_their_names(coupa: Coupa, order: PurchaseOrder) -> None:
    invoice_id = coupa.create_invoice(bill(order))
    assert [] == list(coupa.papers(invoice_id, ""))
    coupa.put_image(invoice_id, "page.pdf", PDF)
    coupa.attach(invoice_id, "table.csv", b"a,b\r\n")
    image = coupa.invoice(invoice_id).image
    assert [("page.pdf", PDF), ("table.csv", b"a,b\r\n")] == list(coupa.papers(invoice_id, image))
