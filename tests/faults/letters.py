"""What the lockbox delivers in a run: a CSV with two coded invoices, and an e-invoice with its page inside."""

import base64
from dataclasses import dataclass
from decimal import Decimal

HEADER = '"Invoice","Invoice Number*","Supplier Name","Supplier Number","Status","Invoice Date*",'
HEADER += '"Submit For Approval?","Line Level Taxation*","Chart of Accounts*","Currency","Invoice Control Total"\r\n'
FONT = "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
LINE = '"Invoice Line","Invoice Number*","Supplier Name","Supplier Number","Line Number","Description*","Price*",'
LINE += '"Quantity","Unit of Measure*","Account Code"\r\n'
SUPPLIER = '"K STATIONERY & OFFICE SUPPLIES","80002"'


@dataclass(frozen=True)
class Letter:
    """A file, and the invoices in it: number and total. ``submitted`` ones are approved and paid later."""

    name: str
    content: bytes
    invoices: dict[str, Decimal]
    submitted: bool
    enclosed: int = 0


def letters(number: int) -> tuple[Letter, ...]:
    """Return the files of a run; no number and no amount is that of another run."""
    return _coded(number), _electronic(number)


def coded(number: int, name: str = "") -> Letter:
    """Return the CSV of a run."""
    return _coded(number, name)


def _coded(number: int, name: str = "") -> Letter:
    invoices = {f"F{number:05d}{sign}": Decimal(10 + 2 * number + place) / 4 for place, sign in enumerate("AB")}
    rows = "".join(
        f'"Invoice","{key}",{SUPPLIER},"","2026-10-02","Yes","No","ACME MY","MYR","{total:.2f}"\r\n'
        f'"Invoice Line","{key}",{SUPPLIER},"1","NAME CARD {key}","{total:.2f}","1","EA","2000-6200-100"\r\n'
        for key, total in invoices.items()
    )
    return Letter(name or f"coded-{number:05d}.csv", (HEADER + LINE + rows).encode(), invoices, submitted=True)


def _electronic(number: int) -> Letter:
    key, total = f"E{number:05d}", Decimal(4000 + number * 3)
    page = base64.b64encode(_page(key, total)).decode()
    content = UBL.format(key=key, total=f"{total:.2f}", page=page).encode()
    return Letter(f"ubl-{number:05d}.xml", content, {key: total}, submitted=False, enclosed=2)


def _page(key: str, total: Decimal) -> bytes:
    """Return a PDF of one page whose text layer says what the invoice says."""
    texts: tuple[str, ...] = (
        "INVOICE",
        "SellerCompany",
        f"Invoice number {key}",
        "Invoice date 2026-10-02",
        "Currency DKK",
    )
    texts += (f"Printing paper 1 EA {total:.2f} {total:.2f}", f"Net total DKK {total:.2f}", f"Total DKK {total:.2f}")
    drawn = " ".join(f"BT /F1 14 Tf 60 {760 - 30 * row} Td ({text}) Tj ET" for row, text in enumerate(texts))
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font {FONT} >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
    ]
    body, places = b"%PDF-1.4\n", []
    for index, part in enumerate(parts, 1):
        places.append(len(body))
        body += f"{index} 0 obj\n{part}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer << /Size 5 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + end.encode()


UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
<cbc:ID>{key}</cbc:ID><cbc:IssueDate>2026-10-02</cbc:IssueDate><cbc:DueDate>2026-11-02</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>DKK</cbc:DocumentCurrencyCode>
<cac:AdditionalDocumentReference><cbc:ID>page</cbc:ID><cac:Attachment>
<cbc:EmbeddedDocumentBinaryObject
 mimeCode="application/pdf" filename="{key}.pdf">{page}</cbc:EmbeddedDocumentBinaryObject>
</cac:Attachment></cac:AdditionalDocumentReference>
<cac:AccountingSupplierParty><cac:Party>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>DK</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>DK16356706</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>SellerCompany</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>DK</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyLegalEntity><cbc:RegistrationName>Buyercompany ltd</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:AccountingCustomerParty>
<cac:TaxTotal><cbc:TaxAmount currencyID="DKK">0.00</cbc:TaxAmount><cac:TaxSubtotal>
<cbc:TaxableAmount currencyID="DKK">{total}</cbc:TaxableAmount><cbc:TaxAmount currencyID="DKK">0.00</cbc:TaxAmount>
<cac:TaxCategory><cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="DKK">{total}</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="DKK">{total}</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="DKK">{total}</cbc:TaxInclusiveAmount>
<cbc:PayableAmount currencyID="DKK">{total}</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="EA">1</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="DKK">{total}</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>Printing paper</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="DKK">{total}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>
"""
