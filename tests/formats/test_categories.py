"""For each VAT category, UBL and CII: one thing is broken, and exactly the rules that mind it are told."""

from pathlib import Path

import pytest

from formats import cen_cii
from tests.formats import norm
from tests.formats.norm_categories import FAMILIES, NO_TAXES, TAXES, rate_of, whole
from tests.formats.test_mutations import changed, fired

GOOD = {"ubl": norm.UBL, "cii": norm.CII}
MUTATIONS = [
    (syntax, code, rules, before.replace("\\n", "\n"), after.replace("\\n", "\n"))
    for row in Path(__file__).with_name("categories.tsv").read_text(encoding="utf-8").splitlines()
    if not row.startswith("#")
    for syntax, codes, rules, before, after in [row.split("\t")]
    for code in codes.split()
]
pytestmark = pytest.mark.skipif(cen_cii.CEN_UBL.path is None, reason="the extra einvoice is not installed")


def filled(text: str, code: str) -> str:
    rate = rate_of(code)
    for name, value in (("code", code), ("rate", rate), ("tax", TAXES.get(rate, NO_TAXES)[0])):
        text = text.replace(f"{{{name}}}", value)
    return text


@pytest.mark.parametrize("code", FAMILIES)
@pytest.mark.parametrize("syntax", GOOD)
def test_a_good_invoice_of_one_vat_category_breaks_no_rule(syntax: str, code: str) -> None:
    assert set() == fired(whole(GOOD[syntax], code))


@pytest.mark.parametrize(
    ("syntax", "code", "rules", "before", "after"),
    MUTATIONS,
    ids=[f"{syntax} {code} {rules.split()[0]} {number}" for number, (syntax, code, rules, *_) in enumerate(MUTATIONS)],
)
def test_each_vat_category_has_the_rules_of_its_family(
    syntax: str, code: str, rules: str, before: str, after: str
) -> None:
    expected = rules.replace("*", FAMILIES[code]).split()
    assert set(expected) == fired(changed(whole(GOOD[syntax], code), filled(before, code), filled(after, code)))
