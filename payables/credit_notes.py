"""A credit note against the invoice it credits."""

from collections.abc import Iterator
from decimal import Decimal

from formats.documents import Invoice
from payables.context import Context, PastInvoice
from payables.likeness import key
from payables.reasons import Reason
from payables.reasons.document import CREDIT_ABOVE_ORIGINAL, CREDIT_ORIGINAL_MISSING, CREDIT_ORIGINAL_UNKNOWN
from payables.wording import money


def check(invoice: Invoice, context: Context) -> Iterator[Reason]:
    """Yield what is wrong with a credit note's original: not named, not known, or credited beyond its amount."""
    if not invoice.is_credit_note:
        return
    if not invoice.original_number:
        yield CREDIT_ORIGINAL_MISSING.reason()
        return
    originals = [past for past in context.history if _is_original(past, invoice)]
    if not originals:
        yield CREDIT_ORIGINAL_UNKNOWN.reason(actual=invoice.original_number)
        return
    yield from _amount(invoice, originals[0], context)


def _is_original(past: PastInvoice, credit: Invoice) -> bool:
    same = key(past.number) == key(credit.original_number) and past.supplier_number == credit.supplier_number
    return same and past.stands and not past.is_credit_note


def _amount(credit: Invoice, original: PastInvoice, context: Context) -> Iterator[Reason]:
    earlier = sum((past.total for past in context.history if _credits(past, original)), Decimal(0))
    credited = earlier + credit.total
    if credited > original.total and credit.currency == original.currency:
        yield CREDIT_ABOVE_ORIGINAL.reason(
            original=original.number,
            actual=money(credited, credit.currency),
            expected=money(original.total, original.currency),
        )


def _credits(past: PastInvoice, original: PastInvoice) -> bool:
    same = key(past.original_number) == key(original.number) and past.supplier_number == original.supplier_number
    return past.is_credit_note and past.counts_as_billed and same
