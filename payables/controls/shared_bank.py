"""Is another supplier paid to the same bank account?"""

from collections.abc import Iterator
from datetime import date

from formats.documents import Invoice
from payables.context import Context
from payables.likeness import key
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import BANK_SHARED


def shared_bank(invoice: Invoice, context: Context, _: Policy, __: date) -> Iterator[Reason]:
    """Yield a reason when the account on the invoice, or else in the master, is another supplier's too."""
    account = key(invoice.iban) or key(context.supplier.iban if context.supplier else "")
    if not account:
        return
    masters = [supplier.number for supplier in context.candidates if key(supplier.iban) == account]
    others = [past.supplier_number for past in context.history if key(past.iban) == account]
    for number in dict.fromkeys((*masters, *others)):
        if number != invoice.supplier_number:
            yield BANK_SHARED.reason(actual=account, expected=number)
            return
