"""PDF: text with boxes, drawn pages, and the e-invoice that a hybrid PDF carries.

PDFium is not thread-safe, so one lock guards every call into it.
"""

import ctypes
import io
import threading
import warnings
from collections.abc import Iterator
from functools import partial

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from capture.image import straighten
from capture.limits import Limits
from capture.paper import Page, Paper, PaperKind, Words
from capture.rules import PAGE_DAMAGED, PAGE_ENCRYPTED, PAGE_TOO_LARGE
from capture.words import Word
from formats.findings import Box, Finding, Source

POINTS = 72
GRID = 1_000_000
HEAD = 1 << 16  # a licence may stand before the root element
GARBLED = 0.2
STAMP = 20
MOST = 0.5
HYPHENATION = "\ufffe\u00ad\u0002"
EINVOICE_ROOTS = (b"CrossIndustryInvoice", b"CrossIndustryDocument", b"Invoice", b"CreditNote", b"cXML")

_pdfium = threading.RLock()


def open_pdf(data: bytes, name: str, limits: Limits) -> Paper | Finding:
    """The paper of a PDF; a finding if it is damaged, needs a password or has too many pages."""
    try:
        with _pdfium:
            document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return _refused(data, name, error)
    count = len(document)
    if not 0 < count <= limits.pages:
        rule = PAGE_TOO_LARGE if count else PAGE_DAMAGED
        return Finding(Source(name), rule, f"{count} pages" + (f" are more than {limits.pages}" if count else ""))
    pages: list[Page] = []
    problems: list[Finding] = []
    for number in range(1, count + 1):
        page = _page(document, name, number, limits)
        (problems if isinstance(page, Finding) else pages).append(page)  # type: ignore[arg-type]
    if not pages:
        return problems[0]
    xml = embedded_xml(data, limits)
    return Paper(name, PaperKind.PDF, data, tuple(pages), limits, xml, tuple(problems))


def _refused(data: bytes, name: str, error: Exception) -> Finding:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pikepdf.open(io.BytesIO(data)).close()
    except pikepdf.PasswordError:
        return Finding(Source(name), PAGE_ENCRYPTED, "a password is needed to open it")
    except Exception:  # noqa: BLE001, S110 - the first reason is the better one
        pass
    return Finding(Source(name), PAGE_DAMAGED, f"cannot be opened: {error}")


def _page(document: pypdfium2.PdfDocument, name: str, number: int, limits: Limits) -> Page | Finding:
    where = Source(name, page=number)
    try:
        with _pdfium:
            width, height = document[number - 1].get_size()
    except pypdfium2.PdfiumError as error:
        return Finding(where, PAGE_DAMAGED, f"cannot be opened: {error}")
    pixels = width * height * (limits.dpi / POINTS) ** 2
    if width < 1 or height < 1:
        return Finding(where, PAGE_DAMAGED, f"the page is {width:g} x {height:g} points")
    if pixels > limits.pixels:
        return Finding(where, PAGE_TOO_LARGE, f"{pixels:.0f} pixels are more than {limits.pixels}")
    draw = partial(_draw, document, number, limits)
    return Page(number, width / height, draw, partial(_text_layer, document, number))


def _draw(document: pypdfium2.PdfDocument, number: int, limits: Limits) -> Image.Image:
    with _pdfium:
        page = document[number - 1]
        picture: Image.Image = page.render(scale=limits.dpi / POINTS).to_pil().convert("RGB")
        has_text = page.get_textpage().count_chars() > 0
    # boxes of a text layer are those of the page as it stands, so only a page without one may be turned
    return picture if has_text else straighten(picture)


def _text_layer(document: pypdfium2.PdfDocument, number: int) -> Words:
    """The words of a page; none where the text is not what the eye sees, so that the page is read as a scan."""
    with _pdfium:
        page = document[number - 1]
        words = tuple(_words(page, number))
        scan = bool(words) and (_invisible(page) or (len(words) < STAMP and _is_picture(page)))
    return () if scan or _garbled(words) else words


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


def _garbled(words: Words) -> bool:
    """True when a font has no map to Unicode, so that the text layer is not what the eye sees."""
    text = "".join(word.text for word in words)
    strange = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < " " for char in text)
    return strange > GARBLED * len(text)


def _words(page: pypdfium2.PdfPage, number: int) -> Iterator[Word]:
    textpage = page.get_textpage()
    run: list[int] = []
    for index in range(textpage.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(textpage, index))
        if char.isspace() or char == "\0":
            yield from _word(page, textpage, run, number)
            run = []
        elif char not in HYPHENATION:
            run.append(index)
    yield from _word(page, textpage, run, number)


def _word(page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage, run: list[int], number: int) -> Iterator[Word]:
    if not run:
        return
    units = [pdfium.FPDFText_GetUnicode(textpage, index) for index in run]
    text = _utf16(units)
    boxes = [textpage.get_charbox(index, loose=True) for index in run]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    corners = _fraction(page, left, top), _fraction(page, right, bottom)
    xs, ys = sorted(corner[0] for corner in corners), sorted(corner[1] for corner in corners)
    if xs[1] <= 0 or ys[1] <= 0 or xs[0] >= 1 or ys[0] >= 1:
        return
    yield Word(text, Box(xs[0], ys[0], xs[1], ys[1]), 1.0, "textlayer", number)


def _utf16(units: list[int]) -> str:
    """PDFium counts in UTF-16 units on some platforms and in code points on others."""
    text = "".join(map(chr, units))
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _fraction(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of PDF space on the page as it is shown, whatever its rotation and crop box."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, GRID, GRID, 0, x, y, across, down)
    return across.value / GRID, down.value / GRID


def embedded_xml(data: bytes, limits: Limits) -> bytes | None:
    """The e-invoice among the attachments of a PDF (ISO 19005-3; Factur-X 1.0 §6), by content, not by name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pikepdf.open(io.BytesIO(data)) as document:
                return next(_einvoices(document, limits), None)
    except Exception:  # noqa: BLE001 - PDFium opened it; what pikepdf cannot open has no attachments that we can use
        return None


def _einvoices(document: pikepdf.Pdf, limits: Limits) -> Iterator[bytes]:
    for attachment in document.attachments.values():
        stream = attachment.get_file()
        if (stream.size or 0) > limits.xml_bytes:
            continue
        content = stream.read_bytes()
        if any(root in content[:HEAD] for root in EINVOICE_ROOTS) and b"<" in content[:64]:
            yield content
