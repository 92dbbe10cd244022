"""The world as a batch sees it: settings, ledger, spool, partners, a clock and somebody who watches."""

import datetime as dt
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from capture.engines import Engines, available
from exchange.batches.progress import Progress, Silence
from exchange.coupa.resources import Coupa, open_coupa
from exchange.errors import SettingsError
from exchange.ledger.database import Ledger, open_ledger
from exchange.remotes import open_remote
from exchange.remotes.base import Remote
from exchange.remotes.extractor import SENT, PrivateExtractor
from exchange.remotes.faults import translated
from exchange.settings import RemoteSettings, Settings
from exchange.spool import Spool
from payables.policy import Policy
from payables.policy_values import PolicyError
from payables.policy_values import policy as policy_of

Clock = Callable[[], dt.datetime]
STALE = dt.timedelta(hours=1)  # whoever writes into the spool writes more often than that
DROP_ARCHIVE = "done"  # inside the drop folder


class Partners:
    """The partners, each connected to when it is first needed and at most once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: list[Remote] = []

    @cached_property
    def coupa(self) -> Coupa:
        """Coupa's REST API."""
        return open_coupa(self._settings.coupa)

    @cached_property
    def lockbox(self) -> Remote:
        """The lockbox's folders."""
        return self._open("lockbox", self._settings.lockbox)

    @cached_property
    def erp(self) -> Remote:
        """The ERP's folders."""
        return self._open("erp", self._settings.erp)

    @cached_property
    def coupa_files(self) -> Remote:
        """Coupa's own SFTP folders."""
        return self._open("coupa", self._settings.coupa.files)

    @cached_property
    def drop(self) -> Remote:
        """The local drop folder, with the folder inside it where the originals go."""
        with translated(f"make {DROP_ARCHIVE} in the drop folder"):
            (Path(self._settings.drop.folder) / DROP_ARCHIVE).mkdir(parents=True, exist_ok=True)
        return self._open("drop", RemoteSettings(kind="local", path=self._settings.drop.folder))

    def named(self, name: str) -> Remote:
        """Return the remote that the ledger knows by this name."""
        remote: Remote = getattr(self, "coupa_files" if name == "coupa" else name)
        return remote

    def _open(self, name: str, settings: RemoteSettings) -> Remote:
        remote = open_remote(settings, name)
        self._opened.append(remote)
        return remote

    def close(self) -> None:
        """Close what was opened."""
        for remote in self._opened:
            remote.close()
        if "coupa" in self.__dict__:
            self.coupa.close()


def _owner() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(slots=True)
class World:
    """Everything a batch needs; ``leave`` is set when the process was asked to end."""

    settings: Settings
    ledger: Ledger
    spool: Spool
    partners: Partners
    policy: Policy
    engines: Engines
    clock: Clock
    progress: Progress = field(default_factory=Silence)
    owner: str = field(default_factory=_owner)
    leave: threading.Event = field(default_factory=threading.Event)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of business dates."""
        return ZoneInfo(self.settings.time_zone)

    def today(self) -> dt.date:
        """Return the business date."""
        return self.clock().astimezone(self.zone).date()


@contextmanager
def open_world(settings: Settings, clock: Clock, progress: Progress | None = None) -> Iterator[World]:
    """Open the ledger and the spool; partners are connected to when needed, and all is closed at the end."""
    policy = _policy(settings)
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    spool = Spool(settings.home / "spool")
    spool.sweep(clock() - STALE)
    ledger = open_ledger(settings.ledger_url)
    partners = Partners(settings)
    clock = ledger.clock(clock)
    try:
        yield World(settings, ledger, spool, partners, policy, _engines(settings, clock), clock, progress or Silence())
    finally:
        partners.close()
        ledger.close()


def _engines(settings: Settings, clock: Clock) -> Engines:
    """The OCR engines, each started when it is first needed; the second reading may be switched off."""
    found = available(settings.capture.engine)
    if settings.extractor.url:
        found = replace(found, extractor=PrivateExtractor(settings.extractor, settings.home / SENT, clock))
    return found if settings.flows.invoices.second_reading else replace(found, second=None, warning="")


def _policy(settings: Settings) -> Policy:
    """The policy; SettingsError names everything that is wrong with it."""
    try:
        return policy_of(settings.policy)
    except PolicyError as error:
        raise SettingsError("policy is wrong:\n" + "\n".join(f"  policy.{one}" for one in error.problems)) from None
