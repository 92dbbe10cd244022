"""What a house allows: tolerances, gates, phases, coding rules and units, as one value."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from payables.tolerances import Measure, Tolerance, Tolerances
from payables.verdicts import Decision


class Level(StrEnum):
    """How an order line is matched: not at all, against the order, or against order and receipts."""

    NONE = "none"
    TWO_WAY = "2-way"
    THREE_WAY = "3-way"
    THREE_WAY_DIRECT = "3-way-direct"


class Phase(StrEnum):
    """How far a kind of invoice may go by itself: only watched, loaded as draft, or submitted."""

    MONITOR = "monitor"
    ASSIST = "assist"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Gates:
    """Where a person decides whatever the matching says.

    ``amount`` is by currency, "*" for the others, None for no gate. ``new_supplier`` is what becomes of a first
    invoice. ``fields`` are the critical fields that ``confidence`` is asked of.
    """

    amount: Mapping[str, Decimal | None]
    confidence: float
    new_supplier: Decision = Decision.DRAFT
    bank_change: Decision = Decision.HOLD
    fields: tuple[str, ...] = ("supplier", "number", "date", "currency", "total", "po_number")

    def limit(self, currency: str) -> Decimal | None:
        """Return the amount above which a person decides."""
        return self.amount.get(currency, self.amount["*"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRule:
    """The phase of the invoices it covers; the first rule that covers an invoice counts. None and "" are any.

    ``up_to`` is an amount of ``currency``.
    """

    phase: Phase
    suppliers: frozenset[str] = frozenset()
    po_backed: bool | None = None
    credit_note: bool | None = None
    currency: str = ""
    up_to: Decimal | None = None

    @property
    def scope(self) -> str:
        """What it covers, in words."""
        kinds = {None: "", True: "credit notes", False: "invoices"}
        backed = {None: "", True: "against orders", False: "without order"}
        parts = (
            kinds[self.credit_note],
            backed[self.po_backed],
            f"of {' '.join(sorted(self.suppliers))}" if self.suppliers else "",
            f"up to {self.up_to:f}" if self.up_to is not None else "",
        )
        return " ".join(part for part in parts if part) or "everything"

    def scope_in(self, currency: str) -> str:
        """The scope of a currency: what was earned is kept under it, for money of different currencies has no sum."""
        return f"{self.scope} in {currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a scope must prove: bounds on wrong approvals by count and by money (0 to 1), at a confidence.

    ``audit`` is the share that a person verifies for ever, drawn with ``seed``, which suppliers must not know.
    """

    count: float = 0.01
    money: float = 0.01
    confidence: float = 0.95
    audit: float = 0.05
    seed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingRule:
    """The account of lines without order: by supplier and by a word of the description; "" is any."""

    account: str
    supplier: str = ""
    contains: str = ""
    chart_of_accounts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRules:
    """When two invoices of one supplier and amount are near: the days between them, and the amount worth a look."""

    near_days: int = 7
    least_amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a house allows. Build it with `payables.policy_values.policy`, which names every wrong key.

    ``order_runner_up`` and ``line_runner_up`` are the gaps (0 to 1) that the best choice of order and line must keep
    to the second best. ``units`` are factors by (from, to); ``currencies`` empty takes any.
    ``controls`` say by reason code what an unusual invoice becomes, otherwise it is only told.
    ``max_tax_percent`` is the highest tax on the net that any country asks for.
    ``order_required`` names suppliers that may only bill against an order, "*" for all. ``charts`` are charts of
    accounts by currency, before ``chart_of_accounts``. ``autonomy`` is what a scope must prove before it goes through
    by itself, None when the phases alone decide; ``routing`` says whether approvers get a note and a name.
    """

    tolerances: Tolerances
    gates: Gates
    phases: tuple[PhaseRule, ...] = (PhaseRule(phase=Phase.AUTO),)
    coding: tuple[CodingRule, ...] = ()
    units: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    duplicates: DuplicateRules = DuplicateRules()
    controls: Mapping[str, Decision] = field(default_factory=dict)
    currencies: frozenset[str] = frozenset()
    chart_of_accounts: str = ""
    charts: Mapping[str, str] = field(default_factory=dict)
    autonomy: Target | None = None
    routing: bool = False
    matching: Level = Level.THREE_WAY
    without_account: Decision = Decision.DRAFT
    order_required: frozenset[str] = frozenset()
    max_age_days: int = 365
    max_days_ahead: int = 30
    number_length: int = 40
    max_tax_percent: Decimal = Decimal(30)
    order_runner_up: float = 0.1
    line_runner_up: float = 0.1
    stopped: bool = False

    def tolerance(self, measure: Measure, supplier: str = "", commodity: str = "") -> Tolerance:
        """Return the tolerance that applies to this supplier and commodity."""
        return self.tolerances.of(measure, supplier, commodity)

    def chart(self, currency: str) -> str:
        """Return the chart of accounts of invoices in a currency that name none, "" when the house has not said."""
        return self.charts.get(currency, self.chart_of_accounts)

    def too_old(self, date: dt.date, today: dt.date) -> bool:
        """Return True when a document of this date is older than the policy takes."""
        return (today - date).days > self.max_age_days

    def too_early(self, date: dt.date, today: dt.date) -> bool:
        """Return True when a document of this date is further ahead than the policy takes."""
        return (date - today).days > self.max_days_ahead
