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

SERIES = 3  # so many earlier invoices of one supplier over one amount are a series
HABIT = 1  # a supplier that has billed other amounts under a number more often than this reuses its numbers


def duplicates(invoice: Invoice, context: Context, policy: Policy, _: date) -> Iterator[Reason]:
    """Yield the earlier invoice that this one repeats, an open repetition before the likeliest disguised one."""
    standing = [past for past in context.history if past.stands and past.is_credit_note == invoice.is_credit_note]
    exact = next((past for past in standing if _same_invoice(invoice, past)), None)
    if exact is not None:
        yield DUPLICATE_EXACT.reason(actual=invoice.number, expected=_named(exact), evidence=exact.key)
        return
    signs = list(_signs(invoice, standing, context, policy))
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


def _signs(
    invoice: Invoice, standing: Sequence[PastInvoice], context: Context, policy: Policy
) -> Iterator[tuple[Sign, PastInvoice]]:
    own = [past for past in standing if past.supplier_number == invoice.supplier_number]
    yield from _elsewhere(invoice, standing, context.image_sha256)
    same_number = [past for past in own if _same_number(invoice, past)]
    if len(same_number) <= HABIT:
        yield from ((resemblance.OTHER_AMOUNT, past) for past in same_number)
    alike = [past for past in own if _same_sum(invoice, past) and not _same_number(invoice, past)]
    if abs(invoice.total) >= policy.duplicates.least_amount and not _taken_back(invoice, alike, context):
        yield from _over_the_same_amount(invoice, alike, policy)


def _elsewhere(
    invoice: Invoice, standing: Sequence[PastInvoice], image_sha256: str
) -> Iterator[tuple[Sign, PastInvoice]]:
    """Yield what has the same image, and what came from another supplier under the same number and amount.

    A number that is a date, or under which several suppliers billed the same amount, is a label and tells nothing.
    """
    yield from (
        (resemblance.SAME_IMAGE, past) for past in standing if image_sha256 and past.image_sha256 == image_sha256
    )
    if len(key(invoice.number)) < LEAST or resemblance.is_a_date(invoice.number, invoice.date):
        return
    others = [past for past in standing if past.supplier_number != invoice.supplier_number]
    same = [past for past in others if _same_number(invoice, past) and _same_sum(invoice, past)]
    if len({past.supplier_number for past in same}) < SERIES:
        yield from ((resemblance.OTHER_SUPPLIER, past) for past in same)


def _over_the_same_amount(
    invoice: Invoice, alike: Sequence[PastInvoice], policy: Policy
) -> Iterator[tuple[Sign, PastInvoice]]:
    """Yield numbers that resemble; in a recurring series of one amount they must read the same."""
    series = len(alike) >= SERIES
    for past in alike:
        days = days_between(invoice.date, past.date)
        sign = resemblance.number_sign(invoice.number, past.number, days)
        if sign is None and len(alike) == 1:
            sign = _rare(invoice, past, days, policy)
        if sign is not None and (not series or sign is resemblance.READS_THE_SAME):
            yield sign, past


def _rare(invoice: Invoice, past: PastInvoice, days: int | None, policy: Policy) -> Sign | None:
    """Return a sign when the one invoice over this amount is days old and has another kind of number."""
    if days is None or days > policy.duplicates.near_days:
        return None
    same_shape = resemblance.shape(invoice.number) == resemblance.shape(past.number)
    return None if same_shape else resemblance.RARE_AMOUNT


def _taken_back(invoice: Invoice, alike: Sequence[PastInvoice], context: Context) -> bool:
    """Return True when credit notes have taken back as many invoices over this amount as there were."""
    notes = (past for past in context.history if past.stands and past.is_credit_note and _same_sum(invoice, past))
    back = sum(past.supplier_number == invoice.supplier_number for past in notes)
    return 0 < len(alike) <= back
