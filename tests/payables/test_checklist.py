"""The checks that capture products run before they submit to Coupa: each has its rule, and breaking one thing fires it.

docs/certification.md has the same list.
"""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from formats.documents import TaxLine
from payables.judgement import Judgement
from payables.reasons import RULES
from payables.verdicts import Decision
from tests.payables.builders import ACME, house, invoice, line, number, order, order_line, past, verdict_on

PAGE = Path(__file__).parents[2] / "docs" / "certification.md"
TAX = TaxLine(amount=number(20), rate=number(20), code="VAT20")
SERVICE = order(order_line(other={"start-date": "2026-01-01", "end-date": "2026-01-31"}))


def of_line(**values: object) -> Judgement:
    return verdict_on(invoice(line(**values)))  # type: ignore[arg-type]


CHECKS: dict[str, tuple[str, Callable[[], Judgement]]] = {
    "the invoice is at Coupa already": (
        "duplicate-exact",
        lambda: verdict_on(invoice(), history=(past(number="INV-1", key="S-1|INV1|INV", total=100),)),
    ),
    "the total is not what Coupa will compute": (
        "total-differs",
        lambda: verdict_on(invoice(control_total=number(101))),
    ),
    "another currency than the order line's": ("currency-differs", lambda: verdict_on(invoice(currency="USD"))),
    "another chart of accounts than the order's": (
        "chart-of-accounts-differs",
        lambda: verdict_on(invoice(chart_of_accounts="ACME FR"), order(chart_of_accounts="ACME DE")),
    ),
    "another supplier than the order's": (
        "po-other-supplier",
        lambda: verdict_on(invoice(), order(supplier_number="S-2")),
    ),
    "the header's tax is not the sum of the lines' and charges'": (
        "total-differs",
        lambda: verdict_on(invoice(line(taxes=(TAX,)), line_level_taxation=True, other={"tax-total": "21.00"})),
    ),
    "tax on the header and on the lines": (
        "tax-on-both-levels",
        lambda: verdict_on(invoice(line(taxes=(TAX,)), taxes=(TAX,))),
    ),
    "older than 365 days": ("date-too-old", lambda: verdict_on(invoice(date=dt.date(2025, 3, 9)))),
    "too far ahead": ("date-in-future", lambda: verdict_on(invoice(date=dt.date(2026, 4, 10)))),
    "no number": ("number-missing", lambda: verdict_on(invoice(number=""))),
    "a number of more than 40 characters": ("number-too-long", lambda: verdict_on(invoice(number="7" * 41))),
    "a tax without a tax code against an order": (
        "tax-code-missing",
        lambda: verdict_on(invoice(taxes=(TaxLine(amount=number(20), rate=number(20)),))),
    ),
    "a line that is not quantity times price": ("total-line", lambda: of_line(declared=number("101.50"))),
    "a negative total without being a credit note": (
        "negative-not-credit",
        lambda: verdict_on(invoice(line(-10))),
    ),
    "no such order": ("po-unknown", lambda: of_line(po_number="9999")),
    "an order that is not issued": ("po-not-issued", lambda: verdict_on(invoice(), order(status="buyer_hold"))),
    "a closed order line": ("po-line-closed", lambda: verdict_on(invoice(), order(order_line(status="closed")))),
    "no order line that fits": ("po-line-unknown", lambda: of_line(po_line_number="7", text="Bicycle")),
    "other payment terms than agreed": (
        "payment-terms-differ",
        lambda: verdict_on(invoice(payment_terms="Net 14"), order(payment_terms="NET30")),
    ),
    "a service outside the order line's period": (
        "service-period-differs",
        lambda: verdict_on(
            invoice(line(po_line_number="1", other={"period-start": "2026-01-15", "period-end": "2026-02-14"})), SERVICE
        ),
    ),
    "a total below the net": ("total-differs", lambda: verdict_on(invoice(taxes=(TAX,), control_total=number(90)))),
    "lines that do not add up to the net": (
        "total-differs",
        lambda: verdict_on(invoice(other={"line-total": "99.00"})),
    ),
    "a total that is not net, tax and charges": (
        "total-differs",
        lambda: verdict_on(invoice(taxes=(TAX,), control_total=number(121))),
    ),
}


@pytest.mark.parametrize("broken", CHECKS)
def test_breaking_one_thing_fires_its_rule(broken: str) -> None:
    rule, judged = CHECKS[broken]
    assert rule in judged().codes


def test_nothing_of_the_list_fires_on_a_good_invoice() -> None:
    good = invoice(
        line(po_line_number="1", other={"period-start": "2026-01-01", "period-end": "2026-01-31"}),
        taxes=(TAX,),
        control_total=number(120),
        payment_terms="30 days net",
        chart_of_accounts="Acme DE",
    )
    ordered = order(*SERVICE.lines, chart_of_accounts="ACME DE", payment_terms="NET30")
    assert () == verdict_on(good, ordered).codes


def test_the_suppliers_terms_count_where_the_order_has_none() -> None:
    supplier = type(ACME)(number="S-1", name="Acme Ltd", iban=ACME.iban, payment_terms="NET60")
    assert ("payment-terms-differ",) == verdict_on(invoice(payment_terms="Net 30"), supplier=supplier).codes


def test_terms_in_words_without_days_say_nothing() -> None:
    assert () == verdict_on(invoice(payment_terms="as agreed"), order(payment_terms="NET30")).codes


def test_the_policy_makes_any_of_them_a_draft_or_a_hold() -> None:
    outcomes = [
        verdict_on(
            invoice(payment_terms="Net 14"),
            order(payment_terms="NET30"),
            rules=house(controls={"payment-terms-differ": outcome}),
        ).decision
        for outcome in ("draft", "hold")
    ]
    assert [Decision.DRAFT, Decision.HOLD] == outcomes


def test_the_page_lists_every_check_with_its_rule() -> None:
    rows = re.findall(r"\| ([^|]+) \| \[`([\w-]+)`\]", PAGE.read_text(encoding="utf-8"))
    assert [(what, rule) for what, (rule, _) in CHECKS.items()] == rows
    assert {rule for _, rule in rows} <= {rule.id for rule in RULES} | {"total-line"}
