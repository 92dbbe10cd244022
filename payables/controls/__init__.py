"""Checks for duplicates and fraud, one file each: (invoice, context, policy, today) -> reasons, evidence included."""

from collections.abc import Callable, Iterator
from datetime import date

from formats.documents import Invoice
from payables.context import Context
from payables.controls.bank_change import bank_change
from payables.controls.duplicates import duplicates
from payables.controls.new_supplier import new_supplier
from payables.policy import Policy
from payables.reasons import Reason

Control = Callable[[Invoice, Context, Policy, date], Iterator[Reason]]

CONTROLS: tuple[Control, ...] = (duplicates, bank_change, new_supplier)


def check(invoice: Invoice, context: Context, policy: Policy, today: date) -> Iterator[Reason]:
    """Yield what every control has to say."""
    for control in CONTROLS:
        yield from control(invoice, context, policy, today)
