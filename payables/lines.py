"""What an invoice line bills: shares of order lines, or nothing that is on an order."""

from dataclasses import dataclass
from decimal import Decimal

from formats.documents import InvoiceLine, PurchaseOrder
from payables.open_items import OpenItem
from payables.reasons import Reason
from payables.verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of an invoice line that bills one order line.

    ``size`` is in the order line's unit: a quantity, or an amount on amount lines. ``billed_size`` is the same in
    the invoice line's own unit; ``amount`` is before tax. ``receipts`` are the ids of the receipts it pays for.
    """

    item: OpenItem
    size: Decimal
    billed_size: Decimal
    amount: Decimal
    receipts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMatch:
    """The one outcome of one invoice line; ``shares`` is empty when it is on no order.

    ``on_order`` is True when the line belongs to an order, found or not. ``runner_up`` names the second best order
    line and ``gap`` (0 to 1) how far behind it is. ``recounted`` says that it is loaded with the quantities of its
    order lines instead of its own, ``guessed`` that the shares or the order were inferred and a person is to confirm.
    """

    line: InvoiceLine
    on_order: bool
    verdict: Verdict
    shares: tuple[Share, ...] = ()
    runner_up: str = ""
    gap: float = 1.0
    recounted: bool = False
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """One outcome for every line, in order, the reasons of all, and the orders the lines may be on."""

    lines: tuple[LineMatch, ...]
    reasons: tuple[Reason, ...]
    verdict: Verdict
    orders: tuple[PurchaseOrder, ...] = ()
