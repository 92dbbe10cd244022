"""cXML 1.2 out: OrderRequest for a purchase order, InvoiceDetailRequest for an invoice.

Elements stand in the order of the cXML DTDs. A credit memo is written with negative quantities and amounts, as the
cXML reference wants it; that Coupa takes it so is inferred, its own samples show no sign.
"""

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from formats.documents import ZERO, Address, ChargeKind, Invoice, InvoiceLine, OrderLine, PurchaseOrder, TaxLine
from formats.en16931 import negated
from formats.money import rounded

SCHEMAS = "http://xml.cXML.org/schemas/cXML/1.2.020/"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
PURPOSES = {ChargeKind.SHIPPING: "shippingTax", ChargeKind.HANDLING: "specialHandlingTax"}
ILLEGAL = {code: " " for code in range(32) if code not in (9, 10, 13)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Who a party is, in whose register: ``DUNS``, ``NetworkID`` or a domain of its own."""

    domain: str
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The header of a cXML message; ``payload_id`` is unique for each message, ``timestamp`` carries its zone."""

    sender: Credential
    receiver: Credential
    shared_secret: str
    payload_id: str
    timestamp: dt.datetime
    mode: str = "production"
    user_agent: str = "exchange"


def write_order(order: PurchaseOrder, envelope: Envelope, bill_to: Address) -> bytes:
    """Return the OrderRequest for a purchase order as UTF-8; amount lines are ordered as one unit at their amount."""
    root, request = _message(envelope, "OrderRequest")
    header = _add(request, "OrderRequestHeader", orderID=order.number, type="new" if order.version <= 1 else "update")
    header.set("orderDate", (order.created_at or envelope.timestamp).isoformat())
    _money(_add(header, "Total"), sum((line.total for line in order.lines), ZERO), order.currency)
    _text(_add(_add(header, "BillTo"), "Address"), "Name", bill_to.name)
    for line in order.lines:
        _order_line(request, line, line.currency or order.currency)
    return _bytes(root, "cXML.dtd")


def write_invoice(invoice: Invoice, envelope: Envelope) -> bytes:
    """Return the InvoiceDetailRequest for an invoice or credit note as UTF-8."""
    root, request = _message(envelope, "InvoiceDetailRequest")
    _invoice_header(request, invoice)
    signed = negated(invoice) if invoice.is_credit_note else invoice
    for order, lines in itertools.groupby(signed.lines, key=lambda line: line.po_number):
        _invoice_order(request, signed, order, lines)
    _summary(request, signed)
    return _bytes(root, "InvoiceDetail.dtd")


def _message(envelope: Envelope, kind: str) -> tuple[etree._Element, etree._Element]:
    root = etree.Element("cXML", payloadID=envelope.payload_id, timestamp=envelope.timestamp.isoformat())
    root.set("version", "1.0")
    header = _add(root, "Header")
    for name, party in (("From", envelope.sender), ("To", envelope.receiver), ("Sender", envelope.sender)):
        side = _add(header, name)
        credential = _add(side, "Credential", domain=party.domain)
        _add(credential, "Identity", party.identity)
        if name == "Sender":
            _add(credential, "SharedSecret", envelope.shared_secret)
            _add(side, "UserAgent", envelope.user_agent)
    return root, _add(_add(root, "Request", deploymentMode=envelope.mode), kind)


def _order_line(request: etree._Element, line: OrderLine, currency: str) -> None:
    quantity = Decimal(1) if line.quantity is None else line.quantity
    item = _add(request, "ItemOut", quantity=f"{quantity:f}", lineNumber=line.number)
    if line.need_by:
        item.set("requestedDeliveryDate", line.need_by.isoformat())
    _add(_add(item, "ItemID"), "SupplierPartID", line.part_number)
    detail = _add(item, "ItemDetail")
    _price(_add(detail, "UnitPrice"), line.price, currency)
    _text(detail, "Description", line.description)
    _add(detail, "UnitOfMeasure", line.uom or "EA")
    _basis(detail, line.price_basis, line.uom)
    _add(detail, "Classification", line.commodity or "-", domain="commodity")


def _invoice_header(request: etree._Element, invoice: Invoice) -> None:
    purpose = "creditMemo" if invoice.is_credit_note else "standard"
    header = _add(request, "InvoiceDetailRequestHeader", invoiceID=invoice.number, purpose=purpose, operation="new")
    header.set("invoiceDate", _moment(invoice.date))
    _add(header, "InvoiceDetailHeaderIndicator")
    indicator = _add(header, "InvoiceDetailLineIndicator", isAccountingInLine="yes")
    if invoice.line_level_taxation:
        indicator.set("isTaxInLine", "yes")
    contact = _add(_add(header, "InvoicePartner"), "Contact", role="remitTo")
    if invoice.remit_to_code:
        contact.set("addressID", invoice.remit_to_code)
    _text(contact, "Name", invoice.supplier_name)
    if invoice.original_number:
        _add(header, "InvoiceIDInfo", invoiceID=invoice.original_number, invoiceDate=_moment(invoice.original_date))
    if days := invoice.payment_terms.removeprefix("Net ").strip() if invoice.payment_terms.startswith("Net ") else "":
        _add(header, "PaymentTerm", payInNumberOfDays=days)
    comments = _add(header, "Comments", invoice.note)
    for name in (invoice.image, *invoice.attachments):
        if name:
            _add(_add(comments, "Attachment"), "URL", f"cid:{name}")
    _custom_fields(header, invoice)


def _custom_fields(header: etree._Element, invoice: Invoice) -> None:
    """Coupa reads the original of a credit memo from custom fields."""
    if not invoice.original_number:
        return
    fields = _add(header, "Extrinsic", name="CustomFields")
    date = invoice.original_date.isoformat() if invoice.original_date else ""
    for name, value in (("original_invoice", invoice.original_number), ("original_invoice_date", date)):
        _text(_add(fields, "IdReference", identifier=name, domain="CustomField"), "Description", value)


def _invoice_order(request: etree._Element, invoice: Invoice, order: str, lines: Iterable[InvoiceLine]) -> None:
    element = _add(request, "InvoiceDetailOrder")
    info = _add(element, "InvoiceDetailOrderInfo")
    contract = not order and invoice.contract_number
    reference = _add(info, "MasterAgreementReference" if contract else "OrderReference")
    _add(reference, "DocumentReference", payloadID=invoice.contract_number if contract else order)
    for line in lines:
        _invoice_line(element, invoice, line)


def _invoice_line(order: etree._Element, invoice: Invoice, line: InvoiceLine) -> None:
    service = line.quantity is None
    item = _add(
        order, "InvoiceDetailServiceItem" if service else "InvoiceDetailItem", invoiceLineNumber=str(line.number)
    )
    if line.quantity is not None:
        item.set("quantity", f"{line.quantity:f}")
        _add(item, "UnitOfMeasure", line.uom or "EA")
        _price(_add(item, "UnitPrice"), line.price, invoice.currency)
        _basis(item, line.price_basis, line.uom)
    reference = _add(item, "InvoiceDetailServiceItemReference" if service else "InvoiceDetailItemReference")
    reference.set("lineNumber", line.po_line_number)
    if line.part_number:
        _add(_add(reference, "ItemID"), "SupplierPartID", line.part_number)
    _text(reference, "Description", line.description)
    _money(_add(item, "SubtotalAmount"), line.net, invoice.currency)
    if invoice.line_level_taxation:
        _tax(item, invoice, line.taxes, "tax")


def _summary(request: etree._Element, invoice: Invoice) -> None:
    currency = invoice.currency
    summary = _add(request, "InvoiceDetailSummary")
    _money(_add(summary, "SubtotalAmount"), invoice.net_total, currency)
    _summary_tax(summary, invoice)
    for kind, name in ((ChargeKind.HANDLING, "SpecialHandlingAmount"), (ChargeKind.SHIPPING, "ShippingAmount")):
        if amount := sum((charge.amount for charge in invoice.charges if charge.kind == kind), ZERO):
            _money(_add(summary, name), amount, currency)
    _modifications(summary, invoice)
    _money(_add(summary, "NetAmount"), invoice.total, currency)
    _money(_add(summary, "DueAmount"), invoice.total, currency)


def _modifications(summary: etree._Element, invoice: Invoice) -> None:
    """What is neither shipping nor handling: costs and deductions, each by its name and with its own tax."""
    rest = [charge for charge in invoice.charges if charge.kind == ChargeKind.MISC and charge.amount]
    parent = _add(summary, "InvoiceHeaderModifications") if rest else summary
    for charge in rest:
        part = _add(parent, "Modification")
        if charge.amount > 0:
            _money(_add(part, "AdditionalCost"), charge.amount, invoice.currency)
        else:
            _money(_add(_add(part, "AdditionalDeduction"), "DeductionAmount"), -charge.amount, invoice.currency)
        if invoice.line_level_taxation and charge.taxes:
            _tax(part, invoice, charge.taxes, "tax")
        _text(_add(part, "ModificationDetail", name=charge.description), "Description", charge.description)


def _summary_tax(summary: etree._Element, invoice: Invoice) -> None:
    if not invoice.line_level_taxation:
        _tax(summary, invoice, invoice.taxes, "tax")
        return
    tax = _add(summary, "Tax")
    _money(tax, invoice.tax_total, invoice.currency)
    _text(tax, "Description", "Tax")
    for charge in invoice.charges:
        if charge.kind != ChargeKind.MISC:
            _details(tax, invoice, charge.taxes, PURPOSES[charge.kind])


def _tax(parent: etree._Element, invoice: Invoice, taxes: Iterable[TaxLine], purpose: str) -> None:
    taxes = tuple(taxes)
    tax = _add(parent, "Tax")
    _money(tax, sum((part.amount for part in taxes), ZERO), invoice.currency)
    _text(tax, "Description", "Tax")
    _details(tax, invoice, taxes, purpose)


def _details(tax: etree._Element, invoice: Invoice, taxes: Iterable[TaxLine], purpose: str) -> None:
    for part in taxes:
        detail = _add(tax, "TaxDetail", purpose=purpose, category=part.other.get("tax-category") or part.code or "VAT")
        if part.rate is not None:
            detail.set("percentageRate", f"{part.rate:f}")
        if part.basis is not None:
            _money(_add(detail, "TaxableAmount"), part.basis, invoice.currency)
        _money(_add(detail, "TaxAmount"), part.amount, invoice.currency)
        _text(detail, "Description", part.description)


def _basis(parent: etree._Element, basis: Decimal, uom: str) -> None:
    if basis != 1:
        element = _add(parent, "PriceBasisQuantity", quantity=f"{basis:f}", conversionFactor="1")
        _add(element, "UnitOfMeasure", uom or "EA")


def _money(parent: etree._Element, amount: Decimal, currency: str) -> None:
    _add(parent, "Money", f"{rounded(amount, currency):f}", currency=currency)


def _price(parent: etree._Element, price: Decimal, currency: str) -> None:
    _add(parent, "Money", f"{price:f}", currency=currency)


def _text(parent: etree._Element, name: str, text: str) -> None:
    _add(parent, name, text).set(LANGUAGE, "en")


def _add(parent: etree._Element, name: str, text: str = "", /, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, name)
    for key, value in attributes.items():
        element.set(key, value.translate(ILLEGAL))
    if text:
        element.text = text.translate(ILLEGAL)
    return element


def _moment(date: dt.date | None) -> str:
    return f"{date.isoformat()}T00:00:00+00:00" if date else ""


def _bytes(root: etree._Element, schema: str) -> bytes:
    doctype = f'<!DOCTYPE cXML SYSTEM "{SCHEMAS}{schema}">'
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=doctype, pretty_print=True)
