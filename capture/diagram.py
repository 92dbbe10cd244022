"""A picture of a calibration: promised against right on the left, coverage against risk on the right."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from capture.calibration import Measure

SIDE, MARGIN = 420, 60
STEP = 0.25
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd")
INK, GREY = "#222222", "#cccccc"
LEAST_RISK = 0.02
COARSE, FINE = 0.1, 3  # a low top needs more decimals


class _Plot:
    """One square of the picture; values run from 0 to 1 across and from 0 to ``top`` upwards."""

    def __init__(self, draw: ImageDraw.ImageDraw, left: int, top: float) -> None:
        self._draw = draw
        self._left = left + MARGIN
        self._top = top

    def at(self, across: float, up: float) -> tuple[float, float]:
        """The pixel of a point."""
        return self._left + across * SIDE, MARGIN + SIDE - up / self._top * SIDE

    def frame(self, title: str, across: str, up: str) -> None:
        """Grid, marks and names of the axes."""
        font = ImageFont.load_default(13)
        for number in range(5):
            share = number * STEP
            self._draw.line((*self.at(share, 0), *self.at(share, self._top)), GREY)
            self._draw.line((*self.at(0, share * self._top), *self.at(1, share * self._top)), GREY)
            self._draw.text(self.at(share, 0), f"{share:.2f}", INK, font, anchor="ma")
            up_to = f"{share * self._top:.{FINE if self._top < COARSE else 2}f}"
            self._draw.text(self.at(-0.01, share * self._top), up_to, INK, font, anchor="rm")
        self._draw.text(self.at(0.5, self._top * 1.08), title, INK, ImageFont.load_default(16), anchor="mm")
        self._draw.text(self.at(0.5, -0.09 * self._top), across, INK, font, anchor="mm")
        self._draw.text(self.at(0.0, self._top * 1.03), up, INK, font, anchor="lm")

    def line(self, points: Sequence[tuple[float, float]], colour: str, sizes: Sequence[int] = ()) -> None:
        """A line through points, each with a dot of its size."""
        pixels = [self.at(across, min(up, self._top)) for across, up in points]
        self._draw.line(pixels, colour, 2)
        for (x, y), size in zip(pixels, sizes or [3] * len(pixels), strict=True):
            self._draw.ellipse((x - size, y - size, x + size, y + size), fill=colour)


def draw(measures: Sequence[tuple[str, Measure]]) -> Image.Image:
    """The picture of one or more measures, each with its name."""
    picture = Image.new("RGB", (2 * (SIDE + 2 * MARGIN), SIDE + 2 * MARGIN + 20 * len(measures)), "white")
    pen = ImageDraw.Draw(picture)
    honest = _Plot(pen, 0, 1.0)
    honest.frame("reliability", "promised", "right")
    honest.line(((0, 0), (1, 1)), GREY)
    risks = [point.risk for _, measure in measures for point in (*measure.fields, *measure.documents)]
    risky = _Plot(pen, SIDE + 2 * MARGIN, max(LEAST_RISK, *risks))
    risky.frame("risk and coverage", "share that passes", "share of wrong ones in it (thin dots: documents)")
    for number, (name, measure) in enumerate(measures):
        colour = COLOURS[number % len(COLOURS)]
        sizes = [2 + min(8, one.count // 20) for one in measure.bins]
        honest.line([(one.promised, one.right) for one in measure.bins], colour, sizes)
        risky.line([(one.coverage, one.risk) for one in measure.fields], colour)
        risky.line([(one.coverage, one.risk) for one in measure.documents], colour, [1] * len(measure.documents))
        legend = f"{name}: {measure.samples} values, {measure.wrong} wrong, ECE {measure.ece:.3f}"
        place = (MARGIN, SIDE + 2 * MARGIN - 12 + 20 * number)
        pen.text(place, legend, colour, ImageFont.load_default(14))
    return picture
