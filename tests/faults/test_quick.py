"""A dozen faults through real processes, counted at the other side; `make faults` runs all of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.killpoints import Point
from tests.faults.catalogue import FAULTS, KILLS, Fault, kill_points
from tests.faults.stage import Stage, open_stage
from tests.faults.trials import Result

ROOT = Path(__file__).parents[2]
QUICK = [fault for fault in (*FAULTS, *kill_points()) if fault.quick and fault.trial and not fault.only]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("faults")) as opened:
        opened.short = True
        yield opened


@pytest.mark.parametrize("fault", QUICK, ids=lambda fault: fault.name)
def test_nothing_is_lost_nothing_doubled_and_nothing_half_visible(stage: Stage, fault: Fault) -> None:
    assert fault.trial is not None
    result = fault.trial(stage)
    assert (True, [], [], set()) == (result.happened, result.lost, result.duplicated, result.half_visible)


def test_every_kill_point_has_a_trial() -> None:
    assert {*Point} == {*KILLS}


def test_every_kill_point_stands_somewhere_in_the_code() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "exchange").rglob("*.py")]
    names = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert set() == {point.name for point in Point} - names


def test_every_fault_of_the_list_has_a_trial_or_a_reason() -> None:
    told = {int(fault.number) for fault in FAULTS if bool(fault.trial) != bool(fault.reason)}
    assert {*range(1, 71)} - {31} == told


def test_a_fault_that_never_struck_is_no_success() -> None:
    assert not Result(happened=False).clean
