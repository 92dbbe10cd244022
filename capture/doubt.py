"""Doubt: whether a reading is worth being read again by an engine that takes longer."""

from capture.confidence import CRITICAL, threshold
from capture.evidence import Reading
from capture.rules import FIELD_UNCERTAIN

LEGIBLE = 0.95


def unsure(reading: Reading) -> bool:
    """True when a critical value is missing or uncertain, or the lines do not add up to what is printed."""
    return any(_doubtful(reading, field) for field in CRITICAL) or any(
        finding.rule is FIELD_UNCERTAIN and finding.message.startswith(SUMS) for finding in reading.findings
    )


def _doubtful(reading: Reading, field: str) -> bool:
    """A sender whom no master knows is never certain, so there it is enough that its name is legible."""
    seen, chosen = reading.evidence.get(field), reading.chosen.get(field)
    if seen is None:
        return True
    if chosen is not None and chosen.features.unlisted:
        return chosen.features.legible < LEGIBLE
    return seen.confidence < threshold()


SUMS = "lines and charges"
