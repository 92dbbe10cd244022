"""How loading grows with workers: files a second with 1, 2 and 4 worker processes on one queue.

Two kinds of work. Load-bound: e-invoices, each a few requests to a Coupa that takes 0.25 s for each of them, as over a
real line. OCR-bound: pages without text, read by the engines that the settings name. The clock runs from the first file
that is taken in to the last that is finished. PostgreSQL, sandbox and workers share the machine, so reading can grow
only up to its cores.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import Engine, create_engine, text

from bench.page import write_section
from tests.exchange import postgres
from tests.stories import small
from tests.stories.office import open_office, wait_for

WORKERS = (1, 2, 4)
SLOW = {"kind": "latency", "seconds": 0.25, "times": 100_000, "match": {"path": "/api/invoices"}}
SPENT = """select extract(epoch from max(at::timestamptz) - min(at::timestamptz))
    from event where what in ('file taken in', 'file finished')"""
READY = "select count(*) from procrastinate_workers"
PAGE, INCH = (1240, 1754), 150
HEAD = "| work | files | workers | files a second | times that of one |\n|---|---:|---:|---:|---:|"


def write_pages(folder: Path, count: int) -> None:
    """Write so many scanned pages, no two alike."""
    font = ImageFont.load_default(26)
    for one in range(count):
        page = Image.new("L", PAGE, 255)
        draw = ImageDraw.Draw(page)
        lines = ["INVOICE", "SellerCompany", f"Invoice number {small.number(one)}", "Invoice date 2026-03-02"]
        lines += [f"Advice, part {row}   {row} x {one + 10}.00   {row * (one + 10)}.00" for row in range(1, 9)]
        for row, line in enumerate([*lines, f"Total DKK {36 * (one + 10)}.00"]):
            draw.text((120, 120 + 60 * row), line, fill=0, font=font)
        page.save(folder / f"page-{one:03}.png", dpi=(INCH, INCH))


WORK: dict[str, Callable[[Path, int], object]] = {"load-bound": small.write, "OCR-bound": write_pages}


def measure(server: postgres.Server, work: str, files: int, workers: int) -> float:
    """Return the files a second from the first that was taken in to the last that was finished."""
    url = server.fresh()
    engine = create_engine(url)
    more = {"EXCHANGE_LEDGER__URL": url, "EXCHANGE_LEDGER__DISPATCH": "workers"}
    with tempfile.TemporaryDirectory() as folder, open_office(Path(folder) / "office", **more) as office:
        mail = office.folder / "mail"
        mail.mkdir()
        WORK[work](mail, files)
        office.tell("lockbox/deliver", {"folder": str(mail)})
        with ExitStack() as stack:
            for number in range(workers):
                stack.enter_context(office.started("worker", log=f"worker-{number}.log"))
            wait_for(lambda: _ask(engine, READY) == workers, 180)
            office.tell("faults", SLOW)
            told = office.json("run", "invoices")
        if told["open"] or told["read"] != files:
            raise RuntimeError(f"not everything was worked: {told}")
        spent = _ask(engine, SPENT)
    engine.dispose()
    return files / spent


def _ask(engine: Engine, sql: str) -> float:
    with engine.connect() as connection:
        if sql == READY and connection.execute(text("select to_regclass('procrastinate_workers')")).scalar() is None:
            return 0.0
        return float(connection.execute(text(sql)).scalar_one())


def _rows(work: str, files: int) -> list[str]:
    rows, one = [], 0.0
    with postgres.started() as server:
        for workers in WORKERS:
            speed = measure(server, work, files, workers)
            one = one or speed
            rows.append(f"| {work} | {files} | {workers} | {speed:.2f} | {speed / one:.2f} |")
            sys.stderr.write(rows[-1] + "\n")
    return rows


def main() -> None:
    """Measure, print, and write the section."""
    parser = argparse.ArgumentParser(prog="python -m bench.workers")
    parser.add_argument("--files", type=int, default=24, help="e-invoices")
    parser.add_argument("--pages", type=int, default=12, help="pages without text")
    parser.add_argument("--out", type=Path, help="the page whose section is written")
    asked = parser.parse_args()
    rows = _rows("load-bound", asked.files) + _rows("OCR-bound", asked.pages)
    command = f"python -m bench.workers --files {asked.files} --pages {asked.pages}"
    told = f"{time.strftime('%Y-%m-%d', time.gmtime())}, load {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores"
    table = "\n".join([f"    {command}", "", f"{told}.", "", HEAD, *rows])
    sys.stdout.write(table + "\n")
    if asked.out:
        write_section(asked.out, "workers", f"## Workers\n\n{__doc__}\n{table}")


if __name__ == "__main__":
    main()
