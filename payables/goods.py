"""Interchangeable order lines as one kind of goods, and how little an invoice line is like them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from formats.documents import InvoiceLine
from payables.likeness import key
from payables.meaning import DIFFERENT, distance, related, same_words
from payables.open_items import OpenItem
from payables.periods import other_period
from payables.policy import Policy
from payables.resemblance import shape
from payables.units import factor

UNASSIGNED = 0.5
FORBIDDEN = 1e6
PRICE, TEXT, UNIT, EXCESS, PART = 0.45, 0.35, 0.05, 0.15, 0.1
HALF = 0.5
UNLIKE, VAGUE = 1.0, 0.7
NEAR_PRICE = 0.1  # a price off by 5 percent
PART_BILLED = 0.2
HOPELESS = (UNASSIGNED - TEXT * DIFFERENT) / PRICE  # a price so far off that only the same words could save the line

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Goods:
    """Interchangeable order lines, in the order in which they are billed; ``open`` is left to bill on all of them."""

    items: tuple[OpenItem, ...]
    open: Decimal

    @property
    def first(self) -> OpenItem:
        """The order line that stands for all."""
        return self.items[0]


def group(items: Sequence[OpenItem]) -> tuple[Goods, ...]:
    """Return the interchangeable lines together, those needed first in front; a closed line only where none is open."""
    groups: dict[tuple[object, ...], list[OpenItem]] = {}
    for item in items:
        groups.setdefault(item.same_goods, []).append(item)
    return tuple(
        Goods(tuple(sorted(members, key=_turn)), sum((item.open for item in members), ZERO))
        for members in map(_billable, groups.values())
    )


def _billable(items: list[OpenItem]) -> list[OpenItem]:
    return [item for item in items if item.invoiceable or item.credit] or items


def _turn(item: OpenItem) -> tuple[bool, str, int, str]:
    needed = item.line.need_by
    return (needed is None, needed.isoformat() if needed else "", len(item.line.number), item.line.number)


def cost(line: InvoiceLine, goods: Goods, policy: Policy) -> float:
    """Return from 0.0 (the same) to about 1.0 how little a line is like the goods.

    Other part numbers of the same shape are `FORBIDDEN`; of another shape they are the other side's own numbers. So is
    another month than the order line's. Words and price that both differ make another thing.
    """
    ordered = goods.first.line
    mine, theirs = key(line.part_number), key(ordered.part_number)
    contradicting = bool(mine and theirs) and mine != theirs
    if (contradicting and shape(mine) == shape(theirs)) or other_period(line.description, ordered.description):
        return FORBIDDEN
    units = factor(line.uom, ordered.uom, policy.units)
    price = _price_distance(line, goods, units or ONE)
    text = 0.0 if mine and mine == theirs else _text_distance(line.description, ordered.description, price)
    least = UNASSIGNED if _is_another(text, price) and line.description and ordered.description else 0.0
    return max(
        least,
        PRICE * price
        + TEXT * text
        + UNIT * (units is None)
        + PART * contradicting
        + EXCESS * _excess(line, goods, units or ONE),
    )


def _is_another(text: float, price: float) -> bool:
    """Return True when words and price both speak against it: no word and not the price, few words and far off."""
    return price > 0 if text >= UNLIKE else text > VAGUE and price > NEAR_PRICE


def by_price_alone(line: InvoiceLine, goods: Goods) -> bool:
    """Return True when nothing but the price says that the line is these goods: no word, no part number."""
    ordered = goods.first.line
    if not line.description or not ordered.description:
        return False
    same_part = bool(key(line.part_number)) and key(line.part_number) == key(ordered.part_number)
    if same_part or distance(line.description, ordered.description) < VAGUE:
        return False
    return not related(line.description, ordered.description)


def _text_distance(mine: str, theirs: str, price: float) -> float:
    if price > HOPELESS:
        return 0.0 if same_words(mine, theirs) else 1.0
    return distance(mine, theirs)


def _price_distance(line: InvoiceLine, goods: Goods, units: Decimal) -> float:
    item = goods.first
    if item.by_amount and line.quantity is None:
        return 0.0 if line.net in {goods.open, item.ordered} else PART_BILLED
    if item.by_amount or not line.quantity:
        return HALF
    ordered = item.line.price / item.line.price_basis
    billed = line.net / (line.quantity * units)
    if not ordered:
        return float(billed != 0)
    return min(1.0, float(abs(billed - ordered) / abs(ordered)) / HALF)


def _excess(line: InvoiceLine, goods: Goods, units: Decimal) -> float:
    billed = size(line, goods) * units
    return float(max(ZERO, billed - goods.open) / billed) if billed else 0.0


def size(line: InvoiceLine, goods: Goods) -> Decimal:
    """Return the size of a line as its goods are counted, in its own unit: a quantity, or an amount."""
    return abs(line.net if goods.first.by_amount or line.quantity is None else line.quantity)
