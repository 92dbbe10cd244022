"""Cross Industry Invoices of D16B and ZUGFeRD 1.0."""

import io
from decimal import Decimal

import pytest

from formats import einvoice
from formats.documents import ChargeKind, Invoice
from formats.findings import Finding

TOTALS = "<LineTotalAmount>{lines}</LineTotalAmount><GrandTotalAmount>{total}</GrandTotalAmount>"


def line(number: str, total: str, parent: str = "", quantity: str = "1") -> str:
    return f"""<IncludedSupplyChainTradeLineItem>
<AssociatedDocumentLineDocument><LineID>{number}</LineID><ParentLineID>{parent}</ParentLineID>
  </AssociatedDocumentLineDocument>
<SpecifiedTradeProduct><Name>Item {number}</Name></SpecifiedTradeProduct>
<SpecifiedLineTradeAgreement><NetPriceProductTradePrice><ChargeAmount>{total}</ChargeAmount>
  </NetPriceProductTradePrice></SpecifiedLineTradeAgreement>
<SpecifiedLineTradeDelivery><BilledQuantity unitCode="C62">{quantity}</BilledQuantity></SpecifiedLineTradeDelivery>
<SpecifiedLineTradeSettlement><ApplicableTradeTax><RateApplicablePercent>7</RateApplicablePercent></ApplicableTradeTax>
<SpecifiedTradeSettlementLineMonetarySummation><LineTotalAmount>{total}</LineTotalAmount>
  </SpecifiedTradeSettlementLineMonetarySummation>
</SpecifiedLineTradeSettlement></IncludedSupplyChainTradeLineItem>"""


def d16b(lines: str, total: str = "100.00", code: str = "380") -> str:
    return f"""<i:CrossIndustryInvoice xmlns:i="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">
<ExchangedDocument><ID>R-1</ID><TypeCode>{code}</TypeCode>
<IssueDateTime><DateTimeString format="102">20260301</DateTimeString></IssueDateTime></ExchangedDocument>
<SupplyChainTradeTransaction>{lines}<ApplicableHeaderTradeAgreement>
<SellerTradeParty><Name>Bolt Ltd</Name><SpecifiedTaxRegistration><ID schemeID="FC">1</ID></SpecifiedTaxRegistration>
<SpecifiedTaxRegistration><ID schemeID="VA">DE1</ID></SpecifiedTaxRegistration></SellerTradeParty>
<BuyerOrderReferencedDocument><IssuerAssignedID>4711</IssuerAssignedID></BuyerOrderReferencedDocument>
</ApplicableHeaderTradeAgreement><ApplicableHeaderTradeSettlement><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>
<SpecifiedTradeSettlementHeaderMonetarySummation>{TOTALS.format(lines=total, total=total)}
</SpecifiedTradeSettlementHeaderMonetarySummation></ApplicableHeaderTradeSettlement></SupplyChainTradeTransaction>
</i:CrossIndustryInvoice>"""


ZUGFERD_1 = """<i:CrossIndustryDocument xmlns:i="urn:ferd:CrossIndustryDocument:invoice:1p0">
<HeaderExchangedDocument><ID>R-1</ID><TypeCode>380</TypeCode>
<IssueDateTime><DateTimeString format="102">20260301</DateTimeString></IssueDateTime></HeaderExchangedDocument>
<SpecifiedSupplyChainTradeTransaction>
<ApplicableSupplyChainTradeAgreement><SellerTradeParty><Name>Bolt Ltd</Name></SellerTradeParty>
<BuyerOrderReferencedDocument><ID>4711</ID></BuyerOrderReferencedDocument></ApplicableSupplyChainTradeAgreement>
<ApplicableSupplyChainTradeSettlement><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>
<ApplicableTradeTax><CalculatedAmount>7.35</CalculatedAmount><BasisAmount>105.00</BasisAmount>
<ApplicablePercent>7</ApplicablePercent></ApplicableTradeTax>
<SpecifiedLogisticsServiceCharge><Description>Freight</Description><AppliedAmount>5.00</AppliedAmount>
  </SpecifiedLogisticsServiceCharge>
<SpecifiedTradeSettlementMonetarySummation><GrandTotalAmount>112.35</GrandTotalAmount>
  </SpecifiedTradeSettlementMonetarySummation>
</ApplicableSupplyChainTradeSettlement>
<IncludedSupplyChainTradeLineItem><AssociatedDocumentLineDocument><IncludedNote><Content>We bill you for:</Content>
  </IncludedNote></AssociatedDocumentLineDocument></IncludedSupplyChainTradeLineItem>
<IncludedSupplyChainTradeLineItem><AssociatedDocumentLineDocument><LineID>1</LineID></AssociatedDocumentLineDocument>
<SpecifiedSupplyChainTradeAgreement><NetPriceProductTradePrice><ChargeAmount>50.00</ChargeAmount>
  </NetPriceProductTradePrice></SpecifiedSupplyChainTradeAgreement>
<SpecifiedSupplyChainTradeDelivery><BilledQuantity unitCode="KGM">2</BilledQuantity></SpecifiedSupplyChainTradeDelivery>
<SpecifiedSupplyChainTradeSettlement><SpecifiedTradeSettlementMonetarySummation>
  <LineTotalAmount>100.00</LineTotalAmount></SpecifiedTradeSettlementMonetarySummation>
  </SpecifiedSupplyChainTradeSettlement>
<SpecifiedTradeProduct><Name>Bolts</Name></SpecifiedTradeProduct></IncludedSupplyChainTradeLineItem>
</SpecifiedSupplyChainTradeTransaction></i:CrossIndustryDocument>"""


def read(content: str) -> Invoice:
    (invoice,) = einvoice.read(io.BytesIO(content.encode()), "r.xml")
    assert isinstance(invoice, Invoice)
    return invoice


def test_a_d16b_invoice_is_read() -> None:
    invoice = read(d16b(line("1", "100.00")))
    assert ("R-1", "2026-03-01", "EUR", "Bolt Ltd", "DE1", Decimal("100.00"), ("4711",)) == (
        invoice.number,
        str(invoice.date),
        invoice.currency,
        invoice.supplier_name,
        invoice.supplier_tax_id,
        invoice.control_total,
        invoice.po_numbers,
    )


def test_zugferd_1_is_read_without_its_remarks() -> None:
    invoice = read(ZUGFERD_1)
    assert [("Bolts", Decimal(2), Decimal("50.00"), "KGM", "4711")] == [
        (one.description, one.quantity, one.price, one.uom, one.po_number) for one in invoice.lines
    ]
    assert [(ChargeKind.SHIPPING, Decimal("5.00"))] == [(charge.kind, charge.amount) for charge in invoice.charges]
    assert invoice.computed_total == invoice.control_total


def test_lines_under_a_line_are_part_of_it() -> None:
    invoice = read(d16b(line("1", "100.00") + line("1.1", "60.00", "1") + line("1.2", "40.00", "1")))
    assert [one.description for one in invoice.lines] == ["Item 1"]


def test_lines_under_a_line_without_amount_are_the_lines() -> None:
    invoice = read(d16b(line("1", "0") + line("1.1", "60.00", "1") + line("1.2", "40.00", "1")))
    assert [one.description for one in invoice.lines] == ["Item 1.1", "Item 1.2"]


@pytest.mark.parametrize(("ids", "numbers"), [(("10", "20"), [10, 20]), (("1", "1"), [1, 2]), (("a", "2"), [1, 2])])
def test_lines_keep_their_numbers_where_they_are_numbers(ids: tuple[str, str], numbers: list[int]) -> None:
    invoice = read(d16b("".join(line(number, "50.00") for number in ids)))
    assert numbers == [one.number for one in invoice.lines]


def test_type_code_381_is_a_credit_note() -> None:
    assert read(d16b(line("1", "100.00"), code="381")).is_credit_note


def test_an_invoice_without_lines_is_a_warning() -> None:
    finding, invoice = einvoice.read(io.BytesIO(d16b("").encode()), "r.xml")
    assert isinstance(finding, Finding)
    assert isinstance(invoice, Invoice)
    assert (finding.rule.id, finding.record) == ("einvoice-no-lines", "R-1")


def test_an_unknown_root_is_a_finding() -> None:
    (finding,) = einvoice.read(io.BytesIO(b"<Invoice/>"), "r.xml")
    assert isinstance(finding, Finding)
    assert finding.rule.id == "xml-namespace"


def test_the_period_of_a_line_is_kept() -> None:
    start = '<StartDateTime><DateTimeString format="102">20260101</DateTimeString></StartDateTime>'
    of_line = line("1", "100.00").replace(
        "</ApplicableTradeTax>", f"</ApplicableTradeTax><BillingSpecifiedPeriod>{start}</BillingSpecifiedPeriod>"
    )
    other = read(d16b(of_line)).lines[0].other
    assert ("2026-01-01", None) == (other["period-start"], other.get("period-end"))
