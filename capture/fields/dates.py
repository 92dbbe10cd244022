"""Dates: which of the dates on a page is the invoice's, and which are due and delivery dates."""

import datetime as dt
from collections.abc import Iterator

from capture.evidence import Candidate
from capture.fields.marked import SAME, Marked
from capture.labels import Kind, Label
from capture.lines import Segment
from capture.values import FoundDate, dates

UNLABELLED = 0.45
OTHER_KINDS = (Kind.DUE, Kind.DELIVERED, Kind.OTHER_DATE)


def dates_of(marked: Marked, *kinds: Kind) -> Iterator[Candidate[dt.date]]:
    """The dates that labels of these kinds introduce."""
    for segment, label in marked.labelled(*kinds):
        for stretch in marked.near(segment, label):
            found = next(dates(stretch.text, month_first=marked.month_first), None)
            if found is None:
                continue
            words = stretch.words(found.start, found.end)
            context = _context(marked.of(segment), label)
            late = 0.0 if stretch.nearness < SAME else min(0.3, found.start / 100)
            yield Candidate(found.value, (label.strength + context - late) * stretch.nearness, words, found.raw)
            break


def _context(labels: list[Label], label: Label) -> float:
    """A weak word such as "dated" gains from an invoice number before it and loses from anything else."""
    before = [other.kind for other in labels if other.start < label.start]
    if label.strength == 1.0 or not before:
        return 0.0
    return 0.25 if before[-1] is Kind.NUMBER else -0.35


def invoice_dates(marked: Marked) -> Iterator[Candidate[dt.date]]:
    """The dates that may be the invoice's: labelled ones first, then any that no other label claims."""
    yield from dates_of(marked, Kind.DATE)
    claimed = {candidate.words for candidate in dates_of(marked, *OTHER_KINDS)}
    for segment, found in _all(marked):
        words = segment.between(found.start, found.end)
        if words not in claimed and not any(label.kind in OTHER_KINDS for label in marked.of(segment)):
            yield Candidate(found.value, UNLABELLED - 0.2 * words[0].box.top, words, found.raw)


def _all(marked: Marked) -> Iterator[tuple[Segment, FoundDate]]:
    for segment in marked.sheet.segments:
        for found in dates(segment.text, month_first=marked.month_first):
            yield segment, found
