"""Blocks: the lines under a label that names a party."""

from collections.abc import Iterator

from capture.fields.marked import Marked
from capture.labels import Kind
from capture.lines import Segment

BUYER_ROWS = 6
ASIDE = 0.12


def buyer_block(marked: Marked) -> Iterator[Segment]:
    """The segments that belong to a label such as "bill to"."""
    for segment, label in marked.labelled(Kind.BUYER):
        if label.start > 0:
            continue
        yield segment
        for other in marked.sheet.below(segment, rows=BUYER_ROWS):
            if any(mark.kind is Kind.SELLER and mark.start == 0 for mark in marked.of(other)):
                break
            if abs(other.box.left - segment.box.left) < ASIDE:
                yield other
