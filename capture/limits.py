"""How much of a stranger's file is read before reading stops."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one document; what exceeds them becomes a finding.

    ``pixels`` and ``words`` count one page (a dense one has a thousand words), ``all_words`` and ``seconds`` bound the
    reading of a whole document, ``drawing_seconds`` the opening of a PDF and the drawing of each of its pages, ``dpi``
    is the resolution at which a PDF page without text is drawn, ``xml_bytes`` bounds an e-invoice embedded in a PDF.
    """

    bytes: int = 50_000_000
    pixels: int = 80_000_000
    pages: int = 200
    words: int = 20_000
    all_words: int = 60_000
    seconds: float = 300.0
    drawing_seconds: float = 60.0
    dpi: int = 200
    xml_bytes: int = 20_000_000
