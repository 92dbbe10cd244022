"""A good XRechnung in UBL and in CII: two rates, discounts of document and line, a base quantity, something prepaid."""

CLAIM = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def _category(name: str, rate: str) -> str:
    scheme = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    return f"<cac:{name}><cbc:ID>S</cbc:ID><cbc:Percent>{rate}</cbc:Percent>{scheme}</cac:{name}>"


def _ubl_party(name: str, vat: str, more: str = "") -> str:
    return f"""<cac:Party><cbc:EndpointID schemeID="EM">{name}@example.com</cbc:EndpointID>
<cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>
<cac:PostalAddress><cbc:StreetName>Street 1</cbc:StreetName><cbc:CityName>City{name}</cbc:CityName>
<cbc:PostalZone>1{name}</cbc:PostalZone><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country>
</cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>{name} GmbH</cbc:RegistrationName></cac:PartyLegalEntity>
{more}</cac:Party>"""


def _subtotal(basis: str, tax: str, rate: str) -> str:
    return f"""<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">{basis}</cbc:TaxableAmount>
<cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>{_category("TaxCategory", rate)}</cac:TaxSubtotal>"""


def _adjustment(charge: str, code: str, amount: str, rate: str = "19") -> str:
    category = _category("TaxCategory", rate) if rate else ""
    return f"""<cac:AllowanceCharge><cbc:ChargeIndicator>{charge}</cbc:ChargeIndicator>
<cbc:AllowanceChargeReasonCode>{code}</cbc:AllowanceChargeReasonCode>
<cbc:AllowanceChargeReason>Reason{code}</cbc:AllowanceChargeReason>
<cbc:Amount currencyID="EUR">{amount}</cbc:Amount>{category}</cac:AllowanceCharge>"""


def _ubl_line(number: str, quantity: str, net: str, price: str, rate: str, more: str = "") -> str:
    return f"""<cac:InvoiceLine><cbc:ID>{number}</cbc:ID>
<cbc:InvoicedQuantity unitCode="C62">{quantity}</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
<cac:InvoicePeriod><cbc:StartDate>2026-01-0{number}</cbc:StartDate><cbc:EndDate>2026-01-1{number}</cbc:EndDate>
</cac:InvoicePeriod>{more}
<cac:Item><cbc:Name>Item {number}</cbc:Name>{_category("ClassifiedTaxCategory", rate)}
<cac:AdditionalItemProperty><cbc:Name>Colour</cbc:Name><cbc:Value>red{number}</cbc:Value></cac:AdditionalItemProperty>
</cac:Item>{price}</cac:InvoiceLine>"""


CONTACT = """<cac:Contact><cbc:Name>Anna</cbc:Name><cbc:Telephone>+49 30 123</cbc:Telephone>
<cbc:ElectronicMail>anna@example.com</cbc:ElectronicMail></cac:Contact>"""
UBL = f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>{CLAIM}</cbc:CustomizationID><cbc:ProfileID>{PROCESS}</cbc:ProfileID>
<cbc:ID>R-1</cbc:ID><cbc:IssueDate>2026-01-20</cbc:IssueDate><cbc:DueDate>2026-02-20</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cbc:BuyerReference>04011000-12345-03</cbc:BuyerReference>
<cac:InvoicePeriod><cbc:StartDate>2026-01-01</cbc:StartDate><cbc:EndDate>2026-01-31</cbc:EndDate></cac:InvoicePeriod>
<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>R-0</cbc:ID></cac:InvoiceDocumentReference>
</cac:BillingReference>
<cac:AdditionalDocumentReference><cbc:ID>Sheet</cbc:ID><cac:Attachment>
<cbc:EmbeddedDocumentBinaryObject mimeCode="text/csv" filename="a.csv">YQ==</cbc:EmbeddedDocumentBinaryObject>
</cac:Attachment></cac:AdditionalDocumentReference>
<cac:AdditionalDocumentReference><cbc:ID>Plan</cbc:ID><cac:Attachment>
<cbc:EmbeddedDocumentBinaryObject mimeCode="text/csv" filename="b.csv">YQ==</cbc:EmbeddedDocumentBinaryObject>
</cac:Attachment></cac:AdditionalDocumentReference>
<cac:AccountingSupplierParty>{_ubl_party("Seller", "DE123456789", CONTACT)}</cac:AccountingSupplierParty>
<cac:AccountingCustomerParty>{_ubl_party("Buyer", "DE987654321")}</cac:AccountingCustomerParty>
<cac:PayeeParty><cac:PartyName><cbc:Name>Factor</cbc:Name></cac:PartyName></cac:PayeeParty>
<cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>Fiscal</cbc:Name></cac:PartyName>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>AT</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>ATU12345678</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme></cac:TaxRepresentativeParty>
<cac:Delivery><cac:DeliveryLocation><cac:Address><cbc:CityName>Port</cbc:CityName><cbc:PostalZone>20000</cbc:PostalZone>
<cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation>
</cac:Delivery>
<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>
<cac:PayeeFinancialAccount><cbc:ID>DE89370400440532013000</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:PaymentTerms><cbc:Note>#SKONTO#TAGE=14#PROZENT=2.00#
</cbc:Note></cac:PaymentTerms>
{_adjustment("false", "95", "20.00")}{_adjustment("true", "FC", "10.00")}
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">37.70</cbc:TaxAmount>
{_subtotal("180.00", "34.20", "19")}{_subtotal("50.00", "3.50", "7")}</cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">240.00</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="EUR">230.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">267.70</cbc:TaxInclusiveAmount>
<cbc:AllowanceTotalAmount currencyID="EUR">20.00</cbc:AllowanceTotalAmount>
<cbc:ChargeTotalAmount currencyID="EUR">10.00</cbc:ChargeTotalAmount>
<cbc:PrepaidAmount currencyID="EUR">67.70</cbc:PrepaidAmount>
<cbc:PayableAmount currencyID="EUR">200.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
{
    _ubl_line(
        "1",
        "10",
        "190.00",
        '<cac:Price><cbc:PriceAmount currencyID="EUR">20.00</cbc:PriceAmount></cac:Price>',
        "19",
        _adjustment("false", "100", "15.00", "") + _adjustment("true", "ABL", "5.00", ""),
    )
}
{
    _ubl_line(
        "2",
        "100",
        "50.00",
        '<cac:Price><cbc:PriceAmount currencyID="EUR">5.00</cbc:PriceAmount>'
        '<cbc:BaseQuantity unitCode="C62">10</cbc:BaseQuantity></cac:Price>',
        "7",
    )
}
</Invoice>
"""


def credit_note(text: str) -> str:
    """The same as a credit note."""
    for before, after in (
        ("<Invoice xmlns", "<CreditNote xmlns"),
        ("xsd:Invoice-2", "xsd:CreditNote-2"),
        ("</Invoice>", "</CreditNote>"),
        ("InvoiceTypeCode>380", "CreditNoteTypeCode>381"),
        ("/cbc:InvoiceTypeCode", "/cbc:CreditNoteTypeCode"),
        ("InvoiceTypeCode", "CreditNoteTypeCode"),
        ("InvoiceLine", "CreditNoteLine"),
        ("InvoicedQuantity", "CreditedQuantity"),
        ("<cbc:DueDate>2026-02-20</cbc:DueDate>", ""),
    ):
        text = text.replace(before, after)
    return text.replace("CreditNoteCreditNote", "CreditNote")


def _date(name: str, day: str) -> str:
    return f'<ram:{name}><udt:DateTimeString format="102">{day}</udt:DateTimeString></ram:{name}>'


def _cii_tax(name: str, rate: str, amounts: str = "") -> str:
    tax, _, basis = amounts.partition(" ")
    calculated = f"<ram:CalculatedAmount>{tax}</ram:CalculatedAmount>" if tax else ""
    based = f"<ram:BasisAmount>{basis}</ram:BasisAmount>" if basis else ""
    return f"""<ram:{name}>{calculated}<ram:TypeCode>VAT</ram:TypeCode>{based}<ram:CategoryCode>S</ram:CategoryCode>
<ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent></ram:{name}>"""


def _cii_adjustment(charge: str, code: str, amount: str, rate: str = "19") -> str:
    return f"""<ram:SpecifiedTradeAllowanceCharge>
<ram:ChargeIndicator><udt:Indicator>{charge}</udt:Indicator></ram:ChargeIndicator>
<ram:ActualAmount>{amount}</ram:ActualAmount><ram:ReasonCode>{code}</ram:ReasonCode><ram:Reason>Reason{code}</ram:Reason>
{_cii_tax("CategoryTradeTax", rate) if rate else ""}</ram:SpecifiedTradeAllowanceCharge>"""


def _cii_line(number: str, quantity: str, net: str, price: str, rate: str, more: str = "") -> str:
    return f"""<ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:LineID>{number}</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:Name>Item {number}</ram:Name><ram:ApplicableProductCharacteristic>
<ram:Description>Colour</ram:Description><ram:Value>red{number}</ram:Value></ram:ApplicableProductCharacteristic>
</ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>{price}</ram:NetPriceProductTradePrice>
</ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">{quantity}</ram:BilledQuantity>
</ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement>{_cii_tax("ApplicableTradeTax", rate)}
<ram:BillingSpecifiedPeriod>{_date("StartDateTime", f"2026010{number}")}{_date("EndDateTime", f"2026011{number}")}
</ram:BillingSpecifiedPeriod>{more}
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{net}</ram:LineTotalAmount>
</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>"""


def _cii_party(kind: str, name: str, vat: str, contact: str = "") -> str:
    return f"""<ram:{kind}><ram:Name>{name} GmbH</ram:Name>{contact}
<ram:PostalTradeAddress><ram:PostcodeCode>1{name}</ram:PostcodeCode><ram:LineOne>Street 1</ram:LineOne>
<ram:CityName>City{name}</ram:CityName><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
<ram:URIUniversalCommunication><ram:URIID schemeID="EM">{name}@example.com</ram:URIID></ram:URIUniversalCommunication>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{vat}</ram:ID></ram:SpecifiedTaxRegistration></ram:{kind}>"""


CII_CONTACT = """<ram:DefinedTradeContact><ram:PersonName>Anna</ram:PersonName>
<ram:TelephoneUniversalCommunication><ram:CompleteNumber>+49 30 123</ram:CompleteNumber>
</ram:TelephoneUniversalCommunication>
<ram:EmailURIUniversalCommunication><ram:URIID>anna@example.com</ram:URIID></ram:EmailURIUniversalCommunication>
</ram:DefinedTradeContact>"""
CII = f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext>
<ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>{PROCESS}</ram:ID>
</ram:BusinessProcessSpecifiedDocumentContextParameter>
<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{CLAIM}</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>R-1</ram:ID><ram:TypeCode>380</ram:TypeCode>{_date("IssueDateTime", "20260120")}
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
{
    _cii_line(
        "1",
        "10",
        "190.00",
        "<ram:ChargeAmount>20.00</ram:ChargeAmount>",
        "19",
        _cii_adjustment("false", "100", "15.00", "") + _cii_adjustment("true", "ABL", "5.00", ""),
    )
}
{
    _cii_line(
        "2",
        "100",
        "50.00",
        '<ram:ChargeAmount>5.00</ram:ChargeAmount><ram:BasisQuantity unitCode="C62">10</ram:BasisQuantity>',
        "7",
    )
}
<ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>04011000-12345-03</ram:BuyerReference>
{_cii_party("SellerTradeParty", "Seller", "DE123456789", CII_CONTACT)}
{_cii_party("BuyerTradeParty", "Buyer", "DE987654321")}
<ram:SellerTaxRepresentativeTradeParty><ram:Name>Fiscal</ram:Name><ram:PostalTradeAddress>
<ram:CountryID>AT</ram:CountryID></ram:PostalTradeAddress><ram:SpecifiedTaxRegistration>
<ram:ID schemeID="VA">ATU12345678</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTaxRepresentativeTradeParty>
<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>Sheet</ram:IssuerAssignedID><ram:TypeCode>916</ram:TypeCode>
<ram:AttachmentBinaryObject mimeCode="text/csv" filename="a.csv">YQ==</ram:AttachmentBinaryObject>
</ram:AdditionalReferencedDocument>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery><ram:ShipToTradeParty><ram:PostalTradeAddress>
<ram:PostcodeCode>20000</ram:PostcodeCode><ram:CityName>Port</ram:CityName><ram:CountryID>NL</ram:CountryID>
</ram:PostalTradeAddress></ram:ShipToTradeParty></ram:ApplicableHeaderTradeDelivery>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:PayeeTradeParty><ram:Name>Factor</ram:Name></ram:PayeeTradeParty>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount>
<ram:IBANID>DE89370400440532013000</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>
</ram:SpecifiedTradeSettlementPaymentMeans>
{_cii_tax("ApplicableTradeTax", "19", "34.20 180.00")}{_cii_tax("ApplicableTradeTax", "7", "3.50 50.00")}
<ram:BillingSpecifiedPeriod>{_date("StartDateTime", "20260101")}{_date("EndDateTime", "20260131")}
</ram:BillingSpecifiedPeriod>
{_cii_adjustment("false", "95", "20.00")}{_cii_adjustment("true", "FC", "10.00")}
<ram:SpecifiedTradePaymentTerms><ram:Description>#SKONTO#TAGE=14#PROZENT=2.00#
</ram:Description>{_date("DueDateDateTime", "20260220")}</ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>240.00</ram:LineTotalAmount>
<ram:ChargeTotalAmount>10.00</ram:ChargeTotalAmount><ram:AllowanceTotalAmount>20.00</ram:AllowanceTotalAmount>
<ram:TaxBasisTotalAmount>230.00</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">37.70</ram:TaxTotalAmount>
<ram:GrandTotalAmount>267.70</ram:GrandTotalAmount><ram:TotalPrepaidAmount>67.70</ram:TotalPrepaidAmount>
<ram:DuePayableAmount>200.00</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>R-0</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>
"""

UBL_REASON = "<cbc:TaxExemptionReason>Exempt</cbc:TaxExemptionReason>"
CII_REASON = "<ram:ExemptionReason>Exempt</ram:ExemptionReason>"


def of_category(text: str, code: str) -> str:
    """The invoice with its second line and all that goes with it in a VAT category without tax."""
    reason = code != "Z"
    for before, after in (
        ("<cbc:ID>S</cbc:ID><cbc:Percent>7</cbc:Percent>", f"<cbc:ID>{code}</cbc:ID><cbc:Percent>0</cbc:Percent>"),
        (f"<cbc:ID>{code}</cbc:ID><cbc:Percent>0</cbc:Percent>", "%%"),
        ('">3.50<', '">0.00<'),
        ("<ram:CalculatedAmount>3.50", "<ram:CalculatedAmount>0.00"),
        (
            "S</ram:CategoryCode>\n<ram:RateApplicablePercent>7",
            f"{code}</ram:CategoryCode>\n<ram:RateApplicablePercent>0",
        ),
        ("<ram:BasisAmount>50.00", (CII_REASON if reason else "") + "<ram:BasisAmount>50.00"),
        (">37.70<", ">34.20<"),
        (">267.70<", ">264.20<"),
        (">67.70<", ">64.20<"),
    ):
        text = text.replace(before, after)
    zero = f"<cbc:ID>{code}</cbc:ID><cbc:Percent>0</cbc:Percent>"
    return text.replace("%%", zero + (UBL_REASON if reason else ""), 1).replace("%%", zero)


def wrong_category(syntax: str, code: str) -> list[tuple[str, str]]:
    """What makes rate, basis, tax and reason of that category wrong: each text of the invoice and what instead."""
    if syntax == "ubl":
        line = f"<cbc:ID>{code}</cbc:ID><cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
        closed = "</cac:ClassifiedTaxCategory>"
        reason = (UBL_REASON, "") if code != "Z" else ("<cac:TaxScheme>", f"{UBL_REASON}<cac:TaxScheme>")
        at_zero = (
            f"{code}</cbc:ID><cbc:Percent>0</cbc:Percent>" + reason[0],
            f"{code}</cbc:ID><cbc:Percent>0</cbc:Percent>" + reason[1],
        )
        return [
            (line + closed, line.replace(">0<", ">5<") + closed),
            ('">50.00</cbc:TaxableAmount', '">60.00</cbc:TaxableAmount'),
            ('">0.00</cbc:TaxAmount', '">1.00</cbc:TaxAmount'),
            at_zero,
        ]
    based = "<ram:BasisAmount>50.00"
    rate = f"{code}</ram:CategoryCode>\n<ram:RateApplicablePercent>"
    return [
        (f"{rate}0", f"{rate}5"),
        (CII_REASON, "") if code != "Z" else (based, CII_REASON + based),
        (based, "<ram:BasisAmount>60.00"),
        ("<ram:CalculatedAmount>0.00", "<ram:CalculatedAmount>1.00"),
    ]
