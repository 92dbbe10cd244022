"""Cells: the numbers in a row, and the arithmetic that binds quantity, price and amount."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from capture.fields.marked import Marked
from capture.lines import Segment
from capture.values import FoundAmount, amounts
from capture.words import Word, around
from formats.findings import Box

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
MONEY = 2
BASES = (Decimal(10), Decimal(100), Decimal(1000))


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a row, and where it stands."""

    found: FoundAmount
    words: tuple[Word, ...]

    @property
    def value(self) -> Decimal:
        """The number."""
        return self.found.value

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around(self.words)


def cells(marked: Marked, row: Sequence[Segment]) -> list[Cell]:
    """The numbers of a row from left to right."""
    return [
        Cell(amount, segment.between(amount.start, amount.end))
        for segment in row
        for amount in amounts(segment.text, comma=marked.comma)
    ]


def basis(quantity: Cell | None, price: Cell | None, amount: Cell, discount: Cell | None = None) -> Decimal | None:
    """The number of units that the price is for, when quantity times price is the amount; None when it is not."""
    if quantity is None or price is None:
        return None
    product = quantity.value * price.value
    # a price may be rounded to what is printed, though never to whole units of money
    slack = CENT + abs(quantity.value) * Decimal(1).scaleb(-max(price.found.decimals, MONEY)) / 2
    if abs(product - amount.value) <= slack:
        return Decimal(1)
    if discount is not None and abs(product * (1 - abs(discount.value) / HUNDRED) - amount.value) <= slack:
        return Decimal(1)
    return next((basis for basis in BASES if amount.value and abs(product / basis - amount.value) <= CENT), None)


def factors(others: Sequence[Cell], amount: Cell) -> tuple[Cell, Cell] | None:
    """Quantity and price: two numbers in the row whose product is the amount, neighbours first."""
    for left, right in (*pairwise(others), *combinations(others, 2)):
        if amount.value and basis(left, right, amount) == 1:
            return (left, right) if _quantity_first(left, right) else (right, left)
    return None


def _quantity_first(left: Cell, right: Cell) -> bool:
    """Quantities are whole, or have three decimals; prices have cents; in doubt the quantity stands first."""
    likeness = {0: 2, 3: 1}
    return likeness.get(left.found.decimals, 0) >= likeness.get(right.found.decimals, 0)
