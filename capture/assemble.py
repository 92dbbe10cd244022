"""From candidates to an invoice: the best value of each field, its evidence, and what is missing or uncertain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from capture.asking import amount_candidates, date_candidates, text_candidates
from capture.confidence import CRITICAL, threshold, together
from capture.desk import Desk
from capture.doubt import open_sums
from capture.evidence import Candidate, Evidence, Reading
from capture.fields.currency import currencies, of_country
from capture.fields.dates import dates_of, invoice_dates
from capture.fields.items import Item, read_items
from capture.fields.marked import Marked
from capture.fields.names import names
from capture.fields.number import invoice_numbers, order_numbers, original_numbers
from capture.fields.placed import placed_dates, placed_identifiers
from capture.fields.supplier import Directory, match
from capture.fields.tax_ids import ibans, tax_ids
from capture.fields.taxes import charges_between, taxes_by_rate
from capture.fields.terms import is_credit_note, payment_terms
from capture.fields.totals import Totals, read_totals
from capture.labels import Kind
from capture.layout import fingerprint
from capture.leaves import behind_cover
from capture.reading import Second
from capture.rules import FIELD_MISSING, FIELD_UNCERTAIN, PAGE_NOT_AN_INVOICE
from capture.sightings import plain, see_amount, see_date, see_name, see_number
from capture.templates import Template
from formats.documents import Charge, Invoice, InvoiceLine, Supplier
from formats.findings import Finding, Source

CENT = Decimal("0.01")
ADOPTED = 0.35
LINES_ONLY = 0.7
PRICE = Decimal("0.000001")
# a discount is more than rounding makes of a price
DISCOUNTED = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a page is read: the supplier master, and templates by supplier number.

    ``told`` are the answers of an extractor that was asked about the page.
    """

    directory: Directory
    templates: Mapping[str, Template]
    told: Mapping[str, str] | None = None

    def template(self, suppliers: Sequence[Candidate[Supplier]]) -> Template:
        """The template of the supplier that the page points to; an empty one if there is none."""
        sure = suppliers[0].value.number if suppliers and suppliers[0].score >= ADOPTED else ""
        return self.templates.get(sure, Template())


def assemble(name: str, marked: Marked, second: Second | None, known: Known, findings: Sequence[Finding]) -> Reading:
    """The reading of a marked sheet, confirmed or denied by a second one."""
    marked = behind_cover(marked)
    suppliers = match(marked, known.directory)
    template = known.template(suppliers)
    desk = Desk(name, Marked(marked.sheet, template), second, template, known.told)
    invoice = _header(desk)
    invoice = _sender(desk, invoice, suppliers)
    invoice = _orders(desk, _amounts(desk, invoice))
    evidence = desk.evidence
    problems = [*findings, *_missing(invoice, evidence, name), *_uncertain(desk, invoice)]
    problems += _lines_in_doubt(invoice, read_totals(desk.marked).net, name)
    confidence = together(evidence[field].confidence if field in evidence else 0.0 for field in CRITICAL)
    candidates = tuple(match.value.number for match in suppliers)
    return Reading(invoice, evidence, problems, confidence, candidates, desk.chosen, fingerprint(marked))


def _header(desk: Desk) -> Invoice:
    marked = desk.marked
    sheet, told = marked.sheet, desk.told
    numbers = (*invoice_numbers(marked), *placed_identifiers(marked, "number"), *text_candidates(sheet, "number", told))
    dates = (*invoice_dates(marked), *placed_dates(marked, "date"), *date_candidates(sheet, "date", told))
    number = desk.choose("number", numbers, see_number)
    date = desk.choose("date", dates, see_date)
    due = desk.choose("due_date", dates_of(marked, Kind.DUE), see_date)
    delivered = desk.choose("delivery_date", dates_of(marked, Kind.DELIVERED), see_date)
    account = desk.choose("iban", ibans(marked), checked=1.0)
    original = desk.choose("original_number", original_numbers(marked), see_number)
    return Invoice(
        number=number.value if number else "",
        date=date.value if date else None,
        currency="",
        due_date=due.value if due else None,
        delivery_date=delivered.value if delivered else None,
        iban=account.value if account else "",
        original_number=original.value if original else "",
        payment_terms=payment_terms(marked),
        is_credit_note=is_credit_note(marked),
        image=desk.name,
        source=Source(desk.name),
    )


def _sender(desk: Desk, invoice: Invoice, suppliers: Sequence[Candidate[Supplier]]) -> Invoice:
    """The supplier of the master that the page points to, else the name as printed; and the tax id of either."""
    known = suppliers[0].value if suppliers and suppliers[0].score >= ADOPTED else None
    wanted = plain(known.tax_id) if known else ""
    ids = list(tax_ids(desk.marked))
    own = [candidate for candidate in ids if candidate.value == wanted]
    tax_id = desk.choose("supplier_tax_id", own or ids, checked=1.0)
    found = replace(invoice, supplier_tax_id=tax_id.value if tax_id else "")
    if known:
        best, *others = suppliers
        rival = others[0].score / best.score if others else 0.0
        desk.keep("supplier", best, master=best.score, rival=max(0.0, 2 * rival - 1))
        return replace(found, supplier_number=known.number, supplier_name=known.name)
    written = (*names(desk.marked), *text_candidates(desk.marked.sheet, "supplier", desk.told))
    printed = desk.choose("supplier", written, lambda sheet, name: see_name(sheet, [name]), unlisted=1.0)
    return replace(found, supplier_name=printed.value if printed else "")


def _amounts(desk: Desk, invoice: Invoice) -> Invoice:
    """Currency, lines, charges, taxes and total; amounts of a credit note become positive."""
    marked = desk.marked
    totals = read_totals(marked)
    net, tax, total = totals.net, totals.tax, totals.total
    total = total or next(iter(amount_candidates(marked.sheet, "total", desk.told)), None)
    negative = total is not None and total.value < 0
    sign = -1 if negative else 1
    items = _judged(read_items(marked), totals)
    lines_close = _lines_close(items, totals)
    for field, chosen in (("net_total", net), ("tax_total", tax), ("total", total)):
        if chosen is not None:
            rival = 1.0 if _contradicted(field, totals) else max(0.0, 2 * totals.rival - 1)
            desk.keep(field, chosen, see_amount, closes=_proved(chosen, items, totals), rival=rival)
    charges = _charges(marked, items, totals)
    taxes = taxes_by_rate(marked, items, tax.value) if tax is not None else ()
    return replace(
        invoice,
        is_credit_note=invoice.is_credit_note or negative,
        currency=_currency(desk, invoice),
        lines=tuple(_line(desk, number, item, sign, lines_close) for number, item in enumerate(items)),
        charges=tuple(replace(charge, amount=sign * charge.amount) for charge in charges),
        taxes=tuple(replace(tax, amount=sign * tax.amount, basis=tax.basis and sign * tax.basis) for tax in taxes),
        control_total=sign * total.value if total is not None else None,
    )


def _orders(desk: Desk, invoice: Invoice) -> Invoice:
    """Every line belongs to the purchase order that the page names."""
    asked = text_candidates(desk.marked.sheet, "po_number", desk.told)
    printed = (*order_numbers(desk.marked), *placed_identifiers(desk.marked, "po_number"), *asked)
    order = desk.choose("po_number", printed, see_number)
    if order is None:
        return invoice
    return replace(invoice, lines=tuple(replace(line, po_number=order.value) for line in invoice.lines))


def _currency(desk: Desk, invoice: Invoice) -> str:
    currency = desk.choose("currency", currencies(desk.marked))
    if currency is None and desk.template.currency and "supplier" in desk.evidence:
        return desk.presume("currency", desk.template.currency)
    return currency.value if currency else of_country((invoice.iban or invoice.supplier_tax_id)[:2])


def _judged(items: tuple[Item, ...], totals: Totals) -> tuple[Item, ...]:
    """The items without those that only stand in the way of the sums."""
    proved = tuple(item for item in items if item.closes)
    if _lines_close(items, totals) or not _lines_close(proved, totals):
        return items
    return proved


def _proved(amount: Candidate[Decimal], items: Sequence[Item], totals: Totals) -> float:
    """How far sums prove an amount: net and tax are the total, or it is what the lines add up to."""
    if totals.closes:
        return 1.0
    return LINES_ONLY if _adds_up(items, amount) else 0.0


def _contradicted(field: str, totals: Totals) -> bool:
    """Whether the tax is not what the total lacks of the net amount, although all three are printed."""
    printed = totals.net is not None and totals.total is not None
    return field == "tax_total" and printed and not totals.closes


def _adds_up(items: Sequence[Item], amount: Candidate[Decimal]) -> bool:
    return bool(items) and abs(sum((item.amount.value for item in items), Decimal(0)) - amount.value) <= CENT


def _lines_close(items: Sequence[Item], totals: Totals) -> bool:
    """Whether the lines add up to the net total, or to the total of a bill whose prices include tax."""
    return any(_adds_up(items, candidate) for candidate in (totals.net, totals.total) if candidate is not None)


def _charges(marked: Marked, items: Sequence[Item], totals: Totals) -> tuple[Charge, ...]:
    if totals.net is None or not items:
        return ()
    return charges_between(marked, sum((item.amount.value for item in items), Decimal(0)), totals.net.value)


def _line(desk: Desk, index: int, item: Item, sign: int, lines_close: bool) -> InvoiceLine:
    """A line of the invoice; its evidence is kept under ``lines[index].net``."""
    seen = Candidate(item.amount.value, 0.9, item.amount.words, item.amount.found.raw)
    desk.keep(f"lines[{index}].net", seen, see_amount, closes=(item.closes + lines_close) / 2)
    amount = sign * item.amount.value
    quantity = item.quantity.value if item.quantity and item.price else None
    return InvoiceLine(
        number=index + 1,
        description=item.description,
        price=_net_price(item) if quantity else amount,
        quantity=sign * quantity if quantity else None,
        price_basis=item.basis,
        declared=amount,
        uom=item.unit or desk.template.unit,
        part_number=item.part_number,
        source=Source(desk.name, page=item.amount.words[0].page, box=item.amount.box),
    )


def _net_price(item: Item) -> Decimal:
    """The price after a discount in percent, which the row proves; else the price as printed."""
    if item.price is None or item.quantity is None:
        return item.amount.value
    printed = item.quantity.value * item.price.value / item.basis
    if not item.closes or abs(printed - item.amount.value) <= abs(printed) * DISCOUNTED:
        return item.price.value
    return (item.amount.value * item.basis / item.quantity.value).quantize(PRICE).normalize()


def _missing(invoice: Invoice, evidence: Mapping[str, Evidence], name: str) -> Iterator[Finding]:
    for field in CRITICAL:
        if field not in evidence:
            yield Finding(Source(name), FIELD_MISSING, f"no {field} was found", invoice.number)
    if "number" not in evidence and "total" not in evidence:
        yield Finding(Source(name), PAGE_NOT_AN_INVOICE, "neither an invoice number nor a total was found")


def _uncertain(desk: Desk, invoice: Invoice) -> Iterator[Finding]:
    """What is below the threshold, and a sender whom no master confirms, however well the name is printed."""
    for field in CRITICAL:
        seen = desk.evidence.get(field)
        if seen is None:
            continue
        chosen = desk.chosen.get(field)
        if seen.confidence < threshold():
            message = f"{field} {seen.raw!r} is right with a probability of {seen.confidence:.2f} only"
            yield Finding(seen.source(desk.name), FIELD_UNCERTAIN, message, invoice.number)
        elif chosen is not None and chosen.features.unlisted:
            message = f"{field} {seen.raw!r} is in no supplier master"
            yield Finding(seen.source(desk.name), FIELD_UNCERTAIN, message, invoice.number)


def _lines_in_doubt(invoice: Invoice, net: Candidate[Decimal] | None, name: str) -> Iterator[Finding]:
    """Lines that were not found, or that do not add up to the net total that is printed."""
    if not invoice.lines:
        yield Finding(Source(name), FIELD_MISSING, "no line items were found", invoice.number)
        return
    if net is not None:
        yield from open_sums(invoice, (net.value,), net.evidence(0.0), name)
