"""Everything that can be said about a file of any known format, offline: what it is, what is wrong, what it holds."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

from formats import arithmetic, cxml_structure, delivery, einvoice, rules, rules_en16931
from formats.coupa.invoices import InvoiceImport
from formats.delivery import Kind
from formats.documents import Invoice
from formats.findings import Finding, Severity, Source
from formats.layout import Layout, Totals
from formats.layout.cells import chunks
from formats.layout.heading import names
from formats.layout.writing import people_writer
from formats.recognition import first_rows, recognise
from formats.text import decode, readable

XML = (Kind.CXML, Kind.UBL, Kind.CII)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file is (``format`` is a layout's name or a kind), what is wrong with it, and what it sums to."""

    file: str
    format: str
    findings: tuple[Finding, ...]
    totals: Totals

    @property
    def good(self) -> bool:
        """True when nothing is worse than a warning."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def examine(stream: BinaryIO, name: str, layout: type[Layout[Any]] | None = None) -> Examined:
    """Examine a file by what it is, never by what it is called; ``layout`` says how flat files are to be read.

    The stream is closed where it was a flat file.
    """
    kind = delivery.identify(stream.read(delivery.HEAD))
    stream.seek(0)
    if kind is Kind.CSV:
        return _flat(stream, name, layout)
    if kind is Kind.ZIP:
        return _zip(stream, name, layout or InvoiceImport)
    if kind in XML:
        return electronic(stream.read(), name, kind)
    known = kind in delivery.IMAGES
    return Examined(name, str(kind), () if known else (delivery.unknown_kind(name),), Totals())


def electronic(content: bytes, name: str, kind: str) -> Examined:
    """Examine an e-invoice: its structure, its sums and the published rules it claims to keep."""
    read = list(einvoice.read(io.BytesIO(content), name))
    examined = _summed(name, str(kind), read)
    published = (*rules_en16931.check(content, name), *cxml_structure.check(content, name))
    return Examined(name, str(kind), examined.findings + published, examined.totals)


def _flat(stream: BinaryIO, name: str, layout: type[Layout[Any]] | None) -> Examined:
    decoded = decode(stream, name)
    if not readable(decoded):
        return Examined(name, str(Kind.CSV), decoded.findings, Totals())
    with decoded.stream as text:
        layout = layout or layout_of(text)
        if layout is None:
            message = "the header row is like that of no layout; `exchange formats list` names them"
            unknown = Finding(Source(name, 1), rules.DELIVERY_KIND_UNKNOWN, message)
            return Examined(name, str(Kind.CSV), (*decoded.findings, unknown), Totals())
        text.seek(0)
        return _summed(name, layout.name, layout.read(text, name), decoded.findings)


def layout_of(stream: TextIO) -> type[Layout[Any]] | None:
    """Return the layout of a flat file by its header, None if it is like none; the stream is not at its start then."""
    return recognise(first_rows(iter(stream.readline, ""))[0])


def _zip(stream: BinaryIO, name: str, layout: type[Layout[Any]]) -> Examined:
    opened = delivery.open_zip(stream, name)
    if isinstance(opened, Finding):
        return Examined(name, str(Kind.ZIP), (opened,), Totals())
    if opened.einvoices:
        return _zipped(opened)
    decoded = decode(opened.csv, opened.csv_name)
    found: list[Any] = []
    for result in layout.read(decoded.stream, opened.csv_name) if readable(decoded) else ():
        found.append(result)
        found.extend(opened.missing(result) if isinstance(result, Invoice) else ())
    return _summed(name, str(Kind.ZIP), found, (*opened.findings, *decoded.findings), after=opened.unused)


def _zipped(opened: delivery.Delivery) -> Examined:
    """Examine e-invoices in an archive, each of which brings the page beside it."""
    findings, totals = [*opened.findings], Totals()
    for one in opened.einvoices:
        content = opened.member(one) or b""
        examined = electronic(content, f"{opened.name}/{one}", delivery.identify(content[: delivery.HEAD]))
        findings += examined.findings
        totals += examined.totals
        opened.used.add(opened.beside(one))
    return Examined(opened.name, str(Kind.ZIP), (*findings, *opened.unused()), totals)


def _summed(
    name: str,
    what: str,
    results: Iterable[Any],
    findings: Iterable[Finding] = (),
    after: Callable[[], Iterable[Finding]] = tuple,
) -> Examined:
    """Take the results of a reader one by one: nothing is kept of documents but their sums."""
    told, totals = list(findings), Totals()
    for result in results:
        if isinstance(result, Finding):
            told.append(result)
            continue
        totals += Totals.of([result])
        told.extend(arithmetic.check(result) if isinstance(result, Invoice) else ())
    return Examined(name, what, (*told, *after()), totals)


def marked(stream: BinaryIO, examined: Examined, out: TextIO) -> None:
    """Write a flat file again with a last column that says what is wrong with each row.

    It is for people, so what a spreadsheet would run stands behind an apostrophe. Rows that cannot be told apart are
    left out; what is wrong with them stands in the first row, with all findings that have no line.
    """
    writer = people_writer(out)
    with decode(stream, examined.file).stream as text:
        layout = layout_of(text)
        text.seek(0)
        known = {name for row in layout.rows for name in names(row)} if layout else set()
        parts = [part for part in chunks(text, examined.file, known) if not isinstance(part, Finding)]
    lines = {line for part in parts for line in part.lines}
    first = min(lines, default=1)
    notes: dict[int, list[str]] = {}
    for finding in examined.findings:
        line = finding.source.line if finding.source.line in lines else first
        notes.setdefault(line or first, []).append(note(finding))
    writer.writerows((*row, "; ".join(notes.get(line, ()))) for line, row in _numbered(parts))


def _numbered(parts: Iterable[Any]) -> Iterator[tuple[int, list[str]]]:
    for part in parts:
        yield from zip(part.lines, part.rows, strict=True)


def note(finding: Finding) -> str:
    """Return a finding in few words: the column, what is wrong, and the rule."""
    column = f"{finding.source.column}: " if finding.source.column else ""
    return f"{column}{finding.message} [{finding.rule.id}]"
