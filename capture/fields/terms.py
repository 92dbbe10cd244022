"""Payment terms, and whether the paper is a credit note."""

import re

from capture.fields.marked import Marked
from capture.labels import Kind

TERMS = re.compile(
    r"(?:net|netto|within|innerhalb(?: von)?|sous|à)?\s*\d{1,3}\s*(?:days?|tage[n]?|jours|dagen|d[ií]as|j\b)"
    r"(?:\s+(?:net|netto|fin de mois|from \w+))?"
    r"|net\s*\d{1,3}|due (?:up)?on receipt|sofort(?: ohne abzug| fällig)?|cash on delivery|immediate(?:ly)?"
    r"|comptant|prepaid",
    re.IGNORECASE,
)
LONGEST = 120


def payment_terms(marked: Marked) -> str:
    """The payment terms as printed, such as "30 days net"; "" if there are none."""
    for segment, label in marked.labelled(Kind.TERMS):
        for stretch in marked.near(segment, label):
            if TERMS.search(stretch.text) or stretch.nearness == 1.0:
                return stretch.text.strip(" :.-")[:LONGEST]
    found = TERMS.search(marked.sheet.text)
    return " ".join(found[0].split()) if found else ""


def is_credit_note(marked: Marked) -> bool:
    """True when a short line calls the paper a credit note."""
    return any(
        segment.page == 1 and label.start == 0 and label.end * 2 >= len(segment.text)
        for segment, label in marked.labelled(Kind.CREDIT)
    )
