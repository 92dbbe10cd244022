"""Is this the first invoice of the supplier?"""

from collections.abc import Iterator
from datetime import date

from formats.documents import Invoice
from payables.context import Context
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import SUPPLIER_NEW
from payables.severity import leading_to
from payables.wording import money


def new_supplier(invoice: Invoice, context: Context, policy: Policy, _: date) -> Iterator[Reason]:
    """Yield a reason when no earlier invoice of the supplier went through."""
    supplier = context.supplier
    if supplier is None:
        return
    if not any(past.counts_as_billed and past.supplier_number == supplier.number for past in context.history):
        said = SUPPLIER_NEW.reason(
            supplier=f"{supplier.number} ({supplier.name})", actual=money(invoice.total, invoice.currency)
        )
        yield leading_to(said, policy.gates.new_supplier)
