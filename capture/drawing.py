"""The process in which PDFs are opened and drawn: ``python -m capture.drawing`` answers each request by one answer.

A request is a line of JSON, with ``bytes`` the length of what follows it; so is an answer. The requests are "open"
(with the PDF: the sizes of its pages, and the e-invoice in it), "words" and "draw" (of one page). A stranger's PDF that
crashes PDFium, fills the memory or comes to no end takes only this process with it. It ends with its input, and where
an answer takes longer than the ``seconds`` of its request, also when nobody is left to kill it.
"""

import ctypes
import io
import json
import resource
import signal
import sys
import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

MEMORY = 3 << 30
KEPT = 4
GRID = 1_000_000
HEAD = 1 << 16  # a licence may stand before the root element
STAMP = 20
MOST = 0.5
HYPHENATION = "\ufffe\u00ad\u0002"
EINVOICE_ROOTS = (b"CrossIndustryInvoice", b"CrossIndustryDocument", b"Invoice", b"CreditNote", b"cXML")

Answer = tuple[dict[str, Any], bytes]
WordOf = tuple[str, float, float, float, float]


class Desk:
    """The last few documents that were opened, by the key that the other side gave them."""

    def __init__(self) -> None:
        self._documents: dict[str, pypdfium2.PdfDocument] = {}

    def answer(self, request: dict[str, Any], data: bytes) -> Answer:
        """The answer to one request; "unknown" when the document is not open (any more)."""
        if request["do"] == "open":
            return self._open(request, data)
        document = self._documents.get(request["key"])
        if document is None:
            return {"unknown": True}, b""
        try:
            page = document[request["page"] - 1]
            return _draw(page, request["scale"]) if request["do"] == "draw" else ({"words": _text_layer(page)}, b"")
        except pypdfium2.PdfiumError as error:
            return {"error": str(error)}, b""

    def _open(self, request: dict[str, Any], data: bytes) -> Answer:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            return {"refused": str(error), "encrypted": needs_password(data)}, b""
        while len(self._documents) >= KEPT:
            self._documents.pop(next(iter(self._documents))).close()
        self._documents[request["key"]] = document
        count = len(document)
        sizes = [_size(document, number) for number in range(count)] if count <= request["pages"] else []
        xml = embedded_xml(data, request["xml_bytes"]) if sizes else None
        return {"count": count, "sizes": sizes, "xml": xml is not None}, xml or b""


def needs_password(data: bytes) -> bool:
    """True when a PDF opens with a password only."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pikepdf.open(io.BytesIO(data)).close()
    except pikepdf.PasswordError:
        return True
    except Exception:  # noqa: BLE001, S110 - damaged in a way of its own
        pass
    return False


def _size(document: pypdfium2.PdfDocument, index: int) -> tuple[float, float] | str:
    """Width and height of a page in points, or why it cannot be opened."""
    try:
        width, height = document[index].get_size()
    except pypdfium2.PdfiumError as error:
        return str(error)
    return width, height


def _draw(page: pypdfium2.PdfPage, scale: float) -> Answer:
    picture = page.render(scale=scale).to_pil().convert("RGB")
    has_text = page.get_textpage().count_chars() > 0
    return {"width": picture.width, "height": picture.height, "has_text": has_text}, picture.tobytes()


def _text_layer(page: pypdfium2.PdfPage) -> list[WordOf]:
    """The words of a page; none on a scan, even where its scanner hid what it recognised or stamped it."""
    words = list(_words(page))
    scan = bool(words) and (_invisible(page) or (len(words) < STAMP and _is_picture(page)))
    return [] if scan else words


def _invisible(page: pypdfium2.PdfPage) -> bool:
    """True when all text is hidden, as scanners hide what they recognised behind the picture."""
    texts = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]))
    return all(pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE for text in texts)


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    """True when one picture covers most of the page, and the few words on it are a stamp or a footer."""
    width, height = page.get_size()
    pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
    boxes = [picture.get_bounds() for picture in pictures]
    return any((right - left) * (top - bottom) > MOST * width * height for left, bottom, right, top in boxes)


def _words(page: pypdfium2.PdfPage) -> Iterator[WordOf]:
    textpage = page.get_textpage()
    run: list[int] = []
    for index in range(textpage.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(textpage, index))
        if char.isspace() or char == "\0":
            yield from _word(page, textpage, run)
            run = []
        elif char not in HYPHENATION:
            run.append(index)
    yield from _word(page, textpage, run)


def _word(page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage, run: list[int]) -> Iterator[WordOf]:
    if not run:
        return
    text = _utf16([pdfium.FPDFText_GetUnicode(textpage, index) for index in run])
    boxes = [textpage.get_charbox(index, loose=True) for index in run]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    corners = _fraction(page, left, top), _fraction(page, right, bottom)
    xs, ys = sorted(corner[0] for corner in corners), sorted(corner[1] for corner in corners)
    if xs[1] > 0 and ys[1] > 0 and xs[0] < 1 and ys[0] < 1:
        yield text, xs[0], ys[0], xs[1], ys[1]


def _utf16(units: list[int]) -> str:
    """PDFium counts in UTF-16 units on some platforms and in code points on others."""
    text = "".join(map(chr, units))
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _fraction(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of PDF space on the page as it is shown, whatever its rotation and crop box."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, GRID, GRID, 0, x, y, across, down)
    return across.value / GRID, down.value / GRID


def embedded_xml(data: bytes, most: int) -> bytes | None:
    """The e-invoice among the attachments of a PDF (ISO 19005-3; Factur-X 1.0 §6), by content, not by name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pikepdf.open(io.BytesIO(data)) as document:
                return next(_einvoices(document, most), None)
    except Exception:  # noqa: BLE001 - PDFium opened it; what pikepdf cannot open has no attachments that we can use
        return None


def _einvoices(document: pikepdf.Pdf, most: int) -> Iterator[bytes]:
    for attachment in document.attachments.values():
        stream = attachment.get_file()
        if (stream.size or 0) > most:
            continue
        content = stream.read_bytes()
        if any(root in content[:HEAD] for root in EINVOICE_ROOTS) and b"<" in content[:64]:
            yield content


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until their stream ends."""
    desk = Desk()
    for line in requests:
        request = json.loads(line)
        data = requests.read(request["bytes"])
        signal.setitimer(signal.ITIMER_REAL, request["seconds"])
        try:
            told, content = desk.answer(request, data)
        except MemoryError:
            told, content = {"error": "it needs too much memory"}, b""
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(json.dumps(told | {"bytes": len(content)}).encode() + b"\n")
        answers.write(content)
        answers.flush()


def main() -> None:
    """Serve on standard input and output; the memory that may be used is limited to three gigabytes.

    Who asks a whole group of processes to leave (a terminal, systemd) lets the page in hand be finished.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
