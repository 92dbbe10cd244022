"""UBL 2.1 Invoice and CreditNote, as Peppol BIS Billing 3 and XRechnung use them, into invoices (EN 16931 terms)."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import BinaryIO, NamedTuple

from formats.documents import ZERO, Address, Charge, Invoice, InvoiceLine, TaxLine
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
)
from formats.findings import Finding
from formats.layout.objects import Values, assemble
from formats.xml import Node, parse
from formats.xml_rules import NAMESPACE

ROOTS = frozenset(
    {
        "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
        "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    }
)
SELLER = "AccountingSupplierParty/Party"
TOTAL = "LegalMonetaryTotal"
FIGURES = {
    "line-total": "LineExtensionAmount",
    "net-total": "TaxExclusiveAmount",
    "prepaid": "PrepaidAmount",
    "rounding": "PayableRoundingAmount",
    "amount-due": "PayableAmount",
}
LINE = (
    "number", "source", "description", "price", "quantity", "price_basis", "declared", "uom", "part_number",
    "po_number", "po_line_number", "delivery_note", "other",
)  # fmt: skip
LINE_KINDS = ("InvoiceLine", "CreditNoteLine")
QUANTITIES = ("InvoicedQuantity", "CreditedQuantity")
ATTACHMENT = "AdditionalDocumentReference/Attachment/EmbeddedDocumentBinaryObject"


class Texts(NamedTuple):
    """What stands on a line (BG-25), "" where nothing does."""

    id: str = "ID"
    total: str = "LineExtensionAmount"
    price: str = "Price/PriceAmount"
    basis: str = "Price/BaseQuantity"
    name: str = "Item/Name"
    description: str = "Item/Description"
    sellers: str = "Item/SellersItemIdentification/ID"
    standard: str = "Item/StandardItemIdentification/ID"
    buyers: str = "Item/BuyersItemIdentification/ID"
    order: str = "OrderLineReference/OrderReference/ID"
    order_line: str = "OrderLineReference/LineID"
    despatch: str = "DespatchLineReference/DocumentReference/ID"
    account: str = "AccountingCost"
    start: str = "InvoicePeriod/StartDate"
    end: str = "InvoicePeriod/EndDate"
    category: str = "Item/ClassifiedTaxCategory/ID"
    rate: str = "Item/ClassifiedTaxCategory/Percent"


PATHS = Texts()


def read(stream: BinaryIO, name: str) -> Iterator[Invoice | Finding]:
    """Yield the findings and the invoice of a UBL document; ``name`` stands in the findings."""
    root = parse(stream, name)
    if isinstance(root, Finding):
        yield root
    elif root.namespace in ROOTS:
        yield from read_root(root)
    else:
        yield Finding(root.source, NAMESPACE, f"{root.name} is not a UBL Invoice or CreditNote")


def read_root(root: Node) -> Iterator[Invoice | Finding]:
    """Yield the findings and the invoice under a parsed root element (BT-1 to BT-163)."""
    currency = root.text("DocumentCurrencyCode")
    code = root.text("InvoiceTypeCode", "CreditNoteTypeCode")
    taxes = _tax_total(root, currency)
    total = root.first(TOTAL)
    seller = root.first(SELLER)
    original = root.first("BillingReference/InvoiceDocumentReference")
    invoice = Invoice(
        number=root.text("ID"),
        date=root.date("IssueDate"),
        currency=currency,
        lines=tuple(_lines(root)),
        supplier_name=one_line(seller.text("PartyLegalEntity/RegistrationName", "PartyName/Name")),
        supplier_tax_id=_tax_id(seller),
        supplier_address=_address(seller),
        supplier_email=_email(seller),
        iban=iban(node.text() for node in root.all("PaymentMeans/PayeeFinancialAccount/ID")),
        charges=tuple(_charge(node) for node in root.all("AllowanceCharge")),
        taxes=tuple(_taxes(taxes)),
        control_total=total.number("TaxInclusiveAmount", "PayableAmount"),
        is_credit_note=root.name == "CreditNote" or code in CREDIT_NOTE_CODES,
        original_number=original.text("ID"),
        original_date=original.date("IssueDate"),
        payment_terms=one_line(root.text("PaymentTerms/Note")),
        due_date=root.date("DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate"),
        delivery_date=root.date("Delivery/ActualDeliveryDate"),
        note="\n".join(node.text() for node in root.all("Note")),
        contract_number=root.text("ContractDocumentReference/ID"),
        attachments=tuple(_attachments(root)),
        other=_other(root, total, taxes, code),
        source=root.source,
    )
    yield from finish(invoice, root)


def _address(party: Node) -> Address:
    """BG-5, under the trading name (BT-28)."""
    address = party.first("PostalAddress")
    return Address(
        name=one_line(party.text("PartyName/Name")),
        street1=address.text("StreetName", "AddressLine/Line"),
        street2=address.text("AdditionalStreetName"),
        city=address.text("CityName"),
        state=address.text("CountrySubentity"),
        postal_code=address.text("PostalZone"),
        country=address.text("Country/IdentificationCode"),
    )


def _email(party: Node) -> str:
    """BT-43 of the contact, else BT-34 where the electronic address is an e-mail address."""
    endpoint = party.first("EndpointID")
    return party.text("Contact/ElectronicMail") or (endpoint.text() if endpoint.attribute("schemeID") == "EM" else "")


def _tax_id(party: Node) -> str:
    """BT-31, the VAT number, else BT-32."""
    schemes = list(party.all("PartyTaxScheme"))
    schemes.sort(key=lambda node: node.text("TaxScheme/ID") != "VAT")
    return schemes[0].text("CompanyID") if schemes else ""


def _tax_total(root: Node, currency: str) -> Node:
    """The tax total in the invoice's currency (BT-110), not the one in the accounting currency (BT-111)."""
    totals = list(root.all("TaxTotal"))
    of_currency = [node for node in totals if node.first("TaxAmount").attribute("currencyID") == currency]
    return next(iter(of_currency or totals), root.first("TaxTotal"))


def _taxes(total: Node) -> Iterator[TaxLine]:
    """BG-23: one tax a category and rate; the bare total where there is no breakdown."""
    subtotals = list(total.all("TaxSubtotal"))
    for node in subtotals:
        category = node.first("TaxCategory")
        yield TaxLine(
            amount=node.number("TaxAmount") or Decimal(0),
            rate=category.number("Percent"),
            basis=node.number("TaxableAmount"),
            description=category.text("TaxExemptionReason"),
            other=stated({"tax-category": category.text("ID")}),
        )
    amount = total.number("TaxAmount")
    if not subtotals and amount is not None:
        yield TaxLine(amount=amount)


def _charge(node: Node) -> Charge:
    return charge(
        node,
        node.number("Amount"),
        added=node.text("ChargeIndicator") == "true",
        code=node.text("AllowanceChargeReasonCode"),
        reason=one_line(node.text("AllowanceChargeReason")),
    )


def _attachments(root: Node) -> Iterator[str]:
    """The file names of BT-125, without folders."""
    for place, node in enumerate(root.all(ATTACHMENT), start=1):
        yield file_name(node.attribute("filename"), place)


def _lines(root: Node) -> list[InvoiceLine]:
    """BG-25; sub-lines explain their line and are part of its amount, so that they are not lines of their own."""
    given = root.text("OrderReference/ID"), root.text("DespatchDocumentReference/ID")
    rows = [_line(node, *given) for node in chain.from_iterable(map(root.all, LINE_KINDS))]
    columns: Values = dict(zip(LINE, zip(*rows, strict=True), strict=bool(rows)))
    numbers = list(line_numbers(columns.get("number", ())))
    return assemble(InvoiceLine, len(rows), {**columns, "number": numbers})


def _line(node: Node, order: str, delivery_note: str) -> tuple[object, ...]:
    """What LINE names, with BT-126 for the number; the document's order and delivery note where the line has none."""
    texts = Texts._make(node.row(PATHS))
    total = node.decimal(texts.total, PATHS.total)
    amount = node.first(*QUANTITIES)
    stated_price = Price(
        quantity=amount.number(),
        price=node.decimal(texts.price, PATHS.price),
        basis=node.decimal(texts.basis, PATHS.basis),
        total=total,
    )
    quantity, price, basis = stated_price.settled()
    return (
        texts.id,
        node.source,
        one_line(texts.name or texts.description),
        price,
        quantity,
        basis,
        total,
        amount.attribute("unitCode"),
        texts.sellers or texts.standard or texts.buyers,
        texts.order or order,
        texts.order_line,
        texts.despatch or delivery_note,
        _line_other(node, texts),
    )


def _line_other(node: Node, texts: Texts) -> dict[str, str]:
    adjustment = _adjustment(node)
    first, last = node.day(texts.start, PATHS.start), node.day(texts.end, PATHS.end)
    rate = node.decimal(texts.rate, PATHS.rate)
    return stated(
        {
            "line-id": texts.id,
            "adjustment": str(adjustment) if adjustment else "",
            "accounting-reference": texts.account,
            "description": one_line(texts.description),
            "period-start": first.isoformat() if first else "",
            "period-end": last.isoformat() if last else "",
            "tax-category": texts.category,
            "tax-rate": "" if rate is None else str(rate),
        }
    )


def _adjustment(node: Node) -> Decimal:
    """The charges of a line (BT-141) less its allowances (BT-136)."""
    if node.find("AllowanceCharge") is None:
        return ZERO
    return sum((_charge(part).amount for part in node.all("AllowanceCharge")), ZERO)


def _other(root: Node, total: Node, taxes: Node, code: str) -> dict[str, str]:
    return stated(
        {
            "type-code": code,
            "guideline": root.text("CustomizationID"),
            **period(root.first("InvoicePeriod"), "StartDate", "EndDate"),
            "order-number": root.text("OrderReference/ID"),
            "buyer-reference": root.text("BuyerReference"),
            "payee-name": one_line(root.text("PayeeParty/PartyName/Name")),
            **figures(taxes, {"tax-total": "TaxAmount"}),
            **figures(total, FIGURES),
        }
    )
