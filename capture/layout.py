"""Layouts: a fingerprint of the form that an invoice stands on, the same for every invoice printed on it."""

import hashlib

from capture.fields.marked import Marked
from capture.labels import Kind

THIRDS = 3
TELLING = (Kind.NUMBER, Kind.DATE, Kind.DUE, Kind.ORDER, Kind.NET, Kind.TAX, Kind.TOTAL, Kind.IBAN, Kind.TAX_ID)


def fingerprint(marked: Marked) -> str:
    """Sixteen hexadecimal digits: which labels the first page has, and in which third of its width each is first.

    Rows are left out, for they move with the number of lines; so is what an engine may misread.
    """
    seen: dict[Kind, int] = {}
    for segment, label in marked.labelled(*TELLING):
        if segment.page == marked.sheet.front:
            seen.setdefault(label.kind, min(THIRDS - 1, int(segment.box.left * THIRDS)))
    text = " ".join(f"{kind.value}:{seen[kind]}" for kind in TELLING if kind in seen)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
