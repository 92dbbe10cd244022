"""SFTP sites on loopback: one for each party, locked into its own root folder, speaking as OpenSSH does.

A plain RENAME refuses to replace a name that is taken, posix-rename@openssh.com replaces it. Symbolic links are
refused, because they could lead out of the root. Whether Coupa's own server replaces on RENAME is not documented:
the sandbox takes OpenSSH's behaviour (inferred).
"""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import compare_digest

import asyncssh

from sandbox.files.sftp_faults import SftpFaultKind, SftpFaults


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpAddress:
    """Where a site listens and how one gets in; ``host_key`` is ``ssh-ed25519 AAAA...``, ready to be pinned."""

    host: str
    port: int
    user: str
    password: str
    host_key: str


@dataclass(slots=True, kw_only=True)
class SftpSite:
    """One party's SFTP server; ``name`` is also the user who logs in."""

    name: str
    root: Path
    folders: Sequence[str]
    password: str
    keys: Path
    authorized_keys: Path
    faults: SftpFaults = field(default_factory=SftpFaults)
    connections: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    _acceptor: asyncssh.SSHAcceptor | None = None

    async def start(self, host: str, port: int) -> SftpAddress:
        """Make the folders, listen on host and port (0 = any free one) and return the address."""
        make_folders(self.root, self.folders)
        host_keys = [host_key(self.keys / f"{self.name}_{kind}", kind) for kind in ("ssh-ed25519", "ssh-rsa")]
        self._acceptor = await asyncssh.listen(
            host,
            port,
            server_factory=lambda: _Door(self),
            server_host_keys=host_keys,
            sftp_factory=lambda channel: _Session(channel, self),
            allow_scp=False,
        )
        public = host_keys[0].export_public_key().decode().strip().split(" ")
        return SftpAddress(
            host=host,
            port=self._acceptor.get_port(),
            user=self.name,
            password=self.password,
            host_key=" ".join(public[:2]),
        )

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        if self._acceptor is not None:
            self._acceptor.close()
            await self._acceptor.wait_closed()
        for connection in tuple(self.connections):
            connection.abort()
            await connection.wait_closed()


def make_folders(root: Path, folders: Sequence[str]) -> None:
    """Create the folder tree below the root; what exists stays."""
    for folder in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)


def host_key(path: Path, kind: str) -> asyncssh.SSHKey:
    """Return the private host key at path, made on first use so that clients can pin it across restarts."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        key = asyncssh.generate_private_key(kind)
        path.touch(mode=0o600)
        path.write_bytes(key.export_private_key())
    return asyncssh.read_private_key(path)


class _Door(asyncssh.SSHServer):
    """Lets the party's user in, by password or by a key that stands in its authorized_keys file."""

    def __init__(self, site: SftpSite) -> None:
        self._site = site
        self._refusing = False

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._site.connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncssh's signature)
        self._site.connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        self._refusing = self._site.faults.due(SftpFaultKind.REFUSE_LOGIN) is not None
        keys = self._site.authorized_keys
        if username == self._site.name and not self._refusing and keys.is_file() and keys.stat().st_size:
            self._connection.set_authorized_keys(str(keys))
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        known = username == self._site.name and compare_digest(password.encode(), self._site.password.encode())
        return known and not self._refusing


class _Session(asyncssh.SFTPServer):
    """One SFTP session inside the party's root, with the site's faults."""

    def __init__(self, channel: "asyncssh.SSHServerChannel[bytes]", site: SftpSite) -> None:
        super().__init__(channel, chroot=os.fsencode(site.root))
        self._faults = site.faults
        self._moved = 0
        self._written = 0

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        await self._stall()
        self._deny("write" if pflags & asyncssh.FXF_WRITE else "read")
        return super().open(path, pflags, attrs)

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        self._deny("list")
        names = [name async for name in super().scandir(path)]
        if self._faults.due(SftpFaultKind.DISORDERLY_LISTING):
            names = names[::-1] * 2
        if self._faults.due(SftpFaultKind.WRONG_SIZE):
            for name in names:
                name.attrs.size = (name.attrs.size or 0) + 1000
        for name in names:
            yield name

    def remove(self, path: bytes) -> None:
        self._deny("remove")
        super().remove(path)

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        await self._stall()
        block = super().read(file_obj, offset, size)
        assert isinstance(block, bytes)  # noqa: S101  (the base class reads at once)
        self._count(len(block))
        return block

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        await self._stall()
        self._written += len(data)
        if self._faults.due(SftpFaultKind.DISK_FULL, self._written):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = super().write(file_obj, offset, data)
        assert isinstance(written, int)  # noqa: S101  (the base class writes at once)
        self._count(written)
        return written

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._deny("rename")
        new = self.map_path(newpath)
        if os.path.lexists(new):
            raise asyncssh.SFTPFailure("Failure")
        os.rename(self.map_path(oldpath), new)  # noqa: PTH104  (paths are bytes)
        self._lose_rename_answer()

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().posix_rename(oldpath, newpath)
        self._lose_rename_answer()

    def symlink(self, oldpath: bytes, newpath: bytes) -> None:
        raise asyncssh.SFTPPermissionDenied(f"No symbolic links here: {newpath!r} -> {oldpath!r}")

    def _deny(self, operation: str) -> None:
        if self._faults.due(SftpFaultKind.DENIED, operation=operation):
            raise asyncssh.SFTPPermissionDenied("Permission denied")

    async def _stall(self) -> None:
        if fault := self._faults.due(SftpFaultKind.STALL):
            await asyncio.sleep(fault.seconds)

    def _count(self, size: int) -> None:
        self._moved += size
        if self._faults.due(SftpFaultKind.CUT, self._moved):
            self._hang_up()

    def _lose_rename_answer(self) -> None:
        if self._faults.due(SftpFaultKind.RENAME_ANSWER_LOST):
            self._hang_up()

    def _hang_up(self) -> None:
        self.connection.abort()
        raise asyncssh.SFTPConnectionLost("Connection cut")
