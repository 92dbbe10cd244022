"""The desk: choosing the best candidate of a field, weighing its evidence, and keeping it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from capture.asking import ASKED
from capture.confidence import Features, Model, shipped
from capture.evidence import Candidate, Chosen, Evidence
from capture.fields.marked import Marked
from capture.lines import Sheet
from capture.paper import TEXT_LAYER
from capture.reading import Second
from capture.sightings import Sighting
from capture.templates import Template

T = TypeVar("T")
See = Callable[[Sheet, T], Sighting | None]
PLACED = 0.4
PROPOSED = 0.8
NOTHING = Template()


class Desk:
    """The sheet read from the file ``name``, the second reading that confirms or denies, the evidence so far.

    ``template`` is what is known of this supplier's paper; values that stand where it says fit better. ``told`` are the
    answers of an extractor; what only they propose is never sure.
    """

    def __init__(
        self,
        name: str,
        marked: Marked,
        second: Second | None,
        template: Template = NOTHING,
        told: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.marked = marked
        self.template = template
        self.told = told or {}
        self._second = second
        self._model: Model = shipped()
        self._evidence: dict[str, Evidence] = {}
        self._chosen: dict[str, Chosen] = {}

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """The evidence kept so far by field."""
        return dict(self._evidence)

    @property
    def chosen(self) -> Mapping[str, Chosen]:
        """The values kept so far by field, each with the features of its evidence."""
        return dict(self._chosen)

    def choose(
        self, field: str, candidates: Iterable[Candidate[T]], see: See[T] | None = None, **more: float
    ) -> Candidate[T] | None:
        """The candidate with the highest score, its evidence kept under the field's name; None if there is none."""
        ranked = sorted((self._placed(field, one) for one in candidates), key=lambda candidate: -candidate.score)
        if not ranked:
            return None
        best = ranked[0]
        rival = next((other.score for other in ranked if other.value != best.value), 0.0)
        self.keep(field, best, see, rival=_rivalry(best.score, rival), **more)
        return best

    def keep(self, field: str, best: Candidate[T], see: See[T] | None = None, **more: float) -> None:
        """Weigh the evidence for a value: ``more`` are features that only the field knows."""
        layer = best.words[0].engine == TEXT_LAYER
        second = self._second if self._second and self._second.looked_at(best.page, best.box) and not layer else None
        asked = see is not None and second is not None
        seen = see is not None and second is not None and see(second.marked.sheet, best.value) is not None
        features = Features(
            score=min(1.0, best.score),
            legible=best.legibility,
            confirmed=float(asked and seen),
            denied=float(asked and not seen),
            textlayer=float(layer),
            **more,
        )
        sure = self._model.probability(field, features)
        self._evidence[field] = best.evidence(min(sure, PROPOSED) if best.reason == ASKED else sure)
        self._chosen[field] = Chosen(best.value, features)

    def presume(self, field: str, value: str) -> str:
        """A value that the page does not print and the supplier's template knows; it is as sure as the supplier."""
        sender = self._evidence["supplier"]
        self._evidence[field] = replace(sender, raw=value, engine="template", reason="template of the supplier")
        return value

    def _placed(self, field: str, candidate: Candidate[T]) -> Candidate[T]:
        """The candidate, with a better score where the template says that the field stands there."""
        if not self.template.places_at(field, candidate.page, candidate.box):
            return candidate
        return replace(candidate, score=min(1.0, candidate.score + PLACED), reason=candidate.reason or "template")


def _rivalry(best: float, rival: float) -> float:
    """How close another value comes: 0 up to half the score of the best, 1 at the same score."""
    return max(0.0, min(1.0, 2 * rival / best - 1)) if best > 0 else 1.0
