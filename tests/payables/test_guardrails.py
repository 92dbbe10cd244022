"""Phases, earned autonomy, the audit sample, the kill switch, and charts of accounts by currency."""

from pathlib import Path
from typing import Any

import pytest

from payables.policy import Phase, Policy
from payables.policy_values import KEYS, PolicyError
from payables.verdicts import Decision
from tests.payables.builders import house, invoice, verdict_on

EARNING = {"count": 0.01, "seed": "kept secret"}
NO_SAMPLE = {**EARNING, "audit": "1e-12"}


def decided(rules: Policy, **more: Any) -> tuple[Decision, tuple[str, ...]]:
    judged = verdict_on(invoice(), rules=rules, **more)
    return judged.decision, judged.codes


@pytest.mark.parametrize(
    ("phase", "decision"), [("monitor", Decision.HOLD), ("assist", Decision.DRAFT), ("auto", Decision.LOAD)]
)
def test_a_phase_says_how_far_an_invoice_goes(phase: str, decision: Decision) -> None:
    assert decided(house(phases=[{"phase": phase}]))[0] == decision


def test_a_scope_that_has_earned_nothing_is_assisted() -> None:
    assert decided(house(autonomy=NO_SAMPLE)) == (Decision.DRAFT, ("phase-gate",))


def test_a_scope_that_has_earned_it_goes_through() -> None:
    assert decided(house(autonomy=NO_SAMPLE), standings={"everything in EUR": Phase.AUTO}) == (Decision.LOAD, ())


def test_what_was_earned_in_another_currency_counts_for_nothing() -> None:
    earned = {"everything": Phase.AUTO, "everything in JPY": Phase.AUTO}
    assert decided(house(autonomy=NO_SAMPLE), standings=earned)[0] == Decision.DRAFT


def test_what_was_earned_opens_no_scope_that_is_only_watched() -> None:
    rules = house(autonomy=NO_SAMPLE, phases=[{"phase": "monitor"}])
    assert decided(rules, standings={"everything in EUR": Phase.AUTO})[0] == Decision.HOLD


def test_what_another_scope_has_earned_counts_for_nothing() -> None:
    rules = house(autonomy=NO_SAMPLE, phases=[{"phase": "auto", "po_backed": True, "currency": "EUR", "up_to": 500}])
    assert verdict_on(invoice(), rules=rules).scope == "against orders up to 500 in EUR"
    assert decided(rules, standings={"everything in EUR": Phase.AUTO})[0] == Decision.DRAFT


def test_what_is_drawn_for_the_sample_waits_for_a_person() -> None:
    rules = house(autonomy={**EARNING, "audit": 0.999999999})
    assert decided(rules, standings={"everything in EUR": Phase.AUTO}) == (Decision.DRAFT, ("audit-sample",))


def test_a_policy_that_is_stopped_holds_whatever_was_earned() -> None:
    assert (
        decided(house(autonomy=NO_SAMPLE, stopped=True), standings={"everything in EUR": Phase.AUTO})[0]
        == Decision.HOLD
    )


def test_a_target_without_a_secret_seed_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"autonomy\.seed"):
        house(autonomy={"count": 0.01})


def test_a_currency_has_its_chart_of_accounts_before_all_others() -> None:
    charts = [
        verdict_on(invoice(currency=currency), rules=house(charts={"MYR": "ACME MY"})).invoice.chart_of_accounts
        for currency in ("MYR", "EUR")
    ]
    assert charts == ["ACME MY", "ACME UK"]


def test_every_key_of_the_policy_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    assert [key for key in KEYS if f"| `{key}` |" not in page] == []
