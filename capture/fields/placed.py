"""Values that no label introduces, but that stand where a template says that they stand."""

import datetime as dt
from collections.abc import Iterator

from capture.evidence import Candidate
from capture.fields.marked import Marked, Stretch
from capture.fields.number import identifier
from capture.lines import Segment
from capture.values import dates

UNINTRODUCED = 0.55
REASON = "template"


def placed_identifiers(marked: Marked, field: str) -> Iterator[Candidate[str]]:
    """The identifier that stands in the place of the field, behind the words before it."""
    for segment in _there(marked, field):
        labels = marked.of(segment)
        start = max((label.end for label in labels), default=0)
        found = identifier(Stretch(segment, start, len(segment.text), 1.0))
        if found is not None:
            value, begin, end = found
            words = segment.between(start + begin, start + end)
            yield Candidate(value, UNINTRODUCED, words, value, REASON)


def placed_dates(marked: Marked, field: str) -> Iterator[Candidate[dt.date]]:
    """The date that stands in the place of the field."""
    for segment in _there(marked, field):
        for found in dates(segment.text, month_first=marked.month_first):
            yield Candidate(found.value, UNINTRODUCED, segment.between(found.start, found.end), found.raw, REASON)


def _there(marked: Marked, field: str) -> Iterator[Segment]:
    for segment in marked.sheet.segments:
        if marked.template.places_at(field, segment.page, segment.box):
            yield segment
