"""Payment terms, and whether the paper is a credit note."""

import re
from functools import cache

from capture.fields.marked import Marked
from capture.labels import Kind, find, fold
from capture.vocabulary import vocabulary

TERMS = re.compile(
    r"(?:net|netto|within|innerhalb(?: von)?|sous|à)?\s*\d{1,3}\s*(?:days?|tage[n]?|jours|dagen|d[ií]as|j\b)"
    r"(?:\s+(?:net|netto|fin de mois|from \w+))?"
    r"|net\s*\d{1,3}|due (?:up)?on receipt|sofort(?: ohne abzug| fällig)?|cash on delivery|immediate(?:ly)?"
    r"|comptant|prepaid",
    re.IGNORECASE,
)
SELF_BILLED = re.compile(r"selbst|self|389", re.IGNORECASE)
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
    """True when a title on the first page calls the paper a credit note; self-billed invoices are none."""
    return any(segment.page == marked.sheet.front and _is_title(segment.text) for segment in marked.sheet.segments)


def _is_title(text: str) -> bool:
    """A short line that begins with a word for credit note, alone or before the number."""
    folded = fold(text)[0]
    opening = next((phrase for phrase in _credit_phrases() if folded.startswith(phrase)), None)
    if opening is None or SELF_BILLED.search(text):
        return False
    return len(opening) * 2 >= len(folded) or find(text)[0].kind is Kind.NUMBER


@cache
def _credit_phrases() -> tuple[str, ...]:
    phrases = vocabulary("labels")[Kind.CREDIT]["1.0"]
    return tuple(sorted((fold(phrase)[0] for phrase in phrases), key=len, reverse=True))
