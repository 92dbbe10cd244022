"""Invoice numbers and purchase order numbers: printed identifiers behind a label."""

import re
from collections.abc import Iterator

from capture.evidence import Candidate
from capture.fields.marked import SAME, Marked, Stretch
from capture.labels import Kind, Label
from capture.lines import Segment
from capture.values import DATES

TOKEN = re.compile(r"[A-Za-z0-9ÄÖÜ](?:[\w./\\-]*[\w])?")
PREFIX = re.compile(r"[A-Za-z]{1,5}[-/]?")
LEADING = re.compile(r"^[\s:.#=\-–*]*(?:(?:no|nr|n°|nº|num|number|nummer|numéro)\b\.?)?[\s:.#=\-–°º*]*", re.IGNORECASE)
AMOUNT = re.compile(r"\d{1,3}(?:[.,]\d{3})*[.,]\d{2}")
SHORTEST, LONGEST = 2, 40


def invoice_numbers(marked: Marked) -> Iterator[Candidate[str]]:
    """The identifiers that may be the invoice number, in reading order."""
    for segment, label in marked.labelled(Kind.NUMBER, Kind.CREDIT):
        strength = label.strength if label.kind is Kind.NUMBER else 0.6
        for stretch in marked.near(segment, label):
            found = identifier(stretch)
            if found is None:
                continue
            sure = strength >= 0.9 or "#" in stretch.text[: found[1]]  # noqa: PLR2004 - a label that names a number
            weight = 1.0 if sure or stretch.nearness == SAME else 0.6
            yield _candidate(stretch, found, strength * stretch.nearness * weight * _plausible(found[0]))


def order_numbers(marked: Marked) -> Iterator[Candidate[str]]:
    """The identifiers that may be purchase order numbers, in reading order."""
    for segment, label in marked.labelled(Kind.ORDER):
        for stretch in marked.near(segment, label):
            found = identifier(stretch)
            if found is not None and len(found[0]) > SHORTEST:
                yield _candidate(stretch, found, _early(segment, label) * stretch.nearness * _plausible(found[0]))


def _early(segment: Segment, label: Label) -> float:
    """A label that opens its line high on the page names the order of the whole invoice."""
    depth = 0.1 * (segment.page - 1 + segment.box.top)
    return label.strength * (1.0 if label.start == 0 else 0.8) - min(0.3, depth)


def original_numbers(marked: Marked) -> Iterator[Candidate[str]]:
    """The identifiers that may be the number of the invoice that a credit note corrects."""
    for segment, label in marked.labelled(Kind.ORIGINAL):
        for stretch in marked.near(segment, label):
            found = identifier(stretch)
            if found is not None and len(found[0]) > SHORTEST:
                yield _candidate(stretch, found, label.strength * stretch.nearness * _plausible(found[0]))


def identifier(stretch: Stretch) -> tuple[str, int, int] | None:
    """The identifier a stretch begins with and its place; None when it begins with something else."""
    text = stretch.text
    leading = LEADING.match(text)
    start = leading.end() if leading else 0
    token = TOKEN.match(text, start)
    if token is None or any(date.match(text, start) for date in DATES[1:4]):
        return None
    end = token.end()
    if PREFIX.fullmatch(token[0]) and (following := TOKEN.match(text, end + 1)):
        end = following.end()
    value = text[start:end].rstrip(".,-/")
    fits = any(char.isdigit() for char in value) and SHORTEST <= len(value) <= LONGEST
    return (value, start, end) if fits and not AMOUNT.fullmatch(value) else None


def _plausible(value: str) -> float:
    """Years, single words with one digit and the like are poor identifiers."""
    digits = sum(char.isdigit() for char in value)
    if value.isdigit() and len(value) == 4 and value[:2] in {"19", "20"}:  # noqa: PLR2004 - a year
        return 0.5
    return 1.0 if digits >= 3 else 0.85 if digits == SHORTEST else 0.7  # noqa: PLR2004 - most have three digits or more


def _candidate(stretch: Stretch, found: tuple[str, int, int], score: float) -> Candidate[str]:
    value, start, end = found
    return Candidate(value, score, stretch.words(start, end), value)
