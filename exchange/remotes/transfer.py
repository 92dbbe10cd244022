"""Files and folders over the wire, with enough requests under way to fill the line and no more."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from exchange.remotes.faults import StatusError
from exchange.remotes.wire import Answer, Attributes, Kind, Reader, Wire, long, number, string

READ, WRITE, CREATE, TRUNCATE = 1, 2, 8, 16
ANY_SERVER_BYTES = 32768
UNDER_WAY_BYTES = 4 << 20
LISTINGS_UNDER_WAY = 16
PLAIN = number(0)
LIMITS, FSYNC = b"limits@openssh.com", b"fsync@openssh.com"


@dataclass(frozen=True, slots=True)
class Pace:
    """How many bytes one request carries; as many requests are under way as fit into 4 MiB."""

    read: int = ANY_SERVER_BYTES
    write: int = ANY_SERVER_BYTES


def agree(wire: Wire, wanted: int) -> Pace:
    """Return the largest requests that the server says it takes; 32 KiB, which every server takes, when it does not."""
    if LIMITS not in wire.extensions:
        return Pace(min(wanted, ANY_SERVER_BYTES), min(wanted, ANY_SERVER_BYTES))
    limits = wire.call(Kind.EXTENDED, string(LIMITS)).expect(Kind.EXTENDED_REPLY)
    limits.long()
    read, write = limits.long(), limits.long()
    return Pace(min(wanted, read or ANY_SERVER_BYTES), min(wanted, write or ANY_SERVER_BYTES))


def listing(wire: Wire, folder: str) -> Iterator[tuple[bytes, Attributes]]:
    """Yield the names in a folder, as the server's bytes, and what it tells about each."""
    handle = wire.call(Kind.OPENDIR, string(folder)).expect(Kind.HANDLE).string()
    asked = deque(wire.ask(Kind.READDIR, string(handle)) for _ in range(2))
    try:
        while not (answer := wire.answer(asked.popleft())).at_end():
            yield from _names(answer.expect(Kind.NAME))
            missing = min(LISTINGS_UNDER_WAY, 2 * len(asked) + 1) - len(asked)
            asked.extend(wire.ask(Kind.READDIR, string(handle)) for _ in range(missing))
    finally:
        _leave(wire, handle, asked)


def read(wire: Wire, path: str, size: int) -> Generator[bytes, None, None]:
    """Yield the bytes of a file, asking for ``size`` of them at a time.

    The number of requests under way starts at two and grows with each answer, so that a small file costs two round
    trips and a large one fills the line. A short answer is no end: the rest of its stretch is asked for again.
    """
    handle = wire.call(Kind.OPEN, string(path), number(READ), PLAIN).expect(Kind.HANDLE).string()
    stat = wire.ask(Kind.FSTAT, string(handle))
    stretches = _Stretches(wire, handle, size)
    try:
        stretches.end = _length(wire.answer(stat))
        yield from stretches
    finally:
        _leave(wire, handle, stretches.asked())


class _Stretches:
    """The parts of one file that were asked for and have not come yet, in order."""

    def __init__(self, wire: Wire, handle: bytes, size: int) -> None:
        self.end: int | None = None
        self._wire, self._handle, self._size = wire, handle, size
        self._next, self._most = 0, max(2, UNDER_WAY_BYTES // size)
        self._waiting: deque[tuple[int, int, int]] = deque()
        self._room = 2
        self._fill()

    def asked(self) -> list[int]:
        """Return the requests that nobody waits for any more."""
        return [asked for asked, _, _ in self._waiting]

    def __iter__(self) -> Iterator[bytes]:
        while self._waiting:
            asked, at, length = self._waiting.popleft()
            answer = self._wire.answer(asked)
            if answer.at_end():
                return
            block = answer.expect(Kind.DATA).string()
            yield block
            at, length = at + len(block), length - len(block)
            if length and at == self.end:
                return
            if length:
                self._waiting.appendleft((self._ask(at, length), at, length))
            self._room = min(self._room + 1, self._most)
            self._fill()

    def _fill(self) -> None:
        while len(self._waiting) < self._room and (self.end is None or self._next < self.end):
            self._waiting.append((self._ask(self._next, self._size), self._next, self._size))
            self._next += self._size

    def _ask(self, at: int, length: int) -> int:
        return self._wire.ask(Kind.READ, string(self._handle), long(at), number(length))


def write(wire: Wire, path: str, source: BinaryIO, size: int) -> None:
    """Write a file in requests of ``size`` bytes, flush it to disk where the server can, and check every answer."""
    flags = number(WRITE | CREATE | TRUNCATE)
    handle = wire.call(Kind.OPEN, string(path), flags, PLAIN).expect(Kind.HANDLE).string()
    asked: deque[int] = deque()
    try:
        _send_blocks(wire, handle, source, size, asked)
        if FSYNC in wire.extensions:
            asked.append(wire.ask(Kind.EXTENDED, string(FSYNC), string(handle)))
        asked.append(wire.ask(Kind.CLOSE, string(handle)))
        while asked:
            wire.answer(asked.popleft()).done()
    except BaseException:
        _leave(wire, handle, asked)
        raise


def _send_blocks(wire: Wire, handle: bytes, source: BinaryIO, size: int, asked: deque[int]) -> None:
    at, most = 0, max(2, UNDER_WAY_BYTES // size)
    while block := source.read(size):
        asked.append(wire.ask(Kind.WRITE, string(handle), long(at), string(block)))
        at += len(block)
        if len(asked) >= most:
            wire.answer(asked.popleft()).done()


def _length(answer: Answer) -> int | None:
    try:
        return answer.expect(Kind.ATTRS).attributes().size
    except StatusError:
        return None  # some servers know no FSTAT; the end is then where reading ends


def _names(fields: Reader) -> Iterator[tuple[bytes, Attributes]]:
    for _ in range(fields.number()):
        name = fields.string()
        fields.string()
        yield name, fields.attributes()


def _leave(wire: Wire, handle: bytes, asked: Iterable[int]) -> None:
    """Close a handle and stop caring about its requests; nobody waits for the answers."""
    for request in asked:
        wire.forget(request)
    with suppress(OSError, EOFError):
        wire.forget(wire.ask(Kind.CLOSE, string(handle)))
