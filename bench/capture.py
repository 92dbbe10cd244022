"""Reading a labelled set: `python -m bench.capture TRUTH.jsonl --scorer SCORE.py [--engine auto] [--workers 2]`.

Prints pages a minute and CPU seconds a page beside the bare `tesseract` command over the same scanned pages, with as
many processes, in the same run; then what the scorer says of the predictions.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from capture.pages import open_document
from capture.paper import Paper

LINE = "{what}: {pages} pages, {minute:.1f} pages a minute, {cpu:.2f} CPU seconds a page"


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
    parser.add_argument("--engine", default="auto", choices=["auto", "tiny", "small", "rapid", "tesseract"])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--predictions", type=Path, default=Path("predictions.jsonl"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = documents(given.truth)
        scanned, pictures = scans(files, Path(folder))
        if not pictures:
            raise SystemExit("No document of this set has a page that must be recognised.")
        parts = [Path(folder) / "scanned.jsonl", Path(folder) / "others.jsonl"]
        compare(scanned, pictures, given.engine, given.workers, parts[0])
        read([file for file in files if file not in scanned], given.engine, given.workers, parts[1])
        found = "".join(part.read_text(encoding="utf-8") for part in parts)
        given.predictions.write_text(named(found, files), encoding="utf-8")
    command = [sys.executable, given.scorer, given.truth, given.predictions, "--by", "kind"]
    subprocess.run(command, check=True)  # noqa: S603 - the scorer is the caller's


def compare(scanned: list[Path], pictures: list[Path], engine: str, workers: int, out: Path) -> None:
    """Print how fast the scans are read, and the ratio to the bare command."""
    ours = timed(lambda: read(scanned, engine, workers, out))
    theirs = timed(lambda: bare(pictures, workers))
    for what, (wall, cpu) in ((engine, ours), ("bare tesseract", theirs)):
        count = len(pictures)
        sys.stdout.write(LINE.format(what=what, pages=count, minute=60 * count / wall, cpu=cpu / count) + "\n")
    faster, dearer = theirs[0] / ours[0], ours[1] / theirs[1]
    sys.stdout.write(f"{faster:.2f} times its pages a minute, {dearer:.2f} times its CPU\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
