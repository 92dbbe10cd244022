"""Opening papers: bytes of unknown kind become pages, or a finding that says why not."""

from capture.image import open_image
from capture.limits import Limits
from capture.paper import Paper, PaperKind
from capture.pdf import open_pdf
from capture.rules import PAGE_DAMAGED, PAGE_TOO_LARGE
from formats.findings import Finding, Source

MAGIC: tuple[tuple[bytes, PaperKind], ...] = (
    (b"\x89PNG\r\n\x1a\n", PaperKind.PNG),
    (b"\xff\xd8\xff", PaperKind.JPEG),
    (b"II*\x00", PaperKind.TIFF),
    (b"MM\x00*", PaperKind.TIFF),
    (b"II+\x00", PaperKind.TIFF),
    (b"MM\x00+", PaperKind.TIFF),
)
PDF_HEAD = 1024


def identify(head: bytes) -> PaperKind | None:
    """The kind of a paper by its first kilobyte; a PDF may have junk before its mark (ISO 32000-1 Annex H, note 13)."""
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    return PaperKind.PDF if b"%PDF-" in head[:PDF_HEAD] else None


def open_document(data: bytes, name: str, limits: Limits | None = None) -> Paper | Finding:
    """The paper in ``data``: PNG, JPEG, TIFF with one or more pages, or PDF; a finding if it cannot be opened."""
    limits = limits or Limits()
    if len(data) > limits.bytes:
        return Finding(Source(name), PAGE_TOO_LARGE, f"{len(data)} bytes are more than {limits.bytes}")
    kind = identify(data[:PDF_HEAD])
    if kind is None:
        what = "the file is empty" if not data else "this is neither PDF, TIFF, PNG nor JPEG"
        return Finding(Source(name), PAGE_DAMAGED, what)
    return open_pdf(data, name, limits) if kind is PaperKind.PDF else open_image(data, name, kind, limits)
