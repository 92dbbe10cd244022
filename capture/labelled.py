"""Labelled documents: what a person says stands on a page, and which of the values read from it are right.

A label is a JSON object a line: ``id``, ``file``, ``fields`` (supplier_name, invoice_number, invoice_date, po_number,
currency, subtotal, tax, total), ``alts`` with other right answers, ``unscored`` fields, and perhaps ``layout``.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from capture.calibration import Sample
from capture.evidence import Reading
from capture.fields.names import folded_name
from capture.sightings import plain
from formats.documents import Supplier

LABELS = {
    "supplier": "supplier_name",
    "number": "invoice_number",
    "date": "invoice_date",
    "po_number": "po_number",
    "currency": "currency",
    "net_total": "subtotal",
    "tax_total": "tax",
    "total": "total",
}
CENT = Decimal("0.005")
ALIKE = 85
SHORT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on one document; a field of ``fields`` that is None is not printed."""

    id: str
    file: str
    fields: Mapping[str, Any]
    alts: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    unscored: frozenset[str] = frozenset()
    layout: str = ""


def load(text: str) -> Label:
    """The label in a line of JSON; ValueError when it is none. Its layout is the sender unless it names one."""
    try:
        values = json.loads(text)
        fields = dict(values["fields"])
        return Label(
            id=str(values["id"]),
            file=str(values["file"]),
            fields=fields,
            alts=dict(values.get("alts") or {}),
            unscored=frozenset(values.get("unscored") or ()),
            layout=str(values.get("layout") or folded_name(str(fields.get("supplier_name") or values["id"]))),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no label: {error!r}") from error


def samples(label: Label, reading: Reading, fields: Sequence[str] = tuple(LABELS)) -> Iterator[Sample]:
    """The values of a reading that the label tells about, each right or wrong."""
    for name in fields:
        named = LABELS[name]
        chosen = reading.chosen.get(name)
        if chosen is None or named in label.unscored:
            continue
        truths = [label.fields.get(named), *label.alts.get(named, ())]
        correct = any(truth is not None and is_right(name, truth, chosen.value) for truth in truths)
        yield Sample(document=label.id, layout=label.layout, field=name, features=chosen.features, right=correct)


def is_right(name: str, truth: object, value: object) -> bool:
    """Whether a value is the one that the label tells, however it is spaced, cased or signed."""
    if isinstance(value, Supplier):
        return _same_name(str(truth), value.name)
    if isinstance(value, dt.date):
        return value.isoformat() == str(truth)
    if isinstance(value, Decimal):
        return abs(abs(value) - abs(Decimal(str(truth)))) < CENT
    if name == "supplier":
        return _same_name(str(truth), str(value))
    return _identity(str(truth)) == _identity(str(value))


def _same_name(one: str, other: str) -> bool:
    """Legal forms, blanks and a misread letter aside; a name may be printed with a branch behind it."""
    short, long = sorted((folded_name(one), folded_name(other)), key=len)
    return (len(short) >= SHORT and short in long) or fuzz.ratio(short, long) >= ALIKE


def _identity(text: str) -> str:
    return re.sub(r"^(?:INVOICE|NO|NR)+(?=\d)", "", plain(text))
