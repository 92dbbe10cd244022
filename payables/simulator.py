"""What would have happened under other tolerances: past decisions made again under a proposed policy."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from payables.decision import Decided
from payables.judge import judge
from payables.judgement import Billing, Judgement
from payables.policy import Policy
from payables.policy_values import policy
from payables.tolerances import Measure
from payables.verdicts import Decision

ZERO = Decimal(0)
INSIDE = Decimal("0.8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinging:
    """A supplier whose overcharges sit just inside the tolerance: it may have learnt the limit."""

    supplier: str
    lines: int
    just_inside: int
    overcharged: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """The past under a proposed policy.

    ``touchless_before`` and ``touchless_after`` count what is loaded without a person; ``let_through`` is what the
    newly loaded invoices bill above price or quantity, ``stopped`` what those do that no longer are, by currency.
    """

    decisions: int
    touchless_before: int
    touchless_after: int
    let_through: Mapping[str, Decimal]
    stopped: Mapping[str, Decimal]
    changed: tuple[str, ...]
    clinging: tuple[Clinging, ...]


def simulate(past: Iterable[Decided], values: Mapping[str, Any]) -> Simulation:
    """Make past decisions again under the policy of these plain values; PolicyError when they are not one."""
    proposed = policy(values)
    pairs = [(one.judgement, judge(one.invoice, one.context, proposed, one.today)) for one in past]
    gained = [after for before, after in pairs if _touchless(after) and not _touchless(before)]
    lost = [after for before, after in pairs if _touchless(before) and not _touchless(after)]
    return Simulation(
        decisions=len(pairs),
        touchless_before=sum(_touchless(before) for before, _ in pairs),
        touchless_after=sum(_touchless(after) for _, after in pairs),
        let_through=_overcharged(gained),
        stopped=_overcharged(lost),
        changed=tuple(after.invoice.number for before, after in pairs if before.decision != after.decision),
        clinging=_clinging([after for _, after in pairs], proposed),
    )


def _touchless(judgement: Judgement) -> bool:
    return judgement.decision is Decision.LOAD


def _billings(judgement: Judgement) -> Iterable[Billing]:
    return (billing for line in judgement.lines for billing in line.billings)


def _overcharged(judgements: Iterable[Judgement]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for judgement in judgements:
        sums[judgement.invoice.currency] += sum((one.overcharge + one.beyond for one in _billings(judgement)), ZERO)
    return dict(sums)


def _clinging(judgements: Iterable[Judgement], proposed: Policy) -> tuple[Clinging, ...]:
    """Return the suppliers with overcharges in the last fifth of what is allowed, those with most of them first."""
    lines: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    overcharged: dict[str, Decimal] = defaultdict(Decimal)
    for judgement in judgements:
        supplier = judgement.invoice.supplier_number
        for billing in _billings(judgement):
            lines[supplier] += 1
            inside[supplier] += _just_inside(billing, supplier, proposed)
            overcharged[supplier] += billing.overcharge
    found = (
        Clinging(supplier=name, lines=lines[name], just_inside=count, overcharged=overcharged[name])
        for name, count in inside.items()
        if count
    )
    return tuple(sorted(found, key=lambda one: (-one.just_inside, one.supplier)))


def _just_inside(billing: Billing, supplier: str, proposed: Policy) -> bool:
    allowed = proposed.tolerance(Measure.PRICE, supplier, billing.commodity).above.allowance(billing.expected)
    return allowed is not None and bool(allowed) and INSIDE * allowed <= billing.overcharge <= allowed
