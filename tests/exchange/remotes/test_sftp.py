"""The SFTP remote obeys the law on a real OpenSSH server, and survives what lines and servers do."""

import io
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.errors import RemoteRefusedError, RemoteUnreachableError, SettingsError
from exchange.remotes import Remote, host_keys, open_remote
from exchange.remotes.host_keys import fingerprint
from exchange.settings import RemoteSettings
from tests.exchange.line import Line
from tests.exchange.remotes.grounds import ground_on, make_folders
from tests.exchange.remotes.law import BIG, Ground, RemoteLaw
from tests.exchange.sshd import Sshd, free_port, make_key, running_sshd


class TestSftp(RemoteLaw):
    """Files on OpenSSH."""

    @pytest.fixture
    def ground(self, server: Sshd, tmp_path: Path) -> Iterator[Ground]:
        make_folders(tmp_path)
        remote = open_remote(server.settings(tmp_path), "lockbox")
        yield ground_on(tmp_path, remote)
        remote.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with the folders of the law."""
    make_folders(tmp_path / "root")
    return tmp_path / "root"


@pytest.fixture
def line(server: Sshd) -> Iterator[Line]:
    """A line to the server."""
    running = Line(server.port)
    yield running
    running.close()


@pytest.fixture
def remote(server: Sshd, root: Path, line: Line) -> Iterator[Remote]:
    """A remote at the end of the line, which gives up after half a second of silence."""
    opened = open_remote(server.settings(root, port=line.port, timeout_seconds=0.5), "lockbox")
    yield opened
    opened.close()


def fetch(remote: Remote, path: str = "inbox/a.csv") -> bytes:
    into = io.BytesIO()
    remote.fetch(path, into)
    return into.getvalue()


def put(remote: Remote, content: bytes) -> None:
    remote.put(io.BytesIO(content), "inbox/a.csv", temporary="temp")


# The host key


def test_a_fingerprint_may_be_pinned(server: Sshd, root: Path) -> None:
    pins = [key.split()[-1] for key in host_keys("127.0.0.1", server.port)]
    for pin in pins:
        assert [] == list(open_remote(server.settings(root, host_keys=(pin,))).list("inbox"))


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_a_key_of_any_kind_may_be_pinned(server: Sshd, root: Path, kind: str) -> None:
    remote = open_remote(server.settings(root, host_keys=(server.public_key(kind),)))
    assert [] == list(remote.list("inbox"))


def test_several_keys_are_pinned_while_they_are_rotated(server: Sshd, root: Path, tmp_path: Path) -> None:
    make_key(tmp_path / "next", "ed25519")
    pins = ((tmp_path / "next.pub").read_text(), server.public_key())
    assert [] == list(open_remote(server.settings(root, host_keys=pins)).list("inbox"))


def test_another_key_is_refused_with_what_was_seen_and_what_to_do(server: Sshd, root: Path, tmp_path: Path) -> None:
    make_key(tmp_path / "other", "ed25519")
    remote = open_remote(server.settings(root, host_keys=((tmp_path / "other.pub").read_text(),)), "lockbox")
    with pytest.raises(RemoteRefusedError) as refused:
        remote.list("inbox")
    for key in host_keys("127.0.0.1", server.port):
        assert key.split()[-1] in str(refused.value)
    assert "host_keys" in str(refused.value)
    assert ["connect", "host key"] == [probe.name for probe in remote.probe(["inbox"])]


def test_a_pin_that_is_none_is_a_mistake_in_the_settings(server: Sshd, root: Path) -> None:
    with pytest.raises(SettingsError, match="host_keys"):
        open_remote(server.settings(root, host_keys=("ssh-ed25519 nonsense",)))


def test_the_keys_a_server_shows_are_those_of_its_files(server: Sshd) -> None:
    shown = {" ".join(key.split()[:2]) for key in host_keys("127.0.0.1", server.port)}
    assert {" ".join(server.public_key(kind).split()[:2]) for kind in ("ed25519", "rsa")} == shown


def test_a_fingerprint_is_printed_as_openssh_prints_it() -> None:
    assert "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU" == fingerprint(b"")


# The login


def test_a_key_that_is_not_let_in_is_refused(server: Sshd, root: Path, tmp_path: Path) -> None:
    make_key(tmp_path / "stranger", "ed25519")
    with pytest.raises(RemoteRefusedError, match="refused the login"):
        open_remote(server.settings(root, key_file=str(tmp_path / "stranger"))).list("inbox")


def test_a_password_that_is_not_let_in_is_refused(server: Sshd, root: Path) -> None:
    with pytest.raises(RemoteRefusedError, match="by password"):
        open_remote(server.settings(root, key_file="", password="wrong")).list("inbox")


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_key_with_a_passphrase_logs_in(tmp_path: Path, root: Path, kind: str) -> None:
    make_key(tmp_path / "sshd/user", kind, "open sesame")
    with running_sshd(tmp_path / "sshd", kinds=("ed25519",)) as server:
        assert [] == list(open_remote(server.settings(root, key_passphrase="open sesame")).list("inbox"))
        for wrong in ("", "open barley"):
            with pytest.raises(SettingsError, match="key_file"):
                open_remote(server.settings(root, key_passphrase=wrong)).list("inbox")


@pytest.mark.parametrize("content", [None, b"", b"not a key"])
def test_a_key_file_that_is_none_is_a_mistake_in_the_settings(
    server: Sshd, root: Path, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(SettingsError, match="key_file"):
        open_remote(server.settings(root, key_file=str(tmp_path / "key"))).list("inbox")


def test_a_key_of_the_agent_logs_in(server: Sshd, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(tmp_path / "agent")], stdout=subprocess.DEVNULL)
    try:
        wait_for(tmp_path / "agent")
        with pytest.raises(SettingsError, match="agent"):
            open_remote(server.settings(root, key_file="", agent=True)).list("inbox")
        subprocess.run(["ssh-add", "-q", str(server.folder / "user")], check=True)
        assert [] == list(open_remote(server.settings(root, key_file="", agent=True)).list("inbox"))
    finally:
        agent.terminate()
        agent.wait(10)


def wait_for(path: Path) -> None:
    for _ in range(100):
        if path.exists():
            return
        time.sleep(0.05)
    raise AssertionError(path)


def test_without_any_means_nobody_logs_in(server: Sshd, root: Path) -> None:
    with pytest.raises(SettingsError, match="password"):
        open_remote(server.settings(root, key_file="")).list("inbox")


# The line


def test_a_server_that_is_not_there_is_unreachable(root: Path, server: Sshd) -> None:
    remote = open_remote(server.settings(root, port=free_port()), "lockbox")
    with pytest.raises(RemoteUnreachableError, match="lockbox"):
        remote.list("inbox")
    assert ["connect"] == [probe.name for probe in remote.probe(["inbox"])]


def test_a_connection_that_was_cut_is_opened_again(remote: Remote, root: Path, line: Line) -> None:
    (root / "inbox/a.csv").write_bytes(b"1")
    assert b"1" == fetch(remote)
    line.cut()
    assert b"1" == fetch(remote)
    assert 2 == line.connections


@pytest.mark.parametrize("size", [1, 100_000, 3_000_000])
def test_a_download_that_is_cut_begins_again(remote: Remote, root: Path, line: Line, size: int) -> None:
    (root / "inbox/a.csv").write_bytes(BIG)
    remote.list("inbox")
    line.cut_down = size
    assert BIG == fetch(remote)


@pytest.mark.parametrize("size", [1, 100_000, 3_000_000])
def test_an_upload_that_is_cut_begins_again(remote: Remote, root: Path, line: Line, size: int) -> None:
    remote.list("inbox")
    line.cut_up = size
    put(remote, BIG)
    assert [BIG, []] == [(root / "inbox/a.csv").read_bytes(), list((root / "temp").iterdir())]


def test_an_upload_cut_anywhere_is_placed_once_and_whole(remote: Remote, root: Path, line: Line) -> None:
    """Every place where the line may break between the first look and the answer to the rename."""
    remote.list("inbox")
    for cut in range(1, 1500, 37):
        line.cut_down = cut
        put(remote, b"the same bytes")
        line.cut_down = None
        assert [b"the same bytes", []] == [(root / "inbox/a.csv").read_bytes(), list((root / "temp").iterdir())]
        (root / "inbox/a.csv").unlink()


def test_a_line_cut_anywhere_while_connecting_is_unreachable_and_never_refused(
    root: Path, server: Sshd, line: Line
) -> None:
    for cut in range(1, 3200, 150):
        line.cut_down = cut
        remote = open_remote(server.settings(root, port=line.port), "lockbox")
        try:
            remote.list("inbox")
        except RemoteUnreachableError:
            continue
        finally:
            remote.close()
        assert cut > 1500


def test_a_line_that_falls_silent_is_given_up(remote: Remote, root: Path, line: Line) -> None:
    (root / "inbox/a.csv").write_bytes(BIG)
    remote.list("inbox")
    line.frozen = True
    with pytest.raises(RemoteUnreachableError):
        fetch(remote)
    line.frozen = False
    assert BIG == fetch(remote)


def test_a_server_that_says_nothing_at_all_is_given_up(root: Path, server: Sshd, line: Line) -> None:
    line.frozen = True
    with pytest.raises(RemoteUnreachableError):
        open_remote(server.settings(root, port=line.port, timeout_seconds=0.5)).list("inbox")


# The server


def test_a_name_that_is_not_utf_8_is_listed_and_not_safe(remote: Remote, root: Path) -> None:
    (root / "inbox" / os.fsdecode(b"\xff.csv")).write_bytes(b"1")
    (entry,) = remote.list("inbox")
    assert (False, b"1") == (entry.safe, fetch(remote, f"inbox/{entry.name}"))


def test_links_and_folders_are_not_files(remote: Remote, root: Path) -> None:
    (root / "inbox/link").symlink_to("/etc/hostname")
    (root / "inbox/folder").mkdir()
    os.mkfifo(root / "inbox/pipe")
    assert {"link": False, "folder": False, "pipe": False} == {
        entry.name: entry.is_file for entry in remote.list("inbox")
    }


def test_a_folder_of_thousands_is_listed_whole(remote: Remote, root: Path) -> None:
    names = [f"invoice-{number:05d}.csv" for number in range(3000)]
    for name in names:
        (root / "inbox" / name).touch()
    assert names == [entry.name for entry in remote.list("inbox")]


def test_rights_that_are_missing_are_refused(tmp_path: Path, root: Path) -> None:
    """As root nothing is forbidden, so the server itself is told to be read-only."""
    with running_sshd(tmp_path / "sshd", extra="ForceCommand internal-sftp -R", kinds=("ed25519",)) as server:
        remote = open_remote(server.settings(root), "lockbox")
        with pytest.raises(RemoteRefusedError, match="lockbox: write temp"):
            put(remote, b"1")
        (failed,) = [probe for probe in remote.probe(["inbox"]) if not probe.ok]
        assert ("write", True) == (failed.name, "right to create" in failed.remedy)


def test_a_user_without_sftp_is_told_apart_from_a_wrong_password(tmp_path: Path, root: Path) -> None:
    with running_sshd(tmp_path / "sshd", extra="ForceCommand /bin/false", kinds=("ed25519",)) as server:
        probes = open_remote(server.settings(root)).probe(["inbox"])
        assert [("connect", True), ("host key", True), ("login", True), ("sftp", False)] == [
            (probe.name, probe.ok) for probe in probes
        ]


def test_a_server_with_old_ciphers_only_is_spoken_to(tmp_path: Path, root: Path) -> None:
    with running_sshd(tmp_path / "sshd", extra="Ciphers aes128-ctr", kinds=("ed25519",)) as server:
        remote = open_remote(server.settings(root))
        put(remote, BIG)
        assert BIG == fetch(remote)


def test_paths_begin_where_the_login_ends_when_no_root_is_set(server: Sshd) -> None:
    settings = RemoteSettings.model_validate(server.settings(Path("/")).model_dump() | {"path": ""})
    assert [entry.name for entry in open_remote(settings).list("")] == sorted(
        path.name for path in Path.home().iterdir()
    )
