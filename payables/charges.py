"""Header charges on top of an order."""

from collections.abc import Iterator

from formats.documents import Invoice
from formats.money import rounded
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.document import CHARGES_ABOVE_TOLERANCE
from payables.tolerances import Measure
from payables.wording import money


def check(invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    """Yield a reason when shipping, handling and other charges together are above the tolerance on the net total."""
    allowed = policy.tolerance(Measure.CHARGES, invoice.supplier_number).above.allowance(invoice.net_total)
    charged = invoice.charge_total
    if charged > 0 and allowed is not None and charged > allowed:
        yield CHARGES_ABOVE_TOLERANCE.reason(
            actual=money(charged, invoice.currency),
            expected=money(rounded(allowed, invoice.currency), invoice.currency),
        )
