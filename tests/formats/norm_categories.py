"""The good invoices of ``norm`` with all that is taxed in one VAT category; the seller has a registration, no agent."""

import re

from tests.formats.norm import CLAIM

FAMILIES = {"S": "S", "Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O", "L": "AF", "M": "AG", "B": "B"}
RATES = {"S": "7", "L": "7", "M": "7", "B": "7", "O": ""}  # the others have 0
REASONED = ("E", "AE", "K", "G", "O")
TAXES = {"7": ("16.10", "246.10", "46.10")}  # tax, total with tax, prepaid
NO_TAXES = ("0.00", "230.00", "30.00")
UBL_REASON = "<cbc:TaxExemptionReason>Exempt</cbc:TaxExemptionReason>"
CII_REASON = "<ram:ExemptionReason>Exempt</ram:ExemptionReason>"
AGENT = re.compile(
    "<cac:TaxRepresentativeParty>.*?</cac:TaxRepresentativeParty>"
    "|<ram:SellerTaxRepresentativeTradeParty>.*?</ram:SellerTaxRepresentativeTradeParty>",
    re.DOTALL,
)
VAT_IDS = re.compile(
    "<cac:PartyTaxScheme>.*?</cac:PartyTaxScheme>|<ram:SpecifiedTaxRegistration>.*?</ram:SpecifiedTaxRegistration>",
    re.DOTALL,
)
UBL_REGISTERED = "<cbc:RegistrationName>Seller GmbH</cbc:RegistrationName>"
CII_REGISTERED = "<ram:Name>Seller GmbH</ram:Name>"
CII_ORGANIZATION = "<ram:SpecifiedLegalOrganization><ram:ID>HRB 1</ram:ID></ram:SpecifiedLegalOrganization>"


def rate_of(code: str) -> str:
    """The rate of the invoice's items, "" where there is none."""
    return RATES.get(code, "0")


def whole(text: str, code: str) -> str:
    """A good invoice of ``norm`` with every line, allowance and charge in a VAT category."""
    text = AGENT.sub("", text)
    text = text.replace(UBL_REGISTERED, f"{UBL_REGISTERED}<cbc:CompanyID>HRB 1</cbc:CompanyID>")
    text = text.replace(CII_REGISTERED, f"{CII_REGISTERED}{CII_ORGANIZATION}")
    text = _one_breakdown(text, code)
    text = _totals(_categories(text, code), *TAXES.get(rate_of(code), NO_TAXES))
    if code == "O":
        text = VAT_IDS.sub("", text).replace(CLAIM, "urn:cen.eu:en16931:2017")  # XRechnung wants a rate (BR-DE-14)
    return re.sub(">(?:DE|NL|AT)<", ">IT<", text) if code == "B" else text


def _one_breakdown(text: str, code: str) -> str:
    """Without the breakdown of 7 %, and with the reason of what is not taxed."""
    for cut in (
        r'<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">50\.00.*?</cac:TaxSubtotal>',
        r"<ram:ApplicableTradeTax><ram:CalculatedAmount>3\.50.*?</ram:ApplicableTradeTax>",
    ):
        text = re.sub(cut, "", text, flags=re.DOTALL)
    if code in REASONED:
        text = re.sub(r"(<cac:TaxSubtotal>.*?</cbc:Percent>)", rf"\1{UBL_REASON}", text, flags=re.DOTALL)
        text = text.replace("<ram:BasisAmount>", f"{CII_REASON}<ram:BasisAmount>")
    return text


def _categories(text: str, code: str) -> str:
    rate = rate_of(code)
    ubl, cii = "<cbc:Percent>{}</cbc:Percent>", "<ram:RateApplicablePercent>{}</ram:RateApplicablePercent>"
    text = re.sub(
        rf"<cbc:ID>S</cbc:ID>{ubl.format('[0-9]+')}", f"<cbc:ID>{code}</cbc:ID>" + (rate and ubl.format(rate)), text
    )
    return re.sub(
        rf">S</ram:CategoryCode>\n{cii.format('[0-9]+')}",
        f">{code}</ram:CategoryCode>" + (rate and cii.format(rate)),
        text,
    )


def _totals(text: str, tax: str, total: str, prepaid: str) -> str:
    for before, after in (("180.00", "230.00"), ("34.20", tax), ("37.70", tax), ("67.70", prepaid), ("267.70", total)):
        text = text.replace(f">{before}<", f">{after}<")
    return text
