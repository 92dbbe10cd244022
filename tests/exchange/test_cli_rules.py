"""The catalogue of rules reads evenly: a title is a sentence without its full stop, a remedy tells what to do."""

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
