"""The SFTP sites, asked by asyncssh, paramiko and OpenSSH's own client."""

import asyncio
import contextlib
import dataclasses
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import asyncssh
import paramiko
import pytest

from sandbox.files.sftp import SftpAddress, SftpSite
from sandbox.files.sftp_faults import SftpFault, SftpFaultKind

Answer = TypeVar("Answer")
CUT_OFF = (OSError, EOFError, paramiko.SSHException)


@pytest.fixture
def site(tmp_path: Path) -> SftpSite:
    """A site of the lockbox whose root is root/."""
    return SftpSite(
        name="lockbox",
        root=tmp_path / "root",
        folders=("outbox", "temp"),
        password="secret",
        keys=tmp_path / "keys",
        authorized_keys=tmp_path / "authorized_keys",
    )


@pytest.fixture
def address(site: SftpSite) -> Iterator[SftpAddress]:
    """The site, listening in an event loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def ask(work: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(work, loop).result(20)

    yield ask(site.start("127.0.0.1", 0))
    ask(site.stop())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def client(address: SftpAddress) -> Iterator[paramiko.SFTPClient]:
    """A paramiko client that is logged in."""
    with log_in(address, address.password) as sftp:
        yield sftp


@contextlib.contextmanager
def log_in(address: SftpAddress, password: str) -> Iterator[paramiko.SFTPClient]:
    with contextlib.closing(paramiko.Transport(socket.create_connection((address.host, address.port)))) as transport:
        transport.connect(username=address.user, password=password)
        sftp = paramiko.SFTPClient.from_transport(transport)
        assert sftp is not None
        yield sftp


def put(client: paramiko.SFTPClient, name: str, content: bytes) -> None:
    with client.open(name, "wb") as file:
        file.write(content)


def get(client: paramiko.SFTPClient, name: str) -> bytes:
    with client.open(name, "rb") as file:
        return file.read()


def test_the_folders_stand_ready(client: paramiko.SFTPClient) -> None:
    assert sorted(client.listdir(".")) == ["outbox", "temp"]


def test_what_is_put_can_be_fetched(client: paramiko.SFTPClient) -> None:
    put(client, "outbox/a.csv", b"x" * 100_000)
    assert get(client, "outbox/a.csv") == b"x" * 100_000


def test_rename_refuses_a_name_that_is_taken(client: paramiko.SFTPClient) -> None:
    put(client, "temp/a", b"new")
    put(client, "outbox/a", b"old")
    with pytest.raises(OSError, match="Failure"):
        client.rename("temp/a", "outbox/a")
    assert (get(client, "outbox/a"), get(client, "temp/a")) == (b"old", b"new")


def test_posix_rename_replaces(client: paramiko.SFTPClient) -> None:
    put(client, "temp/a", b"new")
    put(client, "outbox/a", b"old")
    client.posix_rename("temp/a", "outbox/a")
    assert get(client, "outbox/a") == b"new"


def test_nobody_leaves_the_root(client: paramiko.SFTPClient, site: SftpSite) -> None:
    (site.root.parent / "secret").write_text("outside")
    with pytest.raises(FileNotFoundError):
        get(client, "../../secret")
    with pytest.raises(PermissionError):
        client.symlink("../../secret", "temp/link")


def test_a_wrong_password_is_refused(address: SftpAddress) -> None:
    with pytest.raises(paramiko.AuthenticationException), log_in(address, "wrong"):
        pass


def test_the_host_key_survives_a_restart(site: SftpSite, address: SftpAddress) -> None:
    async def again() -> str:
        other = dataclasses.replace(site)
        restarted = await other.start("127.0.0.1", 0)
        await other.stop()
        return restarted.host_key

    assert address.host_key == asyncio.run(again())


def test_a_key_in_authorized_keys_opens_the_door(address: SftpAddress, site: SftpSite) -> None:
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    site.authorized_keys.write_bytes(key.export_public_key())

    async def names() -> list[str]:
        host_keys = asyncssh.import_known_hosts(f"* {address.host_key}")
        async with (
            asyncssh.connect(
                address.host,
                address.port,
                username="lockbox",
                client_keys=[key],
                known_hosts=host_keys,
                preferred_auth="publickey",
                config=None,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            return sorted(name for name in map(str, await sftp.listdir(".")) if not name.startswith("."))

    assert asyncio.run(names()) == ["outbox", "temp"]


@pytest.mark.skipif(not shutil.which("sftp"), reason="OpenSSH's sftp client is not installed")
def test_openssh_puts_renames_and_gets(address: SftpAddress, site: SftpSite, tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "id")
    (tmp_path / "id").chmod(0o600)
    site.authorized_keys.write_bytes(key.export_public_key())
    (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{address.port} {address.host_key}\n")
    (tmp_path / "up.csv").write_bytes(b"hello")
    batch = (
        f"put {tmp_path}/up.csv temp/up.csv\nrename temp/up.csv outbox/up.csv\nget outbox/up.csv {tmp_path}/down.csv"
    )
    options = [f"-oUserKnownHostsFile={tmp_path}/known_hosts", f"-oIdentityFile={tmp_path}/id", "-F/dev/null"]
    command = ["sftp", "-q", "-b", "-", *options, f"-P{address.port}", "lockbox@127.0.0.1"]
    subprocess.run(command, input=batch.encode(), check=True, capture_output=True, timeout=30)
    assert (tmp_path / "down.csv").read_bytes() == b"hello"


def test_a_cut_leaves_what_was_written_before(client: paramiko.SFTPClient, site: SftpSite) -> None:
    site.faults.arm(SftpFault(kind=SftpFaultKind.CUT, after_bytes=40_000))
    with pytest.raises(CUT_OFF):
        put(client, "temp/big", b"x" * 200_000)
    assert 40_000 <= (site.root / "temp" / "big").stat().st_size < 200_000


def test_a_lost_rename_answer_has_renamed(client: paramiko.SFTPClient, site: SftpSite) -> None:
    put(client, "temp/a", b"a")
    site.faults.arm(SftpFault(kind=SftpFaultKind.RENAME_ANSWER_LOST))
    with pytest.raises(CUT_OFF):
        client.rename("temp/a", "outbox/a")
    assert (site.root / "outbox" / "a").exists()


def test_a_full_disk_refuses_to_write(client: paramiko.SFTPClient, site: SftpSite) -> None:
    site.faults.arm(SftpFault(kind=SftpFaultKind.DISK_FULL, times=0))
    with pytest.raises(OSError, match=r"[Nn]o space left|Failure"):
        put(client, "temp/a", b"a")


def test_a_refused_login_is_refused_once(address: SftpAddress, site: SftpSite) -> None:
    site.faults.arm(SftpFault(kind=SftpFaultKind.REFUSE_LOGIN))
    with pytest.raises(paramiko.AuthenticationException), log_in(address, address.password):
        pass
    with log_in(address, address.password) as sftp:
        assert sorted(sftp.listdir(".")) == ["outbox", "temp"]


def test_a_stall_passes(client: paramiko.SFTPClient, site: SftpSite) -> None:
    site.faults.arm(SftpFault(kind=SftpFaultKind.STALL, seconds=0.3))
    start = time.monotonic()
    put(client, "temp/a", b"a")
    assert time.monotonic() - start >= 0.3
