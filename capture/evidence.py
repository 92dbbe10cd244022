"""Evidence: where a value was seen, by which engine, and how probable it is that the value is right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from capture.confidence import Features
from capture.words import Word, around
from formats.documents import Invoice
from formats.findings import Box, Finding, Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The place a value was read from; ``confidence`` is the probability from 0 to 1 that the value is right."""

    page: int
    box: Box
    raw: str
    engine: str
    confidence: float
    reason: str = ""

    def source(self, file: str) -> Source:
        """The place as a finding names it."""
        return Source(file, page=self.page, box=self.box)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """A value that may be the field's, the words it was read from, and a score from 0 to 1 of how well it fits."""

    value: T
    score: float
    words: tuple[Word, ...]
    raw: str
    reason: str = ""

    @property
    def page(self) -> int:
        """The page the value is on."""
        return self.words[0].page

    @property
    def box(self) -> Box:
        """The box around its words."""
        return around(self.words)

    @property
    def legibility(self) -> float:
        """How sure the engine is of the worst word."""
        return min(word.confidence for word in self.words)

    def evidence(self, confidence: float) -> Evidence:
        """The candidate as evidence with a probability."""
        return Evidence(self.page, self.box, self.raw, self.words[0].engine, confidence, self.reason)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The value that was taken for a field, and the features its probability was computed from."""

    value: object
    features: Features


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a paper.

    ``evidence`` is keyed by field: supplier, number, date, po_number, currency, net_total, tax_total, total, iban,
    due_date, ``lines[0].net`` and so on. ``confidence`` is the probability that all critical fields are right.
    ``supplier_candidates`` are the numbers of the suppliers that fit, the best first. ``chosen`` are the values of the
    fields as they were printed, ``layout`` the fingerprint of the form they stand on.
    """

    invoice: Invoice
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    confidence: float = 0.0
    supplier_candidates: tuple[str, ...] = ()
    chosen: Mapping[str, Chosen] = field(default_factory=dict)
    layout: str = ""
