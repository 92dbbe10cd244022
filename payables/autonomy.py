"""Autonomy that is earned: a scope goes through by itself only when wrong approvals are provably rare.

The evidence are decisions that a person verified. The share of wrong ones is bounded by the exact Clopper-Pearson
upper limit (Biometrika 26, 1934), the share of wrong money by the Stringer bound of monetary-unit sampling, both at
the target's confidence. Decisions are verified one by one, not one money unit by the other, so for the second bound
they count as often as their money holds the largest amount of the scope: many small ones prove little of a large one.
A wrong approval after the scope was opened closes it, and evidence starts anew behind it. A random share of decisions
stays with a person for ever, so that the evidence never runs dry.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from payables.policy import Phase, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A decision that would have gone through, and what a person found: ``wrong_amount`` of ``amount`` was not due.

    ``fingerprint`` is the hash of policy and code it was made under; ``automatic`` when nobody looked before loading.
    """

    amount: Decimal
    wrong_amount: Decimal = Decimal(0)
    fingerprint: str = ""
    automatic: bool = False

    @property
    def wrong(self) -> bool:
        """True when the approval was wrong in any amount."""
        return self.wrong_amount != 0

    @property
    def taint(self) -> float:
        """The share of the amount that was wrong, 0 to 1."""
        return min(1.0, float(abs(self.wrong_amount / self.amount))) if self.amount else float(self.wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a scope stands: its phase, the bounds, and how many more right decisions it needs to be opened."""

    phase: Phase
    verified: int
    wrong: int
    count_bound: float
    money_bound: float
    missing: int


def upper_bound(wrong: int, verified: float, confidence: float = 0.95) -> float:
    """Return the Clopper-Pearson upper limit of the share of wrong ones; 1.0 when nothing was verified."""
    from scipy.special import betaincinv  # noqa: PLC0415 - most commands need no bound, and it starts slowly

    if verified <= 0 or wrong >= verified:
        return 1.0
    return float(betaincinv(wrong + 1, verified - wrong, confidence))


def units(verified: Sequence[Verified], up_to: Decimal | None = None) -> float:
    """Return how often the money of all holds the largest amount, or what the scope goes up to if that is more."""
    amounts = [abs(one.amount) for one in verified]
    largest = max([*amounts, up_to or Decimal(0)])
    return float(sum(amounts) / largest) if largest else 0.0


def money_bound(taints: Sequence[float], verified: float, confidence: float = 0.95) -> float:
    """Return the Stringer bound of the share of wrong money; ``taints`` are the shares (0 to 1) of the wrong ones."""
    bound = before = upper_bound(0, verified, confidence)
    for place, taint in enumerate(sorted(taints, reverse=True), start=1):
        limit = upper_bound(place, verified, confidence)
        bound += (limit - before) * taint
        before = limit
    return min(1.0, bound)


def needed(target: float, confidence: float = 0.95, wrong: int = 0) -> int:
    """Return how many verified decisions prove the target when ``wrong`` of them are wrong: 299 for 1 % and none."""
    low, high = wrong + 1, wrong + 2
    while upper_bound(wrong, high, confidence) > target:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if upper_bound(wrong, middle, confidence) <= target else (middle + 1, high)
    return low


def standing(
    verified: Sequence[Verified], target: Target, fingerprint: str = "", up_to: Decimal | None = None
) -> Standing:
    """Return where a scope stands after these decisions, oldest first; those under another fingerprint do not count.

    ``up_to`` is the largest amount that the scope covers, where it says so. Only decisions behind the last breach (a
    wrong approval that nobody had looked at before) are evidence.
    """
    counted = [one for one in verified if not fingerprint or one.fingerprint == fingerprint]
    breaches = [place for place, one in enumerate(counted) if one.automatic and one.wrong]
    since = counted[breaches[-1] + 1 :] if breaches else counted
    wrong = [one.taint for one in since if one.wrong]
    by_count = upper_bound(len(wrong), len(since), target.confidence)
    money = units(since, up_to)
    by_money = money_bound(wrong, money, target.confidence)
    proved = by_count <= target.count and by_money <= target.money
    return Standing(
        phase=Phase.AUTO if proved else Phase.ASSIST,
        verified=len(since),
        wrong=len(wrong),
        count_bound=by_count,
        money_bound=by_money,
        missing=0 if proved else _missing(len(since), money, len(wrong), target),
    )


def _missing(verified: int, money: float, wrong: int, target: Target) -> int:
    """Return how many more right decisions are needed, of amounts like those so far; one at least."""
    by_count = needed(target.count, target.confidence, wrong) - verified
    short = needed(target.money, target.confidence, wrong) - money
    by_money = ceil(short * verified / money) if money else ceil(short)
    return max(1, by_count, by_money)


def audited(key: str, target: Target) -> bool:
    """Return True when this decision belongs to the random sample that a person verifies for ever.

    The choice depends on nothing but key and seed: without the seed nobody can tell beforehand, with it everybody can
    check afterwards.
    """
    drawn = int.from_bytes(hashlib.sha256(f"{target.seed}\n{key}".encode()).digest()[:8])
    return drawn < target.audit * 2**64
