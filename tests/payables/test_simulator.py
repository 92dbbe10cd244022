import datetime as dt
from typing import Any

from payables.decision import Decided, decide
from payables.policy_values import STARTING_POINT
from payables.simulator import Simulation, simulate
from tests.payables.builders import Number, context, invoice, line, number, order, order_line

VALUES = {**STARTING_POINT, "chart_of_accounts": "ACME UK", "phases": [{"phase": "auto"}]}


def with_price_tolerance(percent: int) -> dict[str, Any]:
    price = {"above": {"percent": percent, "amount": "unlimited"}, "below": "unlimited"}
    loose = {"price": price, "order_total": "unlimited", "budget": "unlimited", "supplier_budget": "unlimited"}
    return {**VALUES, "tolerances": {**STARTING_POINT["tolerances"], **loose}}


def history() -> list[Decided]:
    today = dt.date(2026, 3, 10)
    goods = order(order_line(price=100))
    bills: list[tuple[str, Number]] = [("EXACT", 100), ("NEAR", "101.9"), ("OVER", 104), ("FAR", 150)]
    return [
        decide(invoice(line(10, price), number=name), context(goods), with_price_tolerance(2), today, code="1")
        for name, price in bills
    ]


def simulated(percent: int) -> Simulation:
    return simulate(history(), with_price_tolerance(percent))


def test_a_wider_tolerance_gains_touchless_invoices_and_lets_money_through() -> None:
    wider = simulated(5)
    assert (wider.touchless_before, wider.touchless_after, wider.let_through, wider.changed) == (
        2,
        3,
        {"EUR": number(40)},
        ("OVER",),
    )


def test_what_is_let_through_counts_the_value_of_the_quantity_beyond_the_order() -> None:
    values = with_price_tolerance(2)
    past = decide(invoice(line(12, 100)), context(order(order_line(price=100))), values, dt.date(2026, 3, 10), code="1")
    quantity = {"above": {"percent": 20, "amount": "unlimited"}}
    wider = simulate([past], {**values, "tolerances": {**values["tolerances"], "quantity": quantity}})
    assert (wider.touchless_after, wider.let_through) == (1, {"EUR": number(200)})


def test_a_narrower_tolerance_stops_money() -> None:
    assert (simulated(1).touchless_after, simulated(1).stopped) == (1, {"EUR": number(19)})


def test_a_supplier_just_inside_the_limit_is_named() -> None:
    assert [(one.supplier, one.lines, one.just_inside) for one in simulated(2).clinging] == [("S-1", 4, 1)]


def test_the_same_policy_changes_nothing() -> None:
    same = simulated(2)
    assert (same.changed, same.let_through, same.stopped) == ((), {}, {})
