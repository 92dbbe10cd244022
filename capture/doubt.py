"""Doubt: whether a reading is worth being read again by an engine that takes longer."""

from capture.confidence import CRITICAL, Features, threshold
from capture.evidence import Reading
from capture.rules import LINES_OPEN

LEGIBLE = 0.95
INTRODUCED = 0.5


def unsure(reading: Reading) -> bool:
    """True when a critical value is missing or uncertain, or the lines do not add up to what is printed."""
    if any(finding.rule is LINES_OPEN for finding in reading.findings):
        return True
    return any(_doubtful(reading, field) for field in CRITICAL)


def _doubtful(reading: Reading, field: str) -> bool:
    """A sender whom no master knows is never certain, so there it is enough that its name is legible.

    What no label introduces is in doubt until a second reading confirms it, however sure one engine is of its digits.
    """
    seen, chosen = reading.evidence.get(field), reading.chosen.get(field)
    if seen is None:
        return True
    if chosen is not None and chosen.features.unlisted:
        return chosen.features.legible < LEGIBLE
    return seen.confidence < threshold() or (chosen is not None and _unconfirmed(chosen.features))


def _unconfirmed(features: Features) -> bool:
    return features.score < INTRODUCED and not (features.confirmed or features.textlayer)
