"""The image scan: what Coupa takes as the picture of an invoice.

Coupa advises 2 MB and accepts 8 MB for all attachments of an invoice, as PDF, TIFF, PNG or JPEG.
A paper within the advice is passed on byte for byte; a larger one is drawn anew until it fits.
"""

import io
from collections.abc import Iterator
from pathlib import PurePosixPath

from PIL import Image

from capture.paper import Paper, PaperKind

ADVISED_BYTES = 2_000_000
HARD_BYTES = 8_000_000
SUFFIX = {PaperKind.PDF: ".pdf", PaperKind.TIFF: ".tif", PaperKind.PNG: ".png", PaperKind.JPEG: ".jpg"}
# long side in pixels and JPEG quality: A4 at 200, 150, 110 and 75 dpi
STEPS = ((2340, 75), (1754, 65), (1290, 55), (880, 40))


def image_scan(paper: Paper) -> tuple[str, bytes]:
    """The name and bytes to send; a PDF of smaller pictures when the original is larger than is advised.

    If even the smallest pictures exceed the advice, or a page cannot be drawn, the original is sent as long as Coupa's
    hard limit allows it.
    """
    stem = PurePosixPath(paper.name.replace("\\", "/")).stem or "scan"
    if len(paper.original) <= ADVISED_BYTES:
        return stem + SUFFIX[paper.kind], paper.original
    smaller = b""
    for longest, quality in STEPS:
        smaller = _pdf(paper, longest, quality)
        if len(smaller) <= ADVISED_BYTES:
            break
    undrawn = any(page.problem for page in paper.pages)
    if (len(smaller) > ADVISED_BYTES or undrawn) and len(paper.original) <= HARD_BYTES:
        return stem + SUFFIX[paper.kind], paper.original
    return stem + ".pdf", smaller


def _pdf(paper: Paper, longest: int, quality: int) -> bytes:
    pages = _pictures(paper, longest)
    stream = io.BytesIO()
    next(pages).save(stream, "PDF", save_all=True, append_images=pages, quality=quality, resolution=longest / 11.7)
    return stream.getvalue()


def _pictures(paper: Paper, longest: int) -> Iterator[Image.Image]:
    """The pages as pictures, one at a time, no side longer than ``longest``."""
    for page in paper.pages:
        picture = page.picture()
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        yield picture
