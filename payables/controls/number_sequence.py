"""Do the supplier's invoice numbers run as those of a supplier with many customers do?"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from formats.documents import Invoice
from payables.context import Context
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import NUMBER_OUT_OF_SEQUENCE, NUMBERS_CONSECUTIVE

ENOUGH = 5
SAME_SERIES = 3


def number_sequence(invoice: Invoice, context: Context, _: Policy, __: date) -> Iterator[Reason]:
    """Yield a reason when six numbers of six days are consecutive, or this one is lower than an older invoice's."""
    series, mine = _parts(invoice.number)
    if mine is None or invoice.date is None:
        return
    earlier = sorted(
        (past.date, number, past.number)
        for past in context.history
        if past.supplier_number == invoice.supplier_number and past.stands and past.date is not None
        for name, number in (_parts(past.number),)
        if name == series and number is not None and past.date <= invoice.date
    )
    if len(earlier) < ENOUGH:
        return
    numbers = [number for _, number, _ in earlier]
    ascending = all(one < two for one, two in pairwise(numbers))
    last = [*((day, number) for day, number, _ in earlier[-ENOUGH:]), (invoice.date, mine)]
    if all(two[1] - one[1] == 1 and two[0] > one[0] for one, two in pairwise(last)):
        yield NUMBERS_CONSECUTIVE.reason(actual=invoice.number, expected=len(last))
    elif ascending and mine < numbers[-1] and earlier[-1][0] < invoice.date:
        yield NUMBER_OUT_OF_SEQUENCE.reason(actual=invoice.number, expected=earlier[-1][2])


def _parts(number: str) -> tuple[str, int | None]:
    """Return the letters before the last run of digits with its length, and that run as a number."""
    found = re.fullmatch(r"(.*?)(\d{1,18})", number.strip())
    return (f"{found[1]}#{len(found[2])}", int(found[2])) if found else ("", None)
