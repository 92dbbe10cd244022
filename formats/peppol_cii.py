"""Peppol BIS Billing 3.0 for CII: OpenPeppol's rules (PEPPOL-EN16931, PEPPOL-COMMON), one line each.

OpenPeppol publishes these rules as Schematron but no package carries them for CII, so they are stated here over the
same contexts: an XPath 1.0 test, or a function where XPath cannot count. National rules are not among them.
"""

from typing import Final

from formats.peppol_tests import (
    abn,
    allowance,
    codice_fiscale,
    danish,
    gln,
    ipa,
    line_net,
    mod11,
    mod97,
    partita_iva,
    swedish,
)
from formats.xpath_rules import Check, Test, one_of


def schemes(*contexts: str, scheme: str) -> str:
    """Identifiers of one scheme, under any of the elements."""
    names = " or ".join(f"self::ram:{context}" for context in contexts)
    return f"*[@schemeID = '{scheme}'][{names}]"


def _identifier(number: str, scheme: str, test: Test, text: str, flag: str = "fatal") -> Check:
    return Check(f"PEPPOL-COMMON-R{number}", schemes("URIID", "ID", "GlobalID", scheme=scheme), test, text, flag)


def _rule(number: str, context: str, test: Test, text: str) -> Check:
    return Check(f"PEPPOL-EN16931-{number}", context, test, text)


PROCESS = "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
GUIDELINE = "normalize-space(ram:GuidelineSpecifiedDocumentContextParameter/ram:ID)"
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
SETTLEMENT = "ram:ApplicableHeaderTradeSettlement"
TOTALS = "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount"
OWN, OTHER = (
    f"{TOTALS}[@currencyID = ../../ram:InvoiceCurrencyCode]",
    f"{TOTALS}[@currencyID = ../../ram:TaxCurrencyCode]",
)
ALLOWANCE = "ram:SpecifiedTradeAllowanceCharge"
INDICATOR = "normalize-space(ram:ChargeIndicator/udt:Indicator)"
LINE = "ram:IncludedSupplyChainTradeLineItem"
LINE_DOCUMENT = "ram:SpecifiedLineTradeSettlement/ram:AdditionalReferencedDocument"
PERIOD = "ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod"
HEADER_PERIOD = f"../../../../{SETTLEMENT}/ram:BillingSpecifiedPeriod"
PRICES = "self::ram:NetPriceProductTradePrice or self::ram:GrossPriceProductTradePrice"
PARTY_ADDRESS = "*[self::ram:BuyerTradeParty or self::ram:SellerTradeParty]/ram:URIUniversalCommunication/ram:URIID"
DIRECT_DEBIT = "normalize-space(ram:TypeCode) = '49' or normalize-space(ram:TypeCode) = '59'"
MIME = (
    "application/pdf image/png image/jpeg text/csv application/vnd.oasis.opendocument.spreadsheet "
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)
TYPES = "71 80 81 82 83 84 102 218 219 331 380 381 382 383 386 388 393 395 396 532 553 575 623 780 817 870 875 876 877"
ALLOWANCE_CODES = "41 42 60 62 63 64 65 66 67 68 70 71 88 95 100 102 103 104 105"
ADDRESS_SCHEMES = (
    "0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177 0183 0184 0188 0190 "
    "0191 0192 0193 0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205 0208 0209 0210 0211 0212 0213 0215 0216 "
    "0217 0218 0221 0225 0230 0235 0240 0244 9901 9906 9907 9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 9925 "
    "9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 "
    "9948 9949 9950 9951 9952 9953 9957 9959 AN AQ AS AU EM"
)

CHECKS: Final[tuple[Check, ...]] = (
    _rule("R001", "rsm:ExchangedDocumentContext", PROCESS, "The business process (BT-23) is missing."),
    _rule(
        "R007",
        "rsm:ExchangedDocumentContext",
        f"re:test(normalize-space({PROCESS}), 'urn:fdc:peppol\\.eu:2017:poacc:billing:[0-9]{{2}}:1\\.0')",
        "The business process (BT-23) is not of the form urn:fdc:peppol.eu:2017:poacc:billing:NN:1.0.",
    ),
    _rule(
        "R004",
        "rsm:ExchangedDocumentContext",
        f"starts-with({GUIDELINE}, '{PEPPOL}')",
        "The specification identifier (BT-24) is not that of Peppol BIS Billing 3.0.",
    ),
    _rule(
        "R003",
        "ram:ApplicableHeaderTradeAgreement",
        "ram:BuyerReference or ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
        "Neither a buyer reference (BT-10) nor a purchase order (BT-13) is given.",
    ),
    _rule(
        "R006",
        "ram:ApplicableHeaderTradeAgreement",
        "count(ram:AdditionalReferencedDocument[ram:TypeCode = '130']) <= 1",
        "There is more than one invoiced object (BT-18).",
    ),
    _rule(
        "R080",
        "ram:ApplicableHeaderTradeAgreement",
        "count(ram:AdditionalReferencedDocument[ram:TypeCode = '50']) <= 1",
        "There is more than one project reference (BT-11).",
    ),
    _rule(
        "R005",
        SETTLEMENT,
        "not(ram:TaxCurrencyCode) or normalize-space(ram:TaxCurrencyCode) != normalize-space(ram:InvoiceCurrencyCode)",
        "The VAT accounting currency (BT-6) is the invoice's own currency (BT-5).",
    ),
    _rule("R053", SETTLEMENT, f"count({OWN}) = 1", "There is not exactly one tax total in the invoice's currency."),
    _rule(
        "R054",
        SETTLEMENT,
        f"count({TOTALS}[@currencyID != ../../ram:InvoiceCurrencyCode]) = number(boolean(ram:TaxCurrencyCode))",
        "There is not exactly one tax total in the accounting currency (BT-111) where such a currency (BT-6) is given.",
    ),
    _rule(
        "R055",
        SETTLEMENT,
        f"not(ram:TaxCurrencyCode) or ({OTHER} < 0 and {OWN} < 0) or ({OTHER} >= 0 and {OWN} >= 0)",
        "The tax totals in the two currencies (BT-110, BT-111) differ in sign.",
    ),
    _rule(
        "R002",
        "rsm:ExchangedDocument",
        "count(ram:IncludedNote) <= 1 and not(ram:IncludedNote/ram:SubjectCode)",
        "There is more than one note (BT-22), or it has a subject code.",
    ),
    _rule(
        "R010",
        "ram:BuyerTradeParty",
        "ram:URIUniversalCommunication/ram:URIID",
        "The buyer's electronic address (BT-49) is missing.",
    ),
    _rule(
        "R020",
        "ram:SellerTradeParty",
        "ram:URIUniversalCommunication/ram:URIID",
        "The seller's electronic address (BT-34) is missing.",
    ),
    _rule(
        "R041",
        ALLOWANCE,
        "not(ram:CalculationPercent) or ram:BasisAmount",
        "An allowance or charge has a percentage but no base amount.",
    ),
    _rule(
        "R042",
        ALLOWANCE,
        "not(ram:BasisAmount) or ram:CalculationPercent",
        "An allowance or charge has a base amount but no percentage.",
    ),
    _rule("R040", ALLOWANCE, allowance, "An allowance or charge is not its base amount times its percentage."),
    _rule(
        "R043",
        f"*[self::{ALLOWANCE} or self::ram:AppliedTradeAllowanceCharge]",
        f"{INDICATOR} = 'true' or {INDICATOR} = 'false'",
        "The indicator of an allowance or charge is neither true nor false.",
    ),
    _rule(
        "R061",
        f"ram:SpecifiedTradeSettlementPaymentMeans[{DIRECT_DEBIT}]",
        "../ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID",
        "The mandate reference (BT-89) of a direct debit is missing.",
    ),
    _rule(
        "R110",
        f"{LINE}/{PERIOD}/ram:StartDateTime[{HEADER_PERIOD}/ram:StartDateTime]",
        f"number(udt:DateTimeString) >= number({HEADER_PERIOD}/ram:StartDateTime/udt:DateTimeString)",
        "The period of a line (BT-134) begins before that of the invoice (BT-73).",
    ),
    _rule(
        "R111",
        f"{LINE}/{PERIOD}/ram:EndDateTime[{HEADER_PERIOD}/ram:EndDateTime]",
        f"number(udt:DateTimeString) <= number({HEADER_PERIOD}/ram:EndDateTime/udt:DateTimeString)",
        "The period of a line (BT-135) ends after that of the invoice (BT-74).",
    ),
    _rule(
        "R120", LINE, line_net, "A line's net amount (BT-131) is not quantity times price plus charges less allowances."
    ),
    _rule(
        "R100",
        LINE,
        f"count({LINE_DOCUMENT}[ram:TypeCode = '130']) <= 1",
        "A line has more than one invoiced object (BT-128).",
    ),
    _rule(
        "R101",
        LINE,
        f"not({LINE_DOCUMENT}) or {LINE_DOCUMENT}/ram:TypeCode = '130'",
        "A line refers to a document that is no invoiced object (BT-128).",
    ),
    _rule(
        "R121",
        f"*[{PRICES}]",
        "not(ram:BasisQuantity) or number(ram:BasisQuantity) > 0",
        "The base quantity of a price (BT-149) is not above zero.",
    ),
    _rule(
        "R130",
        f"*[{PRICES}]/ram:BasisQuantity[@unitCode]",
        "@unitCode = ../../../ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode",
        "The unit of the base quantity (BT-150) is not that of the invoiced quantity (BT-130).",
    ),
    _identifier("040", "0088", gln, "A GLN has no valid check digit."),
    _identifier("041", "0192", mod11, "A Norwegian organisation number is not valid."),
    _identifier("042", "0184", danish, "A Danish CVR number is not DK and eight digits."),
    _identifier("043", "0208", mod97, "A Belgian enterprise number is not valid."),
    _identifier("044", "0201", ipa, "An Italian IPA code is not six letters or digits.", "warning"),
    _identifier("045", "0210", codice_fiscale, "An Italian tax code is not of its form.", "warning"),
    Check(
        "PEPPOL-COMMON-R046",
        schemes("URIID", scheme="9907"),
        codice_fiscale,
        "An Italian tax code is not of its form.",
        "warning",
    ),
    _identifier("047", "0211", partita_iva, "An Italian VAT number is not valid.", "warning"),
    _identifier("049", "0007", swedish, "A Swedish organisation number is not valid."),
    _identifier("050", "0151", abn, "An Australian business number is not valid."),
    _rule(
        "CL001",
        "ram:AttachmentBinaryObject[@mimeCode]",
        one_of("@mimeCode", MIME),
        "An attachment is of a kind that Peppol does not carry (BT-125).",
    ),
    _rule(
        "CL002",
        f"{ALLOWANCE}[{INDICATOR} = 'false']/ram:ReasonCode",
        one_of(".", ALLOWANCE_CODES),
        "The reason code of an allowance (BT-98, BT-140) is not of Peppol's part of UNTDID 5189.",
    ),
    _rule(
        "P0100",
        "rsm:ExchangedDocument/ram:TypeCode",
        f"not(contains(../../rsm:ExchangedDocumentContext/{PROCESS}, ':billing:01:')) or ({one_of('.', TYPES)})",
        "The invoice type code (BT-3) is none of those that the billing process allows.",
    ),
    _rule(
        "F001",
        "udt:DateTimeString",
        "normalize-space(@format) = '102' and re:test(normalize-space(.), '^20[0-9]{6}$')",
        "A date is not of the form YYYYMMDD.",
    ),
    _rule(
        "CL008",
        PARTY_ADDRESS,
        one_of("@schemeID", ADDRESS_SCHEMES),
        "The scheme of an electronic address (BT-34-1, BT-49-1) is not on Peppol's list.",
    ),
)
