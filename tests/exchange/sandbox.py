"""A sandbox process of its own, for tests of the edges."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from exchange.settings import CoupaSettings, RemoteSettings

ROOT = Path(__file__).parents[2]
SEED = ROOT / "sample_files" / "coupa" / "seed.json"


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: its ready file."""

    ready: dict[str, Any]
    state: Path

    def coupa(self, **changes: Any) -> CoupaSettings:
        """Return the settings of its Coupa."""
        return CoupaSettings.model_validate(self.ready["coupa"] | changes)

    def remote(self, party: str, **changes: Any) -> RemoteSettings:
        """Return the settings of a party's SFTP."""
        site = dict(self.ready["sftp"][party])
        return RemoteSettings.model_validate(site | {"host_keys": (site.pop("host_key"),)} | changes)

    def control(self, path: str, body: object = None, method: str = "POST") -> Any:
        """Tell the sandbox what to do."""
        control = self.ready["control"]
        headers = {"Authorization": f"Bearer {control['token']}"}
        with httpx2.Client(trust_env=False) as client:
            answer = client.request(method, f"{control['url']}/{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def fault(self, kind: str, path: str = "", method: str = "", **more: object) -> None:
        """Let the next request that matches go wrong."""
        self.control("faults", {"kind": kind, "match": {"path": path, "method": method}} | more)


@contextmanager
def running_sandbox(folder: Path) -> Iterator[Sandbox]:
    """Run a seeded sandbox until the block ends; it is stopped by its own process id."""
    ready, state = folder / "ready.json", folder / "state"
    command = [sys.executable, "-m", "sandbox", "serve", "--state", state, "--seed", SEED, "--ready-file", ready]
    with (folder / "sandbox.log").open("wb") as log:
        process = subprocess.Popen([str(part) for part in command], cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait_for(ready, process)
        yield Sandbox(json.loads(ready.read_text()), state)
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(ready: Path, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if ready.exists():
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"the sandbox did not start; see {ready.parent / 'sandbox.log'}")
