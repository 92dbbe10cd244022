"""Doubt: whether a reading is worth being read again, and whether its sums stay open."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from capture.confidence import CRITICAL, Features, threshold
from capture.evidence import Evidence, Reading
from capture.rules import LINES_OPEN
from formats.documents import Invoice
from formats.findings import Finding

LEGIBLE = 0.95
INTRODUCED = 0.5
CENT = Decimal("0.01")


def unsure(reading: Reading) -> bool:
    """True when a critical value is missing or uncertain, or the lines do not add up to what is printed."""
    if any(finding.rule is LINES_OPEN for finding in reading.findings):
        return True
    return any(_doubtful(reading, field) for field in CRITICAL)


def doubts(reading: Reading) -> list[Evidence]:
    """Where every value that is uncertain was read; when sums are open, that includes the lines."""
    return [seen for field, seen in reading.evidence.items() if _doubtful(reading, field)]


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


def open_sums(invoice: Invoice, nets: Iterable[Decimal], printed: Evidence, name: str) -> Iterator[Finding]:
    """A finding when lines and charges do not add up to the printed net total, which may be any of ``nets``."""
    summed = invoice.net_total + invoice.charge_total
    if all(abs(abs(net) - abs(summed)) > CENT for net in nets):
        message = f"lines and charges add up to {summed}, the net total is {printed.raw}"
        yield Finding(printed.source(name), LINES_OPEN, message, invoice.number)
