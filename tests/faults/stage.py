"""The stage of a fault: the other parties in a process of their own, and the exchange in processes that may die."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.faults.letters import Letter, letters
from tests.faults.observer import Observer

ROOT = Path(__file__).parents[2]
SEED = ROOT / "sample_files" / "coupa" / "seed.json"
POLICY = ROOT / "sample_files" / "policy.toml"
LONGEST = 60.0
TRIES = 25
KILLED = -signal.SIGKILL

OPEN = """
SELECT (SELECT count(*) FROM file WHERE state = 'open')
  + (SELECT count(*) FROM record WHERE state IN ('new', 'intent'))
  + (SELECT count(*) FROM outgoing WHERE state = 'new' OR (remote = 'coupa' AND state = 'published'))
  + (SELECT count(*) FROM sighting WHERE tidied_at IS NULL)
"""


@dataclass
class Stage:
    """A sandbox, a forker of commands and an observer; ``run`` opens one run after the other.

    ``without`` switches a guard off; a ``short`` day ends with the flow of invoices where that is struck.
    """

    folder: Path
    ready: dict[str, Any]
    sandbox: "subprocess.Popen[bytes]"
    zygote: "subprocess.Popen[str]"
    observer: Observer
    runs: int = 0
    without: str = ""
    short: bool = False

    @property
    def state(self) -> Path:
        """Where the other parties keep everything."""
        return self.folder / "state"

    def at(self, path: str) -> Path:
        """Return a place in a party's folders, such as ``lockbox/outbox``."""
        return self.state / "sftp" / path

    def control(self, path: str, body: object = None, method: str = "POST") -> Any:
        """Tell the other parties what to do."""
        control = self.ready["control"]
        headers = {"Authorization": f"Bearer {control['token']}"}
        with httpx2.Client(trust_env=False, timeout=60) as client:
            answer = client.request(method, f"{control['url']}/{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def ask(self, question: Mapping[str, Any]) -> Any:
        """Ask the forker."""
        stdin, stdout = self.zygote.stdin, self.zygote.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(question) + "\n")
        stdin.flush()
        return json.loads(stdout.readline())

    def rows(self, database: str, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Read what a party has written down."""
        with closing(sqlite3.connect(f"file:{self.state / database}?mode=ro", uri=True, timeout=30)) as opened:
            return opened.execute(sql, values).fetchall()

    def run(self, extra: str = "") -> "Run":
        """Open a run with a ledger of its own; ``extra`` stands at the head of its settings."""
        self.runs += 1
        self.control("faults", method="DELETE")
        folder = self.folder / f"run-{self.runs:04d}"
        folder.mkdir()
        made = Run(self, folder, letters(self.runs), without=self.without)
        made.configure(extra)
        if self.known.exists():
            made.ledger.parent.mkdir(mode=0o700)
            shutil.copy(self.known, made.ledger)
        return made

    def learn(self) -> None:
        """Let an exchange read all references once: every run begins with a ledger that knows them."""
        made = self.run()
        made.go("invoices")
        shutil.copy(made.ledger, self.known)

    @property
    def known(self) -> Path:
        """A ledger that knows nothing but the references."""
        return self.folder / "known.sqlite"


@dataclass
class Run:
    """One run: its letters, its ledger, and what its processes said."""

    stage: Stage
    folder: Path
    letters: tuple[Letter, ...]
    sites: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""
    exits: list[int] = field(default_factory=list)
    without: str = ""
    env: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.folder / "exchange.toml"

    @property
    def log(self) -> Path:
        """What all processes of the run said."""
        return self.folder / "log"

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.folder / "home" / "ledger.sqlite"

    def configure(self, extra: str = "") -> None:
        """Write the settings, with short times; ``sites`` and ``url`` may have been bent to go through a line."""
        ready = self.stage.ready
        sites = {party: ready["sftp"][party] | self.sites.get(party, {}) for party in ready["sftp"]}
        lines = [
            f'home = "{self.folder / "home"}"',
            extra,
            "[ledger]",
            "lease_seconds = 3",
            "[flows.invoices]",
            "second_reading = false",
            "image_required = false",
            "tries = 50",
            f'deliver = "{"file" if "BY FILE" in extra else "api"}"',
            "loader_minutes = 0.3",
            "[flows.payments]",
            f'deliver = "{"file" if "BY FILE" in extra else "api"}"',
            "[coupa]",
            f'url = "{self.url or ready["coupa"]["url"]}"',
            f'client_id = "{ready["coupa"]["client_id"]}"',
            f'client_secret = "{ready["coupa"]["client_secret"]}"',
            "timeout_seconds = 1.5",
            "deadline_seconds = 2",
            "unknown_seconds = 2.5",
            "requests_per_second = 500",
            "reference_minutes = 0",
        ]
        for table, party in (("coupa.files", "coupa"), ("lockbox", "lockbox"), ("erp", "erp")):
            site = sites[party]
            lines += [f"[{table}]", f'host = "{site["host"]}"', f"port = {site['port']}", f'user = "{site["user"]}"']
            lines += [f'password = "{site["password"]}"', f'host_keys = ["{site["host_key"]}"]', "timeout_seconds = 2"]
        text = "\n".join(lines) + "\n" + POLICY.read_text(encoding="utf-8")
        self.config.write_text(text, encoding="utf-8")

    def deliver(self, *chosen: Letter) -> None:
        """Let the lockbox put letters into its outbox, whole."""
        for letter in chosen or self.letters:
            part = self.stage.at("lockbox/temp") / f"{letter.name}.new"
            part.write_bytes(letter.content)
            part.replace(self.stage.at("lockbox/outbox") / letter.name)

    def start(self, *argv: str, kill: str = "", file_bytes: int = 0, **env: str) -> int:
        """Start a command and return its process id."""
        asked = {"EXCHANGE_KILL_AT": kill, "FAULTS_WITHOUT": self.without, "NO_COLOR": "1"} | self.env | env
        argv = (*argv, "--config", str(self.config))
        ask = {"argv": argv, "env": asked, "log": str(self.log), "file_bytes": file_bytes}
        return int(self.stage.ask(ask))

    def wait(self, pid: int, seconds: float = LONGEST) -> int:
        """Return how a process ended; it is killed when it takes too long, which counts as an alarm."""
        until = time.monotonic() + seconds
        while (status := self.stage.ask({"poll": pid})) is None:
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
                self.say("hangs")
                until += LONGEST
            time.sleep(0.01)
        self.exits.append(int(status))
        return int(status)

    def go(self, flow: str, kill: str = "") -> int:
        """Run a flow once and return how its process ended."""
        return self.wait(self.start("run", flow, kill=kill))

    def settle(self, flow: str, before: float | None = None) -> float:
        """Run a flow until nothing is open; return how many seconds that took since a moment."""
        since = time.monotonic() if before is None else before
        for _ in range(TRIES):
            if self.go(flow) == 0 and not self.open():
                break
            time.sleep(0.3)
        return time.monotonic() - since

    def open(self) -> int:
        """Return how many things wait in the ledger."""
        with closing(sqlite3.connect(self.ledger, timeout=30)) as ledger:
            return int(ledger.execute(OPEN).fetchone()[0])

    def say(self, text: str) -> None:
        """Write a line into the log."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"harness: {text}\n")

    def alarms(self) -> int:
        """Return how many different errors were told, whatever their details."""
        told = set()
        for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else ():
            if line.startswith(("exchange: ", "harness: ")) or '"level": "error"' in line:
                told.add(line[:60])
        return len(told)


@contextmanager
def open_stage(folder: Path) -> Iterator[Stage]:
    """Start everything, and end it by process id."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "sandbox", "serve", "--state", folder / "state", "--seed", SEED]
    command += ["--loader-seconds", "0.5", "--requests-per-second", "1000", "--ready-file", folder / "ready.json"]
    with (folder / "sandbox.log").open("wb") as log, (folder / "zygote.log").open("wb") as zygote_log:
        sandbox = subprocess.Popen([str(part) for part in command], cwd=ROOT, stdout=log, stderr=log)
        zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=zygote_log, text=True,
        )  # fmt: skip
        observer = None
        try:
            _wait_for(folder / "ready.json", sandbox)
            observer = Observer(folder / "state" / "sftp")
            ready = json.loads((folder / "ready.json").read_text())
            stage = Stage(folder, ready, sandbox, zygote, observer)
            stage.learn()
            yield stage
        finally:
            if observer:
                observer.close()
            for process in (sandbox, zygote):
                with suppress(ProcessLookupError):
                    process.terminate()
                process.wait(15)
            for pipe in (zygote.stdin, zygote.stdout):
                if pipe:
                    pipe.close()


def _wait_for(ready: Path, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + LONGEST
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the sandbox did not start; see {ready.parent / 'sandbox.log'}")
        time.sleep(0.02)
