"""One invoice line over order lines that are not interchangeable: divided where it is proved, held where it is not."""

import pytest

from formats.documents import InvoiceLine, PurchaseOrder
from payables.judgement import Judgement
from payables.verdicts import Decision
from tests.payables.builders import invoice, line, order, order_line, verdict_on

TONER = order(order_line("1", "Toner black"), order_line("2", "Toner cyan"))
FURNITURE = order(
    order_line("1", "Desk", 200, quantity=5), order_line("2", "Chair", 50, quantity=5), order_line("3", "Shelf", 80)
)


def parts(judgement: Judgement) -> list[str]:
    """The lines as Coupa gets them."""
    assert {one.uom for one in judgement.invoice.lines} == {"EA"}
    return [f"{one.po_line_number}: {one.quantity} x {one.price}" for one in judgement.invoice.lines]


def judged(bill: InvoiceLine, goods: PurchaseOrder = TONER) -> tuple[Decision, tuple[str, ...]]:
    judgement = verdict_on(invoice(bill), goods)
    return judgement.decision, judgement.codes


def test_a_line_that_names_both_goods_and_costs_what_is_open_is_divided() -> None:
    judgement = verdict_on(invoice(line(20, 10, "Toner black and cyan")), TONER)
    assert (judgement.decision, judgement.codes, parts(judgement)) == (
        Decision.LOAD,
        ("line-divided",),
        ["1: 10 x 10", "2: 10 x 10"],
    )


@pytest.mark.parametrize("quantity", [1, 3, 5])
def test_sets_that_cost_what_their_parts_do_take_as_many_of_each(quantity: int) -> None:
    judgement = verdict_on(invoice(line(quantity, 250, "Desk with chair", uom="SET")), FURNITURE)
    assert (judgement.decision, parts(judgement)) == (
        Decision.LOAD,
        [f"1: {quantity} x 200", f"2: {quantity} x 50"],
    )


def test_what_another_line_of_the_invoice_bills_is_not_divided_again() -> None:
    lines = (line(4, 250, "Desk with chair", number=1), line(2, 200, "Desk", number=2))
    judgement = verdict_on(invoice(*lines), FURNITURE)
    assert judgement.codes == ("po-lines-unproven",)


def test_the_same_goods_on_two_accounts_are_divided_when_all_of_both_is_billed() -> None:
    goods = order(order_line("1", account_code="100", quantity=4), order_line("2", account_code="200", quantity=6))
    judgement = verdict_on(invoice(line(10)), goods)
    assert (judgement.decision, parts(judgement)) == (Decision.LOAD, ["1: 4 x 10", "2: 6 x 10"])


def test_a_part_of_goods_on_two_accounts_is_held_with_both_shown() -> None:
    goods = order(order_line("1", account_code="100"), order_line("2", account_code="200"))
    judgement = verdict_on(invoice(line(15)), goods)
    assert (judgement.decision, judgement.explanation) == (
        Decision.HOLD,
        (
            "Line 1 (Toner black, 15 EA at EUR 10.00) may cover several lines of PO 4711, line 1 (Toner black, 10 EA) "
            "+ line 2 (Toner black, 10 EA), but neither its words nor its price say how much of each."
        ),
    )


def test_a_sum_that_only_these_lines_have_is_for_a_person_to_confirm_when_no_word_names_them() -> None:
    judgement = verdict_on(invoice(line(20, 10, "Toner assortment")), TONER)
    assert (judgement.decision, judgement.codes, parts(judgement)) == (
        Decision.DRAFT,
        ("po-lines-from-total",),
        ["1: 10 x 10", "2: 10 x 10"],
    )


def test_a_sum_that_two_sets_of_lines_have_is_held_with_the_candidates() -> None:
    goods = order(order_line("1", "Toner black"), order_line("2", "Toner cyan"), order_line("3", "Toner red"))
    assert judged(line(20, 10, "Toner assortment"), goods) == (Decision.HOLD, ("po-lines-unproven",))


@pytest.mark.parametrize(
    ("bill", "codes"),
    [
        (line(12, 10, "Toner black and cyan"), ("po-lines-unproven",)),
        (line(20, 11, "Toner black and cyan"), ("po-lines-unproven",)),
        (line(20, 10, "Toner black"), ("quantity-above-ordered",)),
        (line(20, 10, "Garden gnome"), ("quantity-above-ordered", "po-line-ambiguous", "po-line-unknown")),
    ],
)
def test_without_proof_nothing_is_divided(bill: InvoiceLine, codes: tuple[str, ...]) -> None:
    decision, said = judged(bill)
    assert decision is Decision.HOLD
    assert set(said) <= set(codes)


def test_a_line_that_one_order_line_can_bear_is_not_divided() -> None:
    goods = order(order_line("1", "Desk lamp", 250), order_line("2", "Desk", 200), order_line("3", "Lamp", 50))
    judgement = verdict_on(invoice(line(1, 250, "Desk lamp")), goods)
    assert parts(judgement) == ["1: 1 x 250"]


def test_closed_lines_take_no_part() -> None:
    goods = order(order_line("1", "Toner black"), order_line("2", "Toner cyan", status="closed"))
    assert judged(line(20, 10, "Toner black and cyan"), goods)[0] is Decision.HOLD


def test_what_waits_for_another_reason_keeps_the_line_that_the_supplier_wrote() -> None:
    held = verdict_on(invoice(line(20, 10, "Toner black and cyan"), date=None), TONER)
    again = verdict_on(held.invoice, TONER)
    assert (held.decision, len(held.invoice.lines), set(again.codes)) == (Decision.HOLD, 1, set(held.codes))
