"""The three parties in one state folder, and what each can be told to do.

The folder holds ``coupa.sqlite`` and ``erp.sqlite``, an SFTP root for each party under ``sftp/``, host keys under
``keys/``, an optional ``authorized_keys`` and ``credentials.json``; all of it survives a restart.
"""

import json
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.coupa.seed import load_seed, totals
from sandbox.faults import Faults
from sandbox.files.exporter import EXPORTS, OUTGOING, run_exporter
from sandbox.files.loader import ARCHIVE, INCOMING, INTAKES, run_loader
from sandbox.files.sftp import SftpSite, make_folders
from sandbox.parties import erp, lockbox
from sandbox.store import Clock, Json, Store, utc_now

COUPA_FOLDERS = (
    *(f"{INCOMING}/{folder}" for folder in INTAKES),
    *(f"{ARCHIVE}/{folder}" for folder in INTAKES),
    *(f"{OUTGOING}/{folder}" for folder in EXPORTS),
    "Temp",
)
FOLDERS = {"coupa": COUPA_FOLDERS, "lockbox": lockbox.FOLDERS, "erp": erp.FOLDERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What opens which door; made once for a state folder."""

    client_id: str
    client_secret: str
    control_token: str
    passwords: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The state of all parties; ``faults`` are those of Coupa's REST API. ``load`` and ``export`` take turns."""

    store: Store
    erp: erp.Erp
    sites: dict[str, SftpSite]
    credentials: Credentials
    faults: Faults = field(default_factory=Faults)
    _files: threading.Lock = field(default_factory=threading.Lock)

    def load(self) -> list[Json]:
        """Run Coupa's loader once and return the results of the files it found."""
        with self._files:
            return run_loader(self.store, self.sites["coupa"].root)

    def export(self) -> list[str]:
        """Run Coupa's exporter once and return the files it placed."""
        with self._files:
            return run_exporter(self.store, self.sites["coupa"].root)

    def deliver(self, folder: Path) -> list[str]:
        """Let the lockbox deliver the files of a folder and return their names."""
        return lockbox.deliver(folder, self.sites["lockbox"].root)

    def totals(self) -> dict[str, Any]:
        """Return what each party holds, by count and money."""
        root = self.sites["lockbox"].root
        mail = {"folders": lockbox.contents(root), "acknowledgements": lockbox.acknowledgements(root)}
        return {"coupa": totals(self.store), "lockbox": mail, "erp": self.erp.totals()}

    def close(self) -> None:
        """Close the databases once the loader and the exporter are through."""
        with self._files:
            self.store.close()
            self.erp.close()


def open_world(state: Path, seed: Json | None = None, clock: Clock = utc_now) -> World:
    """Open the state folder, making what is missing, and add the objects of a seed that are not there yet."""
    credentials = _credentials(state)
    store = Store(state / "coupa.sqlite", clock)
    if seed:
        load_seed(store, seed)
    sites = {party: _site(state, party, password) for party, password in credentials.passwords.items()}
    return World(
        store=store,
        erp=erp.Erp(sites["erp"].root, state / "erp.sqlite", clock),
        sites=sites,
        credentials=credentials,
    )


def _site(state: Path, party: str, password: str) -> SftpSite:
    root = state / "sftp" / party
    make_folders(root, FOLDERS[party])
    return SftpSite(
        name=party,
        root=root,
        folders=FOLDERS[party],
        password=password,
        keys=state / "keys",
        authorized_keys=state / "authorized_keys",
    )


def _credentials(state: Path) -> Credentials:
    path = state / "credentials.json"
    if not path.exists():
        fresh = {name: secrets.token_urlsafe(18) for name in ("client_secret", "control_token")}
        passwords = {party: secrets.token_urlsafe(12) for party in FOLDERS}
        write_secret(path, {"client_id": "exchange", **fresh, "passwords": passwords})
    return Credentials(**json.loads(path.read_bytes()))


def write_secret(path: Path, content: object) -> None:
    """Write JSON that only the owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)
