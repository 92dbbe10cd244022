"""XML from strangers: a parser that fetches nothing and expands nothing, and nodes that report what they cannot read.

Paths name elements without their namespace (``Party/PostalAddress/CityName``): the dialects of one standard differ
in namespaces and not in names.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import BinaryIO

from lxml import etree

from formats.findings import Finding, Rule, Source
from formats.xml_rules import DAMAGED, DATE, DOCTYPE, NUMBER, TOO_DEEP, TOO_LARGE

CXML_DOCTYPE = re.compile(r"https?://xml\.cxml\.org/schemas/cxml/[\w./-]+\.dtd", re.IGNORECASE)
NUMBER_TEXT = re.compile(r"[+-]?(\d{1,15}(\.\d{0,30})?|\.\d{1,30})", re.ASCII)
DATE_TEXT = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)", re.ASCII)
NAMESPACE = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much XML is read: bytes of the file and depth of nesting."""

    size: int = 20_000_000
    depth: int = 64


@dataclass(slots=True)
class Node:
    """An element, or the place where one is missing; values that cannot be read go to ``findings``."""

    element: etree._Element | None
    file: str
    findings: list[Finding]

    def __bool__(self) -> bool:
        return self.element is not None

    @property
    def name(self) -> str:
        """The element's name without its namespace, "" when it is missing."""
        return "" if self.element is None else etree.QName(self.element).localname

    @property
    def namespace(self) -> str:
        """The element's namespace, "" when there is none."""
        return "" if self.element is None else etree.QName(self.element).namespace or ""

    @property
    def source(self) -> Source:
        """The element's line and XPath."""
        if self.element is None:
            return Source(self.file)
        line = self.element.sourceline
        return Source(self.file, line if isinstance(line, int) else None, xpath(self.element))

    def first(self, *paths: str) -> "Node":
        """The first element that one of the paths leads to, in the order of the paths; else a missing node."""
        for path in paths:
            found = None if self.element is None else self.element.find(_wild(path))
            if found is not None:
                return Node(found, self.file, self.findings)
        return Node(None, self.file, self.findings)

    def all(self, path: str) -> Iterator["Node"]:
        """Every element that the path leads to, in document order."""
        for element in () if self.element is None else self.element.iterfind(_wild(path)):
            yield Node(element, self.file, self.findings)

    def text(self, *paths: str) -> str:
        """The text at the first path that has any, blanks trimmed; of this element when no path is given."""
        for node in (self.first(path) for path in paths) if paths else (self,):
            if node.element is not None and (text := "".join(map(str, node.element.itertext())).strip()):
                return text
        return ""

    def attribute(self, name: str) -> str:
        """The value of an attribute, "" when it is missing."""
        return "" if self.element is None else str(self.element.get(name) or "").strip()

    def number(self, *paths: str) -> Decimal | None:
        """The number at the first path that has text, None when there is none or it cannot be read."""
        for node in (self.first(path) for path in paths) if paths else (self,):
            if text := node.text():
                return node.decimal(text)
        return None

    def decimal(self, text: str) -> Decimal | None:
        """A decimal number of XML Schema below 10 to the 15; anything else is a finding at this node."""
        if text and NUMBER_TEXT.fullmatch(text):
            return Decimal(text)
        if text:
            self.report(NUMBER, f"{text[:40]!r} is not a number")
        return None

    def date(self, *paths: str) -> dt.date | None:
        """The date at the first path that has text: ISO 8601 (its time is dropped) or YYYYMMDD."""
        for node in (self.first(path) for path in paths) if paths else (self,):
            if text := node.text():
                return node.day(text)
        return None

    def day(self, text: str) -> dt.date | None:
        """A calendar day from the beginning of the text; anything else is a finding at this node."""
        if found := DATE_TEXT.match(text):
            try:
                return dt.date(*map(int, found.groups()))
            except ValueError:
                pass
        if text:
            self.report(DATE, f"{text[:40]!r} is not a date")
        return None

    def report(self, rule: Rule, message: str) -> None:
        """Note that something is wrong at this node."""
        self.findings.append(Finding(self.source, rule, message))


def parse(stream: BinaryIO, name: str, limits: Limits | None = None) -> Node | Finding:
    """Return the root of an XML document, or the one finding that says why it is not read.

    Nothing outside the stream is fetched, entities are not expanded, and no document type is taken but cXML's.
    """
    limits = limits or Limits()
    content = stream.read(limits.size + 1)
    if len(content) > limits.size:
        return Finding(Source(name), TOO_LARGE, f"the XML is larger than {limits.size} bytes")
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        return _syntax_finding(error, name)
    except ValueError as error:
        return Finding(Source(name), DAMAGED, str(error))
    return _refusal(root, name, limits) or Node(root, name, [])


def xpath(element: etree._Element) -> str:
    """The way from the root to an element, without namespaces: ``/Invoice/InvoiceLine[2]/Price``."""
    tree = element.getroottree()
    path = NAMESPACE.sub("", tree.getelementpath(element))
    root = f"/{etree.QName(tree.getroot()).localname}"
    return root if path == "." else f"{root}/{path}"


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _syntax_finding(error: etree.XMLSyntaxError, name: str) -> Finding:
    message = (error.msg or "the XML cannot be parsed").replace("\n", "")
    for word, rule in (("depth", TOO_DEEP), ("Resource limit", TOO_LARGE), ("ntity", DOCTYPE)):
        if word in message:
            return Finding(Source(name, error.lineno), rule, message)
    return Finding(Source(name, error.lineno), DAMAGED, message)


def _refusal(root: etree._Element, name: str, limits: Limits) -> Finding | None:
    if message := _doctype_fault(root):
        return Finding(Source(name), DOCTYPE, message)
    if (depth := _depth(root)) > limits.depth:
        return Finding(Source(name), TOO_DEEP, f"elements are nested {depth} deep, {limits.depth} are allowed")
    return None


def _doctype_fault(root: etree._Element) -> str:
    doctype = root.getroottree().docinfo.internalDTD
    if doctype is None:
        return ""
    if not CXML_DOCTYPE.fullmatch(doctype.system_url or ""):
        return f"the document type {doctype.system_url or doctype.name!r} is not cXML's"
    if any(True for _ in doctype.entities()) or any(True for _ in doctype.elements()):
        return "the document type declares entities or elements of its own"
    return ""


def _depth(root: etree._Element) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


@lru_cache(maxsize=2048)
def _wild(path: str) -> str:
    return "/".join("{*}" + step if step[:1].isalpha() else step for step in path.split("/"))
