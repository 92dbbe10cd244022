"""Checks for duplicates and fraud, one file each: (invoice, context, policy, today) -> reasons, evidence included.

Hard controls (duplicates, bank details, first invoices) come before those that only say what is unusual. The latter
inform, unless the policy's ``controls`` make one of them a draft or a hold.
"""

from collections.abc import Callable, Iterator
from datetime import date

from formats.documents import Invoice
from payables.context import Context
from payables.controls.agreed import agreed
from payables.controls.bank_change import bank_change
from payables.controls.below_limit import below_limit
from payables.controls.dates import dates
from payables.controls.duplicates import duplicates
from payables.controls.new_supplier import new_supplier
from payables.controls.number_sequence import number_sequence
from payables.controls.round_amount import round_amount
from payables.controls.sender import sender
from payables.controls.shared_bank import shared_bank
from payables.controls.spike import spike
from payables.controls.split_invoices import split_invoices
from payables.policy import Policy
from payables.reasons import Reason
from payables.severity import leading_to

Control = Callable[[Invoice, Context, Policy, date], Iterator[Reason]]

HARD: tuple[Control, ...] = (duplicates, bank_change, new_supplier)
UNUSUAL: tuple[Control, ...] = (
    spike,
    split_invoices,
    below_limit,
    round_amount,
    number_sequence,
    shared_bank,
    sender,
    dates,
    agreed,
)
CONTROLS: tuple[Control, ...] = (*HARD, *UNUSUAL)


def check(invoice: Invoice, context: Context, policy: Policy, today: date) -> Iterator[Reason]:
    """Yield what every control has to say, with the severity that the policy gives it."""
    for control in CONTROLS:
        for reason in control(invoice, context, policy, today):
            outcome = policy.controls.get(reason.code)
            yield leading_to(reason, outcome) if outcome else reason
