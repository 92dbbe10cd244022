"""docs/certification.md names every scenario, and each by a test that there is and that runs both ways."""

import re
from pathlib import Path

from tests.stories import test_certification

PAGE = Path(__file__).parents[2] / "docs" / "certification.md"
ROW = re.compile(r"\| ([\d., ]+) \| .* \| yes \| yes.* \| `(\w+)` \|")
CAPTURE = {str(number) for number in range(1, 11)}
ERP = {f"4.{number}" for number in range(1, 10)} | {"5.1"}


def rows() -> list[tuple[set[str], str]]:
    """The scenarios and the test of each row."""
    return [(set(scenarios.split(", ")), test) for scenarios, test in ROW.findall(PAGE.read_text(encoding="utf-8"))]


def test_every_scenario_is_proven() -> None:
    assert CAPTURE | ERP == set().union(*(scenarios for scenarios, _ in rows()))


def test_the_page_names_the_tests_that_there_are() -> None:
    there = [name for name in vars(test_certification) if name.startswith("test_")]
    assert sorted(there) == sorted(test for _, test in rows())


def test_a_tests_name_says_the_scenarios_of_its_row() -> None:
    for scenarios, test in rows():
        said = re.match(r"test_scenarios?_((?:\d+_|and_)+)", test)
        assert said
        assert sorted("".join(scenarios).replace(".", "")) == sorted(re.sub(r"\D", "", said[1])), test


def test_each_test_runs_by_rest_and_by_file() -> None:
    marker = test_certification.day._fixture_function_marker
    assert ["rest", "files"] == list(marker.params or ())
