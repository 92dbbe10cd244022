"""Templates: what is known of one supplier's paper. They only help; a supplier without one is read as well."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from capture.labels import Kind
from formats.findings import Box

ASIDE = 0.04


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands on a supplier's paper, as fractions of the page."""

    page: int
    box: Box

    def holds(self, page: int, box: Box) -> bool:
        """True when a value in this box begins or ends where the place does, and on the same line."""
        level = abs(_middle(self.box) - _middle(box)) <= ASIDE / 2
        near = abs(self.box.left - box.left) <= ASIDE or abs(self.box.right - box.right) <= ASIDE
        return self.page == page and level and near


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a supplier's paper does: ``words`` that introduce values, ``places`` of fields, and how it writes.

    ``month_first`` and ``comma`` are None where the paper tells by itself; ``currency`` and ``unit`` (of measure) stand
    for those that it does not print.
    """

    words: Mapping[str, Kind] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    month_first: bool | None = None
    comma: bool | None = None
    currency: str = ""
    unit: str = ""

    def places_at(self, name: str, page: int, box: Box) -> bool:
        """True when the field ``name`` is known to stand there."""
        place = self.places.get(name)
        return place is not None and place.holds(page, box)


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2
