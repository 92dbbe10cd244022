"""Calibration: fitting confidence to labelled readings, and measuring its honesty."""

import datetime as dt
import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from capture import labelled
from capture.calibration import Sample, fit, held_out, measure, parts, senders
from capture.confidence import Features, load, shipped
from capture.diagram import draw
from capture.labelled import is_right
from capture.reader import read
from tests.capture.conftest import NO_ENGINES, SUPPLIERS, opened
from tests.capture.paint import text_pdf

LABEL = {
    "id": "one",
    "file": "one.pdf",
    "fields": {
        "supplier_name": "Brightwater Tools",
        "invoice_number": "bw 20418",
        "invoice_date": "2024-03-17",
        "po_number": None,
        "currency": "GBP",
        "subtotal": 605,
        "tax": 121.0,
        "total": 762.0,
    },
    "unscored": ["currency"],
}


def _sample(number: int, *, legible: float, right: bool, layout: str = "") -> Sample:
    features = Features(score=0.9, legible=legible, textlayer=1.0)
    return Sample(document=f"d{number}", layout=layout or f"l{number}", field="date", features=features, right=right)


MIXED = [_sample(number, legible=1.0, right=number % 20 != 0) for number in range(60)]
MIXED += [_sample(number, legible=0.3, right=number % 2 == 0) for number in range(60, 120)]


def test_what_is_hardly_legible_is_less_sure_after_a_fit() -> None:
    model = fit(MIXED)
    sure, unsure = (model.probability("date", Features(score=0.9, legible=one, textlayer=1.0)) for one in (1.0, 0.3))
    assert 0.91 < sure < 0.99
    assert 0.4 < unsure < 0.6


def test_a_fit_on_right_values_only_promises_less_than_certainty() -> None:
    model = fit([_sample(number, legible=1.0, right=True) for number in range(30)])
    assert 0.9 < model.probability("date", Features(score=0.9, legible=1.0, textlayer=1.0)) < 0.9999


def test_a_sample_is_held_out_with_all_of_its_layout() -> None:
    odd = [_sample(number, legible=0.3, right=False, layout="odd") for number in range(200, 230)]
    known = fit([*MIXED[:60], *odd]).probability("date", odd[0].features)
    unknown = held_out([*MIXED[:60], *odd])[-1]
    assert known < 0.3
    assert unknown > 0.6


def test_the_folds_of_layouts_are_level_and_always_the_same() -> None:
    layouts = ["a"] * 4 + ["b"] * 3 + ["c"] * 2 + ["d"]
    assert {"a": 0, "b": 1, "c": 1, "d": 0} == parts(layouts, 2)
    assert parts(layouts, 2) == parts(layouts[::-1], 2)


def test_promises_that_come_true_have_no_calibration_error() -> None:
    samples = [_sample(number, legible=1.0, right=number > 0) for number in range(10)]
    found = measure(samples, [0.9] * 10)
    assert (0.0, 0.09, 1) == (round(found.ece, 9), round(found.brier, 9), found.wrong)


def test_a_threshold_trades_coverage_for_risk() -> None:
    samples = [_sample(number, legible=1.0, right=number > 1) for number in range(10)]
    found = {one.threshold: one for one in measure(samples, [0.6, 0.96] + [0.99] * 8).fields}
    assert [(1.0, 0.2), (0.9, pytest.approx(1 / 9)), (0.8, 0.0)] == [
        (found[step].coverage, found[step].risk) for step in (0.5, 0.95, 0.97)
    ]


def test_a_document_of_an_unknown_sender_never_passes() -> None:
    sender = replace(_sample(1, legible=1.0, right=True), features=Features(unlisted=1.0), field="supplier")
    assert {0.0} == {point.coverage for point in measure([sender], [0.999]).documents}


def test_a_document_in_which_a_critical_value_was_not_found_never_passes() -> None:
    samples = [_sample(1, legible=1.0, right=True), _sample(2, legible=1.0, right=True)]
    found = measure(samples, [0.99, 0.99], incomplete={"d1"})
    assert (1.0, 0.5) == (found.field_gate.coverage, found.document_gate.coverage)


def test_the_most_that_passes_has_at_most_one_wrong_in_a_hundred() -> None:
    samples = [_sample(number, legible=1.0, right=number not in {0, 1, 150}) for number in range(200)]
    found = measure(samples, [0.5 + number / 400 for number in range(200)], gate=0.6).most_fields
    assert (0.505, 198 / 200, 1 / 198) == (found.threshold, found.coverage, found.risk)


def test_none_wrong_of_a_hundred_may_still_be_three_of_a_hundred() -> None:
    samples = [_sample(number, legible=1.0, right=True) for number in range(100)]
    gate = measure(samples, [0.99] * 100).field_gate
    assert (0.0, 0.0295) == (gate.risk, round(gate.bound, 4))


def test_layouts_that_may_be_of_one_sender_are_held_out_together() -> None:
    found = senders({"mrdiy", "mrdiykuchai", "brightwatertools", "brightwaterto0ls", "aeon"})
    assert {"mrdiy": 2, "brightwaterto0ls": 2, "aeon": 1} == dict(Counter(found.values()))


def test_a_sender_that_no_master_knows_is_never_as_sure_as_to_pass() -> None:
    sure = shipped().probability("supplier", Features(score=1.0, legible=1.0, textlayer=1.0, unlisted=1.0))
    assert sure < shipped().threshold


def test_a_value_is_never_sure_while_another_fits_as_well() -> None:
    sure = [shipped().probability("currency", Features(score=1.0, legible=1.0, rival=rival)) for rival in (0.0, 1.0)]
    assert [True, False] == [one >= shipped().threshold for one in sure]


def test_a_model_survives_being_written_down() -> None:
    model = replace(fit(MIXED, version=7), date="2026-03-01", fitted="dates")
    assert model == load(model.dump())


@pytest.mark.parametrize("text", ["{}", "[]", '{"version": 1, "weights": {"bias": "much"}}', "nothing"])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        load(text)


def test_the_shipped_model_says_when_and_on_what_it_was_fitted() -> None:
    assert dt.date.fromisoformat(shipped().date)
    assert shipped().samples > 500
    assert shipped().fitted


def test_a_reading_is_compared_with_its_label() -> None:
    label = labelled.load(json.dumps(LABEL))
    samples = labelled.samples(label, read(opened(text_pdf()), SUPPLIERS, NO_ENGINES))
    assert {
        "supplier": True,
        "number": True,
        "date": True,
        "po_number": False,
        "net_total": True,
        "tax_total": True,
        "total": False,
    } == {sample.field: sample.right for sample in samples}


def test_the_sender_is_the_layout_unless_the_label_names_one() -> None:
    assert "brightwatertools" == labelled.load(json.dumps(LABEL)).layout
    assert "form 7" == labelled.load(json.dumps(LABEL | {"layout": "form 7"})).layout


@pytest.mark.parametrize("line", ["{}", "[1]", '{"id": 1, "file": "a", "fields": 3}'])
def test_what_is_no_label_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="label"):
        labelled.load(line)


@pytest.mark.parametrize(
    ("field", "truth", "value", "right"),
    [
        ("supplier", "ACME Ltd", "Acme Limited", True),
        ("supplier", "Acme", "Zenith", False),
        ("total", -12.5, Decimal("12.50"), True),
        ("total", 12.5, Decimal("12.51"), False),
        ("number", "INVOICE NO 4711", "4711", True),
        ("date", "2024-03-04", dt.date(2024, 4, 3), False),
    ],
)
def test_a_value_is_right_however_it_is_written(field: str, truth: object, value: object, right: bool) -> None:
    assert right == is_right(field, truth, value)


def test_the_picture_shows_every_measure() -> None:
    found = measure(MIXED, [0.9] * len(MIXED))
    lone, both = (draw([(name, found) for name in names]) for names in (("one",), ("one", "two")))
    assert both.height > lone.height
    assert len(both.getcolors(1 << 16) or ()) > len(lone.getcolors(1 << 16) or ())
