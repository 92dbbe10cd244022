"""Learning: from a page and what a person says stands on it to what the supplier's paper does."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from capture.fields.currency import currencies
from capture.fields.marked import Marked
from capture.labels import Kind, find
from capture.lines import Segment
from capture.sightings import Sighting, see_amount, see_date, see_number
from capture.templates import Place, Template
from capture.values import amounts, dates
from capture.words import around

Value = str | dt.date | Decimal
KINDS = {
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "due_date": Kind.DUE,
    "po_number": Kind.ORDER,
    "net_total": Kind.NET,
    "tax_total": Kind.TAX,
    "total": Kind.TOTAL,
}
FIXED = ("number", "date", "due_date", "po_number")
LONGEST, MOST_WORDS, LETTERS = 40, 4, 3
ROWS_ABOVE = 3


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned: the template, and the fields whose right value is not on the page at all."""

    template: Template
    unseen: tuple[str, ...]


def learn(marked: Marked, right: Mapping[str, Value], template: Template) -> Lesson:
    """The template with what the right values of a page teach; "currency" and "unit" become defaults."""
    unseen = []
    for name, value in right.items():
        if name in ("currency", "unit"):
            template = _presumed(marked, template, name, str(value))
            continue
        sighting = _see(marked, value)
        if sighting is None:
            unseen.append(name)
        else:
            template = _taught(marked, template, name, value, sighting)
    return Lesson(template, tuple(unseen))


def _see(marked: Marked, value: Value) -> Sighting | None:
    if isinstance(value, dt.date):
        return see_date(marked.sheet, value)
    if isinstance(value, Decimal):
        return see_amount(marked.sheet, value)
    return see_number(marked.sheet, value)


def _presumed(marked: Marked, template: Template, name: str, value: str) -> Template:
    if name == "unit":
        return replace(template, unit=value)
    printed = {candidate.value for candidate in currencies(marked)}
    return template if value in printed else replace(template, currency=value)


def _taught(marked: Marked, template: Template, name: str, value: Value, sighting: Sighting) -> Template:
    """What one value teaches: the words before or above it, its place, and how dates or amounts are written."""
    words = dict(template.words)
    phrase = next(_phrases(marked, sighting), "")
    if phrase and all(label.kind is not KINDS[name] for label in find(phrase)):
        words[phrase] = KINDS[name]
    places = dict(template.places)
    if name in FIXED:
        places[name] = Place(sighting.words[0].page, around(sighting.words))
    raw = " ".join(word.text for word in sighting.words)
    found = replace(template, words=words, places=places)
    if isinstance(value, dt.date):
        return replace(found, month_first=_month_first(raw, value, template.month_first))
    if isinstance(value, Decimal):
        return replace(found, comma=_comma(raw, abs(value), template.comma))
    return found


def _phrases(marked: Marked, sighting: Sighting) -> Iterator[str]:
    """The words that may introduce the value: before it in its own line, in the line beside it, in a line above it."""
    segment = next(one for one in marked.sheet.segments if set(sighting.words) <= set(one.words))
    first = segment.words.index(sighting.words[0])
    own = _phrase(" ".join(word.text for word in segment.words[:first]))
    if own:
        yield own
    row = marked.sheet.rows[segment.row]
    for other in (*row[: row.index(segment)][::-1][:1], *_above(marked, segment)):
        if phrase := _phrase(other.text):
            yield phrase


def _above(marked: Marked, segment: Segment) -> Iterator[Segment]:
    for row in marked.sheet.rows[max(0, segment.row - ROWS_ABOVE) : segment.row][::-1]:
        yield from (one for one in row if segment in marked.sheet.below(one, rows=ROWS_ABOVE))


def _phrase(text: str) -> str:
    """A text if it may be a label: a few words without digits."""
    plain = text.strip(" .:#=-–").casefold()
    few = len(plain) <= LONGEST and len(plain.split()) <= MOST_WORDS
    letters = sum(char.isalpha() for char in plain)
    return plain if few and letters >= LETTERS and not re.search(r"\d", plain) else ""


def _month_first(raw: str, right: dt.date, before: bool | None) -> bool | None:
    readings = {order: [found.value for found in dates(raw, month_first=order)] for order in (False, True)}
    return before if readings[False] == readings[True] else right in readings[True]


def _comma(raw: str, right: Decimal, before: bool | None) -> bool | None:
    readings = {mark: [abs(found.value) for found in amounts(raw, comma=mark)] for mark in (False, True)}
    return before if readings[False] == readings[True] else right in readings[True]
