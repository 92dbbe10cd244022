"""XML from strangers: a parser that fetches nothing and expands nothing, and nodes that report what they cannot read.

Paths name elements without their namespace (``Party/PostalAddress/CityName``): the dialects of one standard differ
in namespaces and not in names.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import BinaryIO, NamedTuple, cast

from lxml import etree

from formats.findings import Finding, Rule, Source
from formats.xml_rules import DAMAGED, DATE, DOCTYPE, NUMBER, TOO_DEEP, TOO_LARGE

CXML_DOCTYPE = re.compile(r"https?://xml\.cxml\.org/schemas/cxml/[\w./-]+\.dtd", re.IGNORECASE)
NUMBER_TEXT = re.compile(r"[+-]?(\d{1,15}(\.\d{0,30})?|\.\d{1,30})", re.ASCII)
DATE_TEXT = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)", re.ASCII)
NAMESPACE = re.compile(r"\{[^}]*\}")
MANY = 64  # children
MOST_PATHS = 1024  # that elements which are alike may have together
FEW = 8  # siblings whose places are not worth counting before one is asked for


@dataclass(frozen=True, slots=True)
class Limits:
    """How much XML is read: bytes of the file and depth of nesting."""

    size: int = 20_000_000
    depth: int = 64


class Below(NamedTuple):
    """The first element at each path below another, and its text where nothing is below it."""

    elements: dict[str, etree._Element]
    texts: dict[str, str | None]  # None where something is below


class Shape(dict[object, tuple[str, "Shape"]]):
    """By the tag of a child: its path and the shape below it; elements that are alike share one, with its ``paths``."""

    __slots__ = ("above", "paths")

    def __init__(self, above: str, paths: list[str]) -> None:
        self.above, self.paths = above, paths

    def __missing__(self, tag: object) -> tuple[str, "Shape"]:
        path = self.above + _local(tag)
        self.paths.append(path)
        self[tag] = found = path, Shape(path + "/", self.paths)
        return found


@dataclass(slots=True)
class Node:
    """An element, or the place where one is missing; values that cannot be read go to ``findings``.

    ``place`` is its XPath where that is known already: to ask the tree costs a look at every sibling. ``wide`` are the
    root of a document and what has MANY children, such as lines: only its children are looked up, not all below.
    """

    element: etree._Element | None
    file: str
    findings: list[Finding]
    place: str = ""
    wide: bool = False
    shape: Shape | None = field(default=None, repr=False)
    _below: Below | None = field(default=None, repr=False)

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
        return Source(self.file, line if isinstance(line, int) else None, self.place or xpath(self.element))

    def below(self) -> Below:
        """What is below, looked up once; of a wide element only its children."""
        if self._below is None:
            self._below = Below({}, {})
            if self.element is not None:
                self.wide = self.wide or len(self.element) > MANY
                shape = Shape("", []) if self.shape is None else self.shape
                (_gather_children if self.wide else _gather)(self.element, shape, self._below)
        return self._below

    def find(self, path: str) -> etree._Element | None:
        """The first element that the path leads to, None when there is none."""
        elements = (self._below or self.below()).elements
        found = elements.get(path)
        if found is not None or self.element is None or not (self.wide or _is_pattern(path)):
            return found
        step, _, rest = path.partition("/")
        return self.element.find(_wild(path)) if _is_pattern(path) or (rest and step in elements) else None

    def find_all(self, path: str) -> Sequence[etree._Element]:
        """Every element that the path leads to, in document order."""
        return () if self.element is None or self.find(path) is None else self.element.findall(_wild(path))

    def first(self, *paths: str) -> "Node":
        """The first element that one of the paths leads to, in the order of the paths; else a missing node."""
        for path in paths:
            found = self.find(path)
            if found is not None:
                return Node(found, self.file, self.findings)
        return Node(None, self.file, self.findings)

    def all(self, path: str) -> Iterator["Node"]:
        """Every element that the path leads to, in document order."""
        found = self.find_all(path)
        places = _places(self, found) if path.isalpha() and len(found) > FEW else [""] * len(found)
        shape = Shape("", [])
        for element, place in zip(found, places, strict=True):
            if len(shape.paths) > MOST_PATHS:  # they are not alike
                shape = Shape("", [])
            yield Node(element, self.file, self.findings, place, shape=shape)

    def text(self, *paths: str) -> str:
        """The text at the first path that has any, blanks trimmed; of this element when no path is given."""
        if not paths:
            return "" if self.element is None else _text(self.element)
        texts = (self._below or self.below()).texts
        for path in paths:
            text = texts.get(path)
            if text is None and (element := self.find(path)) is not None:
                text = _text(element)
            if text:
                return text
        return ""

    def row(self, paths: Sequence[str]) -> list[str]:
        """What ``text`` says of each of many paths that are names."""
        get = self.below().texts.get
        row = [get(path, "") for path in paths]
        if self.wide or None in row:
            return [self.text(path) for path in paths]
        return cast("list[str]", row)

    def attribute(self, name: str) -> str:
        """The value of an attribute, "" when it is missing."""
        return "" if self.element is None else str(self.element.get(name) or "").strip()

    def number(self, *paths: str) -> Decimal | None:
        """A number at the first path that has text: a decimal of XML Schema below 10 to the 15.

        None when there is none; anything else is a finding.
        """
        return self.decimal(self.text(*paths), *paths)

    def decimal(self, text: str, *paths: str) -> Decimal | None:
        """A number that was told of this node, or of what is at the paths; anything else is a finding."""
        if not text:
            return None
        if NUMBER_TEXT.fullmatch(text):
            return Decimal(text)
        self._speaker(paths).report(NUMBER, f"{text[:40]!r} is not a number")
        return None

    def date(self, *paths: str) -> dt.date | None:
        """The date at the first path that has text: ISO 8601 (its time is dropped) or YYYYMMDD."""
        return self.day(self.text(*paths), *paths)

    def _speaker(self, paths: Sequence[str]) -> "Node":
        """The node at the first path that has text."""
        return next((node for path in paths if (node := self.first(path)).text()), self)

    def day(self, text: str, *paths: str) -> dt.date | None:
        """A calendar day from the beginning of the text; anything else is a finding here, or at the paths."""
        if found := DATE_TEXT.match(text):
            try:
                return dt.date(*map(int, found.groups()))
            except ValueError:
                pass
        if text:
            self._speaker(paths).report(DATE, f"{text[:40]!r} is not a date")
        return None

    def report(self, rule: Rule, message: str) -> None:
        """Note that something is wrong at this node."""
        self.findings.append(Finding(self.source, rule, message))


def _gather(element: etree._Element, shape: Shape, below: Below) -> None:
    """Add the elements below one, unless another stands at the same path already.

    ``left`` are the children of ``shape`` that are still to come, ``above`` the elements whose children go on after.
    """
    elements, texts = below
    above: list[tuple[Shape, int]] = []
    left = len(element)
    for child in element.iterdescendants():
        path, inside = shape[child.tag]
        children = len(child)
        left -= 1
        if path not in elements:
            elements[path] = child
            texts[path] = None if children else (child.text or "").strip()
        if children:
            if left:
                above.append((shape, left))
            shape, left = inside, children
        elif not left and above:
            shape, left = above.pop()


def _gather_children(element: etree._Element, shape: Shape, below: Below) -> None:
    """Add the children of an element, unless another stands at the same path already."""
    for child in element:
        path, _ = shape[child.tag]
        if path not in below.elements:
            below.elements[path] = child
            below.texts[path] = None if len(child) else (child.text or "").strip()


@lru_cache(maxsize=2048)
def _local(tag: object) -> str:
    """The name without its namespace; "" of what is no element, such as a comment."""
    return tag[tag.find("}") + 1 :] if isinstance(tag, str) else ""


@lru_cache(maxsize=2048)
def _is_pattern(path: str) -> bool:
    """True for what is more than names, such as ``.//Money``."""
    return not path.replace("/", "").isalpha()


def _text(element: etree._Element) -> str:
    if len(element):
        return "".join(map(str, element.itertext())).strip()
    return (element.text or "").strip()


def _places(parent: Node, children: Sequence[etree._Element]) -> Iterator[str]:
    """The XPath of each of many children, counted once for all."""
    above = parent.place or ("" if parent.element is None else xpath(parent.element))
    tags = [str(child.tag) for child in children]
    total, seen = Counter(tags), Counter[str]()
    names = {tag: f"{above}/{NAMESPACE.sub('', tag)}" for tag in total}
    for tag in tags:
        seen[tag] += 1
        yield f"{names[tag]}[{seen[tag]}]" if total[tag] > 1 else names[tag]


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
    return _refusal(root, name, limits) or Node(root, name, [], wide=True)


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
    if root.xpath(f"boolean({'/*' * (limits.depth + 1)})"):
        return Finding(Source(name), TOO_DEEP, f"elements are nested {_depth(root)} deep, {limits.depth} are allowed")
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
