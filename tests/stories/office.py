"""An office for the stories: a sandbox and the installed `exchange` command, each a process of its own."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from exchange.demo import write_settings

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_files"
DELIVERIES = SAMPLES / "lockbox"
PROGRAMS = Path(sys.executable).parent
ONE_READING = {"EXCHANGE_FLOWS__INVOICES__SECOND_READING": "false"}
FAST = ("01-three-way-match.zip", "02-within-tolerance.zip", "16-credit-note.zip", "29-ubl.xml", "30-cii.xml")
"""Deliveries that are loaded and that are quickly read: a page with text, or no page at all."""

Row = dict[str, Any]
Process = subprocess.Popen[bytes]


def environment(**more: str) -> dict[str, str]:
    """The environment of a command, without anything that names settings of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EXCHANGE_", "PYTHONPATH"))}
    return kept | {"NO_COLOR": "1", "COLUMNS": "200"} | more


@dataclass(frozen=True)
class Office:
    """A folder with settings for the parties of one sandbox."""

    folder: Path
    ready: Mapping[str, Any]
    environment: Mapping[str, str]

    @property
    def lockbox(self) -> Path:
        """The lockbox's folders."""
        return self.folder / "sandbox" / "sftp" / "lockbox"

    @property
    def erp(self) -> Path:
        """The ERP's folders."""
        return self.folder / "sandbox" / "sftp" / "erp"

    def exchange(self, *arguments: str, expected: int = 0) -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(
            self._command(arguments),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert expected == done.returncode, done.stdout + done.stderr
        return done.stdout

    def json(self, *arguments: str, expected: int = 0) -> Any:
        """Run a command with ``--json`` and return what it told."""
        return json.loads(self.exchange(*arguments, "--json", expected=expected))

    @contextmanager
    def started(self, *arguments: str, log: str = "exchange.log") -> Iterator[Process]:
        """Start a command; what still runs in the end is ended by its process id."""
        with (self.folder / log).open("ab") as output:
            process = subprocess.Popen(
                self._command(arguments), cwd=self.folder, env=self.environment, stdout=output, stderr=output
            )
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait(30)

    def _command(self, arguments: Sequence[str]) -> list[str]:
        return [str(PROGRAMS / "exchange"), *arguments]

    def log(self, name: str = "exchange.log") -> str:
        """Return what the started commands printed."""
        return (self.folder / name).read_text(encoding="utf-8")

    def deliver(self, *names: str) -> None:
        """Let the lockbox deliver some of the samples."""
        mail = self.folder / "mail"
        shutil.rmtree(mail, ignore_errors=True)
        mail.mkdir()
        for name in names:
            shutil.copy(DELIVERIES / name, mail)
        self.tell("lockbox/deliver", {"folder": str(mail)})

    def tell(self, path: str, body: Mapping[str, Any] | None = None, method: str = "POST") -> Any:
        """Tell the other parties what to do, as a person there would."""
        control = self.ready["control"]
        headers = {"Authorization": f"Bearer {control['token']}"}
        with httpx2.Client(trust_env=False, timeout=60) as client:
            answer = client.request(method, f"{control['url']}/{path}", json=body, headers=headers)
        assert httpx2.codes.OK == answer.status_code, answer.text
        return answer.json()

    def ledger(self, sql: str, *values: object) -> list[Row]:
        """Ask the ledger."""
        return rows(self.folder / "exchange" / "ledger.sqlite", sql, *values)

    def coupa(self, sql: str, *values: object) -> list[Row]:
        """Ask Coupa's own database."""
        return rows(self.folder / "sandbox" / "coupa.sqlite", sql, *values)

    def at_coupa(self) -> dict[str, int]:
        """How many invoices Coupa got from us, by number."""
        return dict(Counter(row["number"] for row in self.loaded("number")))

    def loaded(self, columns: str) -> list[Row]:
        """Columns of the invoices that Coupa got from us: those of the seed were there before."""
        seed = json.loads((SAMPLES / "coupa" / "seed.json").read_text(encoding="utf-8"))
        last = max(invoice["id"] for invoice in seed["invoices"])
        return self.coupa(f"select {columns} from objects where kind = 'invoices' and id > ? order by id", last)

    def states(self) -> dict[str, str]:
        """The state of each record of the invoices flow by its number."""
        return {
            row["number"]: row["state"]
            for row in self.ledger("select number, state from record where flow = 'invoices'")
        }


def rows(database: Path, sql: str, *values: object) -> list[Row]:
    """Return the answer of a database that another process writes."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, values)]


@contextmanager
def open_office(folder: Path, **more: str) -> Iterator[Office]:
    """Start a seeded sandbox and write settings for it; ``more`` are environment variables of the exchange.

    Pages are read once only: the second reading is slow and has tests of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / "sandbox.json"
    command = [str(PROGRAMS / "exchange-sandbox"), "serve", "--state", str(folder / "sandbox")]
    command += ["--seed", str(SAMPLES / "coupa" / "seed.json"), "--ready-file", str(ready)]
    with (folder / "sandbox.log").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=output, stderr=output)
        try:
            wait_for(ready.is_file, 60)
            told = json.loads(ready.read_text(encoding="utf-8"))
            write_settings(folder, SAMPLES, told)
            yield Office(folder, told, environment(**ONE_READING, **more))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait_for(reached: Callable[[], object], seconds: float) -> None:
    """Wait until something is so; AssertionError when it never is."""
    until = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < until, f"it did not happen within {seconds:.0f} s"
        time.sleep(0.1)
