"""What an invoice is judged against: reference data and history, passed in as values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from formats.documents import PurchaseOrder, Receipt, Supplier
from formats.findings import Finding
from payables.policy import Phase

UNBILLED = frozenset({"voided", "abandoned", "rejected", "invalid", "held", "hold", "reject", "duplicate"})
WITHDRAWN = frozenset({"voided", "abandoned", "rejected", "invalid", "reject", "duplicate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledLine:
    """A line of an earlier invoice; quantity None on amount lines. Amounts of credit notes are positive."""

    po_number: str = ""
    po_line_number: str = ""
    quantity: Decimal | None = None
    amount: Decimal = Decimal(0)
    description: str = ""
    account_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastInvoice:
    """An invoice that was seen before the one to judge (never that one itself).

    ``key`` is its business key; ``source`` is "coupa" when Coupa's data told us, "exchange" when our own records did.
    ``status`` is Coupa's, or "held", "rejected", "duplicate" for what never reached Coupa.
    """

    key: str
    number: str
    supplier_number: str
    date: dt.date | None
    currency: str
    total: Decimal
    is_credit_note: bool = False
    original_number: str = ""
    lines: tuple[BilledLine, ...] = ()
    image_sha256: str = ""
    iban: str = ""
    source: str = "coupa"
    status: str = ""

    @property
    def counts_as_billed(self) -> bool:
        """True when its quantities and amounts use up what its orders have open."""
        return self.status not in UNBILLED

    @property
    def stands(self) -> bool:
        """True unless it was voided, refused or taken back: a repetition of it would be a duplicate."""
        return self.status not in WITHDRAWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything an invoice is judged against.

    ``supplier`` is the master record by number or exact name, else None and ``candidates`` may hold similar ones.
    ``orders`` hold at least those the lines name and the supplier's open ones; ``history`` at least the supplier's
    invoices and those with the same amount or image. ``accounts`` None means the chart of accounts is not known.
    ``findings`` come from reading and capture, ``confidence`` by field from capture, ``image_sha256`` is the
    invoice's own image. ``standings`` are the phases that scopes have earned, where the policy asks for that.
    """

    supplier: Supplier | None = None
    candidates: tuple[Supplier, ...] = ()
    orders: tuple[PurchaseOrder, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    history: tuple[PastInvoice, ...] = ()
    accounts: frozenset[str] | None = None
    findings: tuple[Finding, ...] = ()
    confidence: Mapping[str, float] = field(default_factory=dict)
    image_sha256: str = ""
    standings: Mapping[str, Phase] = field(default_factory=dict)
