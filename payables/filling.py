"""How a line's quantity is spread over the order lines of its goods and over their receipts.

The order lines of one goods are interchangeable, so the first in turn is filled first: a line that fits one of them
exactly takes that one, the rest flows on to the next, and what is too much stays on the first.
"""

from collections.abc import Sequence
from decimal import Decimal

from formats.documents import InvoiceLine, Receipt
from formats.money import rounded
from payables.lines import Share
from payables.open_items import LineKey, OpenItem
from payables.policy import Policy
from payables.units import factor

ZERO = Decimal(0)


class Openings:
    """What is still open on each order line while the lines of one invoice are laid on it."""

    def __init__(self) -> None:
        self._taken: dict[LineKey, Decimal] = {}

    def left(self, item: OpenItem) -> Decimal:
        """Return what the invoice has left open of the order line."""
        return max(ZERO, item.open - self.taken(item))

    def taken(self, item: OpenItem) -> Decimal:
        """Return what the invoice bills of the order line so far."""
        return self._taken.get(item.key, ZERO)

    def take(self, item: OpenItem, size: Decimal) -> None:
        """Bill ``size`` of the order line."""
        self._taken[item.key] = self.taken(item) + size


def spread(line: InvoiceLine, items: Sequence[OpenItem], openings: Openings, policy: Policy) -> tuple[Share, ...]:
    """Return the shares of the line, whose sizes and amounts add up to the line's, and take them from the openings."""
    size = size_in(line, items[0], policy)
    parts = _parts(size, items, openings)
    shares = []
    for item, part in parts:
        receipts = _receipts(item, openings.taken(item), part, line)
        openings.take(item, part)
        shares.append(
            Share(
                item=item,
                size=part,
                billed_size=_portion(line.quantity or line.net, part, size),
                amount=_portion(line.net, part, size),
                receipts=receipts,
            )
        )
    return tuple(shares)


def whole_share(item: OpenItem, currency: str) -> Share:
    """Return the share that bills all that is open on an order line, at its price."""
    return Share(item=item, size=item.open, billed_size=item.open, amount=rounded(item.open * item.price, currency))


def size_in(line: InvoiceLine, item: OpenItem, policy: Policy) -> Decimal:
    """Return the line's size in the order line's unit; an amount on a quantity line is divided by the price."""
    if item.by_amount:
        return line.net
    if line.quantity is None:
        return line.net / item.price if item.price else line.net
    return line.quantity * (factor(line.uom, item.line.uom, policy.units) or Decimal(1))


def _parts(size: Decimal, items: Sequence[OpenItem], openings: Openings) -> list[tuple[OpenItem, Decimal]]:
    exact = [item for item in items if openings.left(item) == size]
    turn = [*exact[:1], *(item for item in items if item not in exact[:1])]
    parts: dict[LineKey, tuple[OpenItem, Decimal]] = {}
    rest = size
    for item in turn:
        part = min(rest, openings.left(item))
        if part > 0:
            parts[item.key] = (item, part)
            rest -= part
    first = next((item for item, _ in parts.values()), items[0])
    if rest or not parts:
        parts[first.key] = (first, parts.get(first.key, (first, ZERO))[1] + rest)
    return list(parts.values())


def _portion(whole: Decimal, part: Decimal, size: Decimal) -> Decimal:
    return whole if part == size else whole * part / size


def _receipts(item: OpenItem, taken: Decimal, size: Decimal, line: InvoiceLine) -> tuple[str, ...]:
    """Return the receipts that the share pays for, oldest first, those of the same delivery note in front."""
    named = {line.match_reference, line.delivery_note} - {""}
    start, end, covered, found = item.billed + taken, item.billed + taken + size, ZERO, []
    for receipt in sorted(item.receipts, key=lambda receipt: (receipt.match_reference not in named, _when(receipt))):
        before = covered
        covered += (receipt.total if item.by_amount else receipt.quantity) or ZERO
        if before < end and covered > start:
            found.append(receipt.id)
    return tuple(found)


def _when(receipt: Receipt) -> tuple[str, str]:
    return (receipt.received_at.isoformat() if receipt.received_at else "", receipt.id)
