"""SFTP version 3 over one SSH channel, with many requests under way at a time (draft-ietf-secsh-filexfer-02).

paramiko's own SFTP client waits for each answer, drops the errors of pipelined writes, and stops listing at a name
that is not UTF-8; this one does not. It reads from the channel whatever has arrived, which spares paramiko's buffer
from being moved again and again (the larger the window, the dearer).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from exchange.remotes.faults import StatusError

VERSION = 3
RECEIVE_BYTES = 4 << 20
LONGEST_ANSWER = 16 << 20


class Kind(IntEnum):
    """The packets of SFTP version 3 that are used here."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    RENAME = 18
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200
    EXTENDED_REPLY = 201


OK, END = 0, 1
SIZE, OWNER, MODE, TIMES, EXTRA = 1, 2, 4, 8, 0x80000000


class Channel(Protocol):
    """The part of a paramiko channel that is used."""

    def sendall(self, block: bytes) -> None:
        """Send everything."""

    def recv(self, nbytes: int) -> bytes:
        """Return what has arrived, at most so many bytes; empty at the end."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a server tells about a file; None where it tells nothing."""

    size: int | None = None
    mode: int | None = None
    mtime: float | None = None


class Reader:
    """The fields of a packet, one after the other."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def number(self) -> int:
        """Return a 32-bit number."""
        return self._unpack(">I", 4)

    def long(self) -> int:
        """Return a 64-bit number."""
        return self._unpack(">Q", 8)

    def string(self) -> bytes:
        """Return a string of bytes."""
        length = self.number()
        self._at += length
        if self._at > len(self._body):
            raise StatusError(5, "a packet is shorter than it says")
        return self._body[self._at - length : self._at]

    def attributes(self) -> Attributes:
        """Return the attributes of a file."""
        flags = self.number()
        size = self.long() if flags & SIZE else None
        if flags & OWNER:
            self.long()
        mode = self.number() if flags & MODE else None
        mtime = float(self.long() & 0xFFFFFFFF) if flags & TIMES else None
        for _ in range(self.number() * 2 if flags & EXTRA else 0):
            self.string()
        return Attributes(size, mode, mtime)

    def peek(self) -> int:
        """Return the 32-bit number that comes next, without taking it."""
        value = self.number()
        self._at -= 4
        return value

    def more(self) -> bool:
        """Return whether fields are left."""
        return self._at < len(self._body)

    def _unpack(self, form: str, size: int) -> int:
        self._at += size
        if self._at > len(self._body):
            raise StatusError(5, "a packet is shorter than it says")
        number: int = struct.unpack_from(form, self._body, self._at - size)[0]
        return number


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to one request."""

    kind: int
    fields: Reader

    def expect(self, kind: Kind) -> Reader:
        """Return the fields of an answer of this kind; StatusError when the server said something else."""
        if self.kind == kind:
            return self.fields
        if self.kind != Kind.STATUS:
            raise StatusError(5, f"the server sent packet {self.kind} where {kind.name} was expected")
        code = self.fields.number()
        raise StatusError(code, self.fields.string().decode("utf-8", "replace") if self.fields.more() else "")

    def done(self) -> None:
        """Check that the server said OK."""
        if not self._says(OK):
            self.expect(Kind.NAME)

    def at_end(self) -> bool:
        """Return whether the server said that nothing follows; other refusals are raised by ``expect``."""
        return self._says(END)

    def _says(self, code: int) -> bool:
        return self.kind == Kind.STATUS and self.fields.peek() == code


class Wire:
    """Asks, and hands each answer to whoever asked, in whatever order the answers come."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._inbound = bytearray()
        self._last = 0
        self._answers: dict[int, Answer] = {}
        self._forgotten: set[int] = set()
        self.extensions = dict(self._greet())

    def ask(self, kind: Kind, *fields: bytes) -> int:
        """Send a request and return its number, without waiting."""
        self._last += 1
        self._send(kind, number(self._last), *fields)
        return self._last

    def answer(self, asked: int) -> Answer:
        """Wait for the answer to a request."""
        while asked not in self._answers:
            self._take()
        return self._answers.pop(asked)

    def call(self, kind: Kind, *fields: bytes) -> Answer:
        """Send a request and wait for its answer."""
        return self.answer(self.ask(kind, *fields))

    def forget(self, asked: int) -> None:
        """Let the answer to a request be dropped when it comes."""
        if self._answers.pop(asked, None) is None:
            self._forgotten.add(asked)

    def _greet(self) -> Iterator[tuple[bytes, bytes]]:
        self._send(Kind.INIT, number(VERSION))
        kind, fields = self._packet()
        if kind != Kind.VERSION or fields.number() < VERSION:
            raise StatusError(5, "the server does not speak SFTP version 3")
        while fields.more():
            yield fields.string(), fields.string()

    def _take(self) -> None:
        kind, fields = self._packet()
        asked = fields.number()
        if asked in self._forgotten:
            self._forgotten.discard(asked)
        else:
            self._answers[asked] = Answer(kind, fields)

    def _send(self, kind: Kind, *fields: bytes) -> None:
        body = b"".join(fields)
        self._channel.sendall(struct.pack(">IB", len(body) + 1, kind) + body)

    def _packet(self) -> tuple[int, Reader]:
        self._fill(4)
        (length,) = struct.unpack_from(">I", self._inbound)
        if not 0 < length <= LONGEST_ANSWER:
            raise StatusError(5, f"the server announced a packet of {length} bytes")
        self._fill(4 + length)
        kind, body = self._inbound[4], bytes(memoryview(self._inbound)[5 : 4 + length])
        del self._inbound[: 4 + length]
        return kind, Reader(body)

    def _fill(self, size: int) -> None:
        while len(self._inbound) < size:
            block = self._channel.recv(RECEIVE_BYTES)
            if not block:
                raise EOFError
            self._inbound += block


def number(value: int) -> bytes:
    """Return a 32-bit number as it stands in a packet."""
    return struct.pack(">I", value)


def long(value: int) -> bytes:
    """Return a 64-bit number as it stands in a packet."""
    return struct.pack(">Q", value)


def string(value: bytes | str) -> bytes:
    """Return a string as it stands in a packet; text is UTF-8, and bytes that never were text come back as such."""
    encoded = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    return struct.pack(">I", len(encoded)) + encoded
