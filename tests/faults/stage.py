"""The stage of a fault: the other parties in a process of their own, and the exchange in processes that may die."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import NullPool, create_engine, make_url, text

from tests.exchange import postgres
from tests.faults.crew import Crew
from tests.faults.letters import Letter, letters
from tests.faults.observer import Observer

ROOT = Path(__file__).parents[2]
SEED = ROOT / "sample_files" / "coupa" / "seed.json"
POLICY = ROOT / "sample_files" / "policy.toml"
LONGEST = 60.0
FROZEN_BY = 30.0
PARTNER = re.compile(r'"partner": "([^"]+)"')
OWN = re.compile("ledger|its database")
TRIES = 25
NO_LIMITS: Mapping[str, int] = {}

OPEN = """
SELECT (SELECT count(*) FROM file WHERE state = 'open')
  + (SELECT count(*) FROM record WHERE state IN ('new', 'intent'))
  + (SELECT count(*) FROM outgoing WHERE state = 'new' OR (remote = 'coupa' AND state = 'published'))
  + (SELECT count(*) FROM sighting WHERE tidied_at IS NULL)
"""


@dataclass
class Stage:
    """A sandbox, a forker of commands and an observer; ``run`` opens one run after the other.

    With a ``server`` every ledger lies on PostgreSQL, and two workers have the invoices' files worked.
    ``without`` switches a guard off; a ``short`` day ends with the flow of invoices where that is struck.
    """

    folder: Path
    ready: dict[str, Any]
    sandbox: "subprocess.Popen[bytes]"
    zygote: "subprocess.Popen[str]"
    observer: Observer
    server: postgres.Server | None = None
    runs: int = 0
    without: str = ""
    short: bool = False
    known: str = ""  # a ledger that knows nothing but the references

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
        made = Run(self, folder, letters(self.runs), extra, without=self.without)
        made.database = self._ledger(made.home)
        made.configure()
        return made

    def _ledger(self, home: Path) -> str:
        """Return the URL of a new ledger that knows the references."""
        if self.server:
            return self.server.fresh(self.known) if self.known else self.server.fresh()
        if self.known:
            home.mkdir(mode=0o700)
            shutil.copy(self.known, home / "ledger.sqlite")
        return f"sqlite:///{home / 'ledger.sqlite'}"

    def learn(self) -> None:
        """Let an exchange read all references once: every run begins with a ledger that knows them."""
        made = self.run()
        made.go("invoices")
        self.known = make_url(made.database).database or ""


@dataclass
class Run:
    """One run: its letters, its ledger, and what its processes said."""

    stage: Stage
    folder: Path
    letters: tuple[Letter, ...]
    extra: str = ""
    database: str = ""
    sites: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""
    crews: dict[int, Crew] = field(default_factory=dict)
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
    def home(self) -> Path:
        """Where the exchange keeps its things."""
        return self.folder / "home"

    def ledger(self, sql: str, **values: object) -> list[Any]:
        """Read what the exchange has written down."""
        engine = create_engine(self.database, poolclass=NullPool)
        with engine.connect() as connection:
            return [*connection.execute(text(sql), values).all()]

    def configure(self) -> None:
        """Write the settings, with short times; ``sites`` and ``url`` may have been bent to go through a line."""
        ready, extra = self.stage.ready, self.extra
        sites = {party: ready["sftp"][party] | self.sites.get(party, {}) for party in ready["sftp"]}
        lines = [
            f'home = "{self.home}"',
            extra,
            "[ledger]",
            "lease_seconds = 3",
            f'url = "{self.database}"',
            f'dispatch = "{"workers" if self.stage.server else "here"}"',
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

    def start(self, *argv: str, kill: str = "", limits: Mapping[str, int] = NO_LIMITS, **env: str) -> int:
        """Start a command, with two workers where a queue has its work; return its process id."""
        rest = {"FAULTS_WITHOUT": self.without, "NO_COLOR": "1", "EXCHANGE_KILL_AT": ""} | self.env
        armed = {"EXCHANGE_KILL_AT": kill} | env
        tail = ["--config", str(self.config)]
        ask = {"argv": [*argv, *tail], "env": rest | armed, "log": str(self.log), "limits": dict(limits)}
        crew = Crew(self.stage, ask | {"argv": ["worker", *tail], "env": rest, "limits": {}})
        crew.start(ask, armed, workers=bool(self.stage.server) and (argv[0] == "serve" or argv[-1] == "invoices"))
        self.crews[crew.main] = crew
        return crew.main

    def wait(self, pid: int, seconds: float = LONGEST) -> int:
        """Return how a process ended; it is killed when it takes too long, which counts as an alarm."""
        crew, until = self.crews[pid], time.monotonic() + seconds
        while not crew.has_ended():
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
                self.say("hangs")
                until += LONGEST
            time.sleep(0.01)
        crew.dismiss(LONGEST)
        return crew.status()

    def is_stopped(self, pid: int) -> bool:
        """Wait until a process has come to the point where it freezes; False when it never does."""
        crew, until = self.crews[pid], time.monotonic() + FROZEN_BY
        while time.monotonic() < until:
            if crew.stopped():
                return True
            if crew.has_ended():
                break
            time.sleep(0.02)
        return False

    def thaw(self, pid: int) -> int:
        """Let everything that froze go on; return how it ended."""
        self.crews[pid].signal(signal.SIGCONT)
        return self.wait(pid)

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
        return int(self.ledger(OPEN)[0][0])

    def say(self, text: str) -> None:
        """Write a line into the log."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"harness: {text}\n")

    def alarms(self) -> int:
        """Return how many partners, or things of our own, errors were told of, whatever their words."""
        return len({subject for line in self.said().splitlines() if (subject := _subject(line))})

    def said(self) -> str:
        """Return what the processes said."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


def _subject(line: str) -> str:
    """Return whom or what an error is about, "" when the line tells of none."""
    if not line.startswith(("exchange: ", "harness: ")) and '"level": "error"' not in line:
        return ""
    named = PARTNER.search(line)
    if named or OWN.search(line):
        return named.group(1) if named else "the ledger"
    return re.sub(r"[\d.]+", "", line)[:40]


@contextmanager
def open_stage(folder: Path, database: str = "sqlite") -> Iterator[Stage]:
    """Start everything, and end it by process id."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        server = stack.enter_context(postgres.started()) if database == "postgresql" else None
        yield from _stage(folder, server)


def _stage(folder: Path, server: postgres.Server | None) -> Iterator[Stage]:
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
            stage = Stage(folder, ready, sandbox, zygote, observer, server)
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
