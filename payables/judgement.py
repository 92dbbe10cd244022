"""A judgement: the decision on one invoice, with everything it rests on."""

from dataclasses import dataclass
from decimal import Decimal

from formats.documents import Invoice
from payables.context import BilledLine
from payables.reasons import Reason
from payables.verdicts import Decision, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """A part of an invoice line that bills one order line.

    ``size`` is in the order line's unit; ``expected`` is its amount at the order's price, ``beyond`` the part of that
    for which nothing was open; ``commodity`` is the order line's.
    """

    po_number: str
    po_line_number: str
    size: Decimal
    amount: Decimal
    expected: Decimal
    beyond: Decimal = Decimal(0)
    commodity: str = ""
    receipts: tuple[str, ...] = ()

    @property
    def overcharge(self) -> Decimal:
        """What is billed above the order's price, zero when it is less."""
        return max(Decimal(0), self.amount - self.expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOutcome:
    """The one outcome of an invoice line (``line`` as on the document), with the runner-up and its gap."""

    line: int
    verdict: Verdict
    billings: tuple[Billing, ...] = ()
    runner_up: str = ""
    gap: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is to become of an invoice and why.

    ``invoice`` is completed and ready to load; ``explanation`` is one sentence with the two numbers that differ,
    ``suggestion`` what to do; ``billed`` is what the invoice uses up of its orders, for the history; ``scope`` is what
    the phase that covers it covers, "" when none does.
    """

    decision: Decision
    verdict: Verdict
    reasons: tuple[Reason, ...]
    invoice: Invoice
    explanation: str
    suggestion: str
    lines: tuple[LineOutcome, ...] = ()
    billed: tuple[BilledLine, ...] = ()
    evidence: tuple[str, ...] = ()
    scope: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, each once, the weightiest first."""
        return tuple(dict.fromkeys(reason.code for reason in self.reasons))
