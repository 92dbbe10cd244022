"""Is the amount round where the supplier's amounts are not?"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from formats.documents import Invoice
from payables.context import Context
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import AMOUNT_ROUND
from payables.wording import money, percent

ROUND = Decimal(1000)
ENOUGH = 5
USUAL = Decimal("0.2")


def round_amount(invoice: Invoice, context: Context, _: Policy, __: date) -> Iterator[Reason]:
    """Yield a reason for a multiple of 1,000 when at most one in five earlier invoices of the supplier is one."""
    if not invoice.total or invoice.total % ROUND:
        return
    earlier = [past for past in context.history if past.supplier_number == invoice.supplier_number and past.stands]
    share = Decimal(sum(not past.total % ROUND for past in earlier)) / max(1, len(earlier))
    if len(earlier) >= ENOUGH and share <= USUAL:
        yield AMOUNT_ROUND.reason(actual=money(invoice.total, invoice.currency), expected=percent(share * 100))
