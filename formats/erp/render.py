"""Jinja2 templates in a sandbox: postings become text, piece by piece, without holding the whole file.

A template sees ``postings`` (an iterator of ``formats.erp.posting.Posting``, to be walked once), what the flow puts
into the context, and these filters: ``csv`` quotes a cell, ``money(currency)`` writes an amount in the currency's
decimals, ``plain`` a quantity or price, ``day(format)`` a date, ``names`` splits a list at commas, and ``custom(line,
invoice)`` finds a custom field by its name. A template whose text begins with ``<`` is XML and escapes every value by
itself. An undefined name is an error.
"""

import datetime as dt
import itertools
import traceback
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from importlib.resources import files

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from formats.documents import Charge, ChargeKind, Invoice, InvoiceLine, TaxLine
from formats.erp.posting import post
from formats.findings import Finding, Source
from formats.money import rounded
from formats.xml_rules import TEMPLATE

SUFFIX = ".j2"
PIECES = 200
FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), " ")


def packaged(name: str) -> str:
    """Return the text of a template that comes with the house, such as ``generic-csv``; KeyError when there is none."""
    if name not in names():
        raise KeyError(name)
    return (files(__package__) / "templates" / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def names() -> tuple[str, ...]:
    """The names of the packaged templates."""
    folder = files(__package__) / "templates"
    return tuple(sorted(entry.name.removesuffix(SUFFIX) for entry in folder.iterdir() if entry.name.endswith(SUFFIX)))


def render(invoices: Iterable[Invoice], template: str, *, context: Mapping[str, object] | None = None) -> Iterator[str]:
    """Yield the posting file in pieces; ``template`` is the template's text.

    UnbalancedInvoiceError for an invoice that ``posting.check`` refuses; jinja2.TemplateError for a bad template.
    """
    compiled = _environment(template).from_string(template)
    pieces = compiled.generate(**(context or {}), postings=map(post, invoices))
    while batch := "".join(itertools.islice(pieces, PIECES)):
        yield batch


def check(template: str, name: str = "template", context: Mapping[str, object] | None = None) -> Iterator[Finding]:
    """Yield a finding for each error in a customer's template, by parsing it and rendering a specimen with it."""
    try:
        for _ in render([SPECIMEN], template, context=context):
            pass
    except TemplateSyntaxError as error:
        yield Finding(Source(name, error.lineno), TEMPLATE, error.message or "the template cannot be parsed")
    except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        yield Finding(Source(name, _line_of(error)), TEMPLATE, str(error))


def csv(value: object) -> str:
    """A cell in quotation marks, its own doubled, its line breaks made blanks (RFC 4180 §2, one record a line)."""
    text = "" if value is None else str(value)
    return '"' + " ".join(text.splitlines()).replace('"', '""') + '"'


def money(amount: Decimal | None, currency: str) -> str:
    """An amount with as many decimals as its currency has, "" for none."""
    return "" if amount is None else f"{rounded(amount, currency):f}"


def plain(number: Decimal | None) -> str:
    """A quantity or a price without exponent and without trailing zeros, "" for none."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(date: dt.date | None, form: str = "%Y-%m-%d") -> str:
    """A date by a strftime format, "" for none."""
    return "" if date is None else date.strftime(form)


def names_of(text: str) -> list[str]:
    """The names of a list with commas, such as ``cost-center, project``."""
    return [name.strip() for name in text.split(",") if name.strip()]


def custom(name: str, line: InvoiceLine, invoice: Invoice) -> str:
    """A custom field of a line, else of its invoice, "" for none."""
    return line.other.get(name) or invoice.other.get(name, "")


def is_xml(template: str) -> bool:
    """True for a template whose text begins with an angle bracket."""
    return template.lstrip("\ufeff \r\n\t").startswith("<")


def _environment(template: str) -> ImmutableSandboxedEnvironment:
    xml = is_xml(template)
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=xml,
        finalize=_xml_text if xml else _text,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence="\n",
    )
    environment.filters.update(csv=csv, money=money, plain=plain, day=day, names=names_of, custom=custom)
    return environment


def _text(value: object) -> object:
    return "" if value is None else value


def _xml_text(value: object) -> object:
    """Characters that XML 1.0 forbids become blanks."""
    return value.translate(FORBIDDEN) if isinstance(value, str) else _text(value)


def _line_of(error: Exception) -> int | None:
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == "<template>"), None)


SPECIMEN = Invoice(
    number="INV-1001",
    date=dt.date(2026, 3, 1),
    currency="EUR",
    supplier_number="4711",
    supplier_name='Bolt & "Nut" <Ltd>',
    lines=(
        InvoiceLine(
            number=1, description="Bolts\nM8", price=Decimal("0.10"), quantity=Decimal(100), account_code="10-4711"
        ),
        InvoiceLine(number=2, description="Installation", price=Decimal("90.00")),
    ),
    charges=(Charge(kind=ChargeKind.SHIPPING, amount=Decimal("5.00")),),
    taxes=(TaxLine(amount=Decimal("19.95"), rate=Decimal(19), basis=Decimal("105.00")),),
    control_total=Decimal("124.95"),
    status="approved",
    id=1,
)
