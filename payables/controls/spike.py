"""Is the amount far above what the supplier usually bills?"""

import math
from collections.abc import Iterator
from datetime import date
from statistics import median

from formats.documents import Invoice
from formats.money import rounded
from payables.context import Context
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import AMOUNT_UNUSUAL
from payables.wording import money, quantity

ENOUGH = 10
FAR = 3.5
NORMAL = 0.6745  # makes the median deviation comparable with a standard deviation
LEAST_SPREAD = 0.1
TIMES = 5


def spike(invoice: Invoice, context: Context, _: Policy, __: date) -> Iterator[Reason]:
    """Yield a reason when the amount is 3.5 robust deviations (of logarithms) and five times above the median."""
    earlier = [
        past.total
        for past in context.history
        if past.supplier_number == invoice.supplier_number
        and past.stands
        and past.currency == invoice.currency
        and past.total > 0
    ]
    if len(earlier) < ENOUGH or invoice.total <= 0:
        return
    logs = [math.log(amount) for amount in earlier]
    middle = median(logs)
    spread = max(LEAST_SPREAD, median(abs(log - middle) for log in logs))
    usual = median(earlier)
    if NORMAL * (math.log(invoice.total) - middle) / spread > FAR and invoice.total > TIMES * usual:
        yield AMOUNT_UNUSUAL.reason(
            actual=money(invoice.total, invoice.currency),
            expected=money(rounded(usual, invoice.currency), invoice.currency),
            times=quantity(round(invoice.total / usual, 1)),
            evidence=f"{len(earlier)} earlier invoices",
        )
