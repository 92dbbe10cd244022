"""UBL invoices and credit notes."""

import io
from decimal import Decimal

import pytest

from formats import einvoice, ubl
from formats.documents import ChargeKind, Invoice
from formats.findings import Finding

SPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
LINE = """
<cac:{kind}Line>
  <cbc:ID>1</cbc:ID><cbc:{quantity} unitCode="C62">200</cbc:{quantity}>
  <cbc:LineExtensionAmount currencyID="EUR">{sign}105.00</cbc:LineExtensionAmount>
  <cac:OrderLineReference><cbc:LineID>7</cbc:LineID></cac:OrderLineReference>
  <cac:AllowanceCharge>
    <cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">5.00</cbc:Amount>
  </cac:AllowanceCharge>
  <cac:Item><cbc:Name>Bolts
     M8</cbc:Name><cac:SellersItemIdentification><cbc:ID>B-8</cbc:ID></cac:SellersItemIdentification>
    <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
  <cac:Price>
    <cbc:PriceAmount currencyID="EUR">50</cbc:PriceAmount><cbc:BaseQuantity>100</cbc:BaseQuantity>
  </cac:Price>
  <cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID></cac:SubInvoiceLine>
</cac:{kind}Line>"""


def document(
    kind: str = "Invoice", code: str = "380", sign: str = "", *, more: str = "", name: str = "Bolt Ltd"
) -> bytes:
    quantity = "InvoicedQuantity" if kind == "Invoice" else "CreditedQuantity"
    return f"""<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" {SPACES}>
<cbc:ID>R-1</cbc:ID><cbc:IssueDate>2026-03-01</cbc:IssueDate><cbc:{kind}TypeCode>{code}</cbc:{kind}TypeCode>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>
<cac:OrderReference><cbc:ID>4711</cbc:ID></cac:OrderReference>
<cac:BillingReference><cac:InvoiceDocumentReference>
  <cbc:ID>R-0</cbc:ID><cbc:IssueDate>2026-02-01</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>
{more}
<cac:AccountingSupplierParty><cac:Party>
  <cac:PartyTaxScheme><cbc:CompanyID>201/113</cbc:CompanyID><cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme>
  </cac:PartyTaxScheme>
  <cac:PartyTaxScheme><cbc:CompanyID>DE1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
  </cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:AccountingSupplierParty>
<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>DE89 3704 0044 0532 0130 00</cbc:ID></cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
  <cbc:Amount currencyID="EUR">{sign}10.00</cbc:Amount></cac:AllowanceCharge>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>
  <cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>
  <cbc:Amount currencyID="EUR">{sign}5.00</cbc:Amount></cac:AllowanceCharge>
<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">{sign}200.00</cbc:TaxAmount></cac:TaxTotal>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{sign}19.00</cbc:TaxAmount><cac:TaxSubtotal>
  <cbc:TaxableAmount currencyID="EUR">{sign}100.00</cbc:TaxableAmount>
  <cbc:TaxAmount currencyID="EUR">{sign}19.00</cbc:TaxAmount>
  <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">{sign}100.00</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="EUR">{sign}119.00</cbc:TaxInclusiveAmount>
  <cbc:PrepaidAmount currencyID="EUR">19.00</cbc:PrepaidAmount>
  <cbc:PayableAmount currencyID="EUR">{sign}100.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
{LINE.format(kind=kind, quantity=quantity, sign=sign)}
</{kind}>""".encode()


def read(content: bytes) -> tuple[Invoice, list[str]]:
    results = list(ubl.read(io.BytesIO(content), "r.xml"))
    (invoice,) = (result for result in results if isinstance(result, Invoice))
    return invoice, [result.rule.id for result in results if isinstance(result, Finding)]


def test_the_header_is_read() -> None:
    invoice, findings = read(document())
    assert findings == []
    assert (
        invoice.number,
        str(invoice.date),
        invoice.currency,
        invoice.supplier_name,
        invoice.supplier_tax_id,
        invoice.iban,
        invoice.original_number,
        str(invoice.original_date),
    ) == ("R-1", "2026-03-01", "EUR", "Bolt Ltd", "DE1", "DE89370400440532013000", "R-0", "2026-02-01")


def test_the_total_includes_what_was_prepaid() -> None:
    invoice, _ = read(document())
    assert (Decimal("119.00"), "100.00", "19.00") == (
        invoice.control_total,
        invoice.other["amount-due"],
        invoice.other["prepaid"],
    )
    assert invoice.computed_total == invoice.control_total


def test_the_tax_in_the_accounting_currency_is_left_out() -> None:
    invoice, _ = read(document())
    assert [(Decimal("19.00"), Decimal(19), Decimal("100.00"))] == [(t.amount, t.rate, t.basis) for t in invoice.taxes]


def test_allowances_are_negative_and_coded_freight_is_shipping() -> None:
    invoice, _ = read(document())
    assert [(ChargeKind.MISC, Decimal("-10.00")), (ChargeKind.SHIPPING, Decimal("5.00"))] == [
        (charge.kind, charge.amount) for charge in invoice.charges
    ]


def test_a_line_has_its_price_basis_and_the_orders_number() -> None:
    invoice, _ = read(document())
    (line,) = invoice.lines
    assert ("Bolts M8", Decimal(200), Decimal(50), Decimal(100), "C62", "B-8", "4711", "7", "5.00", "19") == (
        line.description,
        line.quantity,
        line.price,
        line.price_basis,
        line.uom,
        line.part_number,
        line.po_number,
        line.po_line_number,
        line.other["adjustment"],
        line.other["tax-rate"],
    )


@pytest.mark.parametrize(("kind", "code"), [("CreditNote", "381"), ("Invoice", "381"), ("CreditNote", "")])
def test_credit_notes_are_known_by_root_or_code(kind: str, code: str) -> None:
    invoice, findings = read(document(kind, code))
    assert (True, Decimal("119.00"), Decimal(200), []) == (
        invoice.is_credit_note,
        invoice.total,
        invoice.lines[0].quantity,
        findings,
    )


@pytest.mark.parametrize(
    ("kind", "code", "rule"),
    [("Invoice", "384", "einvoice-negative-invoice"), ("CreditNote", "381", "einvoice-negative-credit-note")],
)
def test_a_negative_total_makes_a_credit_note_of_positive_amounts(kind: str, code: str, rule: str) -> None:
    invoice, findings = read(document(kind, code, "-"))
    assert (True, Decimal("119.00"), Decimal("19.00"), Decimal("-5.00"), [rule]) == (
        invoice.is_credit_note,
        invoice.total,
        invoice.tax_total,
        invoice.charge_total,
        findings,
    )


def test_a_missing_name_is_a_finding_and_the_rest_is_read() -> None:
    invoice, findings = read(document(name=""))
    assert (findings, invoice.number) == (["einvoice-missing-field"], "R-1")


def test_another_root_is_a_finding() -> None:
    (finding,) = ubl.read(io.BytesIO(b"<a/>"), "r.xml")
    assert isinstance(finding, Finding)
    assert finding.rule.id == "xml-namespace"


def attachment(content: str) -> bytes:
    return document(
        more='<cac:AdditionalDocumentReference><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="text/csv" '
        f'filename="../../etc/times.csv">{content}</cbc:EmbeddedDocumentBinaryObject>'
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    )


def test_an_embedded_file_comes_out_without_its_folders() -> None:
    content = attachment("YTti\n")
    assert [einvoice.Attachment("times.csv", "text/csv", b"a;b")] == list(
        einvoice.attachments(io.BytesIO(content), "r.xml")
    )
    assert read(content)[0].attachments == ("times.csv",)


def test_a_damaged_embedded_file_is_a_finding() -> None:
    (finding,) = einvoice.attachments(io.BytesIO(attachment("Y=Tti")), "r.xml")
    assert isinstance(finding, Finding)
    assert finding.rule.id == "einvoice-attachment-damaged"


def test_a_peppol_envelope_is_opened() -> None:
    envelope = b"<StandardBusinessDocument><Header/>" + document() + b"</StandardBusinessDocument>"
    (invoice,) = einvoice.read(io.BytesIO(envelope), "r.xml")
    assert isinstance(invoice, Invoice)
    assert invoice.number == "R-1"


def test_the_period_of_a_line_is_kept() -> None:
    days = "<cbc:StartDate>2026-01-01</cbc:StartDate><cbc:EndDate>2026-01-31</cbc:EndDate>"
    content = document().replace(b"<cac:OrderLineReference>", f"<cac:InvoicePeriod>{days}</cac:InvoicePeriod>".encode())
    content = content.replace(b"<cbc:LineID>7</cbc:LineID></cac:OrderLineReference>", b"")
    invoice, _ = read(content)
    assert ("2026-01-01", "2026-01-31") == (
        invoice.lines[0].other["period-start"],
        invoice.lines[0].other["period-end"],
    )
