"""Do several invoices of a few days together pass the limit that each stays below?"""

from collections.abc import Iterator
from datetime import date

from formats.documents import Invoice
from payables.context import Context
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import INVOICES_SPLIT
from payables.wording import money

DAYS = 3
PARTS = 5
NAMED = 3


def split_invoices(invoice: Invoice, context: Context, policy: Policy, _: date) -> Iterator[Reason]:
    """Yield a reason when up to five invoices of three days, each a fifth of the gate or more, pass it together."""
    limit = policy.gates.limit(invoice.currency)
    if limit is None or not limit / PARTS <= invoice.total <= limit or invoice.date is None or invoice.is_credit_note:
        return
    near = [
        past
        for past in context.history
        if past.supplier_number == invoice.supplier_number
        and past.stands
        and past.currency == invoice.currency
        and past.date is not None
        and 0 <= (invoice.date - past.date).days <= DAYS
        and limit / PARTS <= past.total <= limit
    ]
    total = sum((past.total for past in near), invoice.total)
    if near and len(near) < PARTS and total > limit:
        yield INVOICES_SPLIT.reason(
            others=", ".join(past.number for past in near[-NAMED:]),
            days=DAYS,
            actual=money(total, invoice.currency),
            expected=money(limit, invoice.currency),
        )
