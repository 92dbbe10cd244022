"""The demonstration: one whole business day against a sandbox of Coupa, lockbox and ERP in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from exchange.batches.batch import open_batch
from exchange.batches.progress import Progress
from exchange.batches.world import Clock, World, open_world
from exchange.errors import EngineMissingError, ExchangeError, NotFoundError
from exchange.flow import FlowName
from exchange.flows import FLOWS
from exchange.settings import Settings, load_settings

START_SECONDS = 60
MARK = ".demo"
MASTERS = (FlowName.SUPPLIERS, FlowName.ACCOUNTS, FlowName.PURCHASE_ORDERS, FlowName.RECEIPTS)


@dataclass(slots=True)
class Day:
    """What the day left behind: its folder, its settings and the batches that were run."""

    folder: Path
    settings: Settings
    batches: list[int] = field(default_factory=list)
    totals: Mapping[str, Any] = field(default_factory=dict)


class Parties:
    """The other parties' own face: what a person there would do."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx2.Client(base_url=url, headers=headers, timeout=60, trust_env=False)

    def deliver(self, folder: Path) -> int:
        """Let the lockbox deliver the files of a folder; return how many."""
        return len(self._post("lockbox/deliver", {"folder": str(folder)})["delivered"])

    def approve(self) -> int:
        """Let the approvers at Coupa approve what waits for them; return how many."""
        return len(self._post("coupa/approve")["approved"])

    def pay(self) -> int:
        """Let the ERP pay what it booked; return how many payment files it made."""
        return len(self._post("erp/pay")["files"])

    def totals(self) -> Mapping[str, Any]:
        """Return what the parties say they have, by count and money."""
        return self._answer(self._client.get("totals"))

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _post(self, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        return self._answer(self._client.post(path, json=body or {}))

    def _answer(self, response: httpx2.Response) -> Mapping[str, Any]:
        if response.status_code != httpx2.codes.OK:
            raise ExchangeError(f"The sandbox refused {response.request.url.path}: {response.text}")
        answer: Mapping[str, Any] = response.json()
        return answer


@contextmanager
def run_day(
    folder: Path, samples: Path, clock: Clock, progress: Progress, say: Callable[[str], None]
) -> Iterator[tuple[World, Day]]:
    """Run one business day over the samples and give it while the partners are still there to be asked."""
    prepare(folder, samples)
    with sandbox(folder, samples) as ready, parties(ready) as others:
        settings = load_settings(write_settings(folder, samples, ready))
        day = Day(folder, settings)
        with open_world(settings, clock, progress) as world:
            if world.engines.warning:
                say(world.engines.warning)
            for name in MASTERS:
                _run(world, day, name, say)
            say(f"the lockbox delivers {others.deliver(samples / 'lockbox')} files")
            _run(world, day, FlowName.INVOICES, say)
            say(f"approvers at Coupa approve {others.approve()} invoices")
            _run(world, day, FlowName.OK2PAY, say)
            say(f"the ERP pays and makes {others.pay()} payment file")
            _run(world, day, FlowName.PAYMENTS, say)
            day.totals = others.totals()
            yield world, day


def _run(world: World, day: Day, name: FlowName, say: Callable[[str], None]) -> None:
    say(f"{name}: {name.summary}")
    with open_batch(world, name, "demo") as batch:
        day.batches.append(batch.id)
        FLOWS[name](batch)


def prepare(folder: Path, samples: Path) -> None:
    """Make the demonstration's folder anew; it is only ever cleared when an earlier demonstration made it."""
    if not (samples / "coupa" / "seed.json").is_file():
        raise NotFoundError(f"There are no sample files in {samples}; run it in a checkout or name them by --samples.")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise ExchangeError(f"{folder} holds something else; name an empty folder by --folder.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


@contextmanager
def sandbox(folder: Path, samples: Path) -> Iterator[Mapping[str, Any]]:
    """Start the sandbox as a process of its own on free loopback ports, and end it by its id."""
    ready = folder / "sandbox.json"
    command = [sys.executable, "-m", "sandbox", "serve", "--state", str(folder / "sandbox")]
    command += ["--seed", str(samples / "coupa" / "seed.json"), "--ready-file", str(ready)]
    with (folder / "sandbox.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=os.environ | {"NO_COLOR": "1"})  # noqa: S603
        try:
            _wait(process, ready, folder / "sandbox.log")
            yield json.loads(ready.read_text(encoding="utf-8"))
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(process: "subprocess.Popen[bytes]", ready: Path, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while not ready.is_file():
        if process.poll() is not None or time.monotonic() > until:
            raise EngineMissingError(f"The sandbox did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


@contextmanager
def parties(ready: Mapping[str, Any]) -> Iterator[Parties]:
    """Open the other parties' own face."""
    others = Parties(ready["control"]["url"] + "/", ready["control"]["token"])
    try:
        yield others
    finally:
        others.close()


def write_settings(folder: Path, samples: Path, ready: Mapping[str, Any]) -> Path:
    """Write the settings file that a person would write for these parties; return its path."""
    coupa, sites = ready["coupa"], ready["sftp"]
    lines = [
        f'home = "{folder / "exchange"}"',
        'time_zone = "Europe/Berlin"',
        "[coupa]",
        f'url = "{coupa["url"]}"',
        f'client_id = "{coupa["client_id"]}"',
        f'client_secret_file = "{_secret(folder, "coupa", coupa["client_secret"])}"',
        *_site("coupa.files", folder, "coupa_sftp", sites["coupa"]),
        *_site("lockbox", folder, "lockbox", sites["lockbox"]),
        *_site("erp", folder, "erp", sites["erp"]),
        (samples / "policy.toml").read_text(encoding="utf-8"),
    ]
    path = folder / "exchange.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _site(table: str, folder: Path, name: str, site: Mapping[str, Any]) -> list[str]:
    return [
        f"[{table}]",
        f'host = "{site["host"]}"',
        f"port = {site['port']}",
        f'user = "{site["user"]}"',
        f'password_file = "{_secret(folder, name, site["password"])}"',
        f'host_keys = ["{site["host_key"]}"]',
    ]


def _secret(folder: Path, name: str, text: str) -> Path:
    """Keep a secret in a file that only its owner may read."""
    secrets = folder / "secrets"
    secrets.mkdir(mode=0o700, exist_ok=True)
    path = secrets / name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    return path


def default_folder() -> Path:
    """Return where the demonstration leaves its files unless told otherwise."""
    here = Path.cwd()
    return here / "demo" if os.access(here, os.W_OK) else Path(tempfile.gettempdir()) / "exchange-demo"
