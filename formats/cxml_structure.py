"""Whether a cXML InvoiceDetailRequest is built as its DTD wants it, offline and against a declaration of our own.

Coupa's cXML inbox answers 406 or 450 to what breaks it; read by the exchange it is loaded all the same.
"""

import io
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from lxml import etree

from formats.einvoice import invoice_root
from formats.findings import Finding, Rule, Source
from formats.xml import Node
from formats.xml_rules import CXML_ATTRIBUTE_MISSING, CXML_ATTRIBUTE_VALUE, CXML_CONTENT, CXML_DOCTYPE

COUPAS = re.compile(r"https?://xml\.cxml\.org/schemas/cxml/1\.2(\.\d+)+/InvoiceDetail\.dtd", re.IGNORECASE)
RULES = {"DTD_MISSING_ATTRIBUTE": CXML_ATTRIBUTE_MISSING, "DTD_ATTRIBUTE_VALUE": CXML_ATTRIBUTE_VALUE}
UNDECLARED = ("DTD_UNKNOWN_ELEM", "DTD_UNKNOWN_ATTRIBUTE")
EXPECTED = re.compile(r"Element (\S+) content does not follow the DTD, expecting (.*), got (.*)", re.DOTALL)
LONGEST = 600


@cache
def declaration() -> etree.DTD:
    """The declaration of an InvoiceDetailRequest."""
    return etree.DTD(io.StringIO(files(__package__).joinpath("cxml_invoice.dtd").read_text(encoding="utf-8")))


def check(content: bytes, name: str) -> Iterator[Finding]:
    """Yield what the structure of a cXML invoice breaks, with line and XPath; nothing for any other document."""
    root = invoice_root(io.BytesIO(content), name)
    if not isinstance(root, Node) or root.element is None or root.name != "cXML":
        return
    system = root.element.getroottree().docinfo.system_url or ""
    if not COUPAS.fullmatch(system):
        said = f"the document type is {system}" if system else "there is no document type"
        yield Finding(Source(name, 1), CXML_DOCTYPE, f"{said}; Coupa takes InvoiceDetail.dtd of cXML 1.2 only")
    found = declaration()
    found.validate(root.element)
    for entry in found.error_log.filter_from_errors():
        if entry.type_name not in UNDECLARED:
            yield Finding(Source(name, entry.line, entry.path or ""), _rule(entry.type_name), _told(entry.message))


def _rule(kind: str) -> Rule:
    return RULES.get(kind, CXML_CONTENT)


def _told(message: str) -> str:
    if model := EXPECTED.fullmatch(message.strip()):
        name, expected, got = model.groups()
        message = f"{name} consists of {got.strip()}, but is to be {' '.join(expected.split())}"
    return message.strip()[:LONGEST]
