"""Small deliveries of which any number can be had: UBL invoices without an order, each of another amount and day."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

FIRST_DAY = dt.date(2026, 1, 5)
UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
<cbc:ID>{number}</cbc:ID><cbc:IssueDate>{day}</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:DocumentCurrencyCode>DKK</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>DK</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>DK16356706</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>SellerCompany</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>DK</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyLegalEntity><cbc:RegistrationName>Buyer</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:AccountingCustomerParty>
<cac:TaxTotal><cbc:TaxAmount currencyID="DKK">0.00</cbc:TaxAmount><cac:TaxSubtotal>
<cbc:TaxableAmount currencyID="DKK">{net}</cbc:TaxableAmount><cbc:TaxAmount currencyID="DKK">0.00</cbc:TaxAmount>
<cac:TaxCategory><cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>
</cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="DKK">{net}</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="DKK">{net}</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="DKK">{net}</cbc:TaxInclusiveAmount>
<cbc:PayableAmount currencyID="DKK">{net}</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="DKK">{net}</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>Advice, part {count}</cbc:Name>
<cac:ClassifiedTaxCategory><cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="DKK">{net}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>
"""


def number(count: int) -> str:
    """Return the number of a small invoice; no two look alike."""
    return f"{chr(65 + count % 26) * 3}-{(count + 3) * 7919 % 100000:05}"


def write(folder: Path, count: int) -> list[str]:
    """Write so many small deliveries into a folder and return the numbers of their invoices."""
    for one in range(count):
        day = FIRST_DAY + dt.timedelta(days=9 * one % 300)
        net = Decimal(37 * one * one + 1013 * one + 411) / 4
        text = UBL.format(number=number(one), day=day, net=f"{net:.2f}", count=one + 1)
        (folder / f"small-{one:03}.xml").write_text(text, encoding="utf-8")
    return [number(one) for one in range(count)]
