"""Any electronic invoice: recognised by its root element, read by its own reader, its attachments unpacked."""

import base64
import binascii
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from formats import cii, cxml, formulas, ubl
from formats.documents import Invoice
from formats.en16931 import file_name
from formats.findings import Finding, Source
from formats.multipart import body, is_message, parts, unpack
from formats.xml import Limits, Node, parse
from formats.xml_rules import ATTACHMENT, NAMESPACE, TOO_LARGE

EMBEDDED = f".//{ubl.ATTACHMENT}", f".//{cii.ATTACHMENT}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came inside an electronic invoice; ``name`` is no path."""

    name: str
    mime: str
    content: bytes


def read(stream: BinaryIO, name: str, limits: Limits | None = None) -> Iterator[Invoice | Finding]:
    """Yield the findings and the invoice of a UBL, CII, ZUGFeRD or cXML document; ``name`` stands in the findings."""
    root = invoice_root(stream, name, limits)
    if isinstance(root, Finding):
        yield root
        return
    for result in _read_root(root):
        if isinstance(result, Invoice):
            yield from formulas.doubts(result)
        yield result


def _read_root(root: Node) -> Iterator[Invoice | Finding]:
    if root.namespace in ubl.ROOTS:
        yield from ubl.read_root(root)
    elif root.namespace in cii.ROOTS:
        yield from cii.read_root(root)
    elif root.name == "cXML" and root.first(cxml.REQUEST):
        yield from cxml.read_root(root)
    else:
        yield Finding(root.source, NAMESPACE, f"{root.name} in the namespace {root.namespace!r} is no known invoice")


def attachments(stream: BinaryIO, name: str, limits: Limits | None = None) -> Iterator[Attachment | Finding]:
    """Yield the files embedded in an electronic invoice (BT-125) or sent with a cXML message."""
    limits = limits or Limits()
    content = stream.read(limits.size + 1)
    if len(content) > limits.size:
        yield Finding(Source(name), TOO_LARGE, f"the file is larger than {limits.size} bytes")
    elif is_message(content):
        yield from _message_attachments(content)
    else:
        root = parse(io.BytesIO(content), name, limits)
        yield from (root,) if isinstance(root, Finding) else _embedded(root)


def invoice_root(stream: BinaryIO, name: str, limits: Limits | None = None) -> Node | Finding:
    """Return the root of the invoice itself: out of its MIME message, out of its SBDH envelope."""
    payload = unpack(stream, name, limits)
    root = payload if isinstance(payload, Finding) else parse(io.BytesIO(payload), name, limits)
    if isinstance(root, Node) and root.name == "StandardBusinessDocument":
        return next((node for node in root.all("*") if node.namespace in ubl.ROOTS | cii.ROOTS), root)
    return root


def _embedded(root: Node) -> Iterator[Attachment | Finding]:
    for path in EMBEDDED:
        for place, node in enumerate(root.all(path), start=1):
            try:
                content = base64.b64decode(re.sub(r"\s", "", node.text()), validate=True)
            except (binascii.Error, ValueError) as error:
                yield Finding(node.source, ATTACHMENT, str(error))
            else:
                yield Attachment(file_name(node.attribute("filename"), place), node.attribute("mimeCode"), content)


def _message_attachments(content: bytes) -> Iterator[Attachment]:
    for place, part in enumerate(parts(content)):
        identifier = str(part.get("Content-ID", "")).strip().strip("<>")
        if place:
            yield Attachment(file_name(part.get_filename() or identifier, place), part.get_content_type(), body(part))
