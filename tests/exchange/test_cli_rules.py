"""The catalogue of rules reads evenly: a title is a sentence without its full stop, a remedy tells what to do."""

import re
from pathlib import Path

import pytest

from exchange.batches.catalogue import RULES
from formats.findings import Rule

EVERY_RULE = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


@EVERY_RULE
def test_a_title_is_a_sentence_without_its_full_stop(rule: Rule) -> None:
    assert (True, False) == (rule.title[0].isupper(), rule.title.endswith((".", "!", "?", ":")))


@EVERY_RULE
def test_a_remedy_is_an_instruction_that_ends_with_a_full_stop(rule: Rule) -> None:
    first, *more = rule.remedy.split()
    assert (True, True) == (first.isalpha() and first.istitle() and bool(more), rule.remedy.endswith("."))


@EVERY_RULE
def test_no_remedy_leaves_open_whether_anything_is_to_be_done(rule: Rule) -> None:
    assert not rule.remedy.startswith(("None", "Nothing", "See", "Only", "No "))


def test_what_others_call_it_names_only_rules_that_there_are() -> None:
    page = (Path(__file__).parents[2] / "docs/reasons.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+|en16931)`", page))
    assert set() == named - set(RULES)
    assert len(named) > 40
