"""Invoices painted with Pillow's own font, for tests that need a picture."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1240, 1754
FONTS = b"/Resources << /Font << /F1 5 0 R >> >>"

INVOICE: tuple[tuple[int, int, str], ...] = (
    (90, 90, "Brightwater Tools Ltd"),
    (90, 135, "12 Harbour Road, Bristol BS1 4ST"),
    (90, 180, "accounts@brightwater-tools.co.uk"),
    (820, 90, "INVOICE"),
    (690, 250, "Invoice number: BW-20418"),
    (690, 295, "Invoice date: 17 March 2024"),
    (690, 340, "Due date: 16 April 2024"),
    (690, 385, "PO number: 4500017"),
    (690, 430, "Currency: GBP"),
    (90, 250, "Bill to:"),
    (90, 295, "Northgate Services plc"),
    (90, 340, "4 Mill Lane, Leeds"),
    (90, 600, "Description"),
    (640, 600, "Qty"),
    (800, 600, "Unit price"),
    (1040, 600, "Amount"),
    (90, 660, "Cordless drill 18 V"),
    (640, 660, "4"),
    (800, 660, "120.00"),
    (1040, 660, "480.00"),
    (90, 715, "Masonry bit set"),
    (640, 715, "10"),
    (800, 715, "12.50"),
    (1040, 715, "125.00"),
    (800, 850, "Subtotal"),
    (1040, 850, "605.00"),
    (800, 905, "VAT 20%"),
    (1040, 905, "121.00"),
    (800, 960, "Total"),
    (1040, 960, "726.00"),
)


def painted(texts: Sequence[tuple[int, int, str]] = INVOICE, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    """A white page with the texts at their places."""
    page = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(30)
    for left, top, text in texts:
        draw.text((left, top), text, "black", font)
    return page


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture's bytes in the format."""
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def text_pdf(texts: Sequence[tuple[int, int, str]] = INVOICE, *, mode: int = 0) -> bytes:
    """A PDF with a text layer: the texts at their places, in Helvetica, in a rendering mode (3 is invisible)."""
    scale = 595 / WIDTH
    drawn = "\n".join(
        f"BT {mode} Tr /F1 11 Tf {left * scale:.1f} {842 - (top + 26) * scale:.1f} Td ({_escaped(text)}) Tj ET"
        for left, top, text in texts
    )
    return _assembled(drawn.encode("cp1252"))


def endless_pdf(depth: int) -> bytes:
    """A small PDF of forms that draw ten forms each, so many levels deep; the innermost fills the page."""
    inner = b"0 0 595 842 re f"
    forms = [_form(b"/F Do " * 10, b"/XObject << /F %d 0 R >>" % (7 + level)) for level in range(depth - 1)]
    return _assembled(b"/F Do", *forms, _form(inner, b""), more=b"/XObject << /F 6 0 R >>")


def _form(content: bytes, resources: bytes) -> bytes:
    head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << %s >> /Length %d >>"
    return head % (resources, len(content)) + b"\nstream\n" + content + b"\nendstream"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(content: bytes, *others: bytes, more: bytes = b"") -> bytes:
    resources = FONTS.replace(b" >> >>", b" >> %s >>" % more)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % resources,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        *others,
    )
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    count = len(places) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % count + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, table))
