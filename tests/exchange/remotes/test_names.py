"""Names from partners are not trusted."""

import pytest

from exchange.remotes import Entry


@pytest.mark.parametrize(
    "name", ["a.csv", "Invoice 12 (copy).pdf", "Rechnung-Müller.xml", "請求書.pdf", ".part", "a..b"]
)
def test_a_plain_name_is_safe(name: str) -> None:
    assert Entry(name, 1).safe


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../a", "a/b", "a\\b", "a\0b", "a\nb", "a\x7f", "invoice\u202egpj.exe", "zero\u200bwidth",
        "a" * 256, "é" * 128, "e\u0301.csv", "\udcff.csv", "line\u2028end", "\ue000",
    ],
)  # fmt: skip
def test_a_name_that_means_different_things_to_different_systems_is_not(name: str) -> None:
    assert not Entry(name, 1).safe


def test_dot_names_are_in_the_making() -> None:
    assert [True, False] == [Entry(".a.part", 1).hidden, Entry("a.part", 1).hidden]
