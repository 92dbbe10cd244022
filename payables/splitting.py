"""One invoice line over several order lines whose goods are not interchangeable: divided only where it is proved.

The shares are all that is open on each order line, or as many of each as the invoice line bills ("5 desks with chair").
They must cost to the cent what the line costs. Where the line's words name just these goods, that is the proof. Where
the words are only near all of them, and no other lines of the order cost as much, a person is to confirm it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from formats.documents import InvoiceLine
from formats.money import rounded
from payables.filling import Openings, size_in
from payables.goods import UNLIKE
from payables.lines import Share
from payables.meaning import distance, stems
from payables.open_items import OpenItem
from payables.policy import Policy
from payables.totals import explanations
from payables.units import factor
from payables.wording import quantity

NEVER = Decimal(-1)
SEVERAL = 2
SHOWN = 5

Part = tuple[OpenItem, Decimal]
Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """The order lines that a line may cover; ``shares`` where that is proved, ``sure`` when by words and price both."""

    items: tuple[OpenItem, ...]
    shares: tuple[Share, ...] = ()
    sure: bool = False

    @property
    def shown(self) -> str:
        """The order lines as a clerk reads them, each with its share or what it has open."""
        sizes = {share.item.key: share.size for share in self.shares}
        told = [_told(item, sizes.get(item.key, item.open)) for item in self.items[:SHOWN]]
        more = f" and {len(self.items) - SHOWN} more" if len(self.items) > SHOWN else ""
        return " + ".join(told) + more


def _told(item: OpenItem, size: Decimal) -> str:
    return f"line {item.line.number} ({item.line.description}, {quantity(size, item.line.uom)})"


def split(
    line: InvoiceLine, items: Sequence[OpenItem], openings: Openings, policy: Policy, currency: str
) -> Split | None:
    """Return how a line is divided over order lines, or between which it cannot be; None when it is about one."""
    open_now = [item for item in items if _countable(item) and openings.left(item) > 0]
    named = _named(line, open_now)
    near = {item.key for item in (*named, *_near(line, named, open_now))}
    if len(near) < SEVERAL or line.net <= 0:
        return None
    problem = _Problem(line, openings, policy, currency)
    parts = problem.together(named) if len(named) >= SEVERAL else ()
    if parts:
        return Split(tuple(named), problem.shares(parts), sure=True)
    parts = problem.only_sum(open_now)
    if parts and all(item.key in near for item, _ in parts):
        return Split(tuple(item for item, _ in parts), problem.shares(parts))
    rivals = named or [item for item in open_now if item.key in near and problem.at_this_price(item)]
    undecided = len(set(map(_words, named))) >= SEVERAL or problem.too_big(rivals)
    return Split(tuple(rivals)) if undecided else None


def _countable(item: OpenItem) -> bool:
    return item.invoiceable and not item.by_amount and not item.credit


def _words(item: OpenItem) -> frozenset[str]:
    return frozenset(stems(item.line.description))


def _named(line: InvoiceLine, items: Sequence[OpenItem]) -> list[OpenItem]:
    """Return the order lines all of whose words stand in the line, but "desk" where "desk lamp" does, too."""
    mine = set(stems(line.description))
    found = [item for item in items if _words(item) and _words(item) <= mine]
    return [item for item in found if not any(_words(item) < _words(other) for other in found)]


def _near(line: InvoiceLine, named: Sequence[OpenItem], items: Sequence[OpenItem]) -> list[OpenItem]:
    """Return the order lines that the words of the line may mean, those that name others left out."""
    spent = frozenset().union(*map(_words, named))
    text = " ".join(word for word in stems(line.description) if word not in spent)
    return [item for item in items if text and distance(text, item.line.description) < UNLIKE]


class _Problem:
    """One invoice line, and the ways in which order lines may add up to it."""

    def __init__(self, line: InvoiceLine, openings: Openings, policy: Policy, currency: str) -> None:
        self._line, self._openings, self._policy, self._currency = line, openings, policy, currency
        self._net = rounded(line.net, currency)

    def together(self, items: Sequence[OpenItem]) -> Parts:
        """Return sizes for all of these order lines that cost what the line costs; () when there are none or two."""
        return _single(parts for parts in (self._whole(items), self._each(items)) if self._fits(parts, len(items)))

    def only_sum(self, items: Sequence[OpenItem]) -> Parts:
        """Return the only order lines, at least two, that cost what the line costs; () when others would do, too."""
        sums = [self._sums(parts) for parts in (self._whole(items), self._each(items))]
        if None in sums:
            return ()
        parts = _single(way for ways in sums for way in ways or ())
        return parts if self._fits(parts, SEVERAL) else ()

    def shares(self, parts: Parts) -> tuple[Share, ...]:
        """Return the parts as shares, whose amounts add up to the line's."""
        amounts = [self._cost(part) for part in parts]
        amounts[-1] += self._line.net - sum(amounts)
        return tuple(
            Share(item=item, size=size, billed_size=size, amount=amount)
            for (item, size), amount in zip(parts, amounts, strict=True)
        )

    def at_this_price(self, item: OpenItem) -> bool:
        """Return True when the line would cost the same if all of it were of this order line."""
        return self._cost((item, size_in(self._line, item, self._policy))) == self._net

    def too_big(self, items: Sequence[OpenItem]) -> bool:
        """Return True when the line bills more than is open of each of several order lines."""
        sizes = [(size_in(self._line, item, self._policy), self._openings.left(item)) for item in items]
        return len(items) >= SEVERAL and all(size > left for size, left in sizes)

    def _whole(self, items: Sequence[OpenItem]) -> Parts:
        return tuple((item, self._openings.left(item)) for item in items)

    def _each(self, items: Sequence[OpenItem]) -> Parts:
        """Return as many of each as the line bills, of those that have so many open."""
        size = self._line.quantity
        return tuple((item, size) for item in items if size and size <= self._openings.left(item))

    def _cost(self, part: Part) -> Decimal:
        return rounded(part[0].price * part[1], self._currency)

    def _sums(self, parts: Parts) -> list[Parts] | None:
        found = explanations(self._net, [self._cost(part) for part in parts])
        return None if found is None else [tuple(parts[at] for at in places) for places in found]

    def _fits(self, parts: Parts, least: int) -> bool:
        """Return True when so many parts cost what the line costs and can be counted as the line counts."""
        if len(parts) < least or sum(map(self._cost, parts)) != self._net:
            return False
        billed, sizes = self._line.quantity, [size for _, size in parts]
        if billed is None or (billed > 0 and all(size % billed == 0 for size in sizes)):
            return True
        units = {factor(self._line.uom, item.line.uom, self._policy.units) for item, _ in parts}
        return len(units) == 1 and sum(sizes) == billed * (units.pop() or NEVER)


def _single(ways: Iterable[Parts]) -> Parts:
    """Return the way to divide if there is one only, else ()."""
    different = {tuple((item.key, size) for item, size in parts): parts for parts in ways}
    return next(iter(different.values())) if len(different) == 1 else ()
