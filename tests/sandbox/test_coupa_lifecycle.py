"""From submit to paid: validations, matching, tolerances, holds, receipts, approval, void, dispute, payment."""

from decimal import Decimal
from typing import Any

import pytest

from sandbox.coupa import domain
from sandbox.coupa.seed import totals
from sandbox.store import Json
from tests.sandbox.office import Office, bill, paper, toner, unbacked


@pytest.fixture
def office() -> Office:
    return Office()


def refusals(office: Office, **changes: Any) -> list[str]:
    draft = domain.create_draft(office.store, bill(**changes))
    with pytest.raises(domain.Refused) as refused:
        domain.submit(office.store, draft["id"])
    return refused.value.errors["invoice"]


def codes(invoice: Json) -> list[str]:
    return [one["code"] for one in invoice["failed-tolerances"]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"invoice_number": None}, "Invoice number can't be blank"),
        ({"invoice_date": None}, "Invoice date can't be blank"),
        ({"currency": None}, "Currency can't be blank"),
        ({"currency": {"code": "DEM"}}, "Currency is not active"),
        ({"account_type": None}, "Account type can't be blank"),
        ({"supplier": {"number": "V-0045"}, "invoice_lines": [unbacked()]}, "Supplier is not active"),
        ({"invoice_lines": [unbacked(account=None)]}, "Invoice lines account can't be blank"),
        ({"invoice_lines": [unbacked(account={"code": "01-9999"})]}, "Account 01-9999 is not active"),
        ({"invoice_lines": [toner(uom=None)]}, "Invoice lines uom can't be blank"),
        ({"invoice_lines": [toner(**{"order-header-num": "4713"})]}, "Order header 4713 is not issued"),
        ({"supplier_total": "105.01"}, "Supplier total 105.01 does not match the invoice total 105.00"),
        ({"is_credit_note": True}, "Original invoice number can't be blank on a credit note"),
        (
            {"document_type": "Credit Note", "invoice_lines": [toner(price="-1")]},
            "Invoice lines price and quantity must be positive on a credit note",
        ),
        (
            {"invoice_lines": [toner(price="-1", quantity="-1")]},
            "Invoice lines price and quantity can't both be negative",
        ),
    ],
)
def test_a_draft_that_is_not_complete_cannot_be_submitted(
    office: Office, changes: dict[str, Any], message: str
) -> None:
    assert message in refusals(office, **changes)
    assert ["draft"] == [one["status"] for one in office.store.rows("invoices")]


def test_allocations_must_add_up(office: Office) -> None:
    shares = [{"account": {"code": "01-6200"}, "pct": "60"}, {"account": {"code": "01-6200"}, "pct": "30"}]
    line = unbacked(**{"account": None, "account-allocations": shares})
    assert ["Invoice lines account allocations must add up to 100 percent"] == refusals(office, invoice_lines=[line])


def test_an_invoice_that_matches_waits_for_approval(office: Office) -> None:
    submitted = office.submitted()
    assert ("pending_approval", []) == (submitted["status"], submitted["failed-tolerances"])
    assert ["pending_approval"] == [one["status"] for one in office.store.rows("approvals")]


def test_a_price_above_its_tolerance_needs_action(office: Office) -> None:
    submitted = office.submitted(invoice_lines=[toner(price="60.00")])
    failed = submitted["failed-tolerances"][0]
    assert ("pending_action", "quantity_based_line_price_percent", "5.00", "InvoiceLine", False) == (
        submitted["status"],
        failed["code"],
        failed["breach-limit"],
        failed["failable-type"],
        failed["resolved"],
    )
    assert Decimal("14.28") < Decimal(failed["breach-amount"]) < Decimal("14.29")


def test_a_price_within_its_tolerance_passes(office: Office) -> None:
    assert "pending_approval" == office.submitted(invoice_lines=[toner(price="55.12")])["status"]


def test_what_others_bill_counts_against_the_order(office: Office) -> None:
    office.submitted(invoice_lines=[toner(quantity="6")])
    second = office.submitted(invoice_number="INV-2", invoice_lines=[toner(quantity="5")])
    assert ["quantity_based_line_quantity_over_invoiced_quantity"] == codes(second)


def test_two_lines_of_one_invoice_share_the_order_line(office: Office) -> None:
    submitted = office.submitted(invoice_lines=[toner(quantity="6"), toner(quantity="5")])
    assert ["quantity_based_line_quantity_over_invoiced_quantity"] == codes(submitted)


def test_an_amount_line_is_measured_by_its_amount(office: Office) -> None:
    service = {"description": "Service", "price": "400.01", "order-header-num": "4711", "order-line-num": "2"}
    assert ["amount_based_line_price_over_invoiced_amount"] == codes(office.submitted(invoice_lines=[service]))


def test_another_currency_than_the_orders_fails_its_tolerance(office: Office) -> None:
    assert ["currency_matches_po_currency_boolean"] == codes(office.submitted(currency={"code": "EUR"}))


def test_extra_shipping_fails_its_tolerance(office: Office) -> None:
    assert ["extras_shipping_amount"] == codes(office.submitted(shipping_amount="100.01"))


def test_a_released_invoice_goes_on_and_its_tolerances_are_resolved(office: Office) -> None:
    submitted = office.submitted(invoice_lines=[toner(price="60.00")])
    released = domain.release(office.store, submitted["id"])
    assert ("pending_approval", [True]) == (
        released["status"],
        [one["resolved"] for one in released["failed-tolerances"]],
    )
    assert "pending_approval" == domain.revalidate(office.store, submitted["id"])["status"]


def test_a_watched_supplier_is_held_for_accounts_payable(office: Office) -> None:
    held = office.submitted(supplier={"number": "V-0044"}, invoice_lines=[unbacked()])
    assert "ap_hold" == held["status"]
    assert "pending_approval" == domain.release(office.store, held["id"])["status"]


def test_a_three_way_invoice_waits_for_its_goods_and_moves_on(office: Office) -> None:
    waiting = office.submitted(supplier={"number": "V-0043"}, invoice_lines=[paper("3")])
    assert "pending_receipt" == waiting["status"]
    domain.post_receipt(office.store, {"order-line": {"id": 57}, "quantity": "2"})
    assert "pending_receipt" == office.store.get("invoices", waiting["id"])["status"]  # type: ignore[index]
    domain.post_receipt(office.store, {"order-line": {"order-header-number": "4712", "line-num": "1"}, "quantity": 1})
    assert "pending_approval" == office.store.get("invoices", waiting["id"])["status"]  # type: ignore[index]


def test_receipts_move_the_order_line_and_a_void_moves_it_back(office: Office) -> None:
    receipt = domain.post_receipt(office.store, {"order-line": {"id": 57}, "quantity": "5"})
    assert ("5.00", "received") == line_of(office, 4712, "received", "status")
    domain.void_receipt(office.store, receipt["id"])
    assert ("0.00", "created") == line_of(office, 4712, "received", "status")
    with pytest.raises(domain.Refused, match="already voided"):
        domain.void_receipt(office.store, receipt["id"])


def line_of(office: Office, order: int, *names: str) -> tuple[Any, ...]:
    body = office.store.get("purchase_orders", order) or {}
    return tuple(body["order-lines"][0][name] for name in names)


def test_approval_counts_on_the_order_and_void_takes_it_back(office: Office) -> None:
    submitted = office.submitted()
    assert [submitted["id"]] == domain.approve_all(office.store)
    assert ("2.00",) == line_of(office, 4711, "invoiced")
    domain.set_exported(office.store, "invoices", submitted["id"])
    voided = domain.void(office.store, submitted["id"])
    assert ("voided", False) == (voided["status"], voided["exported"])
    assert ("0.00",) == line_of(office, 4711, "invoiced")


def test_a_credit_note_lowers_what_was_invoiced(office: Office) -> None:
    office.submitted()
    credit = {"is_credit_note": True, "original_invoice_number": "INV-1001", "original_invoice_date": "2026-03-01"}
    office.submitted(invoice_number="CN-1", invoice_lines=[toner(quantity="1")], **credit)
    domain.approve_all(office.store)
    assert ("1.00",) == line_of(office, 4711, "invoiced")
    assert {"GBP": {"count": 2, "total": "52.50"}} == totals(office.store)["invoices"]["approved"]


def test_only_some_statuses_can_be_voided_or_deleted(office: Office) -> None:
    pending = office.submitted()
    with pytest.raises(domain.Refused, match="pending_approval can't be voided"):
        domain.void(office.store, pending["id"])
    with pytest.raises(domain.Refused, match="pending_approval can't be deleted"):
        domain.delete_draft(office.store, pending["id"])


def test_a_dispute_needs_a_reason_and_can_be_withdrawn(office: Office) -> None:
    pending = office.submitted()
    with pytest.raises(domain.Refused, match="Dispute reason can't be blank"):
        domain.dispute(office.store, pending["id"], "")
    assert "disputed" == domain.dispute(office.store, pending["id"], "PRICE", "too dear")["status"]
    assert "pending_approval" == domain.withdraw_dispute(office.store, pending["id"])["status"]


def test_an_approved_invoice_takes_payments_and_no_other_change(office: Office) -> None:
    approved = domain.approve(office.store, office.submitted()["id"])
    payment = {"amount-paid": "100.00", "payment-date": "2026-03-30", "notes": "CHK-1"}
    paid = domain.update(office.store, approved["id"], {"paid": True, "payments": [payment]})
    assert (True, "5.00", 1) == (paid["paid"], paid["amount-due"], len(paid["payments"]))
    both = [*paid["payments"], {"amount-paid": "5.00", "notes": "CHK-2"}]
    assert "0.00" == domain.update(office.store, approved["id"], {"payments": both})["amount-due"]
    with pytest.raises(domain.Refused, match="already been applied"):
        domain.pay(office.store, approved["id"], payment)
    with pytest.raises(domain.Refused, match="can't be changed"):
        domain.update(office.store, approved["id"], {"invoice-number": "INV-X"})
    domain.update(office.store, approved["id"], {"custom-fields": {"cf-erp-invoice-number": "5100000042"}})


def test_a_refused_payment_leaves_the_others_unpaid(office: Office) -> None:
    approved = domain.approve(office.store, office.submitted()["id"])
    with pytest.raises(domain.Refused, match="is not a number"):
        domain.update(office.store, approved["id"], {"payments": [{"amount-paid": "5"}, {"amount-paid": "ten"}]})
    assert (0, []) == (office.store.count("payments"), (office.store.get("invoices", approved["id"]) or {})["payments"])


def test_an_unapproved_invoice_takes_no_payment(office: Office) -> None:
    with pytest.raises(domain.Refused, match="can't be paid"):
        domain.pay(office.store, office.submitted()["id"], {"amount-paid": "1"})


def test_a_new_version_of_an_order_resets_exported(office: Office) -> None:
    domain.set_exported(office.store, "purchase_orders", 4711)
    revised = domain.revise_order(office.store, 4711, {"order-lines": [{"line-num": "1", "quantity": "12"}]})
    assert (False, 2, "630.00") == (revised["exported"], revised["version"], revised["order-lines"][0]["total"])
    assert "Service" == revised["order-lines"][1]["description"]
