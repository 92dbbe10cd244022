"""multipart/related messages, as cXML travels with its attachments (RFC 2387)."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import BinaryIO

from formats.findings import Finding, Source
from formats.xml import Limits
from formats.xml_rules import MIME, TOO_LARGE


def unpack(stream: BinaryIO, name: str, limits: Limits | None = None) -> bytes | Finding:
    """Return the XML of a multipart/related message, or the content itself when it is not one."""
    limits = limits or Limits()
    content = stream.read(limits.size + 1)
    if len(content) > limits.size:
        return Finding(Source(name), TOO_LARGE, f"the message is larger than {limits.size} bytes")
    if not is_message(content):
        return content
    xml = (part for part in parts(content) if part.get_content_type() in ("text/xml", "application/xml"))
    first = next(xml, None)
    return body(first) if first is not None else Finding(Source(name), MIME, "the message has no XML part")


def is_message(content: bytes) -> bool:
    """True when the content begins as a MIME message or as its first part, and not as XML."""
    head = content[:200].lstrip().lower()
    return head.startswith((b"mime-version:", b"content-", b"--"))


def parts(content: bytes) -> Iterator[Message]:
    """The parts of a MIME message, its own headers missing or not; none when it is nested beyond reason."""
    head = content.lstrip()
    if head.startswith(b"--"):
        boundary = head.split(b"\n", 1)[0].strip()[2:]
        head = b'Content-Type: multipart/related; boundary="' + boundary + b'"\r\n\r\n' + head
    try:
        found = [part for part in message_from_bytes(head).walk() if not part.is_multipart()]
    except RecursionError:  # the parser of the standard library recurses once a level
        found = []
    yield from found


def body(part: Message) -> bytes:
    """The decoded bytes of one part."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
