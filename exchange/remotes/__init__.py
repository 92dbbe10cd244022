"""Remotes: where a partner's files lie, and the one door through which they are reached."""

from pathlib import Path

from exchange.remotes.base import Entry, Fetched, Placed, Probe, Remote
from exchange.remotes.law import LawfulRemote
from exchange.remotes.local import LocalPlace
from exchange.remotes.memory import MemoryPlace
from exchange.remotes.place import Place
from exchange.remotes.session import host_keys
from exchange.remotes.sftp import SftpPlace
from exchange.settings import RemoteSettings

__all__ = ["Entry", "Fetched", "Placed", "Probe", "Remote", "host_keys", "open_remote"]


def open_remote(settings: RemoteSettings, name: str = "") -> Remote:
    """Return the remote that the settings describe; it connects when it is first used.

    ``name`` is what errors call it, such as "lockbox". SettingsError when a pinned host key cannot be read.
    """
    return LawfulRemote(_place(settings, name or settings.host or settings.path or settings.kind), settings.temporary)


def _place(settings: RemoteSettings, name: str) -> Place:
    if settings.kind == "local":
        return LocalPlace(name, Path(settings.path))
    if settings.kind == "memory":
        return MemoryPlace(name)
    return SftpPlace(name, settings)
