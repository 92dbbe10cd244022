"""The harness can see: with any one guard switched off, the trial that is about it fails."""

from collections.abc import Iterator

import pytest

from tests.faults.catalogue import GUARDS
from tests.faults.guards import OFF
from tests.faults.stage import Stage, open_stage
from tests.faults.trials import without


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("guards")) as opened:
        yield opened


@pytest.mark.parametrize("guard", ["look-up", "temporary name"])
def test_a_guard_that_is_off_is_seen(stage: Stage, guard: str) -> None:
    assert not without(guard, GUARDS[guard])(stage).clean


def test_every_guard_can_be_switched_off() -> None:
    assert {*GUARDS} == {*OFF}
