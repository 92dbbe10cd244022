import dataclasses
import datetime as dt

import pytest

from formats.documents import PurchaseOrder
from formats.findings import Finding, Rule, Source
from payables.decision import Decided, decide, from_json, replay, to_json
from payables.policy_values import STARTING_POINT, canonical
from tests.payables.builders import billed, context, invoice, line, order, order_line, past, receipt

VALUES = {**STARTING_POINT, "chart_of_accounts": "ACME UK", "phases": [{"phase": "auto"}]}


def decided(bills: int = 4, goods: PurchaseOrder | None = None) -> Decided:
    around = context(
        goods or order(order_line("1", quantity=6), order_line("2", quantity=6)),
        receipts=(receipt(6), receipt(6, "2")),
        history=(past(billed(2, 20)),),
        accounts=frozenset({"b", "a", "c"}),
        confidence={"total": 0.99},
        findings=(Finding(Source("a.csv", 3), Rule("x", "t", "r"), "odd"),),
    )
    return decide(invoice(line(bills)), around, VALUES, dt.date(2026, 3, 10), code="1.0")


def test_a_decision_survives_writing_and_reading() -> None:
    made = decided()
    assert from_json(to_json(made)) == made


@pytest.mark.parametrize("bills", [1, 4, 10, 40])
def test_a_decision_made_again_is_the_same_in_every_byte(bills: int) -> None:
    assert replay(from_json(to_json(decided(bills)))).same


def test_a_decision_that_was_tampered_with_does_not_replay() -> None:
    made = from_json(to_json(decided()))
    forged = dataclasses.replace(made, judgement=dataclasses.replace(made.judgement, explanation="All is well."))
    assert not replay(forged).same


def test_a_decision_under_a_policy_that_would_be_refused_today_can_be_made_again() -> None:
    made = decided()
    older = canonical({**VALUES, "phases": [{"phase": "auto", "up_to": 100000}]})
    again = replay(dataclasses.replace(made, policy=older)).judgement
    assert (made.judgement.decision, "up to 100000 in EUR") == (again.decision, again.scope)


def test_the_text_of_a_decision_is_always_the_same() -> None:
    assert to_json(decided()) == to_json(decided())
