"""Has this invoice been received before, openly or in disguise?

Openly: same supplier, number and amount. In disguise: the same image; a number that reads the same or carries a
suffix, or is one slip away, over the same amount; the same delivery billed under another number; the same number and
amount from another supplier.
"""

from collections.abc import Iterator
from datetime import date

from rapidfuzz.distance import OSA

from formats.documents import Invoice
from payables.context import Context, PastInvoice
from payables.likeness import key, look_alike
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import DUPLICATE_EXACT, DUPLICATE_SUSPECTED
from payables.wording import money

LONG_NUMBER = 5
SERIES = 2


def duplicates(invoice: Invoice, context: Context, policy: Policy, _: date) -> Iterator[Reason]:
    """Yield the first earlier invoice that this one repeats, an open repetition before a disguised one."""
    standing = [past for past in context.history if past.stands and past.is_credit_note == invoice.is_credit_note]
    exact = next((past for past in standing if _same_invoice(invoice, past)), None)
    if exact is not None:
        yield DUPLICATE_EXACT.reason(actual=invoice.number, expected=_named(exact), evidence=exact.key)
        return
    for past in standing:
        sign = _disguise(invoice, past, context, policy, standing)
        if sign:
            yield DUPLICATE_SUSPECTED.reason(
                actual=invoice.number, expected=_named(past), evidence_text=sign, evidence=past.key
            )
            return


def _named(past: PastInvoice) -> str:
    dated = f" of {past.date.isoformat()}" if past.date else ""
    return f"{past.number}{dated} over {money(past.total, past.currency)} ({past.status or past.source})"


def _same_invoice(invoice: Invoice, past: PastInvoice) -> bool:
    same_number = bool(key(invoice.number)) and key(past.number) == key(invoice.number)
    return same_number and past.supplier_number == invoice.supplier_number and _same_amount(invoice, past)


def _same_amount(invoice: Invoice, past: PastInvoice) -> bool:
    return past.total == invoice.total and past.currency == invoice.currency


def _disguise(
    invoice: Invoice, past: PastInvoice, context: Context, policy: Policy, standing: list[PastInvoice]
) -> str:
    """Return the sign that the invoice is the past one in disguise, "" when there is none."""
    if context.image_sha256 and past.image_sha256 == context.image_sha256:
        return "the image is the same file"
    if past.supplier_number != invoice.supplier_number:
        return _other_supplier(invoice, past)
    if key(past.number) == key(invoice.number) and key(invoice.number):
        return "the number is the same, the amount is not"
    if not _same_amount(invoice, past) or abs(invoice.total) < policy.duplicates.least_amount:
        return ""
    return _number_sign(invoice.number, past.number) or _near_sign(invoice, past, policy, standing)


def _other_supplier(invoice: Invoice, past: PastInvoice) -> str:
    number = key(invoice.number)
    if len(number) >= LONG_NUMBER and number == key(past.number) and _same_amount(invoice, past):
        return f"the same number and amount came from supplier {past.supplier_number}"
    return ""


def _number_sign(mine: str, theirs: str) -> str:
    one, two = look_alike(mine), look_alike(theirs)
    if not one or not two:
        return ""
    if one.lstrip("0") == two.lstrip("0"):
        return "the numbers read the same"
    shorter, longer = sorted((one, two), key=len)
    if len(shorter) >= LONG_NUMBER - 1 and (longer.startswith(shorter) or longer.endswith(shorter)):
        return "one number is the other with something added"
    if len(shorter) >= LONG_NUMBER and OSA.distance(one, two) == 1 and not _consecutive(one, two):
        return "the numbers are one character apart and the amount is the same"
    return ""


def _consecutive(one: str, two: str) -> bool:
    tails = (one[len(one.rstrip("0123456789")) :], two[len(two.rstrip("0123456789")) :])
    return all(tails) and abs(int(tails[0]) - int(tails[1])) <= SERIES * LONG_NUMBER


def _near_sign(invoice: Invoice, past: PastInvoice, policy: Policy, standing: list[PastInvoice]) -> str:
    if invoice.date is None or past.date is None or _recurring(invoice, standing):
        return ""
    days = abs((invoice.date - past.date).days)
    if days > policy.duplicates.near_days:
        return ""
    return f"the same amount was billed {days} days apart" if days else "the same amount was billed on the same day"


def _recurring(invoice: Invoice, standing: list[PastInvoice]) -> bool:
    """Return True when the supplier bills this amount again and again."""
    alike = [
        past for past in standing if past.supplier_number == invoice.supplier_number and _same_amount(invoice, past)
    ]
    return len(alike) > SERIES
