"""How fast scanned pages are read, beside the bare `tesseract` command, and what a scorer says of the answers.

The scanned pages of a labelled set are read end to end by `exchange capture read` (start, opening, recognition, fields,
predictions written), then by the bare `tesseract` command with as many processes, one thread each, in the same run.
Starting our processes and loading their models is in our time, so a small sample speaks against us; the command starts
anew for each page. Targets: at least its pages a minute with the tiny model, 0.4 times with the small one.

    python -m bench.capture TRUTH.jsonl --scorer SCORE.py --engine tiny --engine small --workers 2
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.page import write_section
from capture.pages import open_document
from capture.paper import Paper

TARGETS = {"tiny": 1.0, "small": 0.4}


@dataclass(frozen=True)
class Timed:
    """The pages that an engine and the bare command read, and the seconds and CPU seconds that each of them took."""

    engine: str
    pages: int
    ours: tuple[float, float]
    theirs: tuple[float, float]

    def row(self) -> str:
        """The row of the table."""
        minute, bare = (60 * self.pages / wall for wall, _ in (self.ours, self.theirs))
        cpu, bare_cpu = (seconds / self.pages for _, seconds in (self.ours, self.theirs))
        target = f"{TARGETS[self.engine]}" if self.engine in TARGETS else ""
        rates = f"{minute:.1f} | {bare:.1f} | {minute / bare:.2f} | {target}"
        return f"| {self.engine} | {rates} | {cpu:.2f} | {bare_cpu:.2f} | {bare_cpu / cpu:.2f} |"


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds and the CPU seconds, children included, that the work took."""
    wall, cpu = time.monotonic(), sum(os.times()[:4])
    work()
    return time.monotonic() - wall, sum(os.times()[:4]) - cpu


def documents(truth: Path) -> dict[Path, str]:
    """Return the files of a set, which lie where its lines say, beside it, each with the id that the set gives it."""
    labels = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {truth.parent / label["file"]: label["id"] for label in labels}


def named(predictions: str, ids: dict[Path, str]) -> str:
    """Return predictions under the ids of the set; reading calls a document what its file is called."""
    by_stem = {file.stem: name for file, name in ids.items()}
    read = (json.loads(line) for line in predictions.splitlines())
    return "".join(json.dumps(one | {"id": by_stem[one["id"]]}, ensure_ascii=False) + "\n" for one in read)


def scans(files: Iterable[Path], folder: Path) -> tuple[list[Path], list[Path]]:
    """Write each page that must be recognised as a picture, and return those files and those pictures."""
    found, pictures = [], []
    for file in files:
        paper = open_document(file.read_bytes(), file.name)
        pages = [page for page in paper.pages if not page.words()] if isinstance(paper, Paper) else []
        for page in pages if isinstance(paper, Paper) and not paper.embedded_xml else []:
            pictures.append(folder / f"{len(pictures):05d}.png")
            page.draw().save(pictures[-1], compress_level=1)
            found += [] if file in found else [file]
    return found, pictures


def read(files: list[Path], engine: str, workers: int, out: Path) -> None:
    """Read files by the command, as a user would; no files make an empty answer."""
    if not files:
        out.touch()
        return
    command = [Path(sys.executable).with_name("exchange"), "capture", "read", *map(str, files)]
    options = ["--engine", engine, "--processes", str(workers), "--predictions", str(out)]
    subprocess.run([*command, *options], check=True)  # noqa: S603 - our own command


def bare(pictures: Iterable[Path], workers: int) -> None:
    """Run the bare command over pictures."""
    alone = os.environ | {"OMP_THREAD_LIMIT": "1"}

    def one(picture: Path) -> None:
        subprocess.run(["tesseract", picture, "-"], env=alone, capture_output=True, check=True)  # noqa: S603, S607

    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(one, pictures))


def main() -> None:
    """Measure, print, and let the scorer have the last word."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--engine", action="append", choices=["auto", "tiny", "small", "rapid", "tesseract"])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--predictions", type=Path, default=Path("predictions.jsonl"))
    parser.add_argument("--out", type=Path, help="page of measurements to write into")
    given = parser.parse_args()
    load = f"{os.getloadavg()[0]:.1f}"
    rows = [measure(engine, given) for engine in given.engine or ["auto"]]
    text = table(rows, given.workers, load)
    sys.stdout.write(text)
    if given.out:
        write_section(given.out, "capture", f"## Reading pages\n\n{__doc__}\n{text}")


def measure(engine: str, given: argparse.Namespace) -> Timed:
    """Read the set by one engine, its scans against the clock, and let the scorer print what it says of the answers."""
    with tempfile.TemporaryDirectory() as folder:
        files = documents(given.truth)
        scanned, pictures = scans(files, Path(folder))
        if not pictures:
            raise SystemExit("No document of this set has a page that must be recognised.")
        parts = [Path(folder) / "scanned.jsonl", Path(folder) / "others.jsonl"]
        ours = timed(lambda: read(scanned, engine, given.workers, parts[0]))
        theirs = timed(lambda: bare(pictures, given.workers))
        read([file for file in files if file not in scanned], engine, given.workers, parts[1])
        found = "".join(part.read_text(encoding="utf-8") for part in parts)
        given.predictions.write_text(named(found, files), encoding="utf-8")
    command = [sys.executable, given.scorer, given.truth, given.predictions, "--by", "kind"]
    subprocess.run(command, check=True)  # noqa: S603 - the scorer is the caller's
    return Timed(engine, len(pictures), ours, theirs)


def table(rows: Sequence[Timed], workers: int, load: str) -> str:
    """The measurements as a Markdown table, with the load that they began under."""
    day = time.strftime("%d %B %Y", time.gmtime())
    head = (
        f"{day}, {rows[0].pages} pages, {workers} processes, load {load} at the beginning on {os.cpu_count()} cores\n\n"
        "| engine | pages a minute | bare `tesseract` | ratio | target | CPU s a page | of `tesseract` | ratio |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(f"{one.row()}\n" for one in rows)


if __name__ == "__main__":
    main()
