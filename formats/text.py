"""Bytes become text: one defined outcome for each way in which a partner's file can be encoded."""

import codecs
import io
from dataclasses import dataclass, field
from typing import BinaryIO, Final, NamedTuple, TextIO

from formats import rules
from formats.findings import Finding, Rule, Severity, Source

CHUNK: Final = 1 << 20
MARKS: Final = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UNDEFINED: Final = "\udc81\udc8d\udc8f\udc90\udc9d"  # bytes that mean nothing in Windows-1252


class Decoded(NamedTuple):
    """A text stream for the csv module (newline=""), and what is odd about it; after an error it is empty."""

    stream: TextIO
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Survey:
    """What a first reading saw: sequences of UTF-8, bytes that are none, and the line of the first oddity."""

    foreign: bool = False
    broken: bool = False
    undefined: bool = False
    nul: int = 0
    odd: int = 0
    line: int = field(default=1)

    def look(self, text: str) -> None:
        """Take the next piece of text, in which bytes that are not UTF-8 are surrogates."""
        if "\0" in text and not self.nul:
            self.nul = self.line + text[: text.index("\0")].count("\n")
        if not text.isascii():
            odd = next((i for i, c in enumerate(text) if "\udc80" <= c <= "\udcff"), None)
            if odd is not None:
                self.odd = self.odd or self.line + text[:odd].count("\n")
                self.broken = True
                self.undefined = self.undefined or any(c in text for c in UNDEFINED)
            self.foreign = self.foreign or any(c > "\x7f" and not "\udc80" <= c <= "\udcff" for c in text)
        self.line += text.count("\n")


def decode(content: bytes | BinaryIO, name: str) -> Decoded:
    """Return the text of a file, read twice (it must be seekable) and never held in memory as a whole.

    UTF-8 is taken as it is, without its mark. UTF-16 and UTF-32 with a mark, and Windows-1252, are taken with a
    warning. NUL characters, and text that is neither UTF-8 nor Windows-1252 throughout, are refused.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    start = stream.tell()
    head = stream.read(4)
    stream.seek(start)
    encoding = next((encoding for mark, encoding in MARKS if head.startswith(mark)), "utf-8")
    survey = look_through(stream, encoding)
    stream.seek(start)
    if survey is None:
        return refused(name, None, rules.TEXT_MIXED, f"the file is not {encoding.upper()}, as its first bytes say")
    return judge(stream, name, encoding, survey)


def look_through(stream: BinaryIO, encoding: str) -> Survey | None:
    """Read a stream once; None when it contradicts its own mark."""
    survey = Survey()
    errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    try:
        while chunk := stream.read(CHUNK):
            survey.look(decoder.decode(chunk))
        survey.look(decoder.decode(b"", final=True))
    except UnicodeError:
        return None
    return survey


def judge(stream: BinaryIO, name: str, encoding: str, survey: Survey) -> Decoded:
    """Return the stream as what it was seen to be."""
    if survey.nul:
        return refused(name, survey.nul, rules.TEXT_NUL, "a NUL character: padding, or UTF-16 without its mark")
    if survey.broken and (survey.foreign or survey.undefined):
        return refused(name, survey.odd, rules.TEXT_MIXED, "neither UTF-8 nor Windows-1252 throughout")
    findings = []
    if survey.broken:
        encoding = "cp1252"
        findings.append(Finding(Source(name, survey.odd), rules.TEXT_ENCODING, "not UTF-8: read as Windows-1252"))
    elif encoding == "utf-8-sig":
        findings.append(Finding(Source(name, 1), rules.TEXT_BOM, "the byte order mark was dropped"))
    elif encoding != "utf-8":
        findings.append(Finding(Source(name, 1), rules.TEXT_ENCODING, f"not UTF-8: read as {encoding.upper()}"))
    return Decoded(io.TextIOWrapper(stream, encoding=encoding, newline=""), tuple(findings))


def refused(name: str, line: int | None, rule: Rule, message: str) -> Decoded:
    """Return an empty stream and why."""
    return Decoded(io.StringIO(), (Finding(Source(name, line), rule, message),))


def readable(decoded: Decoded) -> bool:
    """True unless the file was refused."""
    return all(finding.severity is not Severity.ERROR for finding in decoded.findings)
