"""The commands of `exchange capture`: how honest reading is, what it learned, and whose paper has changed."""

import getpass
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from capture.calibration import Measure, Point, Sample, fit, held_out, measure
from capture.confidence import Model, shipped
from capture.diagram import draw
from capture.engines import Choice, available
from exchange.batches import correcting, drifting
from exchange.batches.predicting import predict_all
from exchange.batches.remembering import remembering
from exchange.cli.evaluating import Readings, read_all, read_labels
from exchange.cli.options import ConfigOption, JsonOption, clock, console, plain, print_json, print_table, world_of
from exchange.cli.progress import watcher
from exchange.cli.steering import RecordArgument, WhyOption
from exchange.errors import NotFoundError
from exchange.ledger import drift

app = typer.Typer(no_args_is_help=True, help="How honest reading is, what it learned, and whose paper has changed.")

LabelsArgument = Annotated[Path, typer.Argument(help="Folder with truth.jsonl and the documents, or that file.")]
FitOption = Annotated[bool, typer.Option("--fit", help="Fit a new model, and measure it on layouts left out.")]
PictureOption = Annotated[Path | None, typer.Option("--picture", help="Draw the curves into this PNG.")]
SaveOption = Annotated[Path | None, typer.Option("--save", help="Write the fitted model to this file.")]
WhenOption = Annotated[str, typer.Option("--date", help="Day of the fit (ISO); else today.")]
WhatOption = Annotated[str, typer.Option("--description", help="On what it was fitted, in one sentence.")]
WithoutOption = Annotated[list[str] | None, typer.Option("--without", help="Leave this document out; repeatable.")]
MemoryOption = Annotated[Path | None, typer.Option("--memory", help="Folder that keeps recognised words.")]

RightOption = Annotated[
    list[str] | None, typer.Option("--right", metavar="FIELD=VALUE", help="What stands on the page; repeatable.")
]
PathsArgument = Annotated[list[Path], typer.Argument(help="Files, or folders of files.")]
PredictionsOption = Annotated[Path | None, typer.Option("--predictions", help="Write to this file, a line a document.")]
EngineOption = Annotated[Choice, typer.Option("--engine", help="How pages are read; see capture.engine.")]
ProcessesOption = Annotated[int, typer.Option("--processes", min=0, help="Read so many at once; 0: one a core.")]
SupplierArgument = Annotated[str, typer.Argument(help="The supplier's number in Coupa.")]

FEW = 4

Measures = list[tuple[str, Measure]]


@app.command()
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


@app.command("read")
def read_files(
    paths: PathsArgument,
    *,
    predictions: PredictionsOption = None,
    memory: MemoryOption = None,
    engine: EngineOption = "auto",
    processes: ProcessesOption = 0,
) -> None:
    """Read images, PDFs and e-invoices without ledger, supplier master or network; one JSON object a file."""
    files = list(_files(paths))
    # a second process pays for itself from a few files on: each loads its own models
    many = min(processes or os.cpu_count() or 1, max(1, len(files) // FEW))
    read = predict_all(files, engine, many, memory)
    with (
        predictions.open("w", encoding="utf-8") if predictions else nullcontext(sys.stdout) as stream,
        watcher(quiet=predictions is None) as progress,
    ):
        progress.step("reading")
        for done, (file, prediction) in enumerate(zip(files, read, strict=True), 1):
            stream.write(json.dumps(prediction, ensure_ascii=False) + "\n")
            progress.advance(done, len(files), file.name)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named."""
    for path in paths:
        if not path.exists():
            raise NotFoundError(f"There is no {path}.")
        yield from sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else (path,)


@app.command()
def learn(
    record: RecordArgument, right: RightOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Learn a supplier's paper from a corrected record, put a held record right, and write the supplier's template."""
    pairs = [word.partition("=") for word in right or ()]
    with world_of(config, quiet=as_json) as world:
        told = {name.strip(): value for name, _, value in pairs}
        learned = correcting.correct(world, record, told, getpass.getuser())
    if as_json:
        print_json(asdict(learned))
        return
    console.print(f"{learned.supplier}: learned {', '.join(learned.fields)}; {escape(str(learned.file))}")
    for name in learned.unseen:
        console.print(f"    {name} is not seen on the page, so the template learned nothing about it")
    if learned.doubt:
        console.print(f"    nothing of this supplier passes by itself from now on: {learned.doubt}")


@app.command()
def show(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List, by supplier and layout, how sure reading was and how often it was corrected, and what is in doubt."""
    with world_of(config, quiet=True) as world, world.ledger.read() as tx:
        layouts = [plain(one) for one in drift.by_layout(tx)]
        doubts = [plain(one) for one in drift.doubts(tx)]
    if as_json:
        print_json({"layouts": layouts, "doubts": doubts})
        return
    rows = [
        (
            one["supplier_number"] or "(unknown)",
            one["layout"],
            one["pages"],
            one["corrected"],
            f"{one['confidence']:.3f}",
        )
        for one in layouts
    ]
    columns = ("supplier", "layout", "pages", "corrected", "mean confidence")
    print_table("reading by supplier and layout", columns, rows, right=columns[2:])
    told = [(one["supplier_number"], f"{one['at']:%Y-%m-%d}", one["why"], _review(one)) for one in doubts]
    print_table("doubts", ("supplier", "since", "why", "reviewed"), told)


@app.command()
def reopen(supplier: SupplierArgument, why: WhyOption, config: ConfigOption = None) -> None:
    """Let a supplier's pages pass by themselves again, after a person looked at them."""
    with world_of(config, quiet=True) as world:
        drifting.reopen(world, supplier, getpass.getuser(), why)
    console.print(f"Pages of supplier {supplier} are judged as others are again.", markup=False)


def _review(doubt: dict[str, Any]) -> str:
    return f"{doubt['reviewed_by']}: {doubt['review']}" if doubt["reviewed_at"] else "OPEN"


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
