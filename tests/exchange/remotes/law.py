"""The law of remotes as tests: each kind of place proves it by a subclass with one fixture."""

import hashlib
import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from exchange.errors import RemoteDamagedError, RemoteExistsError, RemoteMissingError
from exchange.remotes import Fetched, Remote

FOLDERS = ("inbox", "temp", "archive", "archive/inbox")
BIG = os.urandom(5 * 1024 * 1024 + 17)


@dataclass(frozen=True)
class Ground:
    """A remote with FOLDERS, a way to lay a file there behind its back, and a way to see all files there."""

    remote: Remote
    lay: Callable[[str, bytes], None]
    files: Callable[[], Mapping[str, bytes]]


class RemoteLaw:
    """What every remote does."""

    @pytest.fixture
    def ground(self) -> Ground:
        raise AssertionError("a subclass brings the ground")

    def put(self, ground: Ground, content: bytes, path: str = "inbox/a.csv") -> object:
        return ground.remote.put(io.BytesIO(content), path, temporary="temp", archive_folders=["archive/inbox"])

    def fetch(self, ground: Ground, path: str) -> bytes:
        into = io.BytesIO()
        ground.remote.fetch(path, into)
        return into.getvalue()

    def test_a_listing_has_names_and_sizes_in_order(self, ground: Ground) -> None:
        ground.lay("inbox/b.csv", b"22")
        ground.lay("inbox/a.csv", b"1")
        ground.lay("archive/c.csv", b"333")
        assert [("a.csv", 1, True), ("b.csv", 2, True)] == [
            (entry.name, entry.size, entry.is_file) for entry in ground.remote.list("inbox")
        ]

    def test_an_empty_folder_is_an_empty_listing(self, ground: Ground) -> None:
        assert [] == list(ground.remote.list("inbox"))

    def test_a_folder_that_is_not_there_is_missing(self, ground: Ground) -> None:
        with pytest.raises(RemoteMissingError):
            ground.remote.list("nowhere")

    @pytest.mark.parametrize("content", [b"", b"one line\n", BIG], ids=["empty", "small", "big"])
    def test_a_file_is_fetched_byte_by_byte(self, ground: Ground, content: bytes) -> None:
        ground.lay("inbox/a.csv", content)
        into = io.BytesIO()
        assert Fetched(len(content), hashlib.sha256(content).hexdigest()) == ground.remote.fetch("inbox/a.csv", into)
        assert content == into.getvalue()

    def test_a_file_is_fetched_behind_what_stands_in_the_stream(self, ground: Ground) -> None:
        ground.lay("inbox/a.csv", b"new")
        into = io.BytesIO(b"old bytes")
        into.seek(4)
        ground.remote.fetch("inbox/a.csv", into)
        assert b"old new" == into.getvalue()

    def test_a_file_that_is_not_there_is_missing(self, ground: Ground) -> None:
        with pytest.raises(RemoteMissingError):
            self.fetch(ground, "inbox/a.csv")

    def test_a_file_longer_than_the_limit_is_not_fetched(self, ground: Ground) -> None:
        ground.lay("inbox/a.csv", b"12345")
        with pytest.raises(RemoteDamagedError):
            ground.remote.fetch("inbox/a.csv", io.BytesIO(), limit=4)

    @pytest.mark.parametrize("content", [b"", b"one line\n", BIG], ids=["empty", "small", "big"])
    def test_a_file_is_put_whole_and_leaves_nothing_else(self, ground: Ground, content: bytes) -> None:
        self.put(ground, content)
        assert {"inbox/a.csv": content} == ground.files()

    def test_the_same_file_is_put_once(self, ground: Ground) -> None:
        first, second = self.put(ground, b"same"), self.put(ground, b"same")
        assert (False, True) == (getattr(first, "already", None), getattr(second, "already", None))
        assert {"inbox/a.csv": b"same"} == ground.files()

    def test_another_file_of_the_same_name_is_not_replaced(self, ground: Ground) -> None:
        ground.lay("inbox/a.csv", b"theirs")
        with pytest.raises(RemoteExistsError):
            self.put(ground, b"ours!!")
        assert b"theirs" == ground.files()["inbox/a.csv"]

    def test_half_a_file_of_an_earlier_try_is_written_over(self, ground: Ground) -> None:
        content = b"a whole file"
        ground.lay(
            f"temp/.{hashlib.sha256(content).hexdigest()[:16]}.part", b"a whole file and the tail of another one"
        )
        self.put(ground, content)
        assert {"inbox/a.csv": content} == ground.files()

    def test_a_file_the_partner_has_archived_is_not_put_again(self, ground: Ground) -> None:
        ground.lay("archive/inbox/a.csv", b"taken")
        placed = self.put(ground, b"taken")
        assert "archive/inbox/a.csv" == getattr(placed, "path", None)
        assert {"archive/inbox/a.csv": b"taken"} == ground.files()

    def test_an_archived_file_with_other_bytes_does_not_count(self, ground: Ground) -> None:
        ground.lay("archive/inbox/a.csv", b"last year")
        self.put(ground, b"this year")
        assert b"this year" == ground.files()["inbox/a.csv"]

    def test_a_file_cannot_be_put_into_a_folder_that_is_not_there(self, ground: Ground) -> None:
        with pytest.raises(RemoteMissingError):
            self.put(ground, b"lost", "nowhere/a.csv")

    def test_only_the_rest_of_a_stream_is_put(self, ground: Ground) -> None:
        source = io.BytesIO(b"header body")
        source.seek(7)
        ground.remote.put(source, "inbox/a.csv", temporary="temp")
        assert b"body" == ground.files()["inbox/a.csv"]

    def test_a_rename_moves_a_file(self, ground: Ground) -> None:
        ground.lay("inbox/a.csv", b"1")
        ground.remote.rename("inbox/a.csv", "archive/a.csv")
        assert {"archive/a.csv": b"1"} == ground.files()

    def test_a_rename_that_has_happened_is_success(self, ground: Ground) -> None:
        ground.lay("inbox/a.csv", b"1")
        ground.remote.rename("inbox/a.csv", "archive/a.csv")
        ground.remote.rename("inbox/a.csv", "archive/a.csv")
        assert {"archive/a.csv": b"1"} == ground.files()

    def test_a_rename_never_replaces(self, ground: Ground) -> None:
        ground.lay("inbox/a.csv", b"1")
        ground.lay("archive/a.csv", b"2")
        with pytest.raises(RemoteExistsError):
            ground.remote.rename("inbox/a.csv", "archive/a.csv")
        assert {"inbox/a.csv": b"1", "archive/a.csv": b"2"} == ground.files()

    def test_a_rename_that_was_stopped_half_way_is_finished(self, ground: Ground) -> None:
        """The file has the new name, and the old one was not taken away yet."""
        ground.lay("inbox/a.csv", b"1")
        ground.lay("archive/a.csv", b"1")
        ground.remote.rename("inbox/a.csv", "archive/a.csv")
        assert {"archive/a.csv": b"1"} == ground.files()

    def test_a_rename_of_nothing_is_missing(self, ground: Ground) -> None:
        with pytest.raises(RemoteMissingError):
            ground.remote.rename("inbox/a.csv", "archive/a.csv")

    def test_a_rename_into_a_folder_that_is_not_there_keeps_the_file(self, ground: Ground) -> None:
        ground.lay("inbox/a.csv", b"1")
        with pytest.raises(RemoteMissingError):
            ground.remote.rename("inbox/a.csv", "nowhere/a.csv")
        assert {"inbox/a.csv": b"1"} == ground.files()

    def test_a_file_is_removed_once_and_gone_twice(self, ground: Ground) -> None:
        ground.lay("inbox/a.csv", b"1")
        ground.remote.remove("inbox/a.csv")
        ground.remote.remove("inbox/a.csv")
        assert {} == ground.files()

    @pytest.mark.parametrize("name", ["a b.csv", "it's “quoted”.csv", "Rechnung-Müller.csv", "%2e%2e.csv", "-rf", "*"])
    def test_a_strange_name_is_only_a_name(self, ground: Ground, name: str) -> None:
        self.put(ground, b"1", f"inbox/{name}")
        assert [name] == [entry.name for entry in ground.remote.list("inbox")]
        assert b"1" == self.fetch(ground, f"inbox/{name}")

    def test_everything_that_is_probed_works_and_leaves_nothing(self, ground: Ground) -> None:
        probes = ground.remote.probe(["inbox", "archive"])
        assert [] == [probe for probe in probes if not probe.ok]
        assert {} == ground.files()

    def test_a_probe_names_the_folder_that_is_not_there(self, ground: Ground) -> None:
        (failed,) = [probe for probe in ground.remote.probe(["inbox", "nowhere"]) if not probe.ok]
        assert "list nowhere" == failed.name
        assert "nowhere" in failed.remedy

    def test_a_closed_remote_opens_again(self, ground: Ground) -> None:
        self.put(ground, b"1")
        ground.remote.close()
        assert b"1" == self.fetch(ground, "inbox/a.csv")
