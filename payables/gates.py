"""Where a person decides whatever the matching says: amount, certainty of reading, phase of roll-out."""

from collections.abc import Iterator

from formats.documents import Invoice
from formats.normalise import business_key
from payables.autonomy import audited
from payables.context import Context
from payables.policy import Phase, PhaseRule, Policy
from payables.reasons import Reason
from payables.reasons.party import AMOUNT_GATE, AUDIT_SAMPLE, CONFIDENCE_GATE, PHASE_GATE
from payables.severity import leading_to
from payables.verdicts import Decision
from payables.wording import money

_OUTCOME = {Phase.MONITOR: Decision.HOLD, Phase.ASSIST: Decision.DRAFT}


def check(invoice: Invoice, context: Context, policy: Policy, *, po_backed: bool) -> Iterator[Reason]:
    """Yield a reason for each gate that is shut for this invoice."""
    yield from _amount(invoice, policy)
    yield from _confidence(context, policy)
    yield from _phase(invoice, context, policy, po_backed=po_backed)


def _amount(invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    limit = policy.gates.limit(invoice.currency)
    if limit is not None and abs(invoice.total) > limit:
        yield AMOUNT_GATE.reason(actual=money(invoice.total, invoice.currency), expected=money(limit, invoice.currency))


def _confidence(context: Context, policy: Policy) -> Iterator[Reason]:
    for field in policy.gates.fields:
        certainty = context.confidence.get(field, 1.0)
        if not certainty >= policy.gates.confidence:
            yield CONFIDENCE_GATE.reason(
                field=field.replace("_", " "), actual=f"{certainty:.0%}", expected=f"{policy.gates.confidence:.0%}"
            )


def _phase(invoice: Invoice, context: Context, policy: Policy, *, po_backed: bool) -> Iterator[Reason]:
    phase = Phase.MONITOR if policy.stopped else phase_of(invoice, context, policy, po_backed=po_backed)
    if phase is not Phase.AUTO:
        scope = "PO-backed" if po_backed else "Other"
        said = PHASE_GATE.reason(
            scope="All" if policy.stopped else scope, actual=phase.value, expected=Phase.AUTO.value
        )
        yield leading_to(said, _OUTCOME[phase])
    elif policy.autonomy and audited(business_key(invoice), policy.autonomy):
        yield AUDIT_SAMPLE.reason(expected=f"{policy.autonomy.audit:.0%}")


def phase_of(invoice: Invoice, context: Context, policy: Policy, *, po_backed: bool) -> Phase:
    """Return the phase of the first rule that covers the invoice, ASSIST when none does.

    Where autonomy must be earned, a scope that has not earned it goes no further than ASSIST.
    """
    rule = rule_of(invoice, policy, po_backed=po_backed)
    if rule is None:
        return Phase.ASSIST
    earned = context.standings.get(rule.scope_in(invoice.currency), Phase.ASSIST)
    closed = policy.autonomy is not None and earned is not Phase.AUTO
    return Phase.ASSIST if closed and rule.phase is Phase.AUTO else rule.phase


def rule_of(invoice: Invoice, policy: Policy, *, po_backed: bool) -> PhaseRule | None:
    """Return the first phase rule that covers the invoice."""
    return next((rule for rule in policy.phases if _covers(rule, invoice, po_backed=po_backed)), None)


def _covers(rule: PhaseRule, invoice: Invoice, *, po_backed: bool) -> bool:
    return (
        (not rule.suppliers or invoice.supplier_number in rule.suppliers)
        and rule.po_backed in {None, po_backed}
        and rule.credit_note in {None, invoice.is_credit_note}
        and rule.currency in {"", invoice.currency}
        and (rule.up_to is None or abs(invoice.total) <= rule.up_to)
    )
