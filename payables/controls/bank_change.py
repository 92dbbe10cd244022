"""Does the invoice ask for payment to an account that the supplier master does not have?"""

from collections.abc import Iterator
from datetime import date

from formats.documents import Invoice
from payables.context import Context
from payables.likeness import key
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import BANK_CHANGED
from payables.severity import leading_to


def bank_change(invoice: Invoice, context: Context, policy: Policy, _: date) -> Iterator[Reason]:
    """Yield a reason when both name an account and they differ."""
    known = context.supplier.iban if context.supplier else ""
    if key(invoice.iban) and key(known) and key(invoice.iban) != key(known):
        said = BANK_CHANGED.reason(actual=invoice.iban, expected=known)
        yield leading_to(said, policy.gates.bank_change)
