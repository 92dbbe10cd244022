from decimal import Decimal

import pytest
from scipy.stats import binom

from payables.autonomy import Verified, audited, money_bound, needed, standing, units, upper_bound
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


def test_small_amounts_prove_little_about_the_money_of_a_large_one() -> None:
    large = Verified(amount=Decimal(10_000))
    mixed = standing([*[RIGHT] * 400, large], Target())
    assert (mixed.phase, mixed.count_bound < 0.01, mixed.money_bound > 0.4) == (Phase.ASSIST, True, True)
    assert (units([RIGHT] * 7), units([*[RIGHT] * 400, large]), units([])) == (7, 5, 0)


def test_the_bound_on_money_holds_for_decisions_that_are_verified_one_by_one() -> None:
    """Wrong money is 2 %, all in rare large invoices: in one sample of twenty at most is the bound below that."""
    large, small = Verified(amount=Decimal(200), wrong_amount=Decimal(200)), Verified(amount=Decimal(99))
    misled = sum(
        binom.pmf(wrong, 300, 0.01)
        for wrong in range(20)
        if standing([large] * wrong + [small] * (300 - wrong), Target(), up_to=Decimal(200)).money_bound < 0.02
    )
    assert misled <= 0.05


def test_a_scope_without_a_large_invoice_so_far_proves_nothing_of_the_amount_it_goes_up_to() -> None:
    bounds = [standing([RIGHT] * 300, Target(), up_to=limit).money_bound for limit in (Decimal(100), Decimal(10_000))]
    assert (bounds[0] < 0.01, bounds[1] > 0.6) == (True, True)


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
