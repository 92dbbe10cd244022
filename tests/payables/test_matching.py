from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.documents import Charge, ChargeKind
from payables.judgement import Judgement
from payables.totals import explanations
from payables.verdicts import Decision, Verdict
from tests.payables.builders import (
    billed,
    house,
    invoice,
    line,
    number,
    order,
    order_line,
    past,
    receipt,
    tolerating,
    verdict_on,
)


def test_what_was_ordered_and_received_is_loaded_with_its_order_line() -> None:
    judgement = verdict_on(invoice())
    assert (
        judgement.decision,
        judgement.verdict,
        judgement.invoice.lines[0].po_line_number,
        judgement.invoice.submit,
    ) == (Decision.LOAD, Verdict.MATCHED, "1", True)


def test_accounts_stay_blank_on_order_lines_because_coupa_takes_them_from_the_order() -> None:
    judgement = verdict_on(invoice(line(account_code="01-100", po_line_number="1")))
    assert judgement.invoice.lines[0].account_code == ""


@pytest.mark.parametrize("printed", ["4711", "PO 4711", "po-0004711", "P.O. No. 4711"])
def test_a_printed_order_number_is_found_without_label_and_zeros(printed: str) -> None:
    assert verdict_on(invoice(line(po_number=printed))).invoice.lines[0].po_number == "4711"


def test_the_sentence_names_the_two_prices_that_differ() -> None:
    judgement = verdict_on(invoice(line(price=11)))
    assert judgement.explanation == (
        "Line 1 bills a price of EUR 11.00 where PO 4711 line 1 says EUR 10.00: "
        "EUR 10.00 (10 %) too much, EUR 2.00 is allowed."
    )


def test_two_invoices_inside_what_was_received_but_together_over_it_are_not_both_loaded() -> None:
    goods = order(order_line(quantity=20, received=10))
    earlier = past(billed(6, 60), source="exchange", status="loaded")
    first, second = verdict_on(invoice(line(6)), goods), verdict_on(invoice(line(6)), goods, history=(earlier,))
    assert (first.decision, second.codes) == (Decision.LOAD, ("quantity-above-received",))


def test_what_coupa_counts_on_the_line_is_not_counted_again_from_its_history() -> None:
    goods = order(order_line(invoiced=4))
    assert verdict_on(invoice(line(6)), goods, history=(past(billed(4, 40)),)).decision is Decision.LOAD


def test_an_invoice_known_from_both_sides_counts_once() -> None:
    both = (past(billed(4, 40)), past(billed(4, 40), source="exchange", status="loaded"))
    assert verdict_on(invoice(line(6)), history=both).decision is Decision.LOAD


def test_an_invoice_that_only_the_exchange_knows_adds_to_what_coupa_counts() -> None:
    mine = past(billed(2, 20), source="exchange", status="loaded")
    goods = order(order_line(invoiced=4))
    decisions = [verdict_on(invoice(line(bills)), goods, history=(mine,)).decision for bills in (4, 5)]
    assert decisions == [Decision.LOAD, Decision.HOLD]


@pytest.mark.parametrize("status", ["held", "voided", "rejected", "duplicate"])
def test_what_was_never_loaded_or_was_voided_uses_nothing_up(status: str) -> None:
    assert verdict_on(invoice(), history=(past(billed(), status=status, number="Z"),)).decision is Decision.LOAD


@pytest.mark.parametrize(
    ("ordered", "received", "before", "bills", "code"),
    [
        (10, 10, 0, 11, "quantity-above-ordered"),
        (10, 12, 0, 11, "quantity-above-ordered"),
        (10, 8, 0, 9, "quantity-above-received"),
        (10, 8, 4, 5, "quantity-above-received"),
        (10, 0, 0, 1, "goods-not-received"),
        (10, 10, 10, 1, "already-billed"),
        (10, 8, 8, 1, "quantity-above-received"),
    ],
)
def test_billed_beyond_ordered_received_and_billed_before(
    ordered: int, received: int, before: int, bills: int, code: str
) -> None:
    goods = order(order_line(quantity=ordered, received=received, invoiced=before))
    assert verdict_on(invoice(line(bills)), goods).codes == (code,)


def test_two_way_lines_need_no_receipt() -> None:
    goods = order(order_line(received=0, match_type="2-way"))
    assert verdict_on(invoice(), goods).decision is Decision.LOAD


def test_a_line_that_is_not_matched_may_still_not_exceed_the_order() -> None:
    goods = order(order_line(received=0, match_type="none"))
    assert [verdict_on(invoice(line(bills)), goods).decision for bills in (10, 11)] == [Decision.LOAD, Decision.HOLD]


def test_returned_goods_are_named_as_such() -> None:
    received = (receipt(10), receipt(-3))
    judgement = verdict_on(invoice(), receipts=received)
    assert (
        judgement.explanation
    ) == "Line 1 bills 10 EA of PO 4711 line 1, of which 3 EA went back and 7 EA are left to bill."


def test_receipts_count_before_the_order_lines_own_figure() -> None:
    assert verdict_on(invoice(), order(order_line(received=0)), receipts=(receipt(4), receipt(6))).decision == "load"


def test_two_lines_of_one_invoice_share_what_is_open() -> None:
    lines = (line(6, number=1), line(6, number=2))
    assert verdict_on(invoice(*lines)).explanation.startswith("Line 2 bills 12 EA but only 10 EA")


def test_a_split_line_is_loaded_as_two_whose_sums_are_the_line() -> None:
    goods = order(order_line("1", quantity=4), order_line("2", quantity=6))
    lines = verdict_on(invoice(line(10, "10")), goods).invoice.lines
    assert [("1", number(4), number(40)), ("2", number(6), number(60))] == [
        (part.po_line_number, part.quantity, part.net) for part in lines
    ]


def test_among_interchangeable_lines_the_one_that_fits_exactly_is_taken() -> None:
    goods = order(order_line("1", quantity=4), order_line("2", quantity=6))
    assert verdict_on(invoice(line(6)), goods).invoice.lines[0].po_line_number == "2"


def test_lines_with_the_same_price_are_told_apart_by_their_words() -> None:
    goods = order(order_line("1", "Toner black"), order_line("2", "Toner cyan"))
    lines = (line(text="Cyan toner", number=1), line(text="Toner, black", number=2))
    assert [part.po_line_number for part in verdict_on(invoice(*lines), goods).invoice.lines] == ["2", "1"]


def test_greedy_would_take_the_wrong_line_where_the_optimum_takes_both_right() -> None:
    goods = order(order_line("1", "Steel bolt M8"), order_line("2", "Steel bolt M8 zinc"))
    lines = (line(text="Bolt steel M8 zinc plated", number=1), line(text="Steel bolt M8 zinc", number=2))
    assert [part.po_line_number for part in verdict_on(invoice(*lines), goods).invoice.lines] == ["1", "2"]


def test_a_line_that_fits_two_order_lines_equally_well_is_refused() -> None:
    goods = order(order_line("1", "Paper A4 white"), order_line("2", "Paper A4 ivory"))
    judgement = verdict_on(invoice(line(text="Paper A4")), goods)
    assert (judgement.decision, judgement.codes) == (Decision.HOLD, ("po-line-ambiguous",))


def test_interchangeable_goods_with_other_accounts_are_refused_too() -> None:
    goods = order(order_line("1", account_code="100"), order_line("2", account_code="200"))
    assert verdict_on(invoice(), goods).codes == ("po-line-ambiguous",)


def test_contradicting_part_numbers_never_match() -> None:
    goods = order(order_line(part_number="TN-1"))
    judgement = verdict_on(invoice(line(part_number="TN-2")), goods)
    assert judgement.codes == ("po-line-unknown",)


def test_a_line_on_no_order_line_says_what_is_nearest() -> None:
    judgement = verdict_on(invoice(line(1, "900", text="Server rack")))
    assert judgement.explanation == (
        "Line 1 (Server rack, 1 EA at EUR 900.00) fits no open line of PO 4711; "
        "the nearest is line 1 (Toner black, EUR 10.00)."
    )


def test_several_orders_on_one_invoice() -> None:
    second = order(order_line("3", "Desk", 200, quantity=1), name="4712")
    lines = (line(number=1), line(1, 200, text="Desk", number=2, po_number="4712"))
    judgement = verdict_on(invoice(*lines), order(), second)
    assert (judgement.decision, [*judgement.invoice.po_numbers]) == (Decision.LOAD, ["4711", "4712"])


@pytest.mark.parametrize(
    ("order_values", "code"),
    [
        ({"status": "closed"}, "po-not-issued"),
        ({"supplier_number": "S-2"}, "po-other-supplier"),
        ({"currency": "USD"}, "currency-differs"),
    ],
)
def test_an_order_that_cannot_be_billed(order_values: dict[str, str], code: str) -> None:
    assert verdict_on(invoice(), order(**order_values)).codes == (code,)


def test_an_unknown_order_number_is_named() -> None:
    judgement = verdict_on(invoice(line(po_number="9999")))
    assert (
        judgement.explanation,
        judgement.verdict,
    ) == ("Line 1 names PO 9999, which Coupa does not know.", Verdict.EXCEPTION)


def test_an_order_line_number_that_is_not_there() -> None:
    assert verdict_on(invoice(line(po_line_number="7"))).codes == ("po-line-unknown",)


def test_a_closed_order_line_is_refused() -> None:
    assert verdict_on(invoice(), order(order_line(status="cancelled"))).codes == ("po-line-closed",)


def test_an_amount_does_not_bill_a_line_of_goods_that_costs_something_else() -> None:
    goods = order(order_line(price="7"), order_line("2", "Desk", 200))
    assert "line-type-differs" in verdict_on(invoice(line(None, 35)), goods).codes


@pytest.mark.parametrize(("bills", "codes"), [("400", ()), ("600", ()), ("600.01", ("amount-above-ordered",))])
def test_an_amount_line_may_be_billed_up_to_what_is_left(bills: str, codes: tuple[str, ...]) -> None:
    goods = order(order_line("1", "Consulting", 1000, quantity=None, invoiced=400))
    assert verdict_on(invoice(line(None, bills, text="Consulting")), goods).codes == codes


def test_units_of_measure_are_converted() -> None:
    goods = order(order_line(quantity=24, price=1))
    assert verdict_on(invoice(line(2, 12, uom="DZ")), goods).decision is Decision.LOAD


def test_the_same_unit_under_another_code_is_loaded_under_the_orders() -> None:
    judgement = verdict_on(invoice(line(uom="C62")))
    assert (judgement.decision, judgement.invoice.lines[0].uom) == (Decision.LOAD, "EA")


def test_units_without_conversion_are_an_exception() -> None:
    assert verdict_on(invoice(line(uom="PAL"))).codes == ("uom-differs",)


def test_a_house_may_give_its_own_conversion() -> None:
    rules = house(units=[{"from": "PAL", "to": "EA", "factor": 10}])
    assert verdict_on(invoice(line(1, 100, uom="PAL")), rules=rules).decision is Decision.LOAD


@pytest.mark.parametrize("basis", [100, 1000])
def test_prices_for_a_hundred_or_a_thousand_units(basis: int) -> None:
    goods = order(order_line(price=50, price_basis=number(basis), quantity=2000))
    bill = line(2000, number(50) / basis)
    assert verdict_on(invoice(bill), goods).decision is Decision.LOAD


def test_a_single_order_that_fits_is_taken_when_none_is_printed_but_a_person_submits_it() -> None:
    judgement = verdict_on(invoice(line(po_number="")))
    assert (
        judgement.decision,
        judgement.codes,
        judgement.invoice.lines[0].po_number,
    ) == (Decision.DRAFT, ("po-chosen",), "4711")


def test_two_orders_that_fit_equally_well_are_refused() -> None:
    judgement = verdict_on(invoice(line(po_number="")), order(), order(name="4712"))
    assert "po-ambiguous" in judgement.codes
    assert judgement.decision is Decision.HOLD


def test_some_suppliers_may_only_bill_against_an_order() -> None:
    rules = house(order_required=["S-1"])
    judgement = verdict_on(invoice(line(po_number="", text="Catering", price=3)), rules=rules)
    assert "po-missing" in judgement.codes


def test_charges_beyond_the_tolerance_are_held() -> None:
    freight = Charge(kind=ChargeKind.SHIPPING, amount=number("5.01"))
    assert verdict_on(invoice(charges=(freight,))).codes == ("charges-above-tolerance",)


def test_small_overcharges_on_every_invoice_run_into_the_budget() -> None:
    goods = order(order_line(quantity=1000, price=10, invoiced=0, received=1000))
    rules = tolerating(budget={"above": {"percent": "unlimited", "amount": 5}})
    earlier = tuple(past(billed(100, "1001.90"), number=f"A{nth}") for nth in range(2))
    first = verdict_on(invoice(line(100, "10.019")), goods, rules=rules, history=earlier[:1])
    third = verdict_on(invoice(line(100, "10.019")), goods, rules=rules, history=earlier)
    assert (first.decision, third.codes) == (Decision.LOAD, ("tolerance-budget-spent", "within-tolerance"))


def test_one_point_nine_percent_on_every_invoice_drains_no_money() -> None:
    """Ten invoices bill a tenth each, all inside 2 percent; together they may be 1 percent (100) above the order."""
    rules = tolerating(
        price={"above": {"percent": 2, "amount": "unlimited"}, "below": "unlimited"},
        order_total={"above": {"percent": 2, "amount": "unlimited"}},
        budget={"above": {"percent": 1, "amount": "unlimited"}},
    )
    goods = order(order_line(quantity=1000, received=1000))
    earlier = tuple(past(billed(100, 1019), number=f"A{nth}") for nth in range(10))
    spent = [
        "tolerance-budget-spent"
        in verdict_on(invoice(line(100, "10.19")), goods, rules=rules, history=earlier[:nth]).codes
        for nth in range(10)
    ]
    assert spent == [False] * 5 + [True] * 5


def test_the_receipts_that_a_line_pays_for_are_named() -> None:
    judgement = verdict_on(invoice(line(6)), order(order_line(invoiced=4)), receipts=(receipt(4), receipt(6)))
    assert judgement.lines[0].billings[0].receipts == ("R6",)


def total_only(total: int, *open_values: int) -> Judgement:
    goods = order(*(order_line(f"{nth}", f"Part {nth}", 1, quantity=size) for nth, size in enumerate(open_values, 1)))
    return verdict_on(invoice(line(None, total, text="As per order")), goods)


def test_a_total_without_lines_is_laid_on_the_order_lines_it_is_the_sum_of() -> None:
    judgement = total_only(13, 10, 6, 3)
    assert (judgement.decision, judgement.codes) == (Decision.DRAFT, ("po-lines-from-total",))
    assert [f"{one.po_line_number}: {one.quantity} at {one.price}" for one in judgement.invoice.lines] == [
        "1: 10 at 1",
        "3: 3 at 1",
    ]


def test_open_lines_of_10_6_4_4_do_not_explain_a_total_of_10() -> None:
    """A search that only looks for one solution takes 10; 6 and either 4 explain it as well."""
    judgement = total_only(10, 10, 6, 4, 4)
    assert (judgement.decision, judgement.codes) == (Decision.HOLD, ("po-line-ambiguous",))


def test_a_total_that_no_lines_add_up_to_is_refused() -> None:
    assert total_only(11, 10, 6).decision is Decision.HOLD


@given(st.lists(st.integers(1, 30), max_size=8), st.integers(1, 60))
def test_all_sets_of_lines_are_counted(values: list[int], total: int) -> None:
    places = range(len(values))
    sets = [
        one
        for size in range(1, len(values) + 1)
        for one in combinations(places, size)
        if sum(values[at] for at in one) == total
    ]
    found = explanations(number(total), [number(value) for value in values])
    assert found is not None
    assert set(found) <= set(sets)
    assert len(found) == min(2, len(sets))


def test_a_guessed_order_is_not_written_on_an_invoice_that_waits() -> None:
    held = verdict_on(invoice(line(po_number=""), date=None))
    again = verdict_on(held.invoice)
    assert ("po-chosen" in held.codes, held.invoice.po_numbers, "po-chosen" in again.codes) == (True, (), True)


def test_part_numbers_of_two_schemes_do_not_contradict_each_other() -> None:
    """The supplier prints its own number, the order has the buyer's."""
    goods = order(order_line(part_number="CO-123/V2A"))
    assert verdict_on(invoice(line(part_number="4711 08")), goods).decision is Decision.LOAD


def test_the_lines_of_another_suppliers_order_are_not_compared() -> None:
    judgement = verdict_on(invoice(line(99, 99)), order(supplier_number="S-2"))
    assert judgement.codes == ("po-other-supplier",)


def test_a_wrong_line_total_is_left_as_it_is_and_found_again() -> None:
    held = verdict_on(invoice(line(2, 1273, declared=number(1273))), order(order_line(price="636.5")))
    assert ("total-line" in held.codes, "total-line" in verdict_on(held.invoice).codes) == (True, True)


def test_a_lines_own_charge_goes_into_its_price_and_is_not_counted_twice() -> None:
    bill = line(10, 100, declared=number(850), other={"adjustment": "-150"})
    loaded = verdict_on(invoice(bill), order(order_line(price=85)))
    again = verdict_on(loaded.invoice, order(order_line(price=85)))
    assert [loaded.decision, again.decision, loaded.invoice.lines[0].price] == ["load", "load", 85]


def test_money_without_quantity_does_not_pass_as_the_lines_own_charge() -> None:
    bill = line(0, 10, declared=number(90), other={"adjustment": "90"})
    assert verdict_on(invoice(bill)).codes == ("price-above-tolerance",)


def test_of_two_versions_of_an_order_the_later_counts() -> None:
    old, new = order(order_line(price=9), version=1), order(order_line(price=10), version=2)
    assert [verdict_on(invoice(), *orders).decision for orders in ((old, new), (new, old))] == ["load", "load"]


WORDLESS = order(order_line("1", "Vitamin tablets"), order_line("2", "Desk", 200))


def test_a_line_that_only_the_price_lays_on_an_order_line_is_for_a_person_to_confirm() -> None:
    judgement = verdict_on(invoice(line(text="Zubehör 12")), WORDLESS)
    assert (judgement.decision, judgement.codes, judgement.invoice.lines[0].po_line_number) == (
        Decision.DRAFT,
        ("po-line-by-price",),
        "1",
    )


def test_where_words_and_price_both_differ_it_is_another_thing() -> None:
    assert verdict_on(invoice(line(price="9.9", text="Zubehör 12")), WORDLESS).codes == ("po-line-unknown",)


def test_a_distant_relative_at_another_price_is_another_thing() -> None:
    goods = order(order_line("1", "Vodka", 65), order_line("2", "Desk", 200))
    assert verdict_on(invoice(line(10, "49.99", text="Jack Daniels")), goods).codes == ("po-line-unknown",)


def test_a_sibling_at_the_same_price_is_not_taken_without_a_person() -> None:
    goods = order(order_line("1", "Audio device"), order_line("2", "Desk", 200))
    assert verdict_on(invoice(line(text="Apple keyboard")), goods).codes == ("po-line-by-price",)


def test_a_part_number_or_the_only_line_of_the_order_needs_no_words() -> None:
    by_number = order(order_line("1", "Vitamin tablets", part_number="V-1"), order_line("2", "Desk", 200))
    alone = order(order_line("1", "Vitamin tablets"))
    bills = (line(text="Zubehör 12", part_number="V-1"), line(text="Zubehör 12"))
    pairs = zip(bills, (by_number, alone), strict=True)
    assert [verdict_on(invoice(bill), goods).decision for bill, goods in pairs] == [Decision.LOAD, Decision.LOAD]
