"""How fast the formats are, as ratios measured side by side in one run.

Method: each contender runs in a fresh process of its own, once a round, the contenders of a round one after another;
what counts is the median over the rounds of the ratio of CPU seconds, so that a busy machine does no harm. Imports,
making the file and loading what is to be written are not timed. All contenders have the garbage collector that the
commands have (``exchange.cli``: frozen at start, 50,000 objects a turn). Files lie in a temporary folder. What builds
objects suffers more from neighbours on the machine than a bare loop: the load average is told with the table.

python -m bench.formats --lines 1000000 --out docs/performance.md
"""

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.contenders import READERS, WRITERS, make_full, make_template, make_xml
from bench.page import write_section

SMALL = 10_000
MOST_XML = 10_000  # lines of one e-invoice that the limits for strangers' XML let through


@dataclass(frozen=True)
class Result:
    """What one contender took in one round: CPU seconds and the peak of its memory in MB."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Race:
    """One thing to do, ours against a baseline; the ratio must be at most (or, for rates, at least) the target."""

    title: str
    file: str
    ours: str
    baseline: str
    target: float
    faster: bool = False


RACES = (
    Race("read 20 columns : csv.reader loop", "template.csv", "read_ours", "read_bare", 3),
    Race("read all columns : csv.reader loop", "full.csv", "read_ours", "read_bare", 3),
    Race("pydantic a row : read 20 columns", "template.csv", "read_ours", "read_pydantic", 2.5, faster=True),
    Race("pydantic a row : read all columns", "full.csv", "read_ours", "read_pydantic_full", 2.5, faster=True),
    Race("write all columns : csv.writer", "template.csv", "write_ours", "write_bare", 2),
    Race("read UBL : lxml.iterparse loop", "invoice.xml", "xml_ours", "xml_bare", 2.5),
)


def main(arguments: Sequence[str]) -> int:
    """Run all races and print the table."""
    parser = argparse.ArgumentParser(description="Ratios of the formats, side by side.")
    parser.add_argument("--lines", type=int, default=1_000_000, help="invoice lines in the large file")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender runs")
    parser.add_argument("--out", type=Path, help="also write the table to this Markdown file")
    parser.add_argument("--one", nargs=3, metavar=("CONTENDER", "FILE", "LINES"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        sys.stdout.write(json.dumps(run_one(*options.one)) + "\n")
        return 0
    text = "\n".join(report(options.lines, options.rounds)) + "\n"
    sys.stdout.write(text)
    if options.out:
        write_section(options.out, "formats", f"## Formats\n\n{page(options.lines)}\n\n{text}")
    return 0


def page(lines: int) -> str:
    """Return what stands above the table in the documentation."""
    method = (__doc__ or "").split("\n\n")[1]
    command = f"python -m bench.formats --lines {lines} --rounds 3 --out docs/performance.md"
    return f"{method}\n\n    {command}\n\n`make bench` runs it."


def run_one(name: str, file: str, lines: str) -> dict[str, float]:
    """Run one contender in this process; its preparation is not timed."""
    path, count = Path(file), int(lines)
    work = WRITERS[name](path, count) if name in WRITERS else lambda: READERS[name](path, count)
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    start = time.process_time()
    rows = work()
    seconds = time.process_time() - start
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "rows": rows}


def report(lines: int, rounds: int) -> Iterator[str]:
    """Yield the lines of the table."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        make_template(folder / "template.csv", lines)
        make_template(folder / "small.csv", SMALL)
        make_full(folder / "full.csv", lines)
        make_xml(folder / "invoice.xml", xml_lines(lines))
        python, load = sys.version.split()[0], f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        yield f"{lines:,} invoice lines ({xml_lines(lines):,} in XML), {rounds} rounds, Python {python}, load {load}"
        yield ""
        yield "| what | ratio | target | reached | CPU s | baseline CPU s | peak MB |"
        yield "|---|---|---|---|---|---|---|"
        for race in RACES:
            yield run_race(race, folder, lines, rounds)
        small, large = (fresh("read_ours", folder / file, lines).megabytes for file in ("small.csv", "template.csv"))
        flat = "yes" if large < 200 and large < small * 1.5 else "no"  # noqa: PLR2004  (the target)
        title = f"memory, {lines:,} : {SMALL:,} lines"
        yield f"| {title} | {large / small:.2f} | flat, < 200 MB | {flat} | | | {large:.0f} |"


def xml_lines(lines: int) -> int:
    """Return the lines of the e-invoice: no more than are ever taken from one."""
    return min(lines, MOST_XML)


def run_race(race: Race, folder: Path, lines: int, rounds: int) -> str:
    """Return the table's row of one race."""
    path, count = folder / race.file, xml_lines(lines) if race.file.endswith("xml") else lines
    pairs = [(fresh(race.ours, path, count), fresh(race.baseline, path, count)) for _ in range(rounds)]
    ratios = [theirs.seconds / ours.seconds if race.faster else ours.seconds / theirs.seconds for ours, theirs in pairs]
    ratio = statistics.median(ratios)
    reached = ratio >= race.target if race.faster else ratio <= race.target
    ours, theirs = (statistics.median(one.seconds for one in side) for side in zip(*pairs, strict=True))
    peak = max(ours.megabytes for ours, _ in pairs)
    sign = ">=" if race.faster else "<="
    target = f"{sign} {race.target:g}"
    return (
        f"| {race.title} | {ratio:.2f} | {target} | {'yes' if reached else 'no'} "
        f"| {ours:.2f} | {theirs:.2f} | {peak:.0f} |"
    )


def fresh(name: str, path: Path, lines: int) -> Result:
    """Run a contender in a process of its own."""
    command = [sys.executable, "-m", "bench.formats", "--one", name, str(path), str(lines)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)  # noqa: S603
    if told["rows"] < min(lines, SMALL):
        raise SystemExit(f"{name} took only {told['rows']} lines of {path}")
    return Result(told["seconds"], told["megabytes"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
