"""Reading: a paper becomes an invoice, each field with its evidence and its probability."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

from capture.asking import ask, in_doubt
from capture.assemble import Known, assemble
from capture.confidence import threshold
from capture.doubt import doubts, unsure
from capture.engines import Engines
from capture.evidence import Reading
from capture.fields.marked import Marked
from capture.fields.supplier import Directory
from capture.paper import Engine, Paper
from capture.reading import Second, first_reading, second_look, second_reading
from capture.rules import PAGE_UNREADABLE, SECOND_READING_MISSING
from capture.templates import Template
from formats import einvoice
from formats.documents import Invoice, Supplier
from formats.findings import Finding, Source


def read(
    paper: Paper, suppliers: Sequence[Supplier], engines: Engines, templates: Mapping[str, Template] | None = None
) -> Reading:
    """The invoice on the pages; an e-invoice inside the PDF wins over what is printed.

    ``suppliers`` is the supplier master; pass a ``Directory`` to index it once for many papers. ``templates`` are those
    of suppliers that have one, by supplier number.
    """
    embedded = _embedded(paper)
    if embedded is not None:
        return embedded
    known = Known(Directory.of(suppliers), templates or {})
    reading, marked = _read(paper, known, engines)
    if marked is None or engines.extractor is None or not in_doubt(reading, threshold()):
        return reading
    told = ask(engines.extractor, marked.sheet.text, paper.name)
    return _read(paper, replace(known, told=told), engines)[0] if told else reading


def _read(paper: Paper, known: Known, engines: Engines) -> tuple[Reading, Marked | None]:
    """The first reading; where it leaves a doubt the heavier one, and the second where that one does too."""
    reading, marked = _once(paper, known, engines, engines.first)
    if engines.heavier and unsure(reading) and not _printed(paper):
        reading, marked = _once(paper, known, engines, engines.heavier)
    return reading, marked


def _once(paper: Paper, known: Known, engines: Engines, engine: Engine | None) -> tuple[Reading, Marked | None]:
    """What one engine reads, and what the second says of it where it is asked."""
    marked, findings = first_reading(paper, engine)
    if not marked.sheet.segments:
        findings.append(Finding(Source(paper.name), PAGE_UNREADABLE, "no text was found on any page"))
        return Reading(Invoice(number="", date=None, currency="", source=Source(paper.name)), {}, findings), None
    if engines.warning and engines.second is None and not _printed(paper):
        findings.append(Finding(Source(paper.name), SECOND_READING_MISSING, engines.warning))
    if engines.sparing:
        reading = assemble(paper.name, marked, None, known, findings)
        last = engine is engines.heavier or engines.heavier is None
        second = second_look(paper, engines.second, doubts(reading)) if last and unsure(reading) else None
        return (assemble(paper.name, marked, second, known, findings) if second else reading), marked
    whole = second_reading(paper, engines.second)
    return assemble(paper.name, marked, Second(whole) if whole else None, known, findings), marked


def _printed(paper: Paper) -> bool:
    """True when every page has a text layer, so that no engine is needed."""
    return all(page.words() for page in paper.pages)


def _embedded(paper: Paper) -> Reading | None:
    """The reading of an e-invoice inside a PDF; None if there is none, or none that can be read."""
    if paper.embedded_xml is None:
        return None
    read = list(einvoice.read(io.BytesIO(paper.embedded_xml), paper.name))
    invoices = [document for document in read if isinstance(document, Invoice)]
    if not invoices:
        return None
    findings = [*paper.findings, *(finding for finding in read if isinstance(finding, Finding))]
    return Reading(replace(invoices[0], image=paper.name), {}, findings, confidence=1.0)
