"""Asking: an optional reader elsewhere, asked only for what is in doubt, and only for text that hides what is private.

What it answers counts as nothing until it is found on the page, and a person looks at it always.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Protocol, TypeVar

from capture.confidence import CRITICAL
from capture.evidence import Candidate, Reading
from capture.lines import Sheet
from capture.masking import mask
from capture.sightings import Sighting, see_amount, see_date, see_name, see_number

T = TypeVar("T")
See = Callable[[Sheet, T], Sighting | None]
ASKED = "extractor"
FIELDS = ("supplier", "number", "date", "po_number", "total")
SCORE, MISREAD = 0.5, 0.3
MOST = 200


class Extractor(Protocol):
    """Somebody who finds fields in the text of an invoice; it never sees a picture, and never what was masked."""

    def ask(self, text: str, name: str) -> Mapping[str, str]:
        """The values of some of ``FIELDS`` as they are printed, dates in ISO; none when it cannot tell."""


def in_doubt(reading: Reading, threshold: float) -> bool:
    """Whether a critical field is missing or below the threshold."""
    seen = reading.evidence
    return any(field not in seen or seen[field].confidence < threshold for field in CRITICAL)


def ask(extractor: Extractor, text: str, name: str) -> Mapping[str, str]:
    """The answers about a text whose private parts are masked, with what was masked put back."""
    masked = mask(text)
    answers = extractor.ask(masked.text, name)
    return {
        field: masked.reveal(str(answers[field]).strip())[:MOST]
        for field in FIELDS
        if str(answers.get(field, "")).strip()
    }


def text_candidates(sheet: Sheet, field: str, told: Mapping[str, str]) -> list[Candidate[str]]:
    """The answer for a name or number, where it stands on the page; nothing if it does not."""
    value = told.get(field, "")
    if field == "supplier":
        return _seen(sheet, value, lambda page, name: see_name(page, [name])) if value else []
    return _seen(sheet, value, see_number) if value else []


def date_candidates(sheet: Sheet, field: str, told: Mapping[str, str]) -> list[Candidate[dt.date]]:
    """The answer for a date, where it stands on the page."""
    try:
        return _seen(sheet, dt.date.fromisoformat(told.get(field, "")), see_date)
    except ValueError:
        return []


def amount_candidates(sheet: Sheet, field: str, told: Mapping[str, str]) -> list[Candidate[Decimal]]:
    """The answer for an amount, where it stands on the page."""
    try:
        value = Decimal(told.get(field, "").replace(",", ""))
    except InvalidOperation:
        return []
    return _seen(sheet, value, see_amount) if value.is_finite() else []


def _seen(sheet: Sheet, value: T, see: See[T]) -> list[Candidate[T]]:
    sighting = see(sheet, value)
    if sighting is None:
        return []
    raw = " ".join(word.text for word in sighting.words)
    return [Candidate(value, SCORE if sighting.exact else MISREAD, sighting.words, raw, ASKED)]
