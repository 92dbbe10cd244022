"""Text that a spreadsheet would run as a formula: doubted where it comes in, made harmless where people open a file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Final

from formats import rules
from formats.documents import Invoice
from formats.findings import Finding, Source

# A leading sign alone makes no formula: phone numbers and negative amounts begin like this. Some spreadsheets take the
# full-width signs for the plain ones.
SUSPECT: Final = "=@\t+-\uff1d\uff20\uff0b\uff0d"
FORMULA: Final = re.compile(r"[=@\t\uff1d\uff20]|[+\-\uff0b\uff0d](?![\d\s().,/-]*$)")


def is_formula(text: str) -> bool:
    """True for text that begins like a formula."""
    return FORMULA.match(text) is not None


def neutral(text: str) -> str:
    """Return text for a file that people open in a spreadsheet: behind an apostrophe where it would be run."""
    return f"'{text}" if is_formula(text.lstrip()) else text


def doubts(invoice: Invoice) -> Iterator[Finding]:
    """Yield a finding for each text of an invoice that begins like a formula."""
    for name, text in _texts(invoice, ""):
        if is_formula(text):
            where = invoice.source or Source("")
            message = f"{name}: {text[:40]!r} begins like a formula"
            yield Finding(where, rules.VALUE_FORMULA, message, invoice.number)


def _texts(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Every text in a document, with the names of the fields that lead to it."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts(part, f"{name}.{key}")
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part, name)
    elif is_dataclass(value) and not isinstance(value, Source):
        for one in fields(value):
            yield from _texts(getattr(value, one.name), f"{name}.{one.name}".lstrip("."))
