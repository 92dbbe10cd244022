"""For good invoices, UBL and CII: one thing is broken, and exactly the rules that mind it are told.

A rule that cannot be broken without others (a total that is wrong is missed in the next sum) names them as well.
"""

import re
from pathlib import Path

import pytest

from formats import cen_cii, rules_en16931
from tests.formats import norm

GOOD = {"ubl": norm.UBL, "cii": norm.CII}
MUTATIONS = [
    tuple(cell.replace("\\n", "\n") for cell in row.split("\t"))
    for row in Path(__file__).with_name("mutations.tsv").read_text(encoding="utf-8").splitlines()
    if not row.startswith("#")
]
CATEGORIES = {"Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G"}
VAT_IDS = re.compile(
    "<cac:PartyTaxScheme>.*?</cac:PartyTaxScheme>|<ram:SpecifiedTaxRegistration>.*?</ram:SpecifiedTaxRegistration>",
    re.DOTALL,
)
pytestmark = pytest.mark.skipif(cen_cii.CEN_UBL.path is None, reason="the extra einvoice is not installed")


def fired(text: str) -> set[str]:
    return {finding.rule.id for finding in rules_en16931.check(text.encode(), "i.xml")}


def changed(text: str, before: str, after: str) -> str:
    """The text with the first occurrence changed, or with the first element of a name cut out."""
    if before.startswith("-"):
        name = re.escape(before[1:])
        found = re.search(rf"<{name}(?: [^>]*)?>.*?</{name}>", text, re.DOTALL)
        assert found, before
        before = found[0]
    assert before in text, before
    return text.replace(before, after, 1)


@pytest.mark.parametrize("text", [norm.UBL, norm.CII, norm.credit_note(norm.UBL)], ids=["ubl", "cii", "credit note"])
def test_the_good_invoices_break_no_rule(text: str) -> None:
    assert set() == fired(text)


@pytest.mark.parametrize(
    ("syntax", "rules", "before", "after"),
    MUTATIONS,
    ids=[f"{syntax} {rules.split()[0]} {number}" for number, (syntax, rules, *_) in enumerate(MUTATIONS)],
)
def test_one_thing_that_is_broken_fires_its_rules_and_no_other(
    syntax: str, rules: str, before: str, after: str
) -> None:
    assert set(rules.split()) == fired(changed(GOOD[syntax], before, after))


@pytest.mark.parametrize("code", CATEGORIES)
@pytest.mark.parametrize("syntax", GOOD)
def test_each_vat_category_without_tax_has_its_rules(syntax: str, code: str) -> None:
    good = norm.of_category(GOOD[syntax], code)
    name = CATEGORIES[code]
    assert set() == fired(good)
    broken = VAT_IDS.sub("", good)
    for before, after in norm.wrong_category(syntax, code):
        broken = changed(broken, before, after)
    expected = {f"BR-{name}-{number}" for number in ("02", "05", "08", "09", "10")}
    assert expected == {rule for rule in fired(broken) if rule.startswith(f"BR-{name}-")}


def test_a_corrected_invoice_of_xrechnung_names_the_one_it_corrects() -> None:
    reference = "<ram:InvoiceReferencedDocument>.*?</ram:InvoiceReferencedDocument>"
    billing = "<cac:BillingReference>.*?</cac:BillingReference>"
    corrected = [
        re.sub(f"{reference}|{billing}", "", text.replace(">380<", ">384<"), flags=re.DOTALL) for text in GOOD.values()
    ]
    assert [{"BR-DE-26"}, {"BR-DE-26"}] == [fired(text) for text in corrected]


def test_sub_lines_of_the_extension_add_up_and_have_their_vat() -> None:
    rate = (
        "<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
    )
    sub = (
        '<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>'
        '<cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount><cac:Item><cbc:Name>Part</cbc:Name>'
        "{tax}</cac:Item></cac:SubInvoiceLine></cac:InvoiceLine>"
    )
    taxed = f"{rate}</cac:TaxScheme></cac:ClassifiedTaxCategory>"
    found = [
        {
            rule
            for rule in fired(norm.UBL.replace("</cac:InvoiceLine>", sub.format(net=net, tax=tax), 1))
            if "DEX" in rule
        }
        for net, tax in (("190.00", taxed), ("189.00", taxed), ("190.00", ""))
    ]
    assert [set(), {"BR-DEX-02"}, {"BR-DEX-03"}] == found


def test_the_rules_of_xrechnung_are_for_what_claims_to_be_one() -> None:
    plain = norm.UBL.replace(norm.CLAIM, "urn:cen.eu:en16931:2017").replace(
        "<cbc:BuyerReference>04011000-12345-03</cbc:BuyerReference>", ""
    )
    assert set() == fired(plain)
