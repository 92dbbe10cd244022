from decimal import Decimal

import pytest
from scipy.stats import binom

from payables.autonomy import Verified, audited, money_bound, needed, standing, upper_bound
from payables.policy import Phase, Target

RIGHT = Verified(amount=Decimal(100))
WRONG = Verified(amount=Decimal(100), wrong_amount=Decimal(50))
BREACH = Verified(amount=Decimal(100), wrong_amount=Decimal(100), automatic=True)


@pytest.mark.parametrize(("target", "count"), [(0.05, 59), (0.02, 149), (0.01, 299), (0.005, 598)])
def test_how_many_right_decisions_prove_a_target(target: float, count: int) -> None:
    assert needed(target) == count


def test_at_the_bound_so_few_wrong_ones_would_be_luck_of_one_in_twenty() -> None:
    chances = [binom.cdf(wrong, count, upper_bound(wrong, count)) for wrong, count in ((0, 73), (1, 100), (5, 50))]
    assert chances == pytest.approx([0.05, 0.05, 0.05])


@pytest.mark.parametrize("case", [(0, 0), (3, 3), (0, -1)])
def test_without_evidence_nothing_is_bounded(case: tuple[int, int]) -> None:
    assert upper_bound(*case) == 1.0


def test_half_wrong_money_weighs_half() -> None:
    whole, half = money_bound([1.0], 100), money_bound([0.5], 100)
    assert whole == pytest.approx(upper_bound(1, 100))
    assert half == pytest.approx((upper_bound(0, 100) + upper_bound(1, 100)) / 2)


def test_a_scope_opens_when_the_target_is_proved_and_not_one_decision_earlier() -> None:
    phases = [standing([RIGHT] * count, Target()).phase for count in (298, 299)]
    assert phases == [Phase.ASSIST, Phase.AUTO]


def test_a_scope_says_how_many_decisions_are_missing() -> None:
    assert (standing([RIGHT] * 200, Target()).missing, standing([RIGHT] * 199 + [WRONG], Target()).missing) == (99, 273)


def test_a_breach_closes_the_scope_and_evidence_starts_anew() -> None:
    stands = standing([RIGHT] * 1000 + [BREACH] + [RIGHT] * 10, Target())
    assert (stands.phase, stands.verified, stands.missing) == (Phase.ASSIST, 10, 289)


def test_another_policy_must_be_proved_again() -> None:
    old = Verified(amount=Decimal(1), fingerprint="old")
    assert standing([old] * 500, Target(), "new").phase is Phase.ASSIST
    assert standing([old] * 500, Target(), "old").phase is Phase.AUTO


def test_a_random_share_stays_with_a_person() -> None:
    drawn = [audited(f"S-1|{nth}|INV", Target(audit=0.1, seed="2026")) for nth in range(10_000)]
    assert 900 < sum(drawn) < 1100
    assert drawn == [audited(f"S-1|{nth}|INV", Target(audit=0.1, seed="2026")) for nth in range(10_000)]
