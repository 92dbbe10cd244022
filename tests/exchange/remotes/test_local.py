"""The remote on a mounted disk obeys the law, and no path leads out of its folder."""

import io
import os
from pathlib import Path

import pytest

from exchange.errors import RemoteError, RemoteExistsError, RemoteMissingError, RemoteRefusedError
from exchange.remotes import Remote, open_remote
from exchange.settings import RemoteSettings
from tests.exchange.remotes.grounds import ground_on, make_folders
from tests.exchange.remotes.law import Ground, RemoteLaw


class TestLocal(RemoteLaw):
    """Files on disk."""

    @pytest.fixture
    def ground(self, tmp_path: Path) -> Ground:
        make_folders(tmp_path)
        return ground_on(tmp_path, open_remote(RemoteSettings(kind="local", path=str(tmp_path)), "drop"))


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """A remote with the folders of the law."""
    make_folders(tmp_path / "root")
    return open_remote(RemoteSettings(kind="local", path=str(tmp_path / "root")), "drop")


@pytest.mark.parametrize("path", ["../secret", "inbox/../../secret", "/etc/hostname", "inbox//a", "inbox/./a", "a\0b"])
def test_a_path_that_leads_out_is_refused(remote: Remote, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("s")
    with pytest.raises(RemoteRefusedError):
        remote.fetch(path, io.BytesIO())


def test_a_link_is_not_followed(remote: Remote, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    (tmp_path / "root/inbox/a.csv").symlink_to(tmp_path / "secret")
    assert [False] == [entry.is_file for entry in remote.list("inbox")]
    with pytest.raises(RemoteRefusedError):
        remote.fetch("inbox/a.csv", io.BytesIO())


def test_a_pipe_is_not_read(remote: Remote, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "root/inbox/a.csv")
    assert [False] == [entry.is_file for entry in remote.list("inbox")]
    with pytest.raises(RemoteRefusedError):
        remote.fetch("inbox/a.csv", io.BytesIO())


def test_a_folder_is_not_a_file(remote: Remote, tmp_path: Path) -> None:
    (tmp_path / "root/inbox/a.csv").mkdir()
    with pytest.raises(RemoteError):
        remote.fetch("inbox/a.csv", io.BytesIO())


def test_a_disk_without_hard_links_does_not_replace_either(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "root/inbox/a.csv").write_text("1")
    remote.rename("inbox/a.csv", "archive/a.csv")
    assert "1" == (tmp_path / "root/archive/a.csv").read_text()
    (tmp_path / "root/inbox/a.csv").write_text("2")
    with pytest.raises(RemoteExistsError):
        remote.rename("inbox/a.csv", "archive/a.csv")


def test_a_folder_that_is_not_mounted_is_missing(tmp_path: Path) -> None:
    remote = open_remote(RemoteSettings(kind="local", path=str(tmp_path / "unmounted")), "drop")
    with pytest.raises(RemoteMissingError):
        remote.list("inbox")
    (probe,) = remote.probe(["inbox"])
    assert not probe.ok
    assert "mount" in probe.remedy


def test_a_name_that_is_not_utf_8_is_listed_and_not_safe(remote: Remote, tmp_path: Path) -> None:
    (tmp_path / "root/inbox" / os.fsdecode(b"\xff.csv")).write_text("1")
    assert [False] == [entry.safe for entry in remote.list("inbox")]
