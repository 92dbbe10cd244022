"""What fuzzing starts from: small files of every kind that a reader takes."""

import io
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pikepdf
from PIL import Image

from formats.catalogue import LAYOUTS
from formats.delivery import Kind, identify
from tests.capture.paint import INVOICE, saved

SAMPLES = Path(__file__).parents[2] / "sample_files"
CORPUS = Path(__file__).parent / "corpus"
LARGEST = 30_000  # bytes: what is larger is changed in places that do not matter
XML = {Kind.CXML, Kind.UBL, Kind.CII}


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """Return what a target starts from: samples, files made here, and what once made it fail."""
    found = {"csv": _flat, "xml": _xml, "zip": _archives, "image": _images, "pdf": _pdfs, "text": _texts, "head": _all}
    return (*found[target](), *(path.read_bytes() for path in sorted((CORPUS / target).glob("*"))))


def _samples(*kinds: Kind) -> Iterator[bytes]:
    for path in sorted((SAMPLES / "lockbox").iterdir()):
        content = path.read_bytes()
        if identify(content) in kinds and path.suffix != ".json":
            yield content


def _flat() -> Iterator[bytes]:
    for layout in LAYOUTS.values():
        stream = io.StringIO(newline="")
        layout.write((), stream)
        yield stream.getvalue().encode()
    yield from _samples(Kind.CSV)
    yield from map(_csv, _samples(Kind.ZIP))


def _csv(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return next((opened.read(name) for name in opened.namelist() if name.endswith(".csv")), b"")


def _xml() -> Iterator[bytes]:
    return (content for content in _samples(*XML) if len(content) < LARGEST)


def _archives() -> Iterator[bytes]:
    for archive in _samples(Kind.ZIP):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as small:
            small.writestr("invoices.csv", _csv(archive))
            small.writestr("images/page.png", saved(Image.new("1", (4, 4)), "PNG"))
        yield stream.getvalue()


def _images() -> Iterator[bytes]:
    for mode in ("1", "L", "RGB", "P", "RGBA", "CMYK", "I;16"):
        picture = Image.new(mode, (30, 40))
        if mode in {"L", "RGB", "CMYK"}:
            yield saved(picture, "JPEG")
        if mode != "CMYK":
            yield saved(picture, "PNG")
        yield saved(picture, "TIFF", compression="tiff_lzw" if mode != "1" else "group4")
    pages = [Image.new("L", (20, 20)), Image.new("1", (10, 30))]
    yield saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(204, 98))


def _pdfs() -> Iterator[bytes]:
    for compressed in (False, True):
        document = pikepdf.new()
        text = b" ".join(b"BT /F1 9 Tf %d %d Td (%s) Tj ET" % (x / 3, 500 - y / 3, t.encode()) for x, y, t in INVOICE)
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page = document.add_blank_page(page_size=(420, 600))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream(text)
        if compressed:
            document.attachments["invoice.xml"] = next(_xml())
        stream = io.BytesIO()
        document.save(stream, compress_streams=compressed, static_id=True)
        yield stream.getvalue()


def _texts() -> Iterator[bytes]:
    rows: dict[int, list[str]] = {}
    for _, top, text in INVOICE:
        rows.setdefault(top, []).append(text)
    yield "\n".join("    ".join(row) for row in rows.values()).encode()
    yield "Rechnung Nr. RE-2024/17\nDatum 17.03.2024\nNetto 1.234,50 €\nMwSt 19 % 234,56\nGesamt 1.469,06 EUR".encode()
    yield b"FACTURE N 12\nTotal TTC 1 234,50\nTVA 20%\nIBAN FR76 3000 6000 0112 3456 7890 189\nDE123456789"


def _all() -> Iterator[bytes]:
    for target in (_flat, _xml, _archives, _images, _pdfs):
        yield from target()
