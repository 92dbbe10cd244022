"""Who should approve, and the note that goes with an invoice.

The approver is proposed from who approved such invoices before: the more an earlier one has in common (supplier,
account, department, project, size), the more it counts. The confidence is the winner's share, drawn towards zero
while there is little to go by.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from formats.findings import Severity
from payables.judgement import Judgement
from payables.reasons import Reason
from payables.verdicts import Decision
from payables.wording import money

SUPPLIER, ACCOUNT, DEPARTMENT, PROJECT, SIZE = 4.0, 3.0, 2.0, 2.0, 1.0
DOUBT = 4.0
TIMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an approval depends on."""

    supplier: str = ""
    accounts: frozenset[str] = frozenset()
    department: str = ""
    project: str = ""
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """Who approved an earlier invoice."""

    approver: str
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An approver with a confidence from 0 to 1, and why; "" when nobody ever approved anything alike."""

    approver: str
    confidence: float
    because: str


def propose(facts: Facts, earlier: Sequence[Approved], limits: dict[str, Decimal] | None = None) -> Proposal:
    """Return who should approve; nobody whose limit (by approver, unlimited when not named) is below the amount."""
    votes: dict[str, float] = defaultdict(float)
    for one in earlier:
        if not limits or facts.amount <= limits.get(one.approver, facts.amount):
            votes[one.approver] += _alike(facts, one.facts)
    best = max(votes, key=lambda name: (votes[name], name), default="")
    if not best or not votes[best]:
        return Proposal(approver="", confidence=0.0, because="nobody approved such an invoice before")
    count = sum(one.approver == best and _alike(facts, one.facts) > 0 for one in earlier)
    confidence = votes[best] / (sum(votes.values()) + DOUBT)
    return Proposal(approver=best, confidence=confidence, because=f"approved {count} alike before")


def _alike(one: Facts, other: Facts) -> float:
    sizes = sorted((abs(one.amount), abs(other.amount)))
    return (
        SUPPLIER * (one.supplier == other.supplier != "")
        + ACCOUNT * bool(one.accounts & other.accounts)
        + DEPARTMENT * (one.department == other.department != "")
        + PROJECT * (one.project == other.project != "")
        + SIZE * (sizes[1] <= TIMES * sizes[0] and sizes[0] > 0)
    )


def note(judgement: Judgement, before: Sequence[str] = ()) -> str:
    """Return the note for the approver: what, from whom, against which order, what differs, what was done before."""
    invoice = judgement.invoice
    kind = "Credit note" if invoice.is_credit_note else "Invoice"
    orders = ", ".join(invoice.po_numbers) or "no order"
    whom = invoice.supplier_name or invoice.supplier_number
    sentences = [f"{kind} {invoice.number} of {whom} over {money(invoice.total, invoice.currency)} against {orders}."]
    sentences += [f"{reason.explanation}." for reason in judgement.reasons if _differs(reason)]
    sentences += [f"To do: {judgement.suggestion}"] if judgement.decision is not Decision.LOAD else []
    sentences += [f"Before: {'; '.join(before)}."] if before else []
    return "\n".join(sentences)


def _differs(reason: Reason) -> bool:
    """Say whether an approver should hear of it: what needs somebody, and two values that differ however little."""
    return reason.severity is not Severity.INFO or bool(reason.expected and reason.actual)
