"""`exchange capture evaluate`: how honest reading is, by documents whose truth is known."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from capture.calibration import Measure, Point, Sample, fit, held_out, measure
from capture.confidence import Model, shipped
from capture.diagram import draw
from capture.engines import available
from exchange.batches.remembering import remembering
from exchange.cli.capturing import EngineOption, MemoryOption
from exchange.cli.evaluating import Readings, read_all, read_labels
from exchange.cli.options import clock
from exchange.cli.printing import JsonOption, console, print_json, print_table
from exchange.cli.progress import watcher
from exchange.errors import NotFoundError

LabelsArgument = Annotated[Path, typer.Argument(help="Folder with truth.jsonl and the documents, or that file.")]
FitOption = Annotated[bool, typer.Option("--fit", help="Fit a new model, and measure it on layouts left out.")]
PictureOption = Annotated[Path | None, typer.Option("--picture", help="Draw the curves into this PNG.")]
SaveOption = Annotated[Path | None, typer.Option("--save", help="Write the fitted model to this file.")]
WhenOption = Annotated[str, typer.Option("--date", help="Day of the fit (ISO); else today.")]
WhatOption = Annotated[str, typer.Option("--description", help="On what it was fitted, in one sentence.")]
WithoutOption = Annotated[list[str] | None, typer.Option("--without", help="Leave this document out; repeatable.")]

Measures = list[tuple[str, Measure]]


def evaluate(
    labels: LabelsArgument,
    *,
    fit_one: FitOption = False,
    save: SaveOption = None,
    date: WhenOption = "",
    description: WhatOption = "",
    without: WithoutOption = None,
    memory: MemoryOption = None,
    engine: EngineOption = "auto",
    picture: PictureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read labelled documents and print how honest the confidence was: reliability, ECE, Brier, risk and coverage."""
    known = [label for label in read_labels(labels) if label.id not in (without or ())]
    folder = labels if labels.is_dir() else labels.parent
    with watcher(quiet=as_json) as progress:
        readings = read_all(folder, known, remembering(available(engine), memory), progress)
    if not readings.known:
        raise NotFoundError(f"No labelled page of {labels} could be read.")
    model, measures = _fitted(readings) if fit_one else (shipped(), _measured(readings, shipped(), "shipped model"))
    model = replace(model, date=date or f"{clock():%Y-%m-%d}", fitted=description) if fit_one else model
    if save and fit_one:
        save.write_text(model.dump(), encoding="utf-8")
    if picture:
        draw(measures).save(picture, "PNG")
    print_json(_as_json(model, measures)) if as_json else _print(model, measures)


def _fitted(readings: Readings) -> tuple[Model, Measures]:
    """A new model, measured on what it was fitted on and, fitted anew without each fold, on what it was not."""
    samples = readings.fitting
    model = fit(samples, version=shipped().version + 1)
    honest = {_key(one): sure for one, sure in zip(samples, held_out(samples), strict=True)}
    aside = [
        (f"{name}, held out", _measure(readings, model, some, [honest[_key(one)] for one in some]))
        for name, some in _sets(readings)
    ]
    return model, [*_measured(readings, model, "in sample"), *aside]


def _key(sample: Sample) -> tuple[object, ...]:
    return sample.document, sample.field, sample.features


def _measured(readings: Readings, model: Model, name: str) -> Measures:
    return [
        (
            f"{who}, {name}",
            _measure(readings, model, some, [model.probability(one.field, one.features) for one in some]),
        )
        for who, some in _sets(readings)
    ]


def _measure(readings: Readings, model: Model, samples: Sequence[Sample], sure: Sequence[float]) -> Measure:
    return measure(samples, sure, gate=model.threshold, incomplete=readings.incomplete)


def _sets(readings: Readings) -> tuple[tuple[str, list[Sample]], ...]:
    return ("known senders", readings.known), ("no master", readings.unknown)


def _as_json(model: Model, measures: Measures) -> dict[str, Any]:
    return {"model": asdict(model), "measures": {name: asdict(one) for name, one in measures}}


def _print(model: Model, measures: Measures) -> None:
    about = f"model {model.version} of {model.date or 'unknown date'}, {model.samples} values. {model.fitted}"
    console.print(about.strip(), markup=False, highlight=False)
    summary = [(name, one.samples, one.wrong, f"{one.ece:.4f}", f"{one.brier:.4f}") for name, one in measures]
    print_table("calibration", ("read with", "values", "wrong", "ECE", "Brier"), summary, right=("values", "wrong"))
    for name, one in measures:
        _print_gates(name, one)
        _print_measure(name, one)
    console.print("* no more than this is wrong, with a confidence of 95 %; for values as if they failed independently")


def _print_gates(name: str, one: Measure) -> None:
    """What passes without review: at the model's threshold, and at most with a risk of one in a hundred."""
    rows = [
        (f"{one.field_gate.threshold:g} and above", *_shares(one.field_gate), *_shares(one.document_gate)),
        ("at most 1% wrong", *_shares(one.most_fields), *_shares(one.most_documents)),
    ]
    columns = ("passes", "values", "wrong", "bound*", "documents", "wrong", "bound*")
    print_table(f"{name}: what passes without review", columns, rows, right=columns[1:])


def _shares(point: Point) -> tuple[str, str, str]:
    return f"{point.coverage:.1%}", f"{point.risk:.2%}", f"{point.bound:.2%}"


def _print_measure(name: str, one: Measure) -> None:
    bins = [
        (f"{bin_.low:.2f}-{bin_.high:.2f}", bin_.count, f"{bin_.promised:.3f}", f"{bin_.right:.3f}")
        for bin_ in one.bins
    ]
    print_table(f"{name}: reliability", ("promised", "values", "mean", "right"), bins, right=("values",))
    columns = ("threshold", "values pass", "of them wrong", "documents pass", "of them with an error")
    print_table(f"{name}: risk and coverage", columns, _risks(one))


def _risks(one: Measure) -> Sequence[tuple[str, ...]]:
    pairs = zip(one.fields, one.documents, strict=True)
    return [
        (
            f"{field.threshold:.3f}",
            *(f"{share:.1%}" for share in (field.coverage, field.risk, page.coverage, page.risk)),
        )
        for field, page in pairs
    ]
