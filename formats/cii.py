"""UN/CEFACT Cross Industry Invoice (D16B: Factur-X, ZUGFeRD 2, XRechnung) and ZUGFeRD 1.0 into invoices (EN 16931).

ZUGFeRD 1.0 names some elements otherwise than D16B; where two paths are given, the second is the older one.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO

from formats.documents import Address, Charge, ChargeKind, Invoice, InvoiceLine, TaxLine
from formats.en16931 import (
    CREDIT_NOTE_CODES,
    Price,
    charge,
    figures,
    file_name,
    finish,
    iban,
    line_numbers,
    one_line,
    period,
    stated,
    tax_words,
)
from formats.findings import Finding
from formats.xml import Node, parse
from formats.xml_rules import NAMESPACE

CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
ROOTS = frozenset(
    {
        CII,
        "urn:ferd:CrossIndustryDocument:invoice:1p0",
    }
)
ATTACHMENT = "AdditionalReferencedDocument/AttachmentBinaryObject"
LINE = "IncludedSupplyChainTradeLineItem"
PARENT = "AssociatedDocumentLineDocument/ParentLineID"
FIGURES = {
    "line-total": "LineTotalAmount",
    "net-total": "TaxBasisTotalAmount",
    "prepaid": "TotalPrepaidAmount",
    "rounding": "RoundingAmount",
    "amount-due": "DuePayableAmount",
}


def read(stream: BinaryIO, name: str) -> Iterator[Invoice | Finding]:
    """Yield the findings and the invoice of a CII document; ``name`` stands in the findings."""
    root = parse(stream, name)
    if isinstance(root, Finding):
        yield root
    elif root.namespace in ROOTS:
        yield from read_root(root)
    else:
        yield Finding(root.source, NAMESPACE, f"{root.name} is not a Cross Industry Invoice")


def read_root(root: Node) -> Iterator[Invoice | Finding]:
    """Yield the findings and the invoice under a parsed root element (BT-1 to BT-163)."""
    document = root.first("ExchangedDocument", "HeaderExchangedDocument")
    trade = root.first("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    agreement = trade.first("ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    delivery = trade.first("ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery")
    settlement = trade.first("ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    total = _summation(settlement)
    seller = agreement.first("SellerTradeParty")
    original = settlement.first("InvoiceReferencedDocument")
    currency = settlement.text("InvoiceCurrencyCode") or total.first("GrandTotalAmount").attribute("currencyID")
    invoice = Invoice(
        number=document.text("ID"),
        date=document.date("IssueDateTime"),
        currency=currency,
        lines=tuple(_lines(trade, total, _delivery_note(delivery))),
        supplier_name=one_line(seller.text("Name")),
        supplier_tax_id=_tax_id(seller),
        supplier_address=_address(seller),
        supplier_email=_email(seller),
        iban=iban(_accounts(settlement)),
        charges=tuple(_charges(settlement)),
        taxes=tuple(_taxes(settlement)),
        control_total=total.number("GrandTotalAmount", "DuePayableAmount"),
        is_credit_note=document.text("TypeCode") in CREDIT_NOTE_CODES,
        original_number=original.text("IssuerAssignedID", "ID"),
        original_date=original.date("FormattedIssueDateTime", "IssueDateTime"),
        payment_terms=one_line(settlement.text("SpecifiedTradePaymentTerms/Description")),
        due_date=settlement.date("SpecifiedTradePaymentTerms/DueDateDateTime"),
        delivery_date=delivery.date("ActualDeliverySupplyChainEvent/OccurrenceDateTime"),
        note="\n".join(node.text() for node in document.all("IncludedNote/Content")),
        contract_number=agreement.text("ContractReferencedDocument/IssuerAssignedID", "ContractReferencedDocument/ID"),
        attachments=tuple(_attachments(agreement)),
        other=_other(root, agreement, settlement, currency),
        source=root.source,
    )
    yield from finish(invoice, root)


def _summation(settlement: Node) -> Node:
    """BG-22, the document totals."""
    return settlement.first(
        "SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"
    )


def _order(agreement: Node) -> str:
    """BT-13."""
    return agreement.text("BuyerOrderReferencedDocument/IssuerAssignedID", "BuyerOrderReferencedDocument/ID")


def _delivery_note(delivery: Node) -> str:
    """BT-16."""
    return delivery.text(
        "DespatchAdviceReferencedDocument/IssuerAssignedID",
        "DeliveryNoteReferencedDocument/IssuerAssignedID",
        "DeliveryNoteReferencedDocument/ID",
    )


def _tax_id(party: Node) -> str:
    """BT-31, the VAT number, else BT-32."""
    ids = sorted(party.all("SpecifiedTaxRegistration/ID"), key=lambda node: node.attribute("schemeID") != "VA")
    return ids[0].text() if ids else ""


def _address(party: Node) -> Address:
    """BG-5, under the trading name (BT-28)."""
    address = party.first("PostalTradeAddress")
    return Address(
        name=one_line(party.text("SpecifiedLegalOrganization/TradingBusinessName")),
        street1=address.text("LineOne", "StreetName"),
        street2=address.text("LineTwo"),
        city=address.text("CityName"),
        state=address.text("CountrySubDivisionName"),
        postal_code=address.text("PostcodeCode"),
        country=address.text("CountryID"),
    )


def _email(party: Node) -> str:
    """BT-43 of the contact, else BT-34 where the electronic address is an e-mail address."""
    endpoint = party.first("URIUniversalCommunication/URIID")
    contact = party.text("DefinedTradeContact/EmailURIUniversalCommunication/URIID")
    return contact or (endpoint.text() if endpoint.attribute("schemeID") == "EM" else "")


def _accounts(settlement: Node) -> Iterator[str]:
    """BT-84."""
    for node in settlement.all("SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount"):
        yield node.text("IBANID", "ProprietaryID")


def _tax_total(settlement: Node, currency: str) -> Node:
    """The tax total in the invoice's currency (BT-110), not the one in the accounting currency (BT-111)."""
    totals = list(_summation(settlement).all("TaxTotalAmount"))
    fitting = [node for node in totals if node.attribute("currencyID") in ("", currency)]
    return next(iter(fitting or totals), settlement.first("TaxTotalAmount"))


def _taxes(settlement: Node) -> Iterator[TaxLine]:
    """BG-23: one tax a category and rate; the bare total where there is no breakdown."""
    breakdown = list(settlement.all("ApplicableTradeTax"))
    for node in breakdown:
        yield TaxLine(
            amount=node.number("CalculatedAmount") or Decimal(0),
            rate=node.number("RateApplicablePercent", "ApplicablePercent"),
            basis=node.number("BasisAmount"),
            description=node.text("ExemptionReason"),
            other=stated({"tax-category": node.text("CategoryCode")}),
        )
    amount = _tax_total(settlement, settlement.text("InvoiceCurrencyCode")).number()
    if not breakdown and amount is not None:
        yield TaxLine(amount=amount)


def _charges(settlement: Node) -> Iterator[Charge]:
    """BG-20, BG-21 and the logistics charges of the extended profiles, which are shipping."""
    for node in settlement.all("SpecifiedTradeAllowanceCharge"):
        yield _charge(node)
    for node in settlement.all("SpecifiedLogisticsServiceCharge"):
        yield Charge(
            kind=ChargeKind.SHIPPING,
            amount=node.number("AppliedAmount") or Decimal(0),
            description=one_line(node.text("Description")),
            other=stated(tax_words(node.first("AppliedTradeTax"))),
        )


def _charge(node: Node) -> Charge:
    return charge(
        node,
        node.number("ActualAmount"),
        added=node.text("ChargeIndicator/Indicator", "ChargeIndicator") == "true",
        code=node.text("ReasonCode"),
        reason=one_line(node.text("Reason")),
    )


def _attachments(agreement: Node) -> Iterator[str]:
    """The file names of BT-125, without folders."""
    for place, node in enumerate(agreement.all(ATTACHMENT), start=1):
        yield file_name(node.attribute("filename"), place)


def _lines(trade: Node, total: Node, delivery_note: str) -> Iterator[InvoiceLine]:
    """BG-25, without the lines that only group or explain others."""
    priced = [node for node in trade.all(LINE) if _line_total(node) is not None or _price(node, None).price is not None]
    nodes = _counted(priced, total.number("LineTotalAmount"))
    numbers = line_numbers([node.text("AssociatedDocumentLineDocument/LineID") for node in nodes])
    for node, number in zip(nodes, numbers, strict=True):
        yield _line(node, number, delivery_note)


def _counted(nodes: Sequence[Node], stated_total: Decimal | None) -> Sequence[Node]:
    """The lines that make up BT-106 where lines have parents: those at the top, else those at the bottom."""
    if not any(node.text(PARENT) for node in nodes):
        return nodes
    parents = {node.text(PARENT) for node in nodes}
    top = [node for node in nodes if not node.text(PARENT)]
    bottom = [node for node in nodes if node.text("AssociatedDocumentLineDocument/LineID") not in parents]
    adds_up = sum((_line_total(node) or Decimal(0) for node in top), Decimal(0)) == stated_total
    return top if adds_up else bottom


def _line_total(node: Node) -> Decimal | None:
    """BT-131."""
    return _line_settlement(node).number(
        "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
        "SpecifiedTradeSettlementMonetarySummation/LineTotalAmount",
    )


def _line_settlement(node: Node) -> Node:
    return node.first("SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")


def _price(node: Node, quantity: Decimal | None) -> Price:
    agreement = node.first("SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
    net = agreement.first("NetPriceProductTradePrice", "GrossPriceProductTradePrice")
    return Price(
        quantity=quantity,
        price=net.number("ChargeAmount"),
        basis=net.number("BasisQuantity"),
        total=_line_total(node),
    )


def _line(node: Node, number: int, delivery_note: str) -> InvoiceLine:
    product = node.first("SpecifiedTradeProduct")
    delivery = node.first("SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
    agreement = node.first("SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
    billed = delivery.first("BilledQuantity")
    quantity, price, basis = _price(node, billed.number()).settled()
    return InvoiceLine(
        number=number,
        description=one_line(product.text("Name", "Description")),
        price=price,
        quantity=quantity,
        price_basis=basis,
        declared=_line_total(node),
        uom=billed.attribute("unitCode"),
        part_number=product.text("SellerAssignedID", "GlobalID", "BuyerAssignedID"),
        po_number=_order(agreement),
        po_line_number=agreement.text("BuyerOrderReferencedDocument/LineID"),
        delivery_note=_delivery_note(delivery) or delivery_note,
        other=_line_other(node, product),
        source=node.source,
    )


def _line_other(node: Node, product: Node) -> dict[str, str]:
    settlement = _line_settlement(node)
    adjustment = sum((_charge(part).amount for part in settlement.all("SpecifiedTradeAllowanceCharge")), Decimal(0))
    return stated(
        {
            "line-id": node.text("AssociatedDocumentLineDocument/LineID"),
            "adjustment": str(adjustment) if adjustment else "",
            "accounting-reference": settlement.text("ReceivableSpecifiedTradeAccountingAccount/ID"),
            "description": one_line(product.text("Description")),
            **period(settlement.first("BillingSpecifiedPeriod"), "StartDateTime", "EndDateTime"),
            **tax_words(settlement.first("ApplicableTradeTax")),
        }
    )


def _other(root: Node, agreement: Node, settlement: Node, currency: str) -> dict[str, str]:
    guideline = "GuidelineSpecifiedDocumentContextParameter/ID"
    taxes = _tax_total(settlement, currency).number()
    return stated(
        {
            "type-code": root.text("ExchangedDocument/TypeCode", "HeaderExchangedDocument/TypeCode"),
            "guideline": root.text(
                f"ExchangedDocumentContext/{guideline}", f"SpecifiedExchangedDocumentContext/{guideline}"
            ),
            **period(settlement.first("BillingSpecifiedPeriod"), "StartDateTime", "EndDateTime"),
            "order-number": _order(agreement),
            "buyer-reference": agreement.text("BuyerReference"),
            "payee-name": one_line(settlement.text("PayeeTradeParty/Name")),
            "tax-total": "" if taxes is None else str(taxes),
            **figures(_summation(settlement), FIGURES),
        }
    )
