"""Supplier templates: one YAML file a supplier in ``suppliers`` of the home folder, read into what a reader takes."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from capture.labels import Kind
from capture.templates import Place, Template
from exchange.schedule import load_yaml
from formats.findings import Box

FOLDER = "suppliers"
Placed = Literal["number", "date", "due_date", "po_number"]
Share = Field(ge=0, le=1)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlaceEntry(_Entry):
    """Where a field stands, as fractions of the page."""

    page: int = Field(ge=1)
    left: float = Share
    top: float = Share
    right: float = Share
    bottom: float = Share

    @model_validator(mode="after")
    def _spans(self) -> "PlaceEntry":
        if self.left >= self.right or self.top >= self.bottom:
            raise ValueError("left must be below right, and top below bottom")
        return self


class Lesson(_Entry):
    """From which record something was learned, when and by whom."""

    record: int
    day: dt.date
    by: str
    fields: tuple[str, ...] = ()


class SupplierTemplate(_Entry):
    """A template file."""

    supplier: str = Field(min_length=1)
    words: dict[Kind, tuple[str, ...]] = {}
    places: dict[Placed, PlaceEntry] = {}
    dates: Literal["day first", "month first", ""] = ""
    decimals: Literal["comma", "point", ""] = ""
    currency: str = Field("", pattern=r"^(?:[A-Z]{3})?$")
    unit: str = Field("", max_length=10)
    learned: tuple[Lesson, ...] = ()

    def template(self) -> Template:
        """What a reader takes."""
        return Template(
            words={phrase: kind for kind, phrases in self.words.items() for phrase in phrases},
            places={
                name: Place(one.page, Box(one.left, one.top, one.right, one.bottom))
                for name, one in self.places.items()
            },
            month_first={"day first": False, "month first": True}.get(self.dates),
            comma={"point": False, "comma": True}.get(self.decimals),
            currency=self.currency,
            unit=self.unit,
        )


def load_templates(home: Path) -> Mapping[str, Template]:
    """Return the templates by supplier number; SettingsError names file, line and key of everything that is wrong."""
    files = sorted((home / FOLDER).glob("*.yaml"))
    found = [load_yaml(file, SupplierTemplate) for file in files]
    return {one.supplier: one.template() for one in found}


def load_one(home: Path, supplier_number: str) -> SupplierTemplate:
    """Return a supplier's file, an empty one if it has none."""
    file = _file(home, supplier_number)
    return load_yaml(file, SupplierTemplate) if file.is_file() else SupplierTemplate(supplier=supplier_number)


def save(home: Path, former: SupplierTemplate, learned: Template, lesson: Lesson) -> Path:
    """Write what was learned into the supplier's file and return its path."""
    words: dict[str, list[str]] = {}
    for phrase, kind in learned.words.items():
        words.setdefault(kind.value, []).append(phrase)
    values = {
        "supplier": former.supplier,
        "words": words,
        "places": {name: _place(place) for name, place in learned.places.items()},
        "dates": {False: "day first", True: "month first", None: ""}[learned.month_first],
        "decimals": {False: "point", True: "comma", None: ""}[learned.comma],
        "currency": learned.currency,
        "unit": learned.unit,
        "learned": [one.model_dump(mode="json") for one in (*former.learned, lesson)],
    }
    file = _file(home, former.supplier)
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {key: value for key, value in values.items() if value}
    file.write_text(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return file


def _place(place: Place) -> dict[str, float]:
    box = {side: round(getattr(place.box, side), 4) for side in ("left", "top", "right", "bottom")}
    return {"page": place.page, **box}


def _file(home: Path, supplier_number: str) -> Path:
    """The file of a supplier, named by its number; one that is no file name is told apart by a hash."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", supplier_number)
    digest = "" if plain == supplier_number else "-" + hashlib.sha256(supplier_number.encode()).hexdigest()[:8]
    return home / FOLDER / f"{plain}{digest}.yaml"
