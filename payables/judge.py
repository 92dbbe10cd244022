"""The judge: one invoice, everything it is judged against, one judgement."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from formats import arithmetic
from formats.documents import Invoice
from formats.findings import Severity
from payables import charges, completeness, controls, credit_notes, gates
from payables.coding import Coding, code
from payables.completion import complete
from payables.context import BilledLine, Context
from payables.filling import Openings
from payables.judgement import Billing, Judgement, LineOutcome
from payables.lines import LineMatch, Matching, Share
from payables.matching import match
from payables.policy import Policy
from payables.reasons import Reason, of_finding
from payables.reasons.document import ACCOUNT_MISSING, CHART_OF_ACCOUNTS_MISSING
from payables.reasons.party import DUPLICATE_EXACT
from payables.severity import leading_to
from payables.suppliers import SupplierChoice, choose_supplier
from payables.verdicts import Decision, Verdict
from payables.wording import money

LOADED = frozenset({Decision.LOAD, Decision.DRAFT})
_RANK = (Severity.ERROR, Severity.WARNING, Severity.INFO)
RESTATED = frozenset({"total-net", "total-tax", "total-control"})


def judge(invoice: Invoice, context: Context, policy: Policy, today: date) -> Judgement:
    """Return the judgement on an invoice; the same arguments always give the same one."""
    chosen = choose_supplier(invoice, context)
    known, context = _known(invoice, chosen), replace(context, supplier=chosen.supplier)
    matching = match(known, context, policy)
    codings = tuple(_coding(outcome, known, context, policy) for outcome in matching.lines)
    completed = complete(known, matching, codings, policy, chosen.supplier)
    said = [
        *chosen.reasons,
        *controls.check(known, context, policy, today),
        *completeness.check(known, policy, today),
        *matching.reasons,
        *(_without_account(reason, policy) for coding in codings for reason in coding.reasons),
        *_chart(completed),
        *charges.check(known, policy),
        *credit_notes.check(known, context),
        *_findings(known, context),
        *gates.check(known, context, policy, po_backed=_is_po_backed(matching)),
    ]
    reasons = _ranked(said)
    if decide(reasons) not in LOADED:
        completed = complete(known, *_certain(matching, codings), policy, chosen.supplier)
    return replace(_judgement(completed, matching, reasons, chosen), scope=_scope(known, matching, policy))


def _scope(known: Invoice, matching: Matching, policy: Policy) -> str:
    rule = gates.rule_of(known, policy, po_backed=_is_po_backed(matching))
    return rule.scope_in(known.currency) if rule else ""


def _is_po_backed(matching: Matching) -> bool:
    return any(outcome.shares for outcome in matching.lines)


def _ranked(said: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the weightiest reasons first; a repetition is one whatever else there is to say."""
    repeated = tuple(reason for reason in said if reason.code == DUPLICATE_EXACT.rule.id)
    return repeated or tuple(sorted(said, key=lambda reason: _RANK.index(reason.severity)))


def _certain(matching: Matching, codings: Sequence[Coding]) -> tuple[Matching, tuple[Coding, ...]]:
    """Undo what was guessed or counted anew: an invoice that waits comes back to be judged as the supplier wrote it.

    Where one line found no place, neither did the others that were placed beside it.
    """
    refused = any(match.on_order and not match.shares for match in matching.lines)
    lines = tuple(
        replace(match, shares=()) if _is_rewritten(match) or (refused and not match.line.po_line_number) else match
        for match in matching.lines
    )
    pairs = zip(codings, matching.lines, strict=True)
    plain = tuple(Coding(match.line) if coding.guessed else coding for coding, match in pairs)
    guessed = any(match.guessed for match in matching.lines)
    return replace(matching, lines=lines, orders=() if guessed else matching.orders), plain


def _is_rewritten(match: LineMatch) -> bool:
    drawn = match.line.quantity is not None and any(share.item.by_amount for share in match.shares)
    return match.guessed or match.recounted or drawn


def _known(invoice: Invoice, chosen: SupplierChoice) -> Invoice:
    if chosen.supplier is None:
        return invoice
    name = invoice.supplier_name or chosen.supplier.name
    return replace(invoice, supplier_number=chosen.supplier.number, supplier_name=name)


def _coding(outcome: LineMatch, invoice: Invoice, context: Context, policy: Policy) -> Coding:
    return Coding(outcome.line) if outcome.on_order else code(outcome.line, invoice, context, policy)


def _without_account(reason: Reason, policy: Policy) -> Reason:
    return leading_to(reason, policy.without_account) if reason.code == ACCOUNT_MISSING.rule.id else reason


def _chart(completed: Invoice) -> Iterator[Reason]:
    if not completed.chart_of_accounts:
        yield CHART_OF_ACCOUNTS_MISSING.reason()


def _findings(invoice: Invoice, context: Context) -> Iterator[Reason]:
    """Yield the errors that reading and arithmetic found, but for the sums that are judged here with a tolerance."""
    found = {(finding.rule.id, finding.message): finding for finding in (*arithmetic.check(invoice), *context.findings)}
    for finding in found.values():
        if finding.severity is Severity.ERROR and finding.rule.id not in RESTATED:
            yield of_finding(finding)


def _judgement(
    completed: Invoice, matching: Matching, reasons: tuple[Reason, ...], chosen: SupplierChoice
) -> Judgement:
    decision, openings = decide(reasons), Openings()
    return Judgement(
        decision=decision,
        verdict=matching.verdict,
        reasons=reasons,
        invoice=replace(completed, submit=decision is Decision.LOAD),
        explanation=_explanation(decision, reasons, completed, matching),
        suggestion=reasons[0].suggestion if decision is not Decision.LOAD else "Nothing.",
        lines=tuple(_outcome(outcome, openings) for outcome in matching.lines),
        billed=tuple(billed for outcome in matching.lines for billed in _billed(outcome)),
        evidence=(f"supplier found by {chosen.sign}",) if chosen.sign else (),
    )


def decide(reasons: Iterable[Reason]) -> Decision:
    """Return the decision the reasons lead to: an error holds, a warning makes a draft, a repetition is a duplicate."""
    severities = set()
    for reason in reasons:
        if reason.code == DUPLICATE_EXACT.rule.id:
            return Decision.DUPLICATE
        severities.add(reason.severity)
    if Severity.ERROR in severities:
        return Decision.HOLD
    return Decision.DRAFT if Severity.WARNING in severities else Decision.LOAD


def _explanation(decision: Decision, reasons: Sequence[Reason], invoice: Invoice, matching: Matching) -> str:
    if decision is not Decision.LOAD:
        blocking = [reason for reason in reasons if reason.severity is reasons[0].severity]
        more = f" (and {len(blocking) - 1} more)" if len(blocking) > 1 else ""
        return f"{blocking[0].explanation}{more}."
    orders = ", ".join(dict.fromkeys(line.po_number for line in invoice.lines if line.po_number))
    against = {
        Verdict.MATCHED: f"matches PO {orders}",
        Verdict.WITHIN_TOLERANCE: f"is within tolerance of PO {orders}",
    }.get(matching.verdict, f"is coded to accounts{f' and PO {orders}' if orders else ''}")
    return f"Invoice {invoice.number} over {money(invoice.total, invoice.currency)} {against}."


def _outcome(outcome: LineMatch, openings: Openings) -> LineOutcome:
    return LineOutcome(
        line=outcome.line.number,
        verdict=outcome.verdict,
        billings=tuple(_billing(share, openings) for share in outcome.shares),
        runner_up=outcome.runner_up,
        gap=round(outcome.gap, 6),
    )


def _billing(share: Share, openings: Openings) -> Billing:
    item = share.item
    beyond = share.size - openings.left(item)
    openings.take(item, share.size)
    return Billing(
        po_number=item.order.number,
        po_line_number=item.line.number,
        size=share.size,
        amount=share.amount,
        expected=share.amount if item.by_amount else share.size * item.price,
        beyond=beyond * item.price if beyond > 0 else Decimal(0),
        commodity=item.line.commodity,
        receipts=share.receipts,
    )


def _billed(outcome: LineMatch) -> Iterator[BilledLine]:
    for share in outcome.shares:
        yield BilledLine(
            po_number=share.item.order.number,
            po_line_number=share.item.line.number,
            quantity=None if share.item.by_amount else share.size,
            amount=share.amount,
            description=outcome.line.description,
        )
