"""Amending: what a person types as FIELD=VALUE becomes another invoice and a list of what changed."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from exchange.errors import ExchangeError
from formats.documents import Invoice, InvoiceLine

Value = str | Decimal | dt.date | bool | None
Read = Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Change:
    """What a person changed: the field as it was named, its attribute, and the value before and after."""

    field: str
    attribute: str
    before: Value
    after: Value


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite():
        raise InvalidOperation
    return amount


def _yes(text: str) -> bool:
    return {"yes": True, "no": False}[text.lower()]


HEAD: Mapping[str, tuple[str, Read]] = {
    "number": ("number", str),
    "date": ("date", _date),
    "due_date": ("due_date", _date),
    "delivery_date": ("delivery_date", _date),
    "supplier": ("supplier_number", str),
    "currency": ("currency", str),
    "total": ("control_total", _amount),
    "payment_terms": ("payment_terms", str),
    "credit_note": ("is_credit_note", _yes),
    "original_number": ("original_number", str),
    "iban": ("iban", str),
}
LINE: Mapping[str, tuple[str, Read]] = {
    "po_number": ("po_number", str),
    "po_line": ("po_line_number", str),
    "description": ("description", str),
    "part_number": ("part_number", str),
    "quantity": ("quantity", _amount),
    "price": ("price", _amount),
    "total": ("declared", _amount),
    "unit": ("uom", str),
    "account": ("account_code", str),
}
EVERY_LINE = "po_number"
FIELDS = (*HEAD, EVERY_LINE, *(f"line.N.{name}" for name in LINE))
_WANTED: Mapping[Read, str] = {
    _date: "a date such as 2026-03-31",
    _amount: "a number such as 1234.50",
    _yes: "yes or no",
}


def amended(invoice: Invoice, told: Mapping[str, str]) -> tuple[Invoice, tuple[Change, ...]]:
    """Return the invoice with what was told, and what that changes; ExchangeError names a field or value that is none.

    Another quantity or price makes the total of its line void, unless that is told as well; a line that is taken off
    its order names no line of it either. The number after the last line's makes a new line, an amount without quantity,
    which is refused unless its price or total is told.
    """
    changes: list[Change] = []
    original = invoice
    for name, text in told.items():
        before, invoice = invoice, _amended(invoice, name, text.strip())
        changes += _changes(name, before, invoice)
    _refuse_worthless(original, invoice, told)
    totals = {one.field for one in changes if one.attribute == "declared"}
    void = {one.field.split(".")[1] for one in changes if one.field.endswith((".quantity", ".price"))}
    void -= {name.split(".")[1] for name in totals}
    lines = (replace(line, declared=None) if str(line.number) in void else line for line in invoice.lines)
    lines = (line if line.po_number else replace(line, po_line_number="") for line in lines)
    return replace(invoice, lines=tuple(lines)), tuple(changes)


def _refuse_worthless(before: Invoice, after: Invoice, told: Mapping[str, str]) -> None:
    """A new line that nobody says the worth of would be worth nothing, and the invoice too little."""
    known = {line.number for line in before.lines}
    for number in (line.number for line in after.lines if line.number not in known):
        if told.keys().isdisjoint((f"line.{number}.price", f"line.{number}.total")):
            raise ExchangeError(f"Line {number} is new; say what it is worth: line.{number}.price=... or .total=...")


def _amended(invoice: Invoice, name: str, text: str) -> Invoice:
    if name in HEAD:
        attribute, read = HEAD[name]
        return replace(invoice, **{attribute: _value(name, text, read)})  # type: ignore[arg-type]
    if name == EVERY_LINE:
        return replace(invoice, lines=tuple(replace(line, po_number=text) for line in invoice.lines))
    head, _, rest = name.partition(".")
    number, _, field = rest.partition(".")
    if head != "line" or field not in LINE:
        raise ExchangeError(f"{name}={text}: the fields are {', '.join(FIELDS)}.")
    attribute, read = LINE[field]
    return _with_line(invoice, number, **{attribute: _value(name, text, read)})


def _with_line(invoice: Invoice, number: str, **values: Value) -> Invoice:
    known = [str(line.number) for line in invoice.lines]
    new = _blank(max((line.number for line in invoice.lines), default=0) + 1)
    if number not in {*known, str(new.number)}:
        has = f"has the lines {', '.join(known)}" if known else "has no lines"
        raise ExchangeError(f"There is no line {number}; the invoice {has}, line.{new.number} would make a new one.")
    lines = invoice.lines if number in known else (*invoice.lines, new)
    changed = [replace(line, **values) if str(line.number) == number else line for line in lines]  # type: ignore[arg-type]
    return invoice if changed[-1] == new else replace(invoice, lines=tuple(changed))


def _blank(number: int) -> InvoiceLine:
    return InvoiceLine(number=number, description="", price=Decimal(0))


def _value(name: str, text: str, read: Read) -> Value:
    try:
        return read(text)
    except (ValueError, KeyError, InvalidOperation):
        raise ExchangeError(f"{name}={text}: {text!r} is not {_WANTED[read]}.") from None


def _changes(name: str, before: Invoice, after: Invoice) -> Iterator[Change]:
    pairs: list[tuple[Invoice | InvoiceLine, Invoice | InvoiceLine]] = [(before, after)]
    blank = (_blank(line.number) for line in after.lines[len(before.lines) :])
    pairs += zip((*before.lines, *blank), after.lines, strict=True)
    for (old, new), fields in zip(pairs, (HEAD, *(LINE for _ in after.lines)), strict=True):
        for attribute, _ in fields.values():
            if getattr(old, attribute) != getattr(new, attribute):
                yield Change(name, attribute, getattr(old, attribute), getattr(new, attribute))
