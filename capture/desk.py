"""The desk: choosing the best candidate of a field, weighing its evidence, and keeping it."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from capture.confidence import Features, probability
from capture.evidence import Candidate, Evidence
from capture.fields.marked import Marked
from capture.lines import Sheet
from capture.paper import TEXT_LAYER
from capture.sightings import Sighting

T = TypeVar("T")
See = Callable[[Sheet, T], Sighting | None]


class Desk:
    """The sheet read from the file ``name``, the second reading that confirms or denies, the evidence so far."""

    def __init__(self, name: str, marked: Marked, second: Marked | None) -> None:
        self.name = name
        self.marked = marked
        self._second = second
        self._evidence: dict[str, Evidence] = {}

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """The evidence kept so far by field."""
        return dict(self._evidence)

    def choose(
        self, field: str, candidates: Iterable[Candidate[T]], see: See[T] | None = None, **more: float
    ) -> Candidate[T] | None:
        """The candidate with the highest score, its evidence kept under the field's name; None if there is none."""
        ranked = sorted(candidates, key=lambda candidate: -candidate.score)
        if not ranked:
            return None
        best = ranked[0]
        rival = next((other.score for other in ranked if other.value != best.value), 0.0)
        self.keep(field, best, see, rival=_rivalry(best.score, rival), **more)
        return best

    def keep(self, field: str, best: Candidate[T], see: See[T] | None = None, **more: float) -> None:
        """Weigh the evidence for a value: ``more`` are features that only the field knows."""
        layer = best.words[0].engine == TEXT_LAYER
        asked = see is not None and self._second is not None and not layer
        seen = see is not None and self._second is not None and see(self._second.sheet, best.value) is not None
        features = Features(
            score=min(1.0, best.score),
            legible=best.legibility,
            confirmed=float(asked and seen),
            denied=float(asked and not seen),
            textlayer=float(layer),
            **more,
        )
        self._evidence[field] = best.evidence(probability(features))


def _rivalry(best: float, rival: float) -> float:
    """How close another value comes: 0 up to half the score of the best, 1 at the same score."""
    return max(0.0, min(1.0, 2 * rival / best - 1)) if best > 0 else 1.0
