"""Folders on an SFTP server, by paramiko."""

import stat
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

import paramiko

from exchange.errors import RemoteMissingError
from exchange.remotes import transfer
from exchange.remotes.base import Entry, Probe
from exchange.remotes.faults import translated
from exchange.remotes.host_keys import parse_pins
from exchange.remotes.probe import attempt
from exchange.remotes.session import dial, log_in, meet, open_wire
from exchange.remotes.wire import Attributes, Kind, Wire, string
from exchange.settings import RemoteSettings


class SftpPlace:
    """A place behind an SFTP server. It connects when it is first needed."""

    def __init__(self, name: str, settings: RemoteSettings) -> None:
        self.name = name
        self._settings = settings
        self._pins = parse_pins(settings.host_keys)
        self._transport: paramiko.Transport | None = None
        self._wire: Wire | None = None
        self._pace = transfer.Pace()

    def listing(self, folder: str) -> list[Entry]:
        """Return the entries of a folder; bytes that are not UTF-8 make a name that is not safe."""
        with self._doing(f"list {folder}") as wire:
            found = list(transfer.listing(wire, self._path(folder)))
        names = [(name.decode("utf-8", "surrogateescape"), attributes) for name, attributes in found]
        return [_entry(name, attributes) for name, attributes in names if name not in {".", ".."}]

    def look(self, path: str) -> Entry | None:
        """Return one entry without following links, None when there is none."""
        try:
            with self._doing(f"look at {path}") as wire:
                answer = wire.call(Kind.LSTAT, string(self._path(path)))
                return _entry(path.rpartition("/")[2], answer.expect(Kind.ATTRS).attributes())
        except RemoteMissingError:
            return None

    def read(self, path: str) -> Generator[bytes, None, None]:
        """Yield the bytes of a file."""
        with self._doing(f"read {path}") as wire:
            yield from transfer.read(wire, self._path(path), self._pace.read)

    def write(self, path: str, source: BinaryIO) -> None:
        """Write a file from the first byte on."""
        with self._doing(f"write {path}") as wire:
            transfer.write(wire, self._path(path), source, self._pace.write)

    def rename(self, path: str, to: str) -> None:
        """Rename by plain RENAME, which OpenSSH refuses when the name is taken; posix-rename would replace."""
        with self._doing(f"rename {path} to {to}") as wire:
            wire.call(Kind.RENAME, string(self._path(path)), string(self._path(to))).done()

    def remove(self, path: str) -> None:
        """Remove a file."""
        with self._doing(f"remove {path}") as wire:
            wire.call(Kind.REMOVE, string(self._path(path))).done()

    def opening(self) -> Sequence[Probe]:
        """Open the place step by step and tell how each step went."""
        self.close()
        where = f"{self._settings.host}:{self._settings.port}"
        steps: list[Probe] = []
        for name, step, message, remedy in (
            ("connect", self._dial, f"{where} answers", "Check host, port and firewall, and that the partner is up."),
            ("host key", self._meet, "the host key is pinned", "Ask the partner, then correct host_keys."),
            ("login", self._log_in, f"logged in as {self._settings.user}", "Check user, password and key_file."),
            ("sftp", self._open, "the server speaks SFTP", "Ask the partner to allow SFTP for this user."),
        ):
            steps.append(attempt(name, _telling(step, message), remedy))
            if not steps[-1].ok:
                break
        return steps

    def reopen(self) -> bool:
        """Drop a connection that is lost, so that the next act opens a new one; False when there was none."""
        had_one = self._wire is not None
        self.close()
        return had_one

    def close(self) -> None:
        """Let go of the connection."""
        transport, self._transport, self._wire = self._transport, None, None
        if transport:
            transport.close()

    @contextmanager
    def _doing(self, what: str) -> Iterator[Wire]:
        if self._wire is None:
            self._meet()
            self._log_in()
            self._open()
        with translated(f"{self.name}: {what}"):
            if self._wire is None:
                raise EOFError
            yield self._wire

    def _dial(self) -> None:
        with translated(f"{self.name}: connect"):
            dial(self._settings.host, self._settings.port, self._settings.timeout_seconds).close()

    def _meet(self) -> None:
        with translated(f"{self.name}: connect to {self._settings.host}:{self._settings.port}"):
            self._transport = meet(self._settings.host, self._settings.port, self._settings.timeout_seconds, self._pins)

    def _log_in(self) -> None:
        with translated(f"{self.name}: log in"):
            log_in(self._line, self._settings)

    def _open(self) -> None:
        with translated(f"{self.name}: open SFTP"):
            wire = open_wire(self._line, self._settings.timeout_seconds)
            self._pace = transfer.agree(wire, self._settings.request_bytes)
            self._wire = wire

    @property
    def _line(self) -> paramiko.Transport:
        if self._transport is None:
            raise EOFError
        return self._transport

    def _path(self, path: str) -> str:
        root = self._settings.path.rstrip("/")
        return f"{root}/{path}" if root or self._settings.path else path or "."


def _telling(step: Callable[[], None], message: str) -> Callable[[], str]:
    def act() -> str:
        step()
        return message

    return act


def _entry(name: str, attributes: Attributes) -> Entry:
    is_file = attributes.mode is None or stat.S_ISREG(attributes.mode)
    return Entry(name, attributes.size or 0, attributes.mtime, is_file)
