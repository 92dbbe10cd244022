"""Coupa's REST objects (JSON, release R39) as documents; a broken one becomes a Finding that names its field."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from formats.documents import (
    Account,
    Address,
    Allocation,
    Charge,
    ChargeKind,
    Invoice,
    InvoiceLine,
    OrderLine,
    Payment,
    PurchaseOrder,
    Receipt,
    Supplier,
    TaxLine,
)
from formats.fields import Fields
from formats.findings import Finding

SEGMENTS = 20
HEADER_CHARGES = {
    ChargeKind.SHIPPING: "shipping-amount",
    ChargeKind.HANDLING: "handling-amount",
    ChargeKind.MISC: "misc-amount",
}


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that Coupa's loader did not take, and why."""

    row: str
    field: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class FileLoad:
    """What Coupa's loader says about one file (``data_file_sources``)."""

    id: int
    name: str
    status: str
    result: str = ""
    created: int = 0
    updated: int = 0
    errors: tuple[RowError, ...] = ()

    @property
    def finished(self) -> bool:
        """True when the loader will do no more with the file."""
        return self.status in {"Done", "Failed", "Stopped"}


def supplier(body: object) -> Supplier | Finding:
    """Return a supplier; it needs a name and a number."""
    fields = Fields(body, "Coupa supplier")
    contact = fields.child("primary-contact")
    found = Supplier(
        number=fields.text("number", required=True),
        name=fields.text("name", required=True),
        id=fields.whole("id"),
        display_name=fields.text("display-name"),
        status=fields.text("status") or "active",
        tax_id=fields.text("tax-id"),
        account_number=fields.text("account-number"),
        duns=fields.text("duns"),
        email=contact.text("email") or fields.text("po-email"),
        website=fields.text("website"),
        address=_address(fields.child("primary-address")),
        iban=fields.child("custom-fields").text("iban"),
        payment_method=fields.text("payment-method") or "invoice",
        payment_terms=fields.child("payment-term").text("code"),
        matching_level=fields.text("invoice-matching-level"),
        on_hold=fields.flag("on-hold"),
        hold_invoices=fields.flag("hold-invoices-for-ap-review"),
        updated_at=fields.moment("updated-at"),
        other=fields.child("custom-fields").texts(),
        source=fields.source,
    )
    return fields.finding or found


def account(body: object) -> Account | Finding:
    """Return an account; where the segments do not spell its code, the code is taken apart at its hyphens."""
    fields = Fields(body, "Coupa account")
    segments = [fields.text(f"segment-{number}") for number in range(1, SEGMENTS + 1)]
    while segments and not segments[-1]:
        segments.pop()
    code = fields.text("code", required=not segments)
    found = Account(
        chart_of_accounts=fields.child("account-type").text("name", required=True),
        segments=tuple(segments) if code in {"", "-".join(segments)} else tuple(code.split("-")),
        name=fields.text("name"),
        active=fields.flag("active", default=True),
        id=fields.whole("id"),
        updated_at=fields.moment("updated-at"),
        source=fields.source,
    )
    return fields.finding or found


def purchase_order(body: object) -> PurchaseOrder | Finding:
    """Return a purchase order with its lines; its chart of accounts is that of the first line that has one."""
    fields = Fields(body, "Coupa purchase order")
    lines = fields.children("order-lines")
    found = PurchaseOrder(
        number=fields.text("po-number", required=True),
        supplier_number=fields.child("supplier").text("number"),
        supplier_name=fields.child("supplier").text("name"),
        lines=tuple(_order_line(line) for line in lines),
        id=fields.whole("id"),
        status=fields.text("status"),
        version=fields.whole("version") or 1,
        currency=fields.child("currency").text("code"),
        chart_of_accounts=next(filter(None, map(_chart, lines)), ""),
        payment_terms=fields.child("payment-term").text("code"),
        created_at=fields.moment("created-at"),
        updated_at=fields.moment("updated-at"),
        other=fields.child("custom-fields").texts(),
        source=fields.source,
    )
    return fields.finding or found


def receipt(body: object) -> Receipt | Finding:
    """Return a receiving transaction."""
    fields = Fields(body, "Coupa receipt")
    line = fields.child("order-line")
    found = Receipt(
        id=fields.text("id", required=True),
        order_number=line.text("order-header-number"),
        order_line_number=line.text("line-num"),
        quantity=fields.number("quantity"),
        total=fields.number("total"),
        price=fields.number("price"),
        uom=fields.child("uom").text("code"),
        currency=fields.child("currency").text("code"),
        type=fields.text("type") or "ReceivingQuantityConsumption",
        status=fields.text("status"),
        match_reference=fields.text("match-reference"),
        received_at=fields.moment("transaction-date"),
        updated_at=fields.moment("updated-at"),
        source=fields.source,
    )
    return fields.finding or found


def invoice(body: object) -> Invoice | Finding:
    """Return an invoice as Coupa keeps it; its control total is what the supplier stated, else Coupa's own sum."""
    fields = Fields(body, "Coupa invoice")
    stated, computed = fields.number("supplier-total"), fields.number("total-with-taxes")
    found = Invoice(
        number=fields.text("invoice-number", required=True),
        date=fields.day("invoice-date"),
        currency=fields.child("currency").text("code"),
        lines=tuple(_invoice_line(line) for line in fields.children("invoice-lines")),
        charges=tuple(_charges(fields)),
        taxes=tuple(_header_taxes(fields)),
        line_level_taxation=fields.flag("line-level-taxation"),
        control_total=computed if stated is None else stated,
        is_credit_note=fields.flag("is-credit-note") or fields.text("document-type") == "Credit Note",
        original_number=fields.text("original-invoice-number"),
        original_date=fields.day("original-invoice-date"),
        chart_of_accounts=fields.child("account-type").text("name"),
        payment_terms=fields.child("payment-term").text("code"),
        due_date=fields.day("net-due-date"),
        delivery_date=fields.day("delivery-date"),
        id=fields.whole("id"),
        status=fields.text("status"),
        exported=fields.flag("exported"),
        paid=fields.flag("paid"),
        updated_at=fields.moment("updated-at"),
        other=fields.child("custom-fields").texts(),
        source=fields.source,
    )
    found = _of_whom(_beside(found, fields), fields.child("supplier"))
    return fields.finding or found


def payments(body: object) -> list[Payment | Finding]:
    """Return the payments that are booked on an invoice."""
    fields = Fields(body, "Coupa invoice")
    return [_payment(part, fields) for part in fields.children("payments")]


def file_load(body: object) -> FileLoad | Finding:
    """Return what Coupa's loader says about a file."""
    fields = Fields(body, "Coupa file load")
    found = FileLoad(
        id=fields.whole("id", required=True) or 0,
        name=fields.text("file-file-name"),
        status=fields.text("status"),
        result=fields.text("result-text"),
        created=fields.whole("records-created") or 0,
        updated=fields.whole("records-updated") or 0,
        errors=tuple(_row_error(error) for error in fields.children("upload-errors")),
    )
    return fields.finding or found


def _payment(part: Fields, fields: Fields) -> Payment | Finding:
    who = fields.child("supplier")
    found = Payment(
        invoice_number=fields.text("invoice-number"),
        invoice_id=fields.whole("id"),
        supplier_number=who.text("number"),
        supplier_name=who.text("name"),
        invoice_date=fields.day("invoice-date"),
        currency=fields.child("currency").text("code"),
        paid=fields.flag("paid"),
        amount=part.number("amount-paid"),
        number=part.text("check-number") or part.text("notes"),
        date=part.day("payment-date"),
        category=part.text("category"),
    )
    return fields.finding or found


def _address(fields: Fields) -> Address:
    country = fields.child("country")
    return Address(
        name=fields.text("name"),
        street1=fields.text("street1"),
        street2=fields.text("street2"),
        city=fields.text("city"),
        state=fields.text("state"),
        postal_code=fields.text("postal-code"),
        country=country.text("code"),
    )


def _order_line(line: Fields) -> OrderLine:
    """An amount line has no quantity: its limit is its total, and what was received and invoiced are amounts."""
    by_amount = line.text("type") == "OrderAmountLine"
    total = line.number("total")
    price = line.amount("price")
    return OrderLine(
        number=line.text("line-num", required=True),
        description=line.text("description"),
        price=total if by_amount and total is not None else price,
        quantity=None if by_amount else line.number("quantity"),
        currency=line.child("currency").text("code"),
        id=line.whole("id"),
        uom=line.child("uom").text("code"),
        received=line.amount("received"),
        invoiced=line.amount("invoiced"),
        status=line.text("status") or "created",
        part_number=line.text("source-part-num"),
        account_code=line.child("account").text("code"),
        commodity=line.child("commodity").text("name"),
        match_type=line.text("match-type"),
        need_by=line.day("need-by-date"),
        allocations=tuple(_allocations(line)),
        other={**_service_period(line.child("extra-line-attribute")), **line.child("custom-fields").texts()},
    )


def _service_period(extra: Fields) -> dict[str, str]:
    days = {name: extra.day(name) for name in ("start-date", "end-date")}
    return {name: day.isoformat() for name, day in days.items() if day}


def _invoice_line(line: Fields) -> InvoiceLine:
    by_amount = line.text("type") == "InvoiceAmountLine"
    total = line.number("total")
    price = line.amount("price")
    return InvoiceLine(
        number=line.whole("line-num") or 0,
        description=line.text("description"),
        price=total if by_amount and total is not None else price,
        quantity=None if by_amount else line.number("quantity"),
        declared=total,
        uom=line.child("uom").text("code"),
        part_number=line.text("source-part-num"),
        po_number=line.text("order-header-num") or line.text("po-number"),
        po_line_number=line.text("order-line-num"),
        account_code=line.child("account").text("code"),
        allocations=tuple(_allocations(line)),
        taxes=tuple(_tax(tax) for tax in line.children("tax-lines")),
        match_reference=line.text("match-reference"),
        delivery_note=line.text("delivery-note-number"),
        other=line.child("custom-fields").texts(),
    )


def _allocations(line: Fields) -> Iterator[Allocation]:
    for part in line.children("account-allocations"):
        code = part.child("account").text("code")
        yield Allocation(account_code=code, amount=part.number("amount"), percent=part.number("pct"))


def _tax(tax: Fields) -> TaxLine:
    kind = tax.text("type")
    return TaxLine(
        amount=tax.amount("amount"),
        rate=tax.number("rate"),
        code=tax.text("code") or tax.child("tax-code").text("code"),
        basis=tax.number("taxable-amount"),
        description=tax.text("description"),
        other={"type": kind} if kind not in {"", "TaxLine"} else {},
    )


def _header_taxes(fields: Fields) -> Iterator[TaxLine]:
    """Taxes of the header; where only their sum is told, that sum."""
    taxes = fields.children("tax-lines")
    yield from map(_tax, taxes)
    total = fields.amount("tax-amount")
    if not taxes and total and not fields.flag("line-level-taxation"):
        yield TaxLine(amount=total, rate=fields.number("tax-rate"), code=fields.child("tax-code").text("code"))


def _charges(fields: Fields) -> Iterator[Charge]:
    """Charges as lines, where there are such lines; else the three amounts of the header."""
    lines = fields.children("invoice-charges")
    for line in lines:
        yield _charge(line)
    for kind, name in HEADER_CHARGES.items() if not lines else ():
        if amount := fields.amount(name):
            yield Charge(kind=kind, amount=amount)


def _charge(line: Fields) -> Charge:
    kind = line.text("type")
    return Charge(
        kind=ChargeKind(kind) if kind in set(ChargeKind) else ChargeKind.MISC,
        amount=line.amount("total"),
        description=line.text("description"),
        taxes=tuple(_tax(tax) for tax in line.children("tax-lines")),
        account_code=line.child("account").text("code"),
    )


def _chart(line: Fields) -> str:
    return line.child("account-type").text("name") or line.child("account").child("account-type").text("name")


def _of_whom(found: Invoice, who: Fields) -> Invoice:
    return replace(
        found,
        supplier_number=who.text("number"),
        supplier_name=who.text("name"),
        supplier_tax_id=who.text("tax-id"),
    )


def _beside(found: Invoice, fields: Fields) -> Invoice:
    """Add notes, references and the names of image and attachments."""
    return replace(
        found,
        note=fields.text("supplier-note"),
        requester_email=fields.text("requester-email"),
        contract_number=fields.child("contract").text("number"),
        remit_to_code=fields.child("remit-to-address").text("remit-to-code"),
        image=fields.text("image-scan-file-name"),
        attachments=tuple(filter(None, (part.text("file-file-name") for part in fields.children("attachments")))),
        submit=found.status != "draft",
    )


def _row_error(error: Fields) -> RowError:
    return RowError(
        row=error.text("row"),
        field=error.text("field-with-error") or error.text("first-column"),
        value=error.text("value"),
        message="; ".join(error.listed("field-errors")),
    )
