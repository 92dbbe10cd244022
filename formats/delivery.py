"""What a partner delivers: known by its content, unpacked with suspicion, never touching a local path."""

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from formats import rules
from formats.documents import Invoice
from formats.findings import Finding, Rule, Source


class Kind(StrEnum):
    """What a file is."""

    ZIP = "zip"
    CSV = "csv"
    CXML = "cxml"
    UBL = "ubl"
    CII = "cii"
    PDF = "pdf"
    TIFF = "tiff"
    PNG = "png"
    JPEG = "jpeg"
    UNKNOWN = "unknown"


EINVOICES: Final = frozenset({Kind.CXML, Kind.UBL, Kind.CII})
IMAGES: Final = frozenset({Kind.PDF, Kind.TIFF, Kind.PNG, Kind.JPEG})
MAGIC: Final = (
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"%PDF-", Kind.PDF),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"II+\0", Kind.TIFF),
    (b"MM\0+", Kind.TIFF),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
)
HEAD: Final = 1 << 16  # bytes that identify() should see: standard samples begin with pages of comments
ROOT = re.compile(r"<(?:\w[\w.-]*:)?(\w[\w.-]*)([^>]*)")
BINARY = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")  # NUL alone is padding or UTF-16: ``text.decode`` says so


def identify(head: bytes) -> Kind:
    """Return what a file is by its first HEAD bytes; its name does not matter."""
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if b"%PDF-" in head[:1024]:  # readers allow rubbish before the header (ISO 32000-1, annex H)
        return Kind.PDF
    text = text_of(head)
    if text.lstrip().startswith("<"):
        return xml_kind(text)
    return Kind.CSV if text.strip() and not BINARY.search(text) else Kind.UNKNOWN


def text_of(head: bytes) -> str:
    """Return the first bytes as text, whatever its encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def xml_kind(text: str) -> Kind:
    """Return which e-invoice begins like this, by its root element and namespace."""
    root = ROOT.match(after_prolog(text))
    match (root.group(1), root.group(2)) if root else ("", ""):
        case ("cXML", _):
            return Kind.CXML
        case ("Invoice" | "CreditNote", attributes) if "urn:oasis:names:specification:ubl" in attributes:
            return Kind.UBL
        case ("CrossIndustryInvoice", _):
            return Kind.CII
        case _:
            return Kind.UNKNOWN


def after_prolog(text: str) -> str:
    """Return an XML text from its root element on; nothing where the prolog does not end here."""
    text = text.lstrip()
    while text.startswith(("<?", "<!")):
        doctype = ">" if "[" not in text.partition(">")[0] else "]>"
        end = "?>" if text.startswith("<?") else "-->" if text.startswith("<!--") else doctype
        text = text.partition(end)[2].lstrip()
    return text


def unknown_kind(name: str) -> Finding:
    """Return the finding for a file that nobody can read."""
    return Finding(Source(name), rules.DELIVERY_KIND_UNKNOWN, "neither ZIP, CSV, e-invoice, PDF nor image")


UNSAFE: Final = (
    (re.compile(r"[/\\]"), "a slash"),
    (re.compile(r"[\x00-\x1f\x7f-\x9f]"), "a control character"),
    (re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"), "an invisible or direction mark"),
    (re.compile(r"^\.|^~|^\s|[\s.]$"), "a dot, tilde or blank at an end"),
    (re.compile(r'[<>:"|?*]'), "a character that some systems forbid"),
    (re.compile("[\ud800-\udfff]"), "a byte that is no text"),
    (re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE), "a device's name"),
)
LONGEST: Final = 255  # bytes: the limit of common file systems


def check_name(name: str) -> Finding | None:
    """Return a finding when a partner's file name could attack or confuse whoever stores it."""
    problem = name_problem(name)
    return Finding(Source(ascii(name)[1:-1][:80]), rules.DELIVERY_NAME_UNSAFE, problem) if problem else None


def name_problem(name: str) -> str:
    """Return what is wrong with a file name, or nothing."""
    if not name:
        return "it is empty"
    for pattern, problem in UNSAFE:
        if pattern.search(name):
            return f"it has {problem}"
    if len(name.encode()) > LONGEST:
        return f"it is longer than {LONGEST} bytes"
    return "" if unicodedata.is_normalized("NFC", name) else "its characters are not in composed form (NFC)"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold; ``total`` and, for one file of it, ``member`` are in bytes after unpacking."""

    members: int = 5000
    ratio: int = 200
    total: int = 2 << 30
    member: int = 200_000_000


BROKEN: Final = (  # what the standard library raises on hostile archives
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
END: Final = re.compile(rb"(?=PK\x05\x06)")
LARGE_END: Final = re.compile(rb"(?=PK\x06\x06)")
UNTOLD: Final = 0xFFFFFFFF  # the size stands in the larger record
TAIL: Final = (1 << 16) + 200  # the longest comment, and the records before it
ENTRY: Final = 1024  # bytes of one member's entry: a name of common length, and what archivers add to it
LITTLE: Final = 1 << 20  # bytes: what unpacks to less harms nobody, whatever its ratio
IGNORED = re.compile(r"^__MACOSX/|(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini)$")  # what archivers add by themselves
OFFICE: Final = (b"[Content_Types].xml", b"mimetype", b"_rels/")  # documents that are archives only inside


@dataclass(slots=True)
class Delivery:
    """A ZIP as Coupa's loader wants it: one CSV at the top, and the images and attachments that it names.

    Or e-invoices instead (``einvoices``, by name), each with the page of the same name beside it.
    """

    name: str
    csv_name: str
    csv: bytes
    archive: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]
    findings: tuple[Finding, ...] = ()
    used: set[str] = field(default_factory=set)
    einvoices: tuple[str, ...] = ()
    _alike: defaultdict[str, list[str]] = field(default_factory=partial(defaultdict, list), repr=False)

    def beside(self, einvoice: str) -> str:
        """Return the name of the page beside an e-invoice: that of its name, or the only one beside the only one."""
        if not self._alike:
            for name in self.members:
                self._alike[_stem(name)].append(name)
        alike = self._pages(self._alike[_stem(einvoice)])
        alone = self._pages(self.members) if len(self.einvoices) == 1 else []
        return next((found[0] for found in (alike, alone) if len(found) == 1), "")

    def _pages(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if is_image(self.archive, self.members[name])]

    def member(self, name: str) -> bytes | None:
        """Return the bytes of a file that an invoice names, None when it was not sent."""
        found = self.find(name)
        if found is None:
            return None
        self.used.add(found)
        return self.archive.read(self.members[found])

    def find(self, name: str) -> str | None:
        """Return the member of this name; its case may differ where that leaves no doubt."""
        wanted = unicodedata.normalize("NFC", name.strip().removeprefix("file://"))
        if wanted in self.members:
            return wanted
        alike = [member for member in self.members if member.casefold() == wanted.casefold()]
        return alike[0] if len(alike) == 1 else None

    def missing(self, invoice: Invoice) -> Iterator[Finding]:
        """Yield a finding for each file that an invoice names and that was not sent; what was sent counts as used.

        Of attachments only file://... names a member: the rest are links or text (Coupa: Invoices Import).
        """
        files = [name for name in invoice.attachments if name.startswith("file://")]
        for name in ([invoice.image] if invoice.image else []) + files:
            found = self.find(name)
            if found is None:
                line = invoice.source.line if invoice.source else None
                source = Source(self.csv_name, line)
                yield Finding(source, rules.IMAGE_MISSING, f"{name!r} is not in {self.name}", invoice.number)
            else:
                self.used.add(found)

    def unused(self) -> Iterator[Finding]:
        """Yield a finding for each member that no invoice asked for; one that the data names at all belongs to it.

        An invoice that could not be read cannot ask for its image.
        """
        for name in self.members:
            named = PurePosixPath(name).name.encode() in self.csv
            if name not in self.used and name not in (self.csv_name, *self.einvoices) and not named:
                yield Finding(Source(f"{self.name}/{name}"), rules.IMAGE_UNUSED, "no invoice names it")


def open_zip(stream: BinaryIO, name: str, limits: Limits | None = None) -> Delivery | Finding:
    """Open an archive that was checked from end to end; a finding when it must not or cannot be read."""
    limits = limits or Limits()
    try:
        if (size := directory_size(stream)) > limits.members * ENTRY:
            return Finding(Source(name), rules.ZIP_TOO_MANY, f"its directory has {size} bytes")
        archive = zipfile.ZipFile(stream)
        infos = [info for info in archive.infolist() if not info.is_dir() and not IGNORED.search(info.orig_filename)]
        problem = distrust(name, infos, limits) or damage(name, archive, infos)
        return problem or data_file(name, archive, infos)
    except BROKEN as error:
        return Finding(Source(name), rules.ZIP_DAMAGED, f"it cannot be unpacked: {error}")


def directory_size(stream: BinaryIO) -> int:
    """Return how large an archive says its directory is, which is read into memory before a member can be counted.

    Where several ends of a directory can be seen (APPNOTE.TXT §4.3.14, §4.3.16), the largest counts.
    """
    stream.seek(max(0, stream.seek(0, io.SEEK_END) - TAIL))
    tail = stream.read()
    stream.seek(0)
    sizes = [int.from_bytes(tail[end.start() + 12 : end.start() + 16], "little") for end in END.finditer(tail)]
    large = [int.from_bytes(tail[end.start() + 40 : end.start() + 48], "little") for end in LARGE_END.finditer(tail)]
    return max((*(size for size in sizes if size != UNTOLD), *large), default=0)


def distrust(name: str, infos: list[zipfile.ZipInfo], limits: Limits) -> Finding | None:
    """Return what the archive's directory alone shows to be wrong, before anything is unpacked."""
    if len(infos) > limits.members:
        return Finding(Source(name), rules.ZIP_TOO_MANY, f"{len(infos)} files, {limits.members} are allowed")
    total = sum(info.file_size for info in infos)
    if total > limits.total:
        return Finding(Source(name), rules.ZIP_TOO_LARGE, f"unpacks to {total} bytes, {limits.total} are allowed")
    names = Counter(unicodedata.normalize("NFC", info.filename) for info in infos)
    for info in infos:
        if problem := member_problem(info, names, limits):
            rule, message = problem
            return Finding(Source(f"{name}/{ascii(info.orig_filename)[1:-1][:80]}"), rule, message)
    return None


def member_problem(info: zipfile.ZipInfo, names: Counter[str], limits: Limits) -> tuple[Rule, str] | None:
    """Return the rule that one entry of the directory breaks."""
    unsafe = path_problem(info.orig_filename)
    if unsafe:
        return rules.ZIP_UNSAFE_NAME, unsafe
    if stat.S_ISLNK(info.external_attr >> 16):
        return rules.ZIP_UNSAFE_NAME, "it is a link"
    if info.flag_bits & 1:
        return rules.ZIP_ENCRYPTED, "it is encrypted"
    if names[unicodedata.normalize("NFC", info.filename)] > 1:
        return rules.ZIP_REPEATED_NAME, "it stands twice in the archive"
    too_large = size_problem(info, limits)
    return (rules.ZIP_TOO_LARGE, too_large) if too_large else None


def size_problem(info: zipfile.ZipInfo, limits: Limits) -> str:
    """Return why a member is not unpacked for what it would unpack to, or nothing."""
    if info.file_size > limits.member:
        return f"it unpacks to {info.file_size} bytes, {limits.member} are allowed"
    bomb = info.file_size > LITTLE and info.file_size > limits.ratio * max(info.compress_size, 1)
    return f"it unpacks to more than {limits.ratio} times its size" if bomb else ""


def path_problem(path: str) -> str:
    """Return what is wrong with a member's name: it must be relative, without "..", of safe parts."""
    if path.startswith("/") or ".." in path.split("/"):
        return "its path is absolute or leads upwards"
    # Composed form is not asked of members: Mac archives decompose, and members are looked up in composed form.
    parts = unicodedata.normalize("NFC", path).split("/")
    return next((problem for part in parts if (problem := name_problem(part))), "")


def damage(name: str, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Finding | None:
    """Unpack every member once, in pieces, so that checksums are known to be right and no archive hides in it."""
    for info in infos:
        with archive.open(info) as member:
            head = member.read(128)
            nested = head.startswith(b"PK\x03\x04") and not any(mark in head for mark in OFFICE)
            if nested or info.filename.lower().endswith((".zip", ".7z", ".rar", ".tar", ".gz")):
                return Finding(Source(f"{name}/{info.filename}"), rules.ZIP_NESTED, "it is an archive itself")
            while member.read(1 << 20):
                pass
    return None


def data_file(name: str, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Delivery | Finding:
    """Return the delivery whose only data file at the top is a CSV, or which has e-invoices there and no CSV."""
    top = [info for info in infos if len(PurePosixPath(info.filename).parts) == 1]
    found = [info for info in top if is_data(archive, info)]
    members = {unicodedata.normalize("NFC", info.filename): info for info in infos}
    if len(found) == 1:
        return Delivery(name, found[0].filename, archive.read(found[0]), archive, members)
    electronic = [one for one, info in members.items() if info in top and _kind(archive, info) in EINVOICES]
    if electronic and not found:
        return Delivery(name, "", b"", archive, members, einvoices=tuple(electronic))
    names = ", ".join(info.filename for info in found) or "none"
    return Finding(Source(name), rules.ZIP_NO_CSV, f"one CSV is wanted at the top, found: {names}")


def is_data(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """True for a CSV by content that does not call itself anything else."""
    suffix = PurePosixPath(info.filename).suffix.lower()
    return suffix in (".csv", ".txt", ".dat", "") and _kind(archive, info) is Kind.CSV


def is_image(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """True for what can be the page of an invoice, by content."""
    return _kind(archive, info) in IMAGES


def _kind(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Kind:
    with archive.open(info) as member:
        return identify(member.read(HEAD))


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.casefold()
