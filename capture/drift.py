"""Drift: a change in how often a supplier's paper is corrected, or in how sure its reading is, told soon.

Two cumulative sums (E. S. Page, Continuous inspection schemes, 1954). Each adds what speaks for the change and takes
off what speaks against it, never falls below zero, and tells a change when it reaches its limit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

USUAL, CHANGED = 0.05, 0.3
CORRECTIONS = 4.0
SLACK, LOST = 0.05, 1.0
FIRST = 10


@dataclass(frozen=True, slots=True)
class Read:
    """One page that was read: whether a person had to correct it, and how sure the reading was (0 to 1)."""

    corrected: bool
    confidence: float


def shift(pages: Sequence[Read]) -> str:
    """What has changed since the first of these pages, in a sentence; "" when nothing has.

    A supplier that is corrected once in twenty pages is as usual, three times in ten is a change. Confidence has
    changed when what it lacks of its former mean, five points aside, adds up to one whole page.
    """
    rate = sum(page.corrected for page in pages) / len(pages) if pages else 0.0
    if _corrected_more(pages):
        return f"{rate:.0%} of the last {len(pages)} pages were corrected, {USUAL:.0%} is usual"
    if _less_sure(pages):
        now = sum(page.confidence for page in pages[-FIRST:]) / FIRST
        before = sum(page.confidence for page in pages[:FIRST]) / FIRST
        return f"mean confidence fell from {before:.2f} to {now:.2f}"
    return ""


def _corrected_more(pages: Sequence[Read]) -> bool:
    total = 0.0
    for page in pages:
        step = math.log(CHANGED / USUAL) if page.corrected else math.log((1 - CHANGED) / (1 - USUAL))
        total = max(0.0, total + step)
        if total >= CORRECTIONS:
            return True
    return False


def _less_sure(pages: Sequence[Read]) -> bool:
    if len(pages) <= FIRST:
        return False
    usual = sum(page.confidence for page in pages[:FIRST]) / FIRST
    total = 0.0
    for page in pages[FIRST:]:
        total = max(0.0, total + usual - page.confidence - SLACK)
        if total >= LOST:
            return True
    return False
