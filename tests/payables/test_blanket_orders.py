"""Orders over an amount: what is billed on them draws it down, whatever it is."""

import pytest

from formats.documents import PurchaseOrder
from payables.judgement import Judgement
from payables.periods import month, other_period
from payables.verdicts import Decision
from tests.payables.builders import billed, invoice, line, number, order, order_line, past, verdict_on


def blanket(ordered: int = 1000, invoiced: int = 0, **more: object) -> PurchaseOrder:
    """An order whose only line agrees an amount for office supplies."""
    return order(order_line("1", "Office supplies 2026", ordered, quantity=None, invoiced=invoiced, uom="", **more))


def loaded(judgement: Judgement) -> list[str]:
    """The lines as Coupa gets them."""
    return [f"{one.po_line_number}: {one.quantity} x {one.price}" for one in judgement.invoice.lines]


def test_whatever_is_billed_on_a_blanket_order_is_loaded_as_the_amounts_it_draws() -> None:
    lines = (line(10, 12, "Ball pens", number=1), line(2, 40, "Desk lamp", number=2), line(None, 25, "x", number=3))
    judgement = verdict_on(invoice(*lines), blanket())
    assert (judgement.decision, loaded(judgement)) == (
        Decision.LOAD,
        ["1: None x 120", "1: None x 80", "1: None x 25"],
    )


def test_the_sentence_says_what_is_drawn_and_what_was_open() -> None:
    judgement = verdict_on(invoice(line(10, 12, "Ball pens")), blanket(invoiced=400))
    assert judgement.reasons[0].explanation == (
        "Line 1 (10 EA at EUR 12.00) draws EUR 120.00 on PO 4711 line 1, an order over EUR 1,000.00 "
        "of which EUR 600.00 are open"
    )


@pytest.mark.parametrize(("quantity", "code"), [(6, "drawn-as-amount"), (7, "amount-above-ordered")])
def test_earlier_draws_are_netted_even_those_that_only_the_exchange_knows(quantity: int, code: str) -> None:
    mine = past(billed(None, 300), source="exchange", status="loaded")
    judgement = verdict_on(invoice(line(quantity, 50, "Paper")), blanket(1000, invoiced=400), history=(mine,))
    assert judgement.codes[0] == code


def test_the_lines_of_one_invoice_draw_on_the_same_amount() -> None:
    lines = (line(1, 600, "Chair", number=1), line(1, 600, "Desk", number=2))
    assert verdict_on(invoice(*lines), blanket()).explanation == (
        "Line 2 bills EUR 1,200.00 but PO 4711 line 1 has EUR 1,000.00 left "
        "(EUR 1,000.00 received, EUR 0.00 billed before)."
    )


def test_a_credit_note_gives_the_amount_back() -> None:
    credit = past(billed(None, 200), is_credit_note=True, number="C-1")
    first = past(billed(None, 1000))
    judgement = verdict_on(invoice(line(2, 100, "Paper")), blanket(), history=(first, credit))
    assert judgement.decision is Decision.LOAD


def test_only_what_was_received_of_the_amount_may_be_drawn_where_receipts_count() -> None:
    judgement = verdict_on(invoice(line(2, 100, "Paper")), blanket(received=150))
    assert judgement.codes[0] == "amount-above-ordered"


@pytest.mark.parametrize(
    ("values", "code"), [({"status": "closed"}, "po-not-issued"), ({"supplier_number": "S-2"}, "po-other-supplier")]
)
def test_a_blanket_order_that_is_closed_or_anothers_is_not_drawn_on(values: dict[str, str], code: str) -> None:
    goods = order(order_line("1", "Office supplies", 1000, quantity=None), **values)
    assert verdict_on(invoice(line(2, 100, "Paper")), goods).codes[0] == code


def test_a_closed_line_is_not_drawn_on() -> None:
    judgement = verdict_on(invoice(line(2, 100, "Paper")), blanket(status="soft_closed_for_invoicing"))
    assert judgement.codes[0] == "po-line-closed"


def test_a_blanket_order_is_never_inferred_from_goods_it_does_not_name() -> None:
    judgement = verdict_on(invoice(line(2, 100, "Garden gnome", po_number="")), blanket())
    assert [one.billings for one in judgement.lines] == [()]


def test_with_several_amounts_the_words_say_which_one_is_drawn() -> None:
    goods = order(
        order_line("1", "Consulting", 1000, quantity=None), order_line("2", "Travel expenses", 1000, quantity=None)
    )
    judgement = verdict_on(invoice(line(8, 100, "Consulting", uom="HUR")), goods)
    assert (judgement.decision, loaded(judgement)) == (Decision.LOAD, ["1: None x 800"])


def test_what_waits_keeps_the_quantities_that_the_supplier_wrote() -> None:
    held = verdict_on(invoice(line(20, 100, "Paper")), blanket())
    assert (held.decision, held.invoice.lines[0].quantity) == (Decision.HOLD, number(20))


def rent(*months: str) -> PurchaseOrder:
    """A year's rent, a line and an amount for each month."""
    lines = (order_line(f"{nth}", f"Rent Main Street {name}", 900, quantity=None) for nth, name in enumerate(months, 1))
    return order(*lines)


@pytest.mark.parametrize(("text", "place"), [("Rent Main Street, Feb 2026", "2"), ("Rent 03/2026", "3")])
def test_a_period_order_is_billed_on_the_line_of_the_month_that_is_named(text: str, place: str) -> None:
    judgement = verdict_on(invoice(line(1, 900, text)), rent("January 2026", "February 2026", "March 2026"))
    assert (judgement.decision, judgement.invoice.lines[0].po_line_number) == (Decision.LOAD, place)


def test_a_month_that_the_order_does_not_have_is_refused() -> None:
    judgement = verdict_on(invoice(line(1, 900, "Rent Main Street May 2026")), rent("January 2026", "February 2026"))
    assert judgement.codes == ("po-line-unknown",)


def test_a_bill_that_names_no_month_is_not_laid_on_any() -> None:
    judgement = verdict_on(invoice(line(1, 900, "Rent Main Street")), rent("January 2026", "February 2026"))
    assert judgement.codes == ("po-line-ambiguous",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cleaning February 2026", (2026, 2)),
        ("Wartung März", (0, 3)),
        ("Miete 02/2026", (2026, 2)),
        ("Lease 2026-11", (2026, 11)),
        ("Jan '26", (2026, 1)),
        ("may be delivered", None),
        ("January to March 2026", None),
        ("delivered 12.02.2026", None),
        ("Part 10/2", None),
        ("Cleaning March 12, 2026", (2026, 3)),
        ("Cleaning May 1st 2026", (2026, 5)),
    ],
)
def test_the_month_that_a_text_names(text: str, found: tuple[int, int] | None) -> None:
    assert month(text) == found


@pytest.mark.parametrize(
    ("mine", "theirs", "other"),
    [
        ("Rent January 2026", "Rent February 2026", True),
        ("Rent January 2025", "Rent January 2026", True),
        ("Rent January", "Rent 01/2026", False),
        ("Rent", "Rent January", False),
    ],
)
def test_two_texts_that_name_different_months_are_about_different_periods(mine: str, theirs: str, other: bool) -> None:
    assert other_period(mine, theirs) is other


def test_a_closed_line_gives_way_to_the_open_one_of_the_same_goods() -> None:
    goods = order(order_line("1", status="soft_closed_for_invoicing"), order_line("2"))
    judgement = verdict_on(invoice(), goods)
    assert (judgement.decision, judgement.invoice.lines[0].po_line_number) == (Decision.LOAD, "2")
