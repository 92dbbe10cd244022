"""What a template would make of a file of approved invoices, before anything is sent."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from formats import delivery, einvoice
from formats.coupa.approved import InvoiceExport
from formats.delivery import Kind
from formats.documents import Invoice
from formats.erp import posting, render
from formats.erp.template import Template
from formats.findings import Finding
from formats.text import decode
from formats.xml_rules import TEMPLATE

XML = frozenset({Kind.CXML, Kind.UBL, Kind.CII})


@dataclass(frozen=True, slots=True)
class Preview:
    """The outputs as text, by their names, the findings, and how many invoices were posted."""

    texts: Mapping[str, str]
    findings: tuple[Finding, ...]
    invoices: int


def preview(content: bytes, name: str, template: Template, context: Mapping[str, object] | None = None) -> Preview:
    """Return what the template makes of Coupa's invoice export or of an e-invoice; ``name`` stands in the findings.

    Invoices that cannot be posted, and a template that cannot be rendered, are findings.
    """
    findings = list(template.check(context))
    invoices = []
    for result in _read(content, name):
        problems = [result] if isinstance(result, Finding) else list(posting.check(result))
        findings.extend(problems)
        if isinstance(result, Invoice) and not problems:
            invoices.append(result)
    texts = {}
    if not any(finding.rule is TEMPLATE for finding in findings):
        texts = {part: "".join(render.render(invoices, text, context=context)) for part, text in template.texts.items()}
    return Preview(texts, tuple(findings), len(invoices) if texts else 0)


def _read(content: bytes, name: str) -> Iterator[Invoice | Finding]:
    if delivery.identify(content[:65536]) in XML:
        yield from einvoice.read(io.BytesIO(content), name)
        return
    decoded = decode(io.BytesIO(content), name)
    yield from decoded.findings
    yield from InvoiceExport.read(decoded.stream, name)
