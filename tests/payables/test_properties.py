"""What must hold whatever comes in."""

import dataclasses
from collections import defaultdict
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from formats.documents import Invoice, InvoiceLine, OrderLine, PurchaseOrder
from formats.money import rounded
from payables.context import PastInvoice
from payables.verdicts import Decision
from tests.payables.builders import (
    billed,
    house,
    invoice,
    line,
    number,
    order,
    order_line,
    past,
    tolerating,
    verdict_on,
)

quantities = st.sampled_from(["0", "1", "2", "2.5", "5", "6", "10", "12", "17", "20"]).map(number)
prices = st.sampled_from(["10", "10", "10", "10.05", "10.3", "9.99", "33.333", "0"]).map(number)
texts = st.sampled_from(["Toner black", "Toner black", "Toner cyan", "Paper A4", "Laptop", "Toner black and cyan"])
units = st.sampled_from(["EA", "EA", "EA", "EA", "DZ"])


@st.composite
def order_lines(draw: st.DrawFn, name: str) -> OrderLine:
    return order_line(
        name,
        draw(texts),
        draw(prices),
        quantity=draw(st.sampled_from([None, 5, 10, 10, 12])),
        received=draw(st.sampled_from([0, 5, 10, 12, 30])),
        invoiced=draw(st.sampled_from([0, 0, 0, 2, 5, 10])),
        match_type=draw(st.sampled_from(["", "2-way", "3-way", "none"])),
        uom=draw(units),
    )


orders = st.builds(
    lambda lines: order(*lines), st.tuples(order_lines(name="1"), order_lines(name="2"), order_lines(name="3"))
)
invoice_lines = st.builds(
    line,
    st.one_of(quantities, quantities, quantities, st.none()),
    prices,
    texts,
    po_line_number=st.sampled_from(["", "1", "2", "1", "2", "9"]),
    po_number=st.sampled_from(["4711", "4711", "4711", "PO 4711", "", "99"]),
    uom=units,
    declared=st.sampled_from([None, None, None, None, number(100), number(150)]),
    other=st.sampled_from([{}, {}, {}, {"adjustment": "100"}, {"adjustment": "50"}]),
)
invoices = st.lists(invoice_lines, min_size=1, max_size=3).map(
    lambda lines: invoice(*(dataclasses.replace(one, number=place) for place, one in enumerate(lines, 1)))
)
histories = st.lists(
    st.builds(
        lambda quantity, place, source, status, nth: past(
            billed(quantity, quantity * 10, po_line_number=place), source=source, status=status, number=f"H{nth}"
        ),
        quantities,
        st.sampled_from(["1", "2"]),
        st.sampled_from(["coupa", "exchange"]),
        st.sampled_from(["approved", "voided", "held"]),
        st.integers(1, 3),
    ),
    max_size=4,
).map(tuple)


def before(history: tuple[PastInvoice, ...], ordered: OrderLine) -> Decimal:
    """What was billed of a line at the very least, by another road than the product takes."""
    by_key = {one.key: one for one in (*history, *(one for one in history if one.source == "coupa"))}
    counted = [one for one in by_key.values() if one.status == "approved"]
    sizes: dict[str, Decimal] = defaultdict(Decimal)
    for one in counted:
        for part in one.lines:
            if part.po_line_number == ordered.number:
                size = part.quantity if ordered.quantity is not None else part.amount
                sizes[one.source] += size or Decimal(0)
    return max(ordered.invoiced, sizes["coupa"]) + sizes["exchange"]


def now(document: Invoice, ordered: OrderLine) -> Decimal:
    """What the loaded invoice bills of a line; a dozen is twelve."""
    lines = [one for one in document.lines if one.po_line_number == ordered.number]
    if ordered.quantity is None:
        return sum((one.net for one in lines), Decimal(0))
    return sum(((one.quantity or 0) * _units(one, ordered) for one in lines), Decimal(0))


def _units(one: InvoiceLine, ordered: OrderLine) -> Decimal:
    dozens = {"DZ": Decimal(12), "EA": Decimal(1)}
    return dozens[one.uom] / dozens[ordered.uom]


@settings(max_examples=400, deadline=None)
@given(invoices, orders, histories)
def test_nothing_is_loaded_beyond_what_is_ordered_received_and_not_yet_billed(
    document: Invoice, goods: PurchaseOrder, history: tuple[PastInvoice, ...]
) -> None:
    judgement = verdict_on(document, goods, history=history, rules=tolerating(order_total="unlimited"))
    if judgement.decision is not Decision.LOAD:
        return
    for ordered in goods.lines:
        size = now(judgement.invoice, ordered)
        limit = ordered.total if ordered.quantity is None else ordered.quantity
        if ordered.match_type in {"", "3-way"}:
            limit = min(limit, ordered.received)
        assert size <= 0 or before(history, ordered) + size <= limit


@settings(max_examples=300, deadline=None)
@given(invoices, orders)
def test_nothing_is_loaded_above_the_price_and_its_tolerance(document: Invoice, goods: PurchaseOrder) -> None:
    judgement = verdict_on(document, goods)
    if judgement.decision is not Decision.LOAD:
        return
    prices_of = {one.number: one for one in goods.lines if one.quantity is not None}
    for one in judgement.invoice.lines:
        if one.po_line_number in prices_of and one.quantity is not None:
            ordered = prices_of[one.po_line_number]
            due = rounded(one.quantity * _units(one, ordered) * ordered.price, "EUR")
            assert rounded(one.net, "EUR") <= due + min(due * Decimal("0.02"), Decimal(50))


@settings(max_examples=300, deadline=None)
@given(invoices, orders)
def test_every_line_has_one_outcome_and_its_amount_is_neither_lost_nor_doubled(
    document: Invoice, goods: PurchaseOrder
) -> None:
    judgement = verdict_on(document, goods)
    assert [one.line for one in judgement.lines] == [one.number for one in document.lines]
    billings = [sum((part.amount for part in one.billings), Decimal(0)) for one in judgement.lines if one.billings]
    nets = [one.net for one, outcome in zip(document.lines, judgement.lines, strict=True) if outcome.billings]
    assert all(abs(mine - theirs) < Decimal("1e-18") for mine, theirs in zip(billings, nets, strict=True))
    parts = len(judgement.invoice.lines) - len(document.lines)
    assert abs(judgement.invoice.net_total - document.net_total) <= Decimal("0.01") * parts
    assert len({one.number for one in judgement.invoice.lines}) == len(judgement.invoice.lines)


@settings(max_examples=200, deadline=None)
@given(invoices, orders)
def test_the_quantity_of_a_line_is_spread_over_its_order_lines_without_remainder(
    document: Invoice, goods: PurchaseOrder
) -> None:
    """A line that is divided by what its parts cost is not counted: a set of two is two of each part."""
    judgement = verdict_on(document, goods)
    if {"line-divided", "po-lines-from-total"} & set(judgement.codes):
        return
    ordered = {one.number: one for one in goods.lines if one.quantity is not None}
    for one, outcome in zip(document.lines, judgement.lines, strict=True):
        parts = [
            (part.size, ordered[part.po_line_number]) for part in outcome.billings if part.po_line_number in ordered
        ]
        if one.quantity is not None and parts:
            assert abs(sum(size / _units(one, to) for size, to in parts) - one.quantity) < Decimal("1e-18")


@settings(max_examples=150, deadline=None)
@given(invoices, orders, histories, st.randoms(use_true_random=False))
def test_the_order_of_history_and_orders_does_not_matter(
    document: Invoice, goods: PurchaseOrder, history: tuple[PastInvoice, ...], chance: st.DataObject
) -> None:
    unique = tuple({one.key + one.source: one for one in history}.values())
    shuffled = list(unique)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    answers = [verdict_on(document, goods, history=one) for one in (unique, tuple(shuffled))]
    assert answers[0].decision == answers[1].decision
    assert set(answers[0].codes) == set(answers[1].codes)


@settings(max_examples=150, deadline=None)
@given(invoices, orders)
def test_a_stricter_house_never_loads_more(document: Invoice, goods: PurchaseOrder) -> None:
    strict = tolerating(price={"above": "none", "below": "none"}, order_total={"above": "none"})
    if verdict_on(document, goods, rules=strict).decision is Decision.LOAD:
        assert verdict_on(document, goods, rules=house()).decision is Decision.LOAD


@settings(max_examples=300, deadline=None)
@given(invoices, orders)
def test_what_waits_is_judged_again_to_the_same_end(document: Invoice, goods: PurchaseOrder) -> None:
    """The completed invoice is what is kept; judging it again must not find less than before."""
    first = verdict_on(document, goods)
    if first.decision is Decision.HOLD:
        again = verdict_on(first.invoice, goods)
        assert (again.decision, set(again.codes)) == (first.decision, set(first.codes))
