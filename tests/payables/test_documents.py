import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from formats.documents import Supplier, TaxLine
from formats.findings import Finding, Rule, Severity, Source
from payables.verdicts import Decision
from tests.payables.builders import ACME, billed, house, invoice, line, number, order, past, verdict_on


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"number": " "}, "number-missing"),
        ({"number": "9" * 41}, "number-too-long"),
        ({"date": None}, "date-missing"),
        ({"date": dt.date(2024, 1, 1)}, "date-too-old"),
        ({"date": dt.date(2026, 12, 3)}, "date-in-future"),
        ({"currency": ""}, "currency-missing"),
        ({"control_total": number("100.03")}, "total-differs"),
        ({"other": {"net-total": "99"}}, "total-differs"),
        ({"taxes": (TaxLine(amount=number("8.00"), rate=number("8.25")),)}, "tax-differs"),
        ({"control_total": number(-100)}, "negative-not-credit"),
        ({"is_credit_note": True}, "credit-original-missing"),
        ({"is_credit_note": True, "original_number": "INV-7"}, "credit-original-unknown"),
    ],
)
def test_what_coupa_would_refuse_is_held(values: dict[str, Any], code: str) -> None:
    judgement = verdict_on(invoice(**values))
    assert judgement.decision is Decision.HOLD
    assert code in judgement.codes


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": ""}, "description-missing"),
        ({"quantity": -1, "price": -100}, "negative-twice"),
        ({"declared": number("101.50")}, "total-line"),
    ],
)
def test_a_line_that_coupa_would_refuse(values: dict[str, Any], code: str) -> None:
    assert code in verdict_on(invoice(line(**values))).codes


def test_an_invoice_without_lines_is_held() -> None:
    document = invoice()
    assert "lines-missing" in verdict_on(type(document)(number="1", date=document.date, currency="EUR")).codes


def test_a_cent_that_rounding_costs_is_accepted_and_told() -> None:
    judgement = verdict_on(invoice(control_total=number("100.02")))
    assert (judgement.decision, judgement.codes) == (Decision.LOAD, ("small-difference-accepted",))


def test_a_currency_that_is_not_active() -> None:
    assert verdict_on(invoice(currency="CHF"), order(currency="CHF"), rules=house(currencies=["EUR"])).codes == (
        "currency-unknown",
    )


def test_tax_stands_on_the_header_or_on_the_lines() -> None:
    tax = (TaxLine(amount=number(5), code="V5"),)
    assert verdict_on(invoice(line(taxes=tax), taxes=tax)).codes == ("tax-on-both-levels",)


def test_the_chart_of_accounts_comes_from_the_order_then_from_the_policy() -> None:
    charts = [
        verdict_on(invoice(**mine), order(chart_of_accounts=chart)).invoice.chart_of_accounts
        for mine, chart in (({"chart_of_accounts": "ACME FR"}, "ACME DE"), ({}, "ACME DE"), ({}, ""))
    ]
    assert charts == ["ACME FR", "ACME DE", "ACME UK"]


def test_without_any_chart_of_accounts_coupa_would_refuse() -> None:
    assert verdict_on(invoice(), rules=house(chart_of_accounts="")).codes == ("chart-of-accounts-missing",)


def uncoded(**values: Any) -> Any:
    return line(1, 90, text="Rent for March", po_number="", **values)


def test_a_line_with_order_nor_account_is_a_draft_or_held_as_the_house_says() -> None:
    decisions = [
        verdict_on(invoice(uncoded()), rules=house(without_account=outcome)).decision for outcome in ("draft", "hold")
    ]
    assert decisions == [Decision.DRAFT, Decision.HOLD]


def test_a_coded_line_goes_through_when_its_account_is_active() -> None:
    decisions = [
        verdict_on(invoice(uncoded(account_code="01-100")), accounts=accounts).decision
        for accounts in (None, frozenset({"01-100"}), frozenset({"01-200"}))
    ]
    assert decisions == [Decision.LOAD, Decision.LOAD, Decision.HOLD]


def test_a_coding_rule_fills_the_account() -> None:
    rules = house(coding=[{"contains": "rent", "account": "01-300"}])
    judgement = verdict_on(invoice(uncoded()), rules=rules)
    assert (judgement.decision, judgement.codes, judgement.invoice.lines[0].account_code) == (
        Decision.LOAD,
        ("coding-suggested",),
        "01-300",
    )


def test_earlier_lines_suggest_an_account_which_a_person_confirms() -> None:
    rent = billed(1, 90, po_number="", po_line_number="", description="Rent for February", account_code="01-300")
    judgement = verdict_on(invoice(uncoded()), history=(past(rent), past(rent, number="OLD-2")))
    assert (judgement.decision, judgement.codes, judgement.invoice.lines[0].account_code) == (
        Decision.DRAFT,
        ("coding-from-history",),
        "01-300",
    )


def test_earlier_lines_that_disagree_suggest_nothing() -> None:
    lines = [billed(1, 90, po_number="", description="Rent for May", account_code=code) for code in ("01-3", "01-4")]
    assert verdict_on(invoice(uncoded()), history=(past(*lines),)).codes == ("account-missing",)


def credit(quantity: int = 2, **values: Any) -> Any:
    return invoice(line(quantity), number="CN-1", is_credit_note=True, original_number="INV-0", **values)


ORIGINAL = past(billed(10, 100), number="INV-0", total=100)


def test_a_credit_note_against_its_original_is_loaded() -> None:
    assert verdict_on(credit(), history=(ORIGINAL,)).decision is Decision.LOAD


def test_more_cannot_be_credited_than_was_billed() -> None:
    assert verdict_on(credit(11), history=(ORIGINAL,)).codes == ("credit-above-billed", "credit-above-original")


def test_credit_notes_on_one_invoice_add_up() -> None:
    earlier = past(billed(9, 90), number="CN-0", total=90, is_credit_note=True, original_number="INV 0")
    assert "credit-above-original" in verdict_on(credit(), history=(ORIGINAL, earlier)).codes


def test_a_credit_note_gives_back_what_it_credits() -> None:
    back = past(billed(4, 40), number="CN-0", total=40, is_credit_note=True, original_number="INV-0")
    decisions = [verdict_on(invoice(line(bills)), history=(ORIGINAL, back)).decision for bills in (4, 5)]
    assert decisions == [Decision.LOAD, Decision.HOLD]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"status": "inactive"}, "supplier-inactive"),
        ({"on_hold": True}, "supplier-on-hold"),
        ({"hold_invoices": True}, "supplier-on-hold"),
    ],
)
def test_a_supplier_that_may_not_be_paid(values: dict[str, Any], code: str) -> None:
    assert verdict_on(invoice(), supplier=Supplier(number="S-1", name="Acme", **values)).codes == (code,)


SISTER = Supplier(number="S-9", name="Acme Holding", tax_id="GB123")
BROTHER = Supplier(number="S-8", name="ACME Limited", tax_id="GB123")


def found(*candidates: Supplier, **values: Any) -> Any:
    more = {"supplier_number": "", "supplier_name": "", **values}
    judgement = verdict_on(invoice(CODED, **more), supplier=None, candidates=candidates)
    return judgement.invoice.supplier_number or judgement.codes[0]


CODED = line(po_number="", account_code="1")


def test_a_supplier_is_found_by_the_first_sign_that_leaves_one() -> None:
    answers = [
        found(ACME, SISTER, iban=ACME.iban),
        found(ACME, SISTER, supplier_name="ACME LTD."),
        found(BROTHER, SISTER, supplier_tax_id="GB 123", supplier_name="Acme Ltd"),
        found(BROTHER, SISTER, supplier_tax_id="GB 123"),
        found(SISTER, supplier_tax_id="GB 123", supplier_name="Bolt und Mutter"),
        found(ACME, supplier_name="Acne Skin Care"),
    ]
    assert answers == ["S-1", "S-1", "S-8", "supplier-ambiguous", "supplier-unknown", "supplier-unknown"]


def finding(severity: Severity, **place: Any) -> Finding:
    return Finding(
        Source("a.zip", **place), Rule("image-missing", "t", "Send it.", severity), f"no image: {severity}", "INV-1"
    )


def test_what_reading_found_holds_the_invoice_under_its_own_rule() -> None:
    judgement = verdict_on(invoice(), findings=(finding(Severity.ERROR), finding(Severity.WARNING)))
    assert (judgement.codes, judgement.suggestion) == (("image-missing",), "Send it.")


def test_what_the_page_contradicts_makes_the_image_doubtful() -> None:
    assert verdict_on(invoice(), findings=(finding(Severity.ERROR, page=1),)).codes == ("image-doubtful",)


def gated(**values: Any) -> Any:
    return house(gates={"amount": {"*": 100, "USD": "unlimited"}, "confidence": "0.95", **values})


def test_above_the_amount_a_person_decides() -> None:
    decisions = [verdict_on(invoice(line(total)), rules=gated()).decision for total in (10, 9)]
    big = verdict_on(invoice(currency="USD"), order(currency="USD"), rules=house(gates={"amount": 99, "confidence": 0}))
    assert [*decisions, big.decision] == [Decision.LOAD, Decision.LOAD, Decision.HOLD]


@pytest.mark.parametrize(("certainty", "decision"), [(0.95, Decision.LOAD), (0.94, Decision.HOLD)])
def test_a_field_read_with_too_little_certainty_is_looked_at(certainty: float, decision: Decision) -> None:
    assert verdict_on(invoice(), confidence={"total": certainty}).decision is decision


def test_a_certainty_that_is_not_a_number_is_not_enough() -> None:
    assert verdict_on(invoice(), confidence={"total": float("nan")}).decision is Decision.HOLD


@pytest.mark.parametrize(
    ("phases", "decision"),
    [
        ([{"phase": "auto"}], Decision.LOAD),
        ([{"phase": "assist", "po_backed": True}, {"phase": "auto"}], Decision.DRAFT),
        ([{"phase": "assist", "po_backed": False}, {"phase": "auto"}], Decision.LOAD),
        ([{"phase": "auto", "currency": "EUR", "up_to": 99}], Decision.DRAFT),
        ([{"phase": "auto", "currency": "JPY", "up_to": 99999}], Decision.DRAFT),
        ([{"phase": "monitor", "suppliers": ["S-1"]}], Decision.HOLD),
        ([], Decision.DRAFT),
    ],
)
def test_phases_say_how_far_a_kind_of_invoice_goes_by_itself(phases: list[Any], decision: Decision) -> None:
    assert verdict_on(invoice(), rules=house(phases=phases)).decision is decision


def test_the_kill_switch_holds_everything() -> None:
    assert verdict_on(invoice(), rules=house(stopped=True)).decision is Decision.HOLD


def test_tax_is_compared_with_its_basis() -> None:
    taxes = (TaxLine(amount=number(2), rate=number(20), basis=number(10)), TaxLine(amount=Decimal(0), rate=Decimal(0)))
    assert verdict_on(invoice(taxes=taxes)).decision is Decision.LOAD


def test_what_a_check_of_the_page_finds_makes_the_image_doubtful_wherever_it_stands() -> None:
    swapped = Finding(Source("a.jpg"), Rule("check-image-swapped", "t", "r"), "another invoice")
    assert verdict_on(invoice(), findings=(swapped,)).codes == ("image-doubtful",)


def test_a_rate_is_told_as_exactly_as_it_is_stated() -> None:
    tax = TaxLine(amount=number(1), rate=number("8.25"))
    assert "8.25 % of EUR 100.00 are EUR 8.25" in verdict_on(invoice(taxes=(tax,))).explanation


def test_more_tax_than_any_country_asks_for() -> None:
    judgement = verdict_on(invoice(taxes=(TaxLine(amount=number(31)),)))
    assert judgement.explanation == "A tax of EUR 31.00 is stated on EUR 100.00; 30 % is the most there is."
