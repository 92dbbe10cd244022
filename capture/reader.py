"""Reading: a paper becomes an invoice, each field with its evidence and its probability."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

from capture.asking import ask, in_doubt
from capture.assemble import Known, assemble
from capture.confidence import threshold
from capture.engines import Engines
from capture.evidence import Reading
from capture.fields.supplier import Directory
from capture.paper import Paper
from capture.reading import first_reading, second_reading
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
    marked, findings = first_reading(paper, engines.first)
    if not marked.sheet.segments:
        findings.append(Finding(Source(paper.name), PAGE_UNREADABLE, "no text was found on any page"))
        return Reading(Invoice(number="", date=None, currency="", source=Source(paper.name)), {}, findings)
    second = second_reading(paper, engines.second)
    if second is None and engines.warning and not all(page.words() for page in paper.pages):
        findings.append(Finding(Source(paper.name), SECOND_READING_MISSING, engines.warning))
    known = Known(Directory.of(suppliers), templates or {})
    reading = assemble(paper.name, marked, second, known, findings)
    if engines.extractor is None or not in_doubt(reading, threshold()):
        return reading
    told = ask(engines.extractor, marked.sheet.text, paper.name)
    return assemble(paper.name, marked, second, replace(known, told=told), findings) if told else reading


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
