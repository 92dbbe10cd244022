"""How far an invoice may be off: percent and absolute limits, upper and lower, for each measure and scope.

Zero means none allowed; ``UNLIMITED`` must be written out; what is not written is a configuration error.
A difference is allowed when it is not greater than the allowance. Absolute amounts are in the invoice's currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

HUNDRED = Decimal(100)


class Measure(StrEnum):
    """What a tolerance limits.

    price: the line's amount against ordered price x billed quantity (percent of it, or absolute: SAP PP).
    quantity: billed against open quantity (percent of what was expected, or the value of the excess: SAP DQ).
    amount_line: the amount of an amount line against what is open. order_total: all that is billed on one order
    against its total. tax: against rate x base. charges: header charges against the net total. total: the stated
    total against its parts (the small difference that is accepted). budget: all overcharges on one order together,
    against its total. supplier_budget: all overcharges of one supplier on the orders at hand.
    """

    PRICE = "price"
    QUANTITY = "quantity"
    AMOUNT_LINE = "amount_line"
    ORDER_TOTAL = "order_total"
    TAX = "tax"
    CHARGES = "charges"
    TOTAL = "total"
    BUDGET = "budget"
    SUPPLIER_BUDGET = "supplier_budget"


TWO_SIDED = frozenset({Measure.PRICE, Measure.TAX, Measure.TOTAL})


class Combine(StrEnum):
    """Whether every limit must hold (the tighter rules) or one is enough (the looser rules)."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on one side; None is unlimited."""

    percent: Decimal | None
    amount: Decimal | None
    combine: Combine = Combine.ALL

    def allowance(self, base: Decimal) -> Decimal | None:
        """Return how far above or below ``base`` is allowed, None when nothing limits it."""
        share = None if self.percent is None else abs(base) * self.percent / HUNDRED
        set_limits = [limit for limit in (share, self.amount) if limit is not None]
        if not set_limits:
            return None
        return min(set_limits) if self.combine is Combine.ALL else max(set_limits)

    def allows(self, difference: Decimal, base: Decimal) -> bool:
        """Return True when ``difference`` (not negative) from ``base`` is inside the limit."""
        allowance = self.allowance(base)
        return allowance is None or difference <= allowance


UNLIMITED = Limit(None, None)
NOTHING = Limit(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The limits above and below what is expected."""

    above: Limit
    below: Limit = UNLIMITED

    def allows(self, actual: Decimal, expected: Decimal) -> bool:
        """Return True when ``actual`` is inside the limits around ``expected``."""
        side = self.above if actual > expected else self.below
        return side.allows(abs(actual - expected), expected)


@dataclass(frozen=True, slots=True)
class Scope:
    """Tolerances for one supplier, one commodity, or one commodity of one supplier; "" is any."""

    supplier: str
    commodity: str
    tolerances: Mapping[Measure, Tolerance]

    def covers(self, supplier: str, commodity: str) -> bool:
        """Return True when the scope applies to this supplier and commodity."""
        return self.supplier in {"", supplier} and self.commodity in {"", commodity}


@dataclass(frozen=True, slots=True)
class Tolerances:
    """The default for every measure and the narrower scopes, each of which may override some measures."""

    default: Mapping[Measure, Tolerance]
    scopes: tuple[Scope, ...] = ()

    def of(self, measure: Measure, supplier: str = "", commodity: str = "") -> Tolerance:
        """Return the tolerance by supplier x commodity, else supplier, else commodity, else default."""
        found = [scope for scope in self.scopes if measure in scope.tolerances and scope.covers(supplier, commodity)]
        if not found:
            return self.default[measure]
        narrowest = max(found, key=lambda scope: (bool(scope.supplier), bool(scope.commodity)))
        return narrowest.tolerances[measure]
