"""Work in processes: order, a crash and a time limit that concern one item only."""

from functools import partial

from exchange.crew import Crew, Failed

CRASH = "__import__('os')._exit(9)"
HANG = "__import__('time').sleep(600)"
CALCULATE = partial(partial, eval)


def test_results_come_in_the_order_of_the_items() -> None:
    results = Crew(CALCULATE, 2, seconds=60).map(["__import__('time').sleep(0.2) or 1", "2", "3", "4", "5"])
    assert [1, 2, 3, 4, 5] == list(results)


def test_a_crash_and_a_hang_fail_alone() -> None:
    results = list(Crew(CALCULATE, 2, seconds=1).map([CRASH, "1", HANG, "2"]))
    assert [Failed("its process ended with 9"), 1, Failed("it took longer than 1 seconds"), 2] == results
