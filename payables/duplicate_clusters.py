"""Which of many invoices are one invoice: clusters, found in time linear in their number.

Invoices meet in blocks (the same image; the same amount of one supplier; the same number and amount of two) and only
there are compared. A number that is a date, or that many suppliers use over one amount, is a label and joins nothing.
A recurring series (one supplier, one amount, more than three times) counts only where the numbers read the same, and
neither does a standing payment nor what a credit note has taken back.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from payables import resemblance
from payables.context import PastInvoice
from payables.likeness import key
from payables.policy import DuplicateRules
from payables.resemblance import LEAST, Sign, days_between, reading

SERIES = 3
WEEKS_APART = 20
PAIR = 2


@dataclass(frozen=True, slots=True)
class Edge:
    """Two invoices, by position, and the sign that joins them."""

    one: int
    two: int
    sign: Sign


@dataclass(frozen=True, slots=True)
class Cluster:
    """Invoices that may be one, by position in what was given; ``at_risk`` is what would be paid too much."""

    members: tuple[int, ...]
    edges: tuple[Edge, ...]
    at_risk: Decimal

    @property
    def weight(self) -> float:
        """The weight of its strongest sign."""
        return max(edge.sign.weight for edge in self.edges)


def clusters(invoices: Sequence[PastInvoice], rules: DuplicateRules) -> list[Cluster]:
    """Return the clusters, the most money behind the strongest signs first."""
    edges = [edge for edge in _edges(invoices, rules) if edge.one != edge.two]
    found = [cluster for cluster in _joined(invoices, edges) if cluster.at_risk > rules.least_amount]
    return sorted(found, key=lambda cluster: (-cluster.weight * float(cluster.at_risk), cluster.members))


def _edges(invoices: Sequence[PastInvoice], rules: DuplicateRules) -> Iterator[Edge]:
    yield from _chain(_blocks(invoices, lambda one: one.image_sha256), resemblance.SAME_IMAGE)
    for block in _blocks(invoices, lambda one: (one.supplier_number, one.currency, one.total)):
        yield from _same_amount(invoices, block, rules)
    across = _blocks(invoices, lambda one: len(key(one.number)) >= LEAST and (key(one.number), one.currency, one.total))
    for block in across:
        yield from _other_suppliers(invoices, block)


def _blocks(invoices: Sequence[PastInvoice], block_of: Callable[[PastInvoice], Hashable]) -> Iterable[list[int]]:
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for place, invoice in enumerate(invoices):
        name = block_of(invoice)
        if name and invoice.total > 0 and not invoice.is_credit_note and invoice.stands:
            blocks[name].append(place)
    return [block for block in blocks.values() if len(block) > 1]


def _chain(blocks: Iterable[list[int]], sign: Sign) -> Iterator[Edge]:
    for block in blocks:
        yield from (Edge(one, two, sign) for one, two in pairwise(block))


def _other_suppliers(invoices: Sequence[PastInvoice], block: list[int]) -> Iterator[Edge]:
    first = invoices[block[0]]
    if len({invoices[place].supplier_number for place in block}) > SERIES:
        return
    if resemblance.is_a_date(first.number, first.date):
        return
    for one, two in pairwise(block):
        if invoices[one].supplier_number != invoices[two].supplier_number:
            yield Edge(one, two, resemblance.OTHER_SUPPLIER)


def _same_amount(invoices: Sequence[PastInvoice], block: list[int], rules: DuplicateRules) -> Iterator[Edge]:
    same = _blocks_of(block, lambda place: reading(invoices[place].number))
    for numbers in same:
        for one, two in pairwise(numbers):
            yield from _edge(invoices, one, two)
    if len(block) > SERIES:
        return
    for one, two in _pairs(block):
        yield from _edge(invoices, one, two)
    if len(block) == PAIR:
        yield from _rare(invoices, block[0], block[1], rules)


def _blocks_of(block: list[int], block_of: Callable[[int], str]) -> list[list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place in block:
        found[block_of(place)].append(place)
    return [places for name, places in found.items() if name and len(places) > 1]


def _pairs(block: list[int]) -> Iterator[tuple[int, int]]:
    for place, one in enumerate(block):
        yield from ((one, two) for two in block[place + 1 :])


def _edge(invoices: Sequence[PastInvoice], one: int, two: int) -> Iterator[Edge]:
    left, right = invoices[one], invoices[two]
    sign = resemblance.number_sign(left.number, right.number, days_between(left.date, right.date))
    if sign is not None:
        yield Edge(one, two, sign)


def _rare(invoices: Sequence[PastInvoice], one: int, two: int, rules: DuplicateRules) -> Iterator[Edge]:
    left, right = invoices[one], invoices[two]
    days = days_between(left.date, right.date)
    if days is None or days > rules.near_days:
        return
    if resemblance.shape(left.number) != resemblance.shape(right.number):
        yield Edge(one, two, resemblance.RARE_AMOUNT)


class _Joined:
    """Sets that grow together as edges join them."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def top(self, place: int) -> int:
        """Return the member that stands for the set of this one."""
        while self._parent.setdefault(place, place) != place:
            self._parent[place] = place = self._parent[self._parent[place]]
        return place

    def join(self, one: int, two: int) -> None:
        """Make one set of two."""
        self._parent[self.top(one)] = self.top(two)


def _joined(invoices: Sequence[PastInvoice], edges: Sequence[Edge]) -> Iterator[Cluster]:
    joined = _Joined()
    for edge in edges:
        joined.join(edge.one, edge.two)
    together: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        together[joined.top(edge.one)].append(edge)
    credited = Counter((one.supplier_number, one.currency, abs(one.total)) for one in invoices if _takes_back(one))
    for own in together.values():
        members = tuple(sorted({place for edge in own for place in (edge.one, edge.two)}))
        yield Cluster(members, tuple(own), _at_risk([invoices[place] for place in members], credited))


def _takes_back(one: PastInvoice) -> bool:
    return one.stands and (one.is_credit_note or one.total < 0)


def _at_risk(members: Sequence[PastInvoice], credited: Counter[tuple[str, str, Decimal]]) -> Decimal:
    """Return what is paid too much if the members are one invoice: all but the largest, less what was credited."""
    amounts = sorted((member.total for member in members), reverse=True)[1:]
    first = members[0]
    back = credited[first.supplier_number, first.currency, first.total]
    return Decimal(0) if _standing(members) else sum(amounts[back:], Decimal(0))


def _standing(members: Sequence[PastInvoice]) -> bool:
    """Return True for a standing payment: three or more, weeks apart each, as rents under one number are."""
    dates = sorted(member.date for member in members if member.date is not None)
    return len(members) >= SERIES and all((later - sooner).days >= WEEKS_APART for sooner, later in pairwise(dates))
