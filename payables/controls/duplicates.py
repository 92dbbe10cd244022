"""Has this invoice been received before, openly or in disguise?

Openly: same supplier, number and amount. In disguise: the same image, a number that resembles, an amount the supplier
billed only twice, days apart; the same number over another amount, or from another supplier.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from formats.documents import Invoice
from payables import resemblance
from payables.context import Context, PastInvoice
from payables.likeness import key
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import DUPLICATE_EXACT, DUPLICATE_SUSPECTED
from payables.resemblance import LEAST, Sign, days_between
from payables.wording import money


def duplicates(invoice: Invoice, context: Context, policy: Policy, _: date) -> Iterator[Reason]:
    """Yield the earlier invoice that this one repeats, an open repetition before the likeliest disguised one."""
    standing = [past for past in context.history if past.stands and past.is_credit_note == invoice.is_credit_note]
    exact = next((past for past in standing if _same_invoice(invoice, past)), None)
    if exact is not None:
        yield DUPLICATE_EXACT.reason(actual=invoice.number, expected=_named(exact), evidence=exact.key)
        return
    signs = [(sign, past) for past in standing if (sign := _sign(invoice, past, context, policy, standing))]
    if signs:
        sign, past = max(signs, key=lambda pair: (pair[0].weight, pair[1].key))
        yield DUPLICATE_SUSPECTED.reason(
            actual=invoice.number, expected=_named(past), evidence_text=sign.text, evidence=past.key
        )


def _named(past: PastInvoice) -> str:
    dated = f" of {past.date.isoformat()}" if past.date else ""
    return f"{past.number}{dated} over {money(past.total, past.currency)} ({past.status or past.source})"


def _same_invoice(invoice: Invoice, past: PastInvoice) -> bool:
    return past.supplier_number == invoice.supplier_number and _same_number(invoice, past) and _same_sum(invoice, past)


def _same_number(invoice: Invoice, past: PastInvoice) -> bool:
    return bool(key(invoice.number)) and key(past.number) == key(invoice.number)


def _same_sum(invoice: Invoice, past: PastInvoice) -> bool:
    return past.total == invoice.total and past.currency == invoice.currency


def _sign(
    invoice: Invoice, past: PastInvoice, context: Context, policy: Policy, standing: Sequence[PastInvoice]
) -> Sign | None:
    if context.image_sha256 and past.image_sha256 == context.image_sha256:
        return resemblance.SAME_IMAGE
    if past.supplier_number != invoice.supplier_number:
        long = len(key(invoice.number)) >= LEAST
        return resemblance.OTHER_SUPPLIER if long and _same_number(invoice, past) and _same_sum(invoice, past) else None
    if _same_number(invoice, past):
        return resemblance.OTHER_AMOUNT
    if not _same_sum(invoice, past) or abs(invoice.total) < policy.duplicates.least_amount:
        return None
    days = days_between(invoice.date, past.date)
    return resemblance.number_sign(invoice.number, past.number, days) or _rare(invoice, past, policy, standing)


def _rare(invoice: Invoice, past: PastInvoice, policy: Policy, standing: Sequence[PastInvoice]) -> Sign | None:
    """Return a sign when the supplier billed this amount once before, days ago, under another kind of number."""
    days = days_between(invoice.date, past.date)
    if days is None or days > policy.duplicates.near_days:
        return None
    alike = [one for one in standing if one.supplier_number == invoice.supplier_number and _same_sum(invoice, one)]
    same_shape = resemblance.shape(invoice.number) == resemblance.shape(past.number)
    return None if same_shape or len(alike) > 1 else resemblance.RARE_AMOUNT
