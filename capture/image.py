"""Scans: PNG, JPEG and TIFF become pages whose pictures are upright, straight and large enough to read."""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from capture.limits import Limits
from capture.paper import Page, Paper, PaperKind
from capture.rules import PAGE_DAMAGED, PAGE_TOO_LARGE
from formats.findings import Finding, Source

FORMATS = {PaperKind.PNG: ("PNG",), PaperKind.JPEG: ("JPEG", "MPO"), PaperKind.TIFF: ("TIFF",)}
SMALL_SIDE = 1000
MOST_UPSCALE = 2.0
FAX_RATIO = 1.2
SKEW_STEP = 0.25
SKEW_LIMIT = 3.0
SKEW_WORTH = 0.5
SKEW_WIDTH = 700
SKEW_STRIPS = 28
STRIP = 10  # times as high as wide: what is longer is no page, and no text on it can lie level
STRETCHED = 40_000_000  # pixels: what would have more after stretching is neither a fax nor a small scan

_decoding = threading.Lock()


def open_image(data: bytes, name: str, kind: PaperKind, limits: Limits) -> Paper | Finding:
    """The paper of a scan; a finding if not even its first page can be decoded."""
    pages: list[Page] = []
    problems: list[Finding] = []
    for number in range(1, limits.pages + 2):
        page = _page(data, name, kind, number, limits)
        if isinstance(page, Finding):
            problems.append(page)
        if page is None or isinstance(page, Finding):
            break
        pages.append(page)
    if len(pages) > limits.pages:
        problems.append(Finding(Source(name), PAGE_TOO_LARGE, f"more than {limits.pages} pages"))
        pages.pop()
    if not pages:
        return problems[0]
    return Paper(name, kind, data, tuple(pages), limits, findings=tuple(problems))


def _page(data: bytes, name: str, kind: PaperKind, number: int, limits: Limits) -> Page | Finding | None:
    try:
        with _opened(data, kind) as image:
            if not _seek(image, number):
                return None
            pixels = image.width * image.height
            if pixels > limits.pixels:
                where = Source(name, page=number)
                return Finding(
                    where, PAGE_TOO_LARGE, f"{image.width} x {image.height} pixels are more than {limits.pixels}"
                )
            picture = upright(image)
    except Image.DecompressionBombError as error:
        return Finding(Source(name, page=number), PAGE_TOO_LARGE, str(error))
    except Exception as error:  # noqa: BLE001 - a decoder meets any bytes a stranger sends, and fails in any way
        return Finding(
            Source(name, page=number), PAGE_DAMAGED, f"cannot be decoded: {str(error) or type(error).__name__}"
        )
    return Page(number, picture.width / picture.height, partial(_draw, data, kind, number))


def _draw(data: bytes, kind: PaperKind, number: int) -> Image.Image:
    with _opened(data, kind) as image:
        _seek(image, number)
        return normalise(image)


@contextmanager
def _opened(data: bytes, kind: PaperKind) -> Iterator[Image.Image]:
    with _decoding, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=FORMATS[kind]) as image:
            yield image


def _seek(image: Image.Image, number: int) -> bool:
    """Go to a page of a TIFF; other kinds have one page."""
    if image.format != "TIFF":
        return number == 1
    try:
        image.seek(number - 1)
    except EOFError:
        return False
    return True


def normalise(image: Image.Image) -> Image.Image:
    """An RGB picture that stands upright and straight, has square pixels, and is large enough to be read."""
    return straighten(enlarge(upright(image)))


def upright(image: Image.Image) -> Image.Image:
    """An RGB picture that stands as its camera says and has square pixels."""
    image.load()
    turned = ImageOps.exif_transpose(image)
    return _square(_rgb(turned), turned)


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        sixteen = np.array(image, dtype=np.float32)
        sixteen *= 255 / max(float(sixteen.max(initial=0)), 255.0)
        return Image.fromarray(sixteen.astype(np.uint8)).convert("RGB")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    return image.convert("RGB")


def _square(picture: Image.Image, original: Image.Image) -> Image.Image:
    """Faxes have other resolutions across than down (ITU-T T.4: 204 x 98 dpi)."""
    across, down = (float(value) for value in original.info.get("dpi", (1, 1)))
    if across <= 0 or down <= 0 or max(across, down) / min(across, down) < FAX_RATIO:
        return picture
    if max(across, down) / min(across, down) > 1 / (FAX_RATIO - 1):
        return picture
    if across > down:
        return _stretched(picture, 1.0, across / down, Image.Resampling.BICUBIC)
    return _stretched(picture, down / across, 1.0, Image.Resampling.BICUBIC)


def enlarge(picture: Image.Image) -> Image.Image:
    """Small scans, up to twice their size."""
    factor = min(MOST_UPSCALE, SMALL_SIDE / min(picture.size))
    if factor <= 1:
        return picture
    return _stretched(picture, factor, factor, Image.Resampling.LANCZOS)


def _stretched(picture: Image.Image, across: float, down: float, how: Image.Resampling) -> Image.Image:
    """The picture with so many times its pixels; as it is where they would be too many."""
    size = (round(picture.width * across), round(picture.height * down))
    return picture if size[0] * size[1] > STRETCHED else picture.resize(size, how)


def straighten(picture: Image.Image) -> Image.Image:
    """A picture turned by up to three degrees is turned back, white at its corners."""
    angle = skew(picture)
    if abs(angle) < SKEW_WORTH:
        return picture
    return _grey(picture).rotate(angle, Image.Resampling.BICUBIC, fillcolor="white").convert("RGB")


def _grey(picture: Image.Image) -> Image.Image:
    """A picture without colours as its one channel, which is turned in half the time; any other as it is."""
    first, *others = picture.split()
    return first if all(first.tobytes() == other.tobytes() for other in others) else picture


def skew(picture: Image.Image) -> float:
    """The angle in degrees by which the lines of text must be turned to lie level; 0 if they lie level best."""
    if picture.height > STRIP * picture.width:
        return 0.0
    strips = _strips(picture)
    angles = np.arange(-SKEW_LIMIT, SKEW_LIMIT + SKEW_STEP, SKEW_STEP)
    sharpness = [_sharpness(strips, float(angle)) for angle in angles]
    best = int(np.argmax(sharpness))
    level = sharpness[len(angles) // 2]
    return float(angles[best]) if sharpness[best] > level * 1.1 else 0.0


def _strips(picture: Image.Image) -> npt.NDArray[np.float64]:
    """How much ink each row of a small copy has in each of its upright strips."""
    size = (SKEW_WIDTH, max(1, round(picture.height * SKEW_WIDTH / picture.width)))
    grey = np.asarray(picture.convert("L").resize(size, Image.Resampling.BOX))
    ink = grey < cv2.blur(grey, (31, 31)).astype(np.int16) - 15
    counted: npt.NDArray[np.float64] = ink.reshape(len(ink), SKEW_STRIPS, -1).sum(axis=2, dtype=np.float64)
    return counted


def _sharpness(strips: npt.NDArray[np.float64], angle: float) -> float:
    """How sharply lines of text stand apart from their gaps when the picture is turned by the angle.

    Each strip slides up or down as a whole: within one, a small angle moves nothing by more than a pixel.
    """
    rows, across = np.indices(strips.shape)
    away = (across - (SKEW_STRIPS - 1) / 2) * (SKEW_WIDTH / SKEW_STRIPS)
    slid = np.rint(rows + away * np.tan(np.radians(angle))).astype(int).clip(0, len(strips) - 1)
    profile = strips[slid, across].sum(axis=1)
    return float(np.square(np.diff(profile)).sum())
