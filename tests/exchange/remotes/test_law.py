"""The law when things go wrong underneath."""

import io
import threading
from collections.abc import Generator
from typing import BinaryIO

import pytest

from exchange.errors import (
    RemoteDamagedError,
    RemoteError,
    RemoteMissingError,
    RemoteRefusedError,
    RemoteUnreachableError,
)
from exchange.remotes.base import Handover
from exchange.remotes.law import LawfulRemote
from exchange.remotes.memory import MemoryPlace

FOLDERS = ("inbox", "temp", "archive")


class Line(MemoryPlace):
    """A place behind a line that breaks when ``breaks`` names the act; it can be opened again ``reopens`` times."""

    def __init__(self, breaks: str = "", reopens: int = 1, *, done: bool = False) -> None:
        super().__init__("line", FOLDERS)
        self.breaks, self.reopens, self.done = breaks, reopens, done
        self.acts: list[str] = []

    def reopen(self) -> bool:
        self.reopens -= 1
        return self.reopens >= 0

    def read(self, path: str) -> Generator[bytes, None, None]:
        content = self._content(path)
        yield content[: len(content) // 2]
        self._break("read")
        yield content[len(content) // 2 :]

    def write(self, path: str, source: BinaryIO) -> None:
        head = source.read(3)
        self.files[path] = head
        self._break("write")
        self.files[path] = head + source.read()

    def rename(self, path: str, to: str) -> None:
        if self.done:
            super().rename(path, to)
            self._break("rename")
        else:
            self._break("rename")
            super().rename(path, to)

    def remove(self, path: str) -> None:
        super().remove(path)
        self._break("remove")

    def _break(self, act: str) -> None:
        self.acts.append(act)
        if act == self.breaks:
            self.breaks = ""
            raise RemoteUnreachableError("the line broke")


def put(place: MemoryPlace, content: bytes = b"content", archives: tuple[str, ...] = ()) -> object:
    remote = LawfulRemote(place)
    return remote.put(io.BytesIO(content), "inbox/a.csv", temporary="temp", archive_folders=archives)


@pytest.mark.parametrize("breaks", ["read", "write", "rename"])
@pytest.mark.parametrize("done", [True, False], ids=["answer lost", "request lost"])
def test_a_line_that_breaks_once_is_opened_again(breaks: str, done: bool) -> None:
    place = Line(breaks, done=done)
    put(place)
    assert {"inbox/a.csv": b"content"} == place.files


def test_a_rename_is_not_sent_twice_when_only_its_answer_was_lost() -> None:
    place = Line("rename", done=True)
    put(place)
    assert 1 == place.acts.count("rename")


def test_a_broken_download_begins_again() -> None:
    place = Line("read")
    place.files["inbox/a.csv"] = b"content"
    into = io.BytesIO()
    assert 7 == LawfulRemote(place).fetch("inbox/a.csv", into).size
    assert b"content" == into.getvalue()


def test_a_remove_whose_answer_was_lost_is_success() -> None:
    place = Line("remove")
    place.files["inbox/a.csv"] = b"1"
    LawfulRemote(place).remove("inbox/a.csv")
    assert {} == place.files


def test_a_line_that_cannot_be_opened_again_is_unreachable() -> None:
    with pytest.raises(RemoteUnreachableError):
        put(Line("write", reopens=0))


class Greedy(Line):
    """A partner that moves files away in the moment they appear."""

    def rename(self, path: str, to: str) -> None:
        super(Line, self).rename(path, to)
        self.files["archive/" + to.rpartition("/")[2]] = self.files.pop(to)
        self._break("rename")


def test_a_file_the_partner_took_before_the_answer_came_is_placed() -> None:
    place = Greedy("rename")
    put(place, archives=("archive",))
    put(place, archives=("archive",))
    assert {"archive/a.csv": b"content"} == place.files
    assert 1 == place.acts.count("rename")


def test_a_file_that_vanished_without_a_trace_is_not_called_placed() -> None:
    with pytest.raises(RemoteMissingError):
        put(Greedy("rename"))


def test_a_file_the_partner_took_after_a_rename_that_was_begun_is_not_placed_again() -> None:
    place = MemoryPlace("partner", FOLDERS)
    begun: list[str] = []
    remote = LawfulRemote(place)
    remote.put(
        io.BytesIO(b"pay 5"), "inbox/a.csv", temporary="temp", handover=Handover(begin=lambda: begun.append("now"))
    )
    del place.files["inbox/a.csv"]
    again = remote.put(io.BytesIO(b"pay 5"), "inbox/a.csv", temporary="temp", handover=Handover(begun=bool(begun)))
    assert (True, False) == (again.already, "inbox/a.csv" in place.files)


def test_a_rename_that_was_begun_and_not_done_is_done() -> None:
    place = MemoryPlace("partner", FOLDERS)

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LawfulRemote(place).put(io.BytesIO(b"1"), "inbox/a.csv", temporary="temp", handover=Handover(begin=die))
    LawfulRemote(place).put(io.BytesIO(b"1"), "inbox/a.csv", temporary="temp", handover=Handover(begun=True))
    assert {"inbox/a.csv": b"1"} == place.files


class Lossy(MemoryPlace):
    """A server that loses the last byte and says nothing."""

    def write(self, path: str, source: BinaryIO) -> None:
        super().write(path, io.BytesIO(source.read()[:-1]))


def test_bytes_lost_on_the_way_are_noticed_before_the_partner_sees_the_file() -> None:
    place = Lossy("lossy", FOLDERS)
    with pytest.raises(RemoteDamagedError):
        put(place)
    assert ["temp"] == [path.split("/")[0] for path in place.files]


class Letterbox(MemoryPlace):
    """A server that lets nobody read."""

    def read(self, path: str) -> Generator[bytes, None, None]:
        raise RemoteRefusedError(path)


def test_where_nobody_may_read_the_size_is_compared() -> None:
    place = Letterbox("letterbox", FOLDERS)
    assert [False, True] == [getattr(put(place), "read_back", None), getattr(put(place), "already", None)]
    with pytest.raises(RemoteDamagedError):
        put(LossyLetterbox("letterbox", FOLDERS))


class LossyLetterbox(Lossy, Letterbox):
    """A server that loses the last byte and lets nobody read."""


class Replacing(MemoryPlace):
    """A server whose rename replaces."""

    def rename(self, path: str, to: str) -> None:
        self.files[to] = self.files.pop(path)


def test_a_rename_that_replaces_is_found_by_probing_and_never_used() -> None:
    place = Replacing("replacing", FOLDERS)
    (found,) = [probe for probe in LawfulRemote(place).probe(["inbox"]) if not probe.ok]
    assert "rename keeps what is there" == found.name
    place.files |= {"inbox/a": b"1", "archive/a": b"2"}
    with pytest.raises(RemoteError):
        LawfulRemote(place).rename("inbox/a", "archive/a")
    assert {"inbox/a": b"1", "archive/a": b"2"} == place.files


def test_threads_take_turns() -> None:
    place = MemoryPlace("memory", FOLDERS)
    remote = LawfulRemote(place)

    def work(number: int) -> None:
        for each in range(20):
            remote.put(io.BytesIO(b"%d" % number), f"inbox/{number}-{each}", temporary="temp")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert 80 == len(place.files)
