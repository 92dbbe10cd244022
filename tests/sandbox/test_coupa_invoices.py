"""Drafts: what Coupa computes, finds and refuses when an invoice is stored."""

from typing import Any

import pytest

from sandbox.coupa import domain
from tests.sandbox.office import Office, bill, toner, unbacked


@pytest.fixture
def office() -> Office:
    return Office()


def complaints(office: Office, **changes: Any) -> list[str]:
    with pytest.raises(domain.Refused) as refused:
        domain.create_draft(office.store, bill(**changes))
    assert refused.value.status == 400
    return refused.value.errors["invoice"]


def test_a_draft_is_added_up_and_linked_to_its_order(office: Office) -> None:
    draft = domain.create_draft(
        office.store,
        bill(
            shipping_amount="12.50",
            tax_lines=[{"type": "TaxLine", "amount": "21.00", "code": "VAT20"}],
            supplier_total="138.50",
        ),
    )
    assert ("draft", "138.50", "138.50", "21.00") == (
        draft["status"],
        draft["total-with-taxes"],
        draft["gross-total"],
        draft["tax-amount"],
    )
    line = draft["invoice-lines"][0]
    assert ("InvoiceQuantityLine", 55, "4711", "105.00", "01-6200") == (
        line["type"],
        line["order-line-id"],
        line["po-number"],
        line["total"],
        line["account"]["code"],
    )


def test_an_order_line_is_found_by_its_part_number(office: Office) -> None:
    line = toner(**{"order-line-num": None, "source-part-num": "TN-1"})
    assert 55 == domain.create_draft(office.store, bill(line))["invoice-lines"][0]["order-line-id"]


def test_line_taxes_and_charges_are_added_up_when_taxation_is_by_line(office: Office) -> None:
    taxed = {"tax-lines": [{"rate": "20.0", "tax-code": {"code": "VAT20"}}]}
    charge = {"type": "InvoiceShippingCharge", "total": "10.00"} | taxed
    draft = domain.create_draft(office.store, bill(toner(**taxed), line_level_taxation=True, invoice_charges=[charge]))
    assert ("23.00", "138.00") == (draft["tax-amount"], draft["gross-total"])


def test_the_nesting_of_xml_is_accepted_for_lists(office: Office) -> None:
    draft = domain.create_draft(office.store, bill(tax_lines={"tax-line": {"amount": "21.00"}}))
    assert "126.00" == draft["gross-total"]


def test_line_totals_are_rounded_half_up(office: Office) -> None:
    line = unbacked(price="0.125", quantity="1", uom={"code": "EA"})
    assert "0.13" == domain.create_draft(office.store, bill(line))["invoice-lines"][0]["total"]


def test_a_number_is_taken_once_for_each_supplier(office: Office) -> None:
    domain.create_draft(office.store, bill())
    assert ["Invoice number has already been taken"] == complaints(office, invoice_number="inv-1001")
    domain.create_draft(office.store, bill(unbacked(), supplier={"number": "V-0043"}))


def test_a_deleted_draft_gives_its_number_back(office: Office) -> None:
    domain.delete_draft(office.store, domain.create_draft(office.store, bill())["id"])
    domain.create_draft(office.store, bill())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"invoice_number": "9" * 41}, "Invoice number is too long (maximum is 40 characters)"),
        ({"supplier": {"number": "V-9"}}, "Supplier must exist"),
        ({"supplier": None}, "Supplier can't be blank"),
        ({"currency": {"code": "XXX"}}, "Currency must exist"),
        ({"account_type": {"name": "ACME MARS"}}, "Account type must exist"),
        ({"invoice_lines": [toner(uom={"code": "PAL"})]}, "Uom must exist"),
        ({"invoice_lines": [unbacked(account={"code": "00"})]}, "Account must exist"),
        ({"tax_lines": [{"amount": "1.00", "code": "NO"}]}, "Tax code must exist"),
        ({"invoice_lines": [toner(**{"order-header-num": "1"})]}, "Invoice lines order header 1 can't be found"),
        (
            {"invoice_lines": [toner(**{"order-line-num": "9"})]},
            "Invoice lines order line of order 4711 can't be found",
        ),
        ({"supplier": {"number": "V-0043"}}, "Supplier must match order supplier"),
        ({"invoice_lines": [toner(quantity=None)]}, "Order line must be the same type as invoice line"),
        ({"invoice_lines": [toner(price="fifty")]}, "Price is not a number"),
        ({"invoice_lines": [toner(price="1e400")]}, "Price is not a number"),
        ({"invoice_date": "31.02.2026"}, "Invoice date is not a valid date"),
        ({"invoice_nmber": "1"}, "Unknown attribute invoice-nmber"),
        ({"invoice_lines": [toner(prize="1")]}, "Unknown attribute invoice-lines.prize"),
        ({"invoice_lines": [toner(id=77)]}, "Invoice lines 77 can't be found"),
        (
            {"line_level_taxation": True, "tax_lines": [{"amount": "1.00"}]},
            "Tax lines can't be on the header when line level taxation is on",
        ),
        (
            {"invoice_lines": [toner(**{"tax-lines": [{"amount": "1.00"}]})]},
            "Tax lines can't be on lines or charges when line level taxation is off",
        ),
        (
            {"invoice_charges": [{"type": "InvoiceTipCharge", "total": "1.00"}]},
            "Invoice charges type InvoiceTipCharge is not included in the list",
        ),
    ],
)
def test_a_wrong_draft_is_refused(office: Office, changes: dict[str, Any], message: str) -> None:
    assert message in complaints(office, **changes)
    assert 0 == office.store.count("invoices")


def test_a_draft_can_be_changed_line_by_line(office: Office) -> None:
    draft = domain.create_draft(office.store, bill())
    first = draft["invoice-lines"][0]["id"]
    changed = domain.update(office.store, draft["id"], {"invoice-lines": [{"id": first, "quantity": 3}, unbacked()]})
    assert ["157.50", "30.00"] == [line["total"] for line in changed["invoice-lines"]]
    assert "187.50" == changed["gross-total"]


def test_every_change_moves_updated_at_and_the_lock_version(office: Office) -> None:
    draft = domain.create_draft(office.store, bill())
    office.clock.tick(60)
    changed = domain.update(office.store, draft["id"], {"internal-note": "x", "lock-version-key": 0})
    assert ("2026-03-02T12:01:00+00:00", 1) == (changed["updated-at"], changed["lock-version-key"])
    with pytest.raises(domain.Refused, match="stale object"):
        domain.update(office.store, draft["id"], {"internal-note": "y", "lock-version-key": 0})


def test_exported_is_set_alone_and_other_changes_are_ignored(office: Office) -> None:
    draft = domain.create_draft(office.store, bill())
    changed = domain.update(office.store, draft["id"], {"exported": True, "internal-note": "lost"})
    assert (True, "2026-03-02T12:00:00+00:00", None) == (
        changed["exported"],
        changed["last-exported-at"],
        changed["internal-note"],
    )


def test_an_edit_by_api_does_not_reset_exported(office: Office) -> None:
    draft = domain.create_draft(office.store, bill())
    domain.set_exported(office.store, "invoices", draft["id"])
    assert domain.update(office.store, draft["id"], {"internal-note": "x"})["exported"]


def test_a_line_that_names_another_order_line_is_linked_afresh(office: Office) -> None:
    draft = domain.create_draft(office.store, bill())
    service = {"order-line-num": "2", "type": "InvoiceAmountLine", "quantity": None, "price": "400.00"}
    changed = domain.update(
        office.store, draft["id"], {"invoice-lines": [{"id": draft["invoice-lines"][0]["id"]} | service]}
    )
    assert [(56, "400.00")] == [(line["order-line-id"], line["total"]) for line in changed["invoice-lines"]]


def test_what_was_read_can_be_sent_back(office: Office) -> None:
    taxed = {"tax-lines": [{"rate": "20.0", "tax-code": {"code": "VAT20"}}]}
    draft = domain.create_draft(office.store, bill(toner(**taxed), line_level_taxation=True))
    whole = {name: value for name, value in draft.items() if name != "exported"}
    again = domain.update(office.store, draft["id"], whole)
    assert draft == again
    assert "x" == domain.update(office.store, draft["id"], whole | {"internal-note": "x"})["internal-note"]
