"""Which invoice line bills which goods of the orders: one optimisation, a stated runner-up, refusal when it is close.

Order lines that are interchangeable (same goods, price, unit and account) form one group of goods; invoice lines are
assigned to groups at least total cost (Kuhn-Munkres), several lines may share a group at a small surcharge, and no
line is worth more than `UNASSIGNED`. Each choice is then forbidden in turn and everything solved again: the
difference is the gap to the runner-up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from formats.documents import InvoiceLine
from payables.likeness import key
from payables.meaning import distance as text_distance
from payables.open_items import OpenItem
from payables.policy import Policy
from payables.resemblance import shape
from payables.units import factor

UNASSIGNED = 0.5
SHARED = 0.05
CROWDED = 0.2
FORBIDDEN = 1e6
PRICE, TEXT, UNIT, EXCESS, PART = 0.45, 0.35, 0.05, 0.15, 0.1
HALF = 0.5
PART_BILLED = 0.2

ZERO = Decimal(0)

Costs = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Goods:
    """Interchangeable order lines, in the order in which they are billed."""

    items: tuple[OpenItem, ...]

    @property
    def first(self) -> OpenItem:
        """The order line that stands for all."""
        return self.items[0]

    @property
    def open(self) -> Decimal:
        """What is left to bill on all lines together."""
        return sum((item.open for item in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class Choice:
    """The goods an invoice line was assigned to, None for none; the runner-up, and how far behind it is."""

    goods: Goods | None
    runner_up: Goods | None
    gap: float


def group(items: Sequence[OpenItem]) -> tuple[Goods, ...]:
    """Return the interchangeable lines together, those needed first in front."""
    groups: dict[tuple[object, ...], list[OpenItem]] = {}
    for item in items:
        groups.setdefault(item.same_goods, []).append(item)
    return tuple(Goods(tuple(sorted(members, key=_turn))) for members in groups.values())


def _turn(item: OpenItem) -> tuple[bool, str, int, str]:
    needed = item.line.need_by
    return (needed is None, needed.isoformat() if needed else "", len(item.line.number), item.line.number)


def cost(line: InvoiceLine, goods: Goods, policy: Policy) -> float:
    """Return from 0.0 (the same) to about 1.0 how little a line is like the goods.

    Other part numbers of the same shape are `FORBIDDEN`; of another shape they are the other side's own numbers.
    """
    ordered = goods.first.line
    mine, theirs = key(line.part_number), key(ordered.part_number)
    contradicting = bool(mine and theirs) and mine != theirs
    if contradicting and shape(mine) == shape(theirs):
        return FORBIDDEN
    units = factor(line.uom, ordered.uom, policy.units)
    text = 0.0 if mine and mine == theirs else text_distance(line.description, ordered.description)
    return (
        PRICE * _price_distance(line, goods, units or Decimal(1))
        + TEXT * text
        + UNIT * (units is None)
        + PART * contradicting
        + EXCESS * _excess(line, goods, units or Decimal(1))
    )


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
    size = _size(line, goods) * units
    return float(max(ZERO, size - goods.open) / size) if size else 0.0


def _size(line: InvoiceLine, goods: Goods) -> Decimal:
    return abs(line.net if goods.first.by_amount or line.quantity is None else line.quantity)


def assign(
    lines: Sequence[InvoiceLine], goods: Sequence[Goods], pools: Sequence[frozenset[int]], policy: Policy
) -> tuple[Choice, ...]:
    """Return one choice for each line; ``pools`` says which goods (by position) each line may take."""
    if not lines or not goods:
        return tuple(Choice(None, None, 1.0) for _ in lines)
    costs = np.array([[cost(line, some, policy) for some in goods] for line in lines])
    for row, pool in enumerate(pools):
        costs[row, [column for column in range(len(goods)) if column not in pool]] = FORBIDDEN
    copies = _copies(costs, goods, lines)
    solved = _Solved(costs, copies, *_solve(costs, copies))
    return tuple(_choice(row, solved, goods, policy.line_runner_up) for row in range(len(lines)))


def _copies(costs: Costs, goods: Sequence[Goods], lines: Sequence[InvoiceLine]) -> list[tuple[int, float]]:
    """Return the columns: each goods as often as lines want it, with a surcharge beyond its number of order lines."""
    copies = []
    for column, some in enumerate(goods):
        sizes = sorted(_size(line, some) for line, far in zip(lines, costs[:, column], strict=True) if far < UNASSIGNED)
        extra = SHARED if sum(sizes[:2], ZERO) <= some.open else CROWDED
        copies += [(column, extra * (nth >= len(some.items))) for nth in range(max(1, len(sizes)))]
    return copies


def _solve(costs: Costs, copies: Sequence[tuple[int, float]], bound: int = -1) -> tuple[list[int], float]:
    """Return the column of each row (-1 for none) and the total cost; row ``bound`` must take a column."""
    rows = len(costs)
    columns = [column for column, _ in copies]
    surcharge = np.array([extra for _, extra in copies])
    alone = np.full((rows, rows), FORBIDDEN)
    np.fill_diagonal(alone, [FORBIDDEN if row == bound else UNASSIGNED for row in range(rows)])
    matrix = np.hstack([costs[:, columns] + surcharge, alone])
    taken_rows, taken = linear_sum_assignment(matrix)
    chosen = [columns[place] if place < len(columns) else -1 for place in taken]
    return chosen, float(matrix[taken_rows, taken].sum())


@dataclass(frozen=True, slots=True)
class _Solved:
    """The solved problem, from which each line's choice and its runner-up are read."""

    costs: Costs
    copies: Sequence[tuple[int, float]]
    chosen: list[int]
    total: float

    @property
    def regret(self) -> float:
        """How much a line could gain at most if another one gave way."""
        taken = [(row, column) for row, column in enumerate(self.chosen) if column >= 0]
        return max((float(self.costs[row, column] - self.costs[row].min()) for row, column in taken), default=0.0)

    def gap(self, row: int, enough: float) -> tuple[int, float]:
        """Return the runner-up's column (-1 for none near) and its gap, solving again only where it may be close."""
        mine = self.chosen[row]
        others = np.delete(self.costs[row], mine)
        distance = float(others.min(initial=FORBIDDEN) - self.costs[row, mine])
        if distance - self.regret - CROWDED >= enough:
            return -1, min(1.0, distance)
        without = self.costs.copy()
        without[row, mine] = FORBIDDEN
        second, total = _solve(without, self.copies, bound=row)
        return second[row], min(1.0, total - self.total)


def _choice(row: int, solved: _Solved, goods: Sequence[Goods], enough: float) -> Choice:
    if solved.chosen[row] < 0:
        nearest = int(solved.costs[row].argmin())
        return Choice(None, goods[nearest] if solved.costs[row, nearest] < FORBIDDEN else None, 1.0)
    second, gap = solved.gap(row, enough)
    return Choice(goods[solved.chosen[row]], goods[second] if second >= 0 else None, gap)
