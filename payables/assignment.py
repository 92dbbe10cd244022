"""Which invoice line bills which goods of the orders: one optimisation, a stated runner-up, refusal when it is close.

Invoice lines are assigned to goods (interchangeable order lines) at least total cost by Kuhn-Munkres. Several lines
may share goods at a small surcharge, and no line is worth more than `UNASSIGNED`. Because a line can always share its
best goods, it never takes any that cost more than the surcharge beyond; so the problem falls apart into small ones.
Each choice is then forbidden in turn and its small problem solved again: the difference is the gap to the runner-up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formats.documents import InvoiceLine
from payables.goods import FORBIDDEN, UNASSIGNED, ZERO, Goods, cost, size
from payables.policy import Policy

SHARED = 0.05
CROWDED = 0.2
ALONE = -1

Costs = NDArray[np.float64]
Candidates = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The goods an invoice line was assigned to, None for none; the runner-up, and how far behind it is."""

    goods: Goods | None
    runner_up: Goods | None
    gap: float


@dataclass(frozen=True, slots=True)
class Taken:
    """The goods (by position, `ALONE` for none) that a line took, and what it cost with its surcharge."""

    column: int
    paid: float


def assign(
    lines: Sequence[InvoiceLine], goods: Sequence[Goods], pools: Sequence[frozenset[int]], policy: Policy
) -> tuple[Choice, ...]:
    """Return one choice for each line; ``pools`` says which goods (by position) each line may take."""
    if not lines or not goods:
        return tuple(Choice(None, None, 1.0) for _ in lines)
    columns = range(len(goods))
    costs = [
        [cost(line, goods[at], policy) if at in pool else FORBIDDEN for at in columns]
        for line, pool in zip(lines, pools, strict=True)
    ]
    problem = _Problem(np.array(costs), lines, goods)
    return tuple(problem.choice(row, policy.line_runner_up) for row in range(len(lines)))


class _Problem:
    """The costs of all lines and goods, solved."""

    def __init__(self, costs: Costs, lines: Sequence[InvoiceLine], goods: Sequence[Goods]) -> None:
        self._costs, self._lines, self._goods = costs, lines, goods
        self._candidates = {row: self._near(row, UNASSIGNED) for row in range(len(lines))}
        self._taken: dict[int, Taken] = {}
        self._regret: dict[int, float] = {}
        for rows in _components(self._candidates):
            taken = self._solve(rows, self._candidates)
            regret = sum(one.paid - min(UNASSIGNED, float(costs[row].min())) for row, one in taken.items())
            self._taken |= taken
            self._regret |= dict.fromkeys(rows, regret)

    def choice(self, row: int, enough: float) -> Choice:
        """Return what the line took, with the runner-up when it is nearer than ``enough``."""
        mine = self._taken[row].column
        if mine == ALONE:
            nearest = int(self._costs[row].argmin())
            return Choice(None, self._goods[nearest] if self._costs[row, nearest] < FORBIDDEN else None, 1.0)
        others = np.delete(self._costs[row], mine)
        distance = float(others.min(initial=FORBIDDEN) - self._costs[row, mine])
        if distance - self._regret[row] >= enough:
            return Choice(self._goods[mine], None, min(1.0, distance))
        second, gap = self._without(row, mine)
        return Choice(self._goods[mine], None if second == ALONE else self._goods[second], min(1.0, gap))

    def _near(self, row: int, worst: float, but: int = ALONE) -> list[int]:
        """Return the goods a line may take: no dearer than the best it could share, and than ``worst``."""
        costs = self._costs[row].copy()
        if but != ALONE:
            costs[but] = FORBIDDEN
        limit = min(worst, float(costs.min()) + CROWDED)
        return [int(column) for column in np.flatnonzero((costs <= limit) & (costs < min(worst, FORBIDDEN)))]

    def _without(self, row: int, mine: int) -> tuple[int, float]:
        """Solve again with a choice forbidden; return the goods then taken and what all pay more."""
        candidates = self._candidates | {row: self._near(row, FORBIDDEN, mine)}
        if not candidates[row]:
            return ALONE, 1.0
        rows = next(rows for rows in _components(candidates) if row in rows)
        taken = self._solve(rows, candidates, bound=row)
        touched = set(rows)
        return taken[row].column, sum(taken[one].paid - self._taken[one].paid for one in touched)

    def _solve(self, rows: Sequence[int], candidates: Candidates, bound: int = ALONE) -> dict[int, Taken]:
        """Return what the lines take at least cost; line ``bound`` must take something."""
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - half a second, where nothing is matched

        copies = list(self._copies(rows, candidates))
        matrix = np.full((len(rows), len(copies) + len(rows)), FORBIDDEN)
        for at, row in enumerate(rows):
            for place, (column, extra) in enumerate(copies):
                if column in candidates[row]:
                    matrix[at, place] = self._costs[row, column] + extra
            if row != bound:
                matrix[at, len(copies) + at] = UNASSIGNED
        _, places = linear_sum_assignment(matrix)
        columns = [*(column for column, _ in copies), *[ALONE] * len(rows)]
        return {row: Taken(columns[places[at]], float(matrix[at, places[at]])) for at, row in enumerate(rows)}

    def _copies(self, rows: Sequence[int], candidates: Candidates) -> Iterator[tuple[int, float]]:
        """Yield each goods as often as lines want it, with a surcharge beyond its number of order lines."""
        wanting: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            for column in candidates[row]:
                wanting[column].append(row)
        for column, wanted in wanting.items():
            some = self._goods[column]
            smallest = sorted(size(self._lines[row], some) for row in wanted)[:2]
            extra = SHARED if sum(smallest, ZERO) <= some.open else CROWDED
            yield from ((column, extra * (nth >= len(some.items))) for nth in range(len(wanted)))


def _components(candidates: Candidates) -> Iterable[list[int]]:
    """Return the lines in groups that want no goods in common."""
    wanting: dict[int, list[int]] = defaultdict(list)
    for row, columns in candidates.items():
        for column in columns:
            wanting[column].append(row)
    seen: set[int] = set()
    for start in candidates:
        if start not in seen:
            seen.add(start)
            yield _reached(start, candidates, wanting, seen)


def _reached(start: int, candidates: Candidates, wanting: dict[int, list[int]], seen: set[int]) -> list[int]:
    rows = [start]
    for row in rows:
        for column in candidates[row]:
            fresh = [other for other in wanting.pop(column, []) if other not in seen]
            seen.update(fresh)
            rows += fresh
    return rows
