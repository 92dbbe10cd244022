"""XRechnung: the national rules of Germany (BR-DE, BR-DEX) over UBL and CII, one line each.

KoSIT publishes them as Schematron, but no package carries them, so they are stated here over the same contexts. Rules
that KoSIT only warns or informs of are warnings.
"""

from typing import Final

from formats.xpath_rules import Check, Test, one_of
from formats.xrechnung_tests import (
    file_names_differ,
    iban,
    mail_address,
    sub_lines_add_up,
    terms_of_discount,
    three_digits,
)

WARNING = "warning"
VAT = "S Z E AE K G L M"
TYPES = "326 380 384 389 381 875 876 877"
CLAIM = r"^urn:cen\.eu:en16931:2017#(compliant|conformant)#urn:xeinkauf\.de:kosit:(extension:)?xrechnung_[0-9]+\.[0-9]+"

# UBL
DOC = "*[self::ubl:Invoice or self::cn:CreditNote]"
SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"
DELIVERY = "cac:Delivery/cac:DeliveryLocation/cac:Address"
MANDATE = "cac:PaymentMeans/cac:PaymentMandate"
CODES = ".//cac:TaxCategory/cbc:ID | .//cac:ClassifiedTaxCategory/cbc:ID"
UBL_LINES = "*[self::cac:InvoiceLine or self::cac:CreditNoteLine]"
SUB_LINE = "cac:SubInvoiceLine"

# CII
AGREEMENT = "ram:ApplicableHeaderTradeAgreement"
SETTLEMENT = "ram:ApplicableHeaderTradeSettlement"
CII_SELLER = f"{AGREEMENT}/ram:SellerTradeParty"
CII_CONTACT = f"{CII_SELLER}/ram:DefinedTradeContact"
CII_BUYER = f"{AGREEMENT}/ram:BuyerTradeParty/ram:PostalTradeAddress"
SHIP_TO = "ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty/ram:PostalTradeAddress"
MEANS = "ram:SpecifiedTradeSettlementPaymentMeans"
PAYEE, PAYER = "ram:PayeePartyCreditorFinancialAccount", "ram:PayerPartyDebtorFinancialAccount"
CARD = "ram:ApplicableTradeSettlementFinancialCard"
CREDITOR, CII_MANDATE = "ram:CreditorReferenceID", "ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID"
DEBIT = f"({PAYER} or ../{CREDITOR} or ../{CII_MANDATE})"
CII_CODES = ".//ram:CategoryTradeTax/ram:CategoryCode | .//ram:ApplicableTradeTax/ram:CategoryCode"


def _given(path: str) -> str:
    return f"{path}[normalize-space(.) != '']"


def _paid(code: str, codes: str, context: str = "cac:PaymentMeans") -> str:
    return f"{context}[{one_of(code, codes)}]"


def _rule(rule: str, context: str, test: Test, text: str, flag: str = "fatal") -> Check:
    return Check(f"BR-DE{rule}", context, test, text, flag)


def _means(*rules: tuple[str, str, str, str]) -> tuple[Check, ...]:
    """What a means of payment brings along, and what it excludes, in UBL and in CII."""
    ubl = {"BG-17": "cac:PayeeFinancialAccount", "BG-18": "cac:CardAccount", "BG-19": "cac:PaymentMandate"}
    cii = {"BG-17": PAYEE, "BG-18": CARD, "BG-19": DEBIT}
    made = []
    for number, codes, group, name in rules:
        others = [other for other in ubl if other != group]
        for groups, code, context in ((ubl, "cbc:PaymentMeansCode", "cac:PaymentMeans"), (cii, "ram:TypeCode", MEANS)):
            place = _paid(code, codes, context)
            made.append(
                _rule(f"-{number}-a", place, groups[group], f"{name} ({group}) must be given for codes {codes}.")
            )
            none = " and ".join(f"not({groups[other]})" for other in others)
            text = f"{' and '.join(others)} must not be given for the payment means codes {codes}."
            made.append(_rule(f"-{number}-b", place, none, text))
    return tuple(made)


MEANS_OF_PAYMENT = _means(
    ("23", "30 58", "BG-17", "The credit transfer"),
    ("24", "48 54 55", "BG-18", "The payment card"),
    ("25", "59", "BG-19", "The direct debit"),
)

UBL: Final[tuple[Check, ...]] = (
    _rule("-1", DOC, "cac:PaymentMeans", "Payment instructions (BG-16) must be given."),
    _rule("-2", SELLER, "cac:Contact", "The seller's contact (BG-6) must be given."),
    _rule("-3", f"{SELLER}/cac:PostalAddress", _given("cbc:CityName"), "The seller's city (BT-37) must be given."),
    _rule(
        "-4", f"{SELLER}/cac:PostalAddress", _given("cbc:PostalZone"), "The seller's post code (BT-38) must be given."
    ),
    _rule("-5", f"{SELLER}/cac:Contact", _given("cbc:Name"), "The seller's contact point (BT-41) must be given."),
    _rule("-6", f"{SELLER}/cac:Contact", _given("cbc:Telephone"), "The contact's telephone (BT-42) must be given."),
    _rule("-7", f"{SELLER}/cac:Contact", _given("cbc:ElectronicMail"), "The contact's e-mail (BT-43) must be given."),
    _rule("-8", f"{BUYER}/cac:PostalAddress", _given("cbc:CityName"), "The buyer's city (BT-52) must be given."),
    _rule("-9", f"{BUYER}/cac:PostalAddress", _given("cbc:PostalZone"), "The buyer's post code (BT-53) must be given."),
    _rule("-10", DELIVERY, _given("cbc:CityName"), "The city of the delivery address (BT-77) must be given."),
    _rule("-11", DELIVERY, _given("cbc:PostalZone"), "The post code of the delivery address (BT-78) must be given."),
    _rule(
        "-14",
        "cac:TaxTotal/cac:TaxSubtotal",
        _given("cac:TaxCategory/cbc:Percent"),
        "The rate of the VAT category (BT-119) must be given.",
    ),
    _rule("-15", DOC, _given("cbc:BuyerReference"), "The buyer reference (BT-10) must be given."),
    _rule(
        "-16",
        DOC,
        f"not(({CODES})[{one_of('.', VAT)}]) or cac:TaxRepresentativeParty"
        f" or {_given(f'{SELLER}/cac:PartyTaxScheme/cbc:CompanyID')}",
        "With VAT the seller's VAT or tax number (BT-31, BT-32) or tax representative (BG-11) must be given.",
    ),
    _rule(
        "-17",
        DOC,
        one_of("cbc:InvoiceTypeCode | cbc:CreditNoteTypeCode", TYPES),
        f"The type code (BT-3) should be one of {TYPES}.",
        WARNING,
    ),
    _rule(
        "-18", "cac:PaymentTerms/cbc:Note", terms_of_discount, "A discount in the payment terms (BT-20) is malformed."
    ),
    _rule(
        "-19",
        f"{_paid('cbc:PaymentMeansCode', '58')}/cac:PayeeFinancialAccount/cbc:ID",
        iban,
        "With SEPA credit transfer the payee's account (BT-84) should be an IBAN.",
        WARNING,
    ),
    _rule(
        "-20",
        f"{_paid('cbc:PaymentMeansCode', '59')}/cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID",
        iban,
        "With SEPA direct debit the payer's account (BT-91) should be an IBAN.",
        WARNING,
    ),
    _rule(
        "-21",
        DOC,
        f"re:test(normalize-space(cbc:CustomizationID), '{CLAIM}')",
        "The specification identifier (BT-24) should be that of XRechnung.",
        WARNING,
    ),
    _rule("-22", DOC, file_names_differ, "The file names of attachments (BT-125) must differ."),
    _rule(
        "-26",
        f"{DOC}[normalize-space(cbc:InvoiceTypeCode) = '384']",
        "cac:BillingReference/cac:InvoiceDocumentReference",
        "A corrected invoice should name the one it corrects (BG-3).",
        WARNING,
    ),
    _rule("-27", f"{SELLER}/cac:Contact/cbc:Telephone", three_digits, "A telephone should have three digits.", WARNING),
    _rule("-28", f"{SELLER}/cac:Contact/cbc:ElectronicMail", mail_address, "That is no e-mail address.", WARNING),
    _rule(
        "-30",
        f"{DOC}[{MANDATE}]",
        _given("*[self::cac:PayeeParty or self::cac:AccountingSupplierParty]//cbc:ID[@schemeID = 'SEPA']"),
        "With direct debit the creditor's identifier (BT-90) must be given.",
    ),
    _rule(
        "-31",
        MANDATE,
        _given("cac:PayerFinancialAccount/cbc:ID"),
        "With direct debit the payer's account (BT-91) must be given.",
    ),
    _rule(
        "-TMP-32",
        DOC,
        f"cac:Delivery/cbc:ActualDeliveryDate or cac:InvoicePeriod or not({UBL_LINES}[not(cac:InvoicePeriod)])",
        "The date or period of the delivery (BT-72, BG-14, BG-26) should be given.",
        WARNING,
    ),
    _rule(
        "X-02",
        f"*[{SUB_LINE}]",
        sub_lines_add_up,
        "The net amount of a line (BT-131) is the sum of its sub-lines (BG-DEX-01).",
        WARNING,
    ),
    _rule(
        "X-03",
        SUB_LINE,
        "count(cac:Item/cac:ClassifiedTaxCategory[cac:TaxScheme/cbc:ID = 'VAT']/cbc:ID) = 1",
        "A sub-line (BG-DEX-01) has exactly one VAT category.",
    ),
    *(check for check in MEANS_OF_PAYMENT if "cac:" in check.context),
)

CII: Final[tuple[Check, ...]] = (
    _rule("-1", SETTLEMENT, MEANS, "Payment instructions (BG-16) must be given."),
    _rule("-2", CII_SELLER, "ram:DefinedTradeContact", "The seller's contact (BG-6) must be given."),
    _rule(
        "-3",
        f"{CII_SELLER}/ram:PostalTradeAddress",
        _given("ram:CityName"),
        "The seller's city (BT-37) must be given.",
    ),
    _rule(
        "-4",
        f"{CII_SELLER}/ram:PostalTradeAddress",
        _given("ram:PostcodeCode"),
        "The seller's post code (BT-38) must be given.",
    ),
    _rule(
        "-5",
        CII_CONTACT,
        f"{_given('ram:PersonName')} or {_given('ram:DepartmentName')}",
        "The seller's contact point (BT-41) must be given.",
    ),
    _rule(
        "-6",
        CII_CONTACT,
        _given("ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
        "The contact's telephone (BT-42) must be given.",
    ),
    _rule(
        "-7",
        CII_CONTACT,
        _given("ram:EmailURIUniversalCommunication/ram:URIID"),
        "The contact's e-mail (BT-43) must be given.",
    ),
    _rule("-8", CII_BUYER, _given("ram:CityName"), "The buyer's city (BT-52) must be given."),
    _rule("-9", CII_BUYER, _given("ram:PostcodeCode"), "The buyer's post code (BT-53) must be given."),
    _rule("-10", SHIP_TO, _given("ram:CityName"), "The city of the delivery address (BT-77) must be given."),
    _rule("-11", SHIP_TO, _given("ram:PostcodeCode"), "The post code of the delivery address (BT-78) must be given."),
    _rule(
        "-14",
        f"{SETTLEMENT}/ram:ApplicableTradeTax",
        _given("ram:RateApplicablePercent"),
        "The rate of the VAT category (BT-119) must be given.",
    ),
    _rule("-15", AGREEMENT, _given("ram:BuyerReference"), "The buyer reference (BT-10) must be given."),
    _rule(
        "-16",
        "rsm:SupplyChainTradeTransaction",
        f"not(({CII_CODES})[{one_of('.', VAT)}]) or {AGREEMENT}/ram:SellerTaxRepresentativeTradeParty"
        f" or {_given(f'{CII_SELLER}/ram:SpecifiedTaxRegistration/ram:ID')}",
        "With VAT the seller's VAT or tax number (BT-31, BT-32) or tax representative (BG-11) must be given.",
    ),
    _rule(
        "-17",
        "rsm:ExchangedDocument",
        one_of("ram:TypeCode", TYPES),
        f"The type code (BT-3) should be one of {TYPES}.",
        WARNING,
    ),
    _rule(
        "-18",
        "ram:SpecifiedTradePaymentTerms/ram:Description",
        terms_of_discount,
        "A discount in the payment terms (BT-20) is malformed.",
    ),
    _rule(
        "-19",
        f"{_paid('ram:TypeCode', '58', MEANS)}/{PAYEE}/ram:IBANID",
        iban,
        "With SEPA credit transfer the payee's account (BT-84) should be an IBAN.",
        WARNING,
    ),
    _rule(
        "-20",
        f"{_paid('ram:TypeCode', '59', MEANS)}/{PAYER}/ram:IBANID",
        iban,
        "With SEPA direct debit the payer's account (BT-91) should be an IBAN.",
        WARNING,
    ),
    _rule(
        "-21",
        "ram:GuidelineSpecifiedDocumentContextParameter",
        f"re:test(normalize-space(ram:ID), '{CLAIM}')",
        "The specification identifier (BT-24) should be that of XRechnung.",
        WARNING,
    ),
    _rule("-22", "rsm:CrossIndustryInvoice", file_names_differ, "The file names of attachments (BT-125) must differ."),
    _rule(
        "-26",
        "rsm:CrossIndustryInvoice[normalize-space(rsm:ExchangedDocument/ram:TypeCode) = '384']",
        f"rsm:SupplyChainTradeTransaction/{SETTLEMENT}/ram:InvoiceReferencedDocument",
        "A corrected invoice should name the one it corrects (BG-3).",
        WARNING,
    ),
    _rule(
        "-27",
        f"{CII_CONTACT}/ram:TelephoneUniversalCommunication/ram:CompleteNumber",
        three_digits,
        "A telephone should have three digits.",
        WARNING,
    ),
    _rule(
        "-28",
        f"{CII_CONTACT}/ram:EmailURIUniversalCommunication/ram:URIID",
        mail_address,
        "That is no e-mail address.",
        WARNING,
    ),
    _rule(
        "-30",
        f"{SETTLEMENT}[{MEANS}/{PAYER} or {CII_MANDATE}]",
        _given(CREDITOR),
        "With direct debit the creditor's identifier (BT-90) must be given.",
    ),
    _rule(
        "-31",
        f"{SETTLEMENT}[{CREDITOR} or {CII_MANDATE}]",
        _given(f"{MEANS}/{PAYER}/ram:IBANID"),
        "With direct debit the payer's account (BT-91) must be given.",
    ),
    _rule(
        "-TMP-32",
        "rsm:SupplyChainTradeTransaction",
        "ram:ApplicableHeaderTradeDelivery/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"
        f" or {SETTLEMENT}/ram:BillingSpecifiedPeriod or not(ram:IncludedSupplyChainTradeLineItem["
        "not(ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod)])",
        "The date or period of the delivery (BT-72, BG-14, BG-26) should be given.",
        WARNING,
    ),
    *(check for check in MEANS_OF_PAYMENT if "ram:" in check.context),
)
