"""Which order lines add up to an amount, when an invoice names nothing but its total.

All solutions are counted, not only the first: an amount that two sets of lines explain is ambiguous. Open lines of
10, 6, 4 and 4 against a total of 10 have three solutions and are refused.
"""

from collections.abc import Sequence
from decimal import Decimal

MANY = 100_000
ENOUGH = 2


def explanations(total: Decimal, values: Sequence[Decimal]) -> list[tuple[int, ...]] | None:
    """Return up to two sets of positions whose values add up to the total; None when there are too many to try.

    Values of zero or less explain nothing and are left out.
    """
    found: dict[Decimal, list[tuple[int, ...]]] = {Decimal(0): [()]}
    for place, value in enumerate(values):
        if value <= 0:
            continue
        for reached, sets in list(found.items()):
            beyond = reached + value
            if beyond <= total:
                more = [(*one, place) for one in sets]
                found[beyond] = (found.get(beyond, []) + more)[:ENOUGH]
        if len(found) > MANY:
            return None
    return found.get(total, []) if total > 0 else []
