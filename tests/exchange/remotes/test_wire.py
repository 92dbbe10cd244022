"""SFTP packets: what the wire makes of servers that answer late, short, wrong or not at all."""

import io
import struct
from collections.abc import Callable

import pytest

from exchange.remotes import transfer
from exchange.remotes.faults import StatusError
from exchange.remotes.wire import Kind, Reader, Wire, long, number, string

Reply = list[tuple[int, bytes]]
Handler = Callable[[int, bytes, Reader], Reply]


class Scripted:
    """A channel to a server that is one function: it gets a request and returns packets."""

    def __init__(self, handler: Handler, extensions: bytes = b"") -> None:
        self.handler, self.extensions = handler, extensions
        self.inbox = b""
        self.requests: list[int] = []

    def sendall(self, block: bytes) -> None:
        kind, body = block[4], block[5:]
        self.requests.append(kind)
        if kind == Kind.INIT:
            replies = [(int(Kind.VERSION), number(3) + self.extensions)]
        else:
            replies = self.handler(kind, body[:4], Reader(body[4:]))
        for answer, content in replies:
            self.inbox += struct.pack(">IB", len(content) + 1, answer) + content

    def recv(self, nbytes: int) -> bytes:
        block, self.inbox = self.inbox[:nbytes], self.inbox[nbytes:]
        return block


def status(asked: bytes, code: int, text: str = "") -> Reply:
    return [(Kind.STATUS, asked + number(code) + string(text) + string("en"))]


def silent(*_: object) -> Reply:
    return []


def handing(_: int, asked: bytes, __: Reader) -> Reply:
    return [(Kind.HANDLE, asked + string("h"))]


class OneFile:
    """A server of one file that reads at most ``most`` bytes at a time and fails writes behind ``room`` bytes."""

    def __init__(self, content: bytes = b"", most: int = 1 << 20, room: int = 1 << 30) -> None:
        self.content, self.most, self.room = bytearray(content), most, room

    def __call__(self, kind: int, asked: bytes, fields: Reader) -> Reply:
        if kind == Kind.OPEN:
            return [(Kind.HANDLE, asked + string("h"))]
        if kind in {Kind.READ, Kind.WRITE}:
            fields.string()
            return self._read(asked, fields) if kind == Kind.READ else self._write(asked, fields)
        return status(asked, 0 if kind == Kind.CLOSE else 8)

    def _read(self, asked: bytes, fields: Reader) -> Reply:
        at, length = fields.long(), fields.number()
        block = bytes(self.content[at : at + min(length, self.most)])
        return [(Kind.DATA, asked + string(block))] if block else status(asked, 1)

    def _write(self, asked: bytes, fields: Reader) -> Reply:
        at, block = fields.long(), fields.string()
        if at + len(block) > self.room:
            return status(asked, 4, "No space left on device")
        self.content[at : at + len(block)] = block
        return status(asked, 0)


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 20, 95, 1000])
@pytest.mark.parametrize("most", [1, 3, 10, 100])
def test_short_answers_make_no_short_files(size: int, most: int) -> None:
    content = bytes(number % 251 for number in range(size))
    assert content == b"".join(transfer.read(Wire(Scripted(OneFile(content, most))), "a", 10))


def test_answers_may_come_in_any_order() -> None:
    held: Reply = []

    def late(kind: int, asked: bytes, fields: Reader) -> Reply:
        held[:0] = OneFile(b"0123456789" * 3)(kind, asked, fields)
        if kind == Kind.READ and len(held) < 2:
            return []
        replies, held[:] = list(held), []
        return replies

    assert b"0123456789" * 3 == b"".join(transfer.read(Wire(Scripted(late)), "a", 30))


def test_a_disk_that_is_full_at_the_last_byte_is_noticed() -> None:
    server = OneFile(room=99)
    with pytest.raises(StatusError, match="No space"):
        transfer.write(Wire(Scripted(server)), "a", io.BytesIO(b"x" * 100), 10)


def test_a_file_is_closed_when_writing_failed() -> None:
    channel = Scripted(OneFile(room=0))
    with pytest.raises(StatusError):
        transfer.write(Wire(channel), "a", io.BytesIO(b"x"), 10)
    assert Kind.CLOSE in channel.requests


def test_a_wire_is_of_use_after_a_reading_was_left() -> None:
    wire = Wire(Scripted(OneFile(b"0123456789" * 10)))
    blocks = transfer.read(wire, "a", 10)
    next(blocks)
    blocks.close()
    assert b"0123456789" * 10 == b"".join(transfer.read(wire, "a", 10))


def test_a_server_that_does_not_tell_its_limits_gets_small_requests() -> None:
    assert transfer.Pace(32768, 32768) == transfer.agree(Wire(Scripted(OneFile())), 261120)


def test_a_server_that_tells_its_limits_is_believed() -> None:
    def limits(kind: int, asked: bytes, fields: Reader) -> Reply:
        assert (Kind.EXTENDED, b"limits@openssh.com") == (kind, fields.string())
        return [(Kind.EXTENDED_REPLY, asked + long(262144) + long(65536) + long(0) + long(100))]

    wire = Wire(Scripted(limits, string("limits@openssh.com") + string("1")))
    assert transfer.Pace(65536, 32768) == transfer.agree(wire, 261120)


@pytest.mark.parametrize(
    "noise",
    [
        b"\xff\xff\xff\xff\x65",
        b"\0\0\0\0",
        b"\0\0\0\x05\x65\0\0\0",
        b"SSH-2.0 this account is not available",
        b"",
    ],
)
def test_noise_is_not_taken_for_an_answer(noise: bytes) -> None:
    channel = Scripted(silent)
    wire = Wire(channel)
    channel.inbox = noise
    with pytest.raises((StatusError, EOFError)):
        wire.call(Kind.LSTAT, string("a"))


def test_an_answer_of_another_kind_is_refused() -> None:
    wire = Wire(Scripted(handing))
    with pytest.raises(StatusError):
        wire.call(Kind.LSTAT, string("a")).expect(Kind.ATTRS)


def test_a_handle_is_not_ok() -> None:
    wire = Wire(Scripted(handing))
    with pytest.raises(StatusError):
        wire.call(Kind.RENAME, string("a"), string("b")).done()


def test_attributes_of_every_flag_are_read() -> None:
    flags = number(1 | 2 | 4 | 8 | 0x80000000)
    packed = flags + long(5) + number(0) + number(0) + number(0o100644) + number(7) + number(9)
    attributes = Reader(packed + number(1) + string("k") + string("v") + number(1)).attributes()
    assert (5, 0o100644, 9.0) == (attributes.size, attributes.mode, attributes.mtime)


def test_a_server_of_another_protocol_is_refused() -> None:
    class Old(Scripted):
        def sendall(self, _: bytes) -> None:
            self.inbox = b"\0\0\0\x05\x02\0\0\0\x02"

    with pytest.raises(StatusError, match="version 3"):
        Wire(Old(OneFile()))
