"""`exchange capture read`: what stands on files, without ledger, supplier master or network."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from capture.choices import Choice
from exchange.batches.spreading import predict_all
from exchange.cli.progress import watcher
from exchange.errors import NotFoundError

MemoryOption = Annotated[Path | None, typer.Option("--memory", help="Folder that keeps recognised words.")]
PathsArgument = Annotated[list[Path], typer.Argument(help="Files, or folders of files.")]
PredictionsOption = Annotated[Path | None, typer.Option("--predictions", help="Write to this file, a line a document.")]
EngineOption = Annotated[Choice, typer.Option("--engine", help="How pages are read; see capture.engine.")]
ProcessesOption = Annotated[int, typer.Option("--processes", min=0, help="Read so many at once; 0: one a core.")]

FEW = 4


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
