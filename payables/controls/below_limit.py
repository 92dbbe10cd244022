"""Is the amount just below the limit above which a person decides?"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from formats.documents import Invoice
from payables.context import Context
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import AMOUNT_BELOW_LIMIT
from payables.wording import money

JUST = Decimal("0.97")


def below_limit(invoice: Invoice, _: Context, policy: Policy, __: date) -> Iterator[Reason]:
    """Yield a reason when the total is within 3 % below the amount gate."""
    limit = policy.gates.limit(invoice.currency)
    if limit and JUST * limit <= invoice.total <= limit:
        yield AMOUNT_BELOW_LIMIT.reason(
            actual=money(invoice.total, invoice.currency), expected=money(limit, invoice.currency)
        )
