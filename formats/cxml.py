"""cXML 1.2 InvoiceDetailRequest as Coupa takes it: several orders, services, charges, credit memos, attachments.

``read`` takes bare XML and multipart/related messages; the writers are those of ``formats.cxml_writer``.
``Invoice.other`` keeps ``purpose``, ``operation``, ``supplier-domain``, ``supplier-identity`` and the amounts
``line-total`` (SubtotalAmount), ``tax-total`` and ``amount-due``.
"""

import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import BinaryIO

from formats.cxml_writer import write_invoice, write_order
from formats.documents import ZERO, Address, Charge, ChargeKind, Invoice, InvoiceLine, TaxLine
from formats.en16931 import MANDATORY, file_name, iban, line_numbers, negated, one_line, stated
from formats.findings import Finding
from formats.multipart import unpack
from formats.xml import Node, parse
from formats.xml_rules import MISSING, NAMESPACE, NO_LINES

__all__ = ["read", "write_invoice", "write_order"]

REQUEST = "Request/InvoiceDetailRequest"
ITEMS = ("InvoiceDetailItem", "InvoiceDetailServiceItem")
REFERENCE = ("InvoiceDetailItemReference", "InvoiceDetailServiceItemReference")
CREDIT_MEMOS = frozenset({"creditMemo", "lineLevelCreditMemo"})
SUPPLIER_ROLES = ("from", "issuerOfInvoice", "supplierCorporate", "remitTo")
CHARGES = (
    ("ShippingAmount", ChargeKind.SHIPPING, "shippingTax"),
    ("SpecialHandlingAmount", ChargeKind.HANDLING, "specialHandlingTax"),
)
HEADER_FIELDS = frozenset(MANDATORY) - {"supplier_name", "control_total"}


def read(stream: BinaryIO, name: str) -> Iterator[Invoice | Finding]:
    """Yield the findings and the invoice of a cXML document or multipart message."""
    payload = unpack(stream, name)
    root = payload if isinstance(payload, Finding) else parse(io.BytesIO(payload), name)
    if isinstance(root, Finding):
        yield root
    elif root.name == "cXML" and root.first(REQUEST):
        yield from read_root(root)
    else:
        yield Finding(root.source, NAMESPACE, f"{root.name} is not a cXML InvoiceDetailRequest")


def read_root(root: Node) -> Iterator[Invoice | Finding]:
    """Yield the findings and the invoice under a parsed cXML element."""
    request = root.first(REQUEST)
    header = request.first("InvoiceDetailRequestHeader")
    summary = request.first("InvoiceDetailSummary")
    by_line = header.first("InvoiceDetailLineIndicator").attribute("isTaxInLine") == "yes"
    lines = tuple(_lines(request, by_line=by_line))
    supplier = _partner(header, *SUPPLIER_ROLES)
    remit_to = _partner(header, "remitTo")
    number, date = _original(header)
    invoice = Invoice(
        number=header.attribute("invoiceID"),
        date=header.day(header.attribute("invoiceDate")),
        currency=_currency(request),
        lines=lines,
        supplier_name=one_line(supplier.text("Contact/Name")),
        supplier_tax_id=_identifier(header, "vatID", "supplierTaxID") or _extrinsic(header, "supplierVatID"),
        supplier_address=_address(supplier),
        supplier_email=supplier.text("Contact/Email"),
        iban=iban([_identifier(header, "ibanID", "iban")]),
        charges=tuple(_charges(summary, by_line=by_line)),
        taxes=() if by_line else tuple(_taxes(summary)),
        line_level_taxation=by_line,
        control_total=_money(summary, "NetAmount", "DueAmount"),
        is_credit_note=header.attribute("purpose") in CREDIT_MEMOS,
        original_number=number,
        original_date=header.day(date),
        payment_terms=_terms(header),
        note="\n".join(one_line(_own_text(node)) for node in header.all("Comments")).strip(),
        contract_number=request.first(".//MasterAgreementReference/DocumentReference").attribute("payloadID"),
        remit_to_code=remit_to.first("Contact").attribute("addressID"),
        attachments=tuple(_attachments(header)),
        status="voided" if header.attribute("operation") == "delete" else "",
        other=_other(root, header, summary),
        source=header.source,
    )
    yield from _finish(invoice, root)


def _finish(invoice: Invoice, root: Node) -> Iterator[Invoice | Finding]:
    """Credit memos carry negative amounts by the standard; a negative total is nothing to report."""
    if (invoice.control_total or invoice.computed_total) < 0:
        invoice = negated(invoice)
    for field in sorted(HEADER_FIELDS):
        if getattr(invoice, field) in ("", None):
            root.report(MISSING, f"{field} is missing")
    if not invoice.lines:
        root.report(NO_LINES, "there are no lines")
    yield from (replace(finding, record=invoice.number) for finding in root.findings)
    yield invoice


def _money(node: Node, *paths: str) -> Decimal | None:
    return node.number(*(f"{path}/Money" for path in paths))


def _currency(request: Node) -> str:
    return next((code for node in request.all(".//Money") if (code := node.attribute("currency"))), "")


def _partner(header: Node, *roles: str) -> Node:
    partners = list(header.all("InvoicePartner"))
    for role in roles:
        for node in partners:
            if node.first("Contact").attribute("role") == role:
                return node
    return Node(None, header.file, header.findings)


def _address(partner: Node) -> Address:
    address = partner.first("Contact/PostalAddress")
    streets = [node.text() for node in address.all("Street")] + ["", ""]
    return Address(
        name=one_line(partner.text("Contact/Name")),
        street1=streets[0],
        street2=streets[1],
        city=address.text("City"),
        state=address.text("State"),
        postal_code=address.text("PostalCode"),
        country=address.first("Country").attribute("isoCountryCode"),
    )


def _identifier(header: Node, *domains: str) -> str:
    """The identifier of the first reference in one of the domains, of any partner but the buyer's."""
    for partner in header.all("InvoicePartner"):
        if partner.first("Contact").attribute("role") in ("billTo", "soldTo", "shipTo"):
            continue
        for node in partner.all("IdReference"):
            if node.attribute("domain") in domains:
                return node.attribute("identifier")
    return ""


def _extrinsic(header: Node, name: str) -> str:
    return next((node.text() for node in header.all("Extrinsic") if node.attribute("name") == name), "")


def _original(header: Node) -> tuple[str, str]:
    """Number and date of the credited invoice: by InvoiceIDInfo, DocumentReference or Coupa's custom fields."""
    info = header.first("InvoiceIDInfo")
    custom = {node.attribute("identifier"): node.text("Description") for node in header.all("Extrinsic/IdReference")}
    return (
        info.attribute("invoiceID")
        or custom.get("original_invoice", "")
        or header.first("DocumentReference").attribute("payloadID"),
        info.attribute("invoiceDate") or custom.get("original_invoice_date", ""),
    )


def _terms(header: Node) -> str:
    """``Net 30`` for a term without discount; a term with one is given as its discount and its days."""
    words = []
    for node in header.all("PaymentTerm"):
        days = node.attribute("payInNumberOfDays")
        percent = node.first("Discount/DiscountPercent").attribute("percent")
        words.append(f"{percent}% {days}" if percent not in ("", "0") else f"Net {days}")
    return ", ".join(words)


def _own_text(node: Node) -> str:
    return "" if node.element is None else node.element.text or ""


def _charges(summary: Node, *, by_line: bool) -> Iterator[Charge]:
    """Shipping, special handling, discount and header modifications; zero amounts are no charges."""
    for path, kind, purpose in CHARGES:
        if amount := _money(summary, path):
            taxes = tuple(_tax_details(summary, purpose)) if by_line else ()
            yield Charge(
                kind=kind, amount=amount, description=one_line(summary.text(f"{path}/Description")), taxes=taxes
            )
    if discount := _money(summary, "InvoiceDetailDiscount"):
        yield Charge(kind=ChargeKind.MISC, amount=-abs(discount), description="Discount")
    for node in summary.all("InvoiceHeaderModifications/Modification"):
        yield from _modification(node, by_line=by_line)


def _modification(node: Node, *, by_line: bool) -> Iterator[Charge]:
    name = node.first("ModificationDetail").attribute("name")
    taxes = tuple(_taxes(node)) if by_line else ()
    if amount := _money(node, "AdditionalCost"):
        yield Charge(kind=ChargeKind.MISC, amount=amount, description=name, taxes=taxes)
    if amount := _money(node, "AdditionalDeduction/DeductionAmount", "AdditionalDeduction"):
        yield Charge(kind=ChargeKind.MISC, amount=-abs(amount), description=name, taxes=taxes)


def _taxes(node: Node) -> Iterator[TaxLine]:
    """One tax a detail; the tax's own amount where there are no details."""
    details = list(_tax_details(node, ""))
    yield from details
    amount = _money(node, "Tax")
    if not details and amount is not None:
        yield TaxLine(amount=amount, description=one_line(node.text("Tax/Description")))


def _tax_details(node: Node, purpose: str) -> Iterator[TaxLine]:
    """The details for one purpose, for all when it is ""; an exempt zero is kept."""
    for detail in node.all("Tax/TaxDetail"):
        amount = _money(detail, "TaxAmount")
        if amount is not None and purpose in ("", detail.attribute("purpose")):
            yield TaxLine(
                amount=amount,
                rate=detail.decimal(detail.attribute("percentageRate")),
                basis=_money(detail, "TaxableAmount"),
                description=one_line(detail.text("Description")),
                other=stated({"tax-category": detail.attribute("category")}),
            )


def _lines(request: Node, *, by_line: bool) -> Iterator[InvoiceLine]:
    items = [(item, order) for order in request.all("InvoiceDetailOrder") for kind in ITEMS for item in order.all(kind)]
    items += [
        (item, order)
        for order in request.all("InvoiceDetailHeaderOrder")
        for item in order.all("InvoiceDetailOrderSummary")
    ]
    numbers = line_numbers([item.attribute("invoiceLineNumber") for item, _ in items])
    for (item, order), number in zip(items, numbers, strict=True):
        yield _line(item, number, _order_number(order), by_line=by_line)


def _order_number(order: Node) -> str:
    """Coupa puts the order's number into the payloadID; the standard's orderID wins where it is given."""
    info = order.first("InvoiceDetailOrderInfo")
    return (
        info.first("OrderReference").attribute("orderID")
        or info.first("OrderIDInfo").attribute("orderID")
        or info.first("OrderReference/DocumentReference").attribute("payloadID")
    )


def _line(item: Node, number: int, order: str, *, by_line: bool) -> InvoiceLine:
    reference = item.first(*REFERENCE)
    declared = _money(item, "SubtotalAmount")
    quantity = item.decimal(item.attribute("quantity"))
    price = _money(item, "UnitPrice")
    if quantity is None or price is None:
        quantity, price = None, declared or ZERO
    return InvoiceLine(
        number=number,
        description=one_line(reference.text("Description")),
        price=price,
        quantity=quantity,
        price_basis=item.decimal(item.first("PriceBasisQuantity").attribute("quantity")) or Decimal(1),
        declared=declared,
        uom=item.text("UnitOfMeasure", "UnitRate/UnitOfMeasure"),
        part_number=reference.text("ItemID/SupplierPartID"),
        po_number=order,
        po_line_number=reference.attribute("lineNumber"),
        taxes=tuple(_taxes(item)) if by_line else (),
        other=stated({"line-id": item.attribute("invoiceLineNumber"), **_period(item)}),
        source=item.source,
    )


def _period(item: Node) -> dict[str, str]:
    """When a service was rendered."""
    period = item.first("Period")
    days = {"period-start": period.attribute("startDate"), "period-end": period.attribute("endDate")}
    return {key: found.isoformat() for key, text in days.items() if text and (found := period.day(text))}


def _attachments(header: Node) -> Iterator[str]:
    for place, node in enumerate(header.all("Comments/Attachment/URL"), start=1):
        yield file_name(node.text().removeprefix("cid:"), place)


def _other(root: Node, header: Node, summary: Node) -> dict[str, str]:
    credential = root.first("Header/From/Credential")
    amounts = {
        "line-total": _money(summary, "SubtotalAmount"),
        "tax-total": _money(summary, "Tax"),
        "amount-due": _money(summary, "DueAmount"),
    }
    return stated(
        {
            "purpose": header.attribute("purpose"),
            "operation": header.attribute("operation"),
            "supplier-domain": credential.attribute("domain"),
            "supplier-identity": credential.text("Identity"),
            **{key: str(amount) for key, amount in amounts.items() if amount is not None},
        }
    )
