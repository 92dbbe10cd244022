"""Work in processes: results in order, and an item that crashes its process or takes too long fails alone."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import local
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
AHEAD = 4
GRACE = 5.0


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no result for an item."""

    why: str


class Crew(Generic[T, R]):
    """A process for each of ``size`` threads; ``prepare`` runs in each process and returns what does the work.

    No more than a few items for each process are under way at once, whatever their number.
    """

    def __init__(self, prepare: Callable[[], Callable[[T], R]], size: int, seconds: float) -> None:
        self._prepare = prepare
        self._size = size
        self._seconds = seconds
        self._mine = local()
        self._hands: list[_Hand] = []

    def map(self, items: Iterable[T]) -> Iterator[R | Failed]:
        """The results in the order of the items."""
        waiting: deque[Future[R | Failed]] = deque()
        with ThreadPoolExecutor(self._size) as threads:
            try:
                for item in items:
                    waiting.append(threads.submit(self._work, item))
                    if len(waiting) >= AHEAD * self._size:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()
                for hand in self._hands:
                    hand.end()

    def _work(self, item: T) -> R | Failed:
        hand: _Hand | None = getattr(self._mine, "hand", None)
        if hand is None or not hand.process.is_alive():
            hand = self._mine.hand = _Hand.started(self._prepare)
            self._hands.append(hand)
        return hand.work(item, self._seconds)


@dataclass(frozen=True, slots=True)
class _Hand:
    """One process and the line to it."""

    process: SpawnProcess
    line: Connection

    @classmethod
    def started(cls, prepare: Callable[[], Callable[[T], R]]) -> "_Hand":
        # spawned, not forked: the engines of the parent hold threads and locks
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(prepare, theirs), daemon=True)
        process.start()
        theirs.close()
        with suppress(EOFError):  # one that ends while it prepares itself is told of with the item
            ours.recv()
        return cls(process, ours)

    def work(self, item: T, seconds: float) -> R | Failed:
        try:
            self.line.send(item)
            if self.line.poll(seconds):
                return self.line.recv()  # type: ignore[no-any-return]
            why = f"it took longer than {seconds:g} seconds"
        except (EOFError, OSError):
            self.process.join(GRACE)
            why = f"its process ended with {self.process.exitcode}"
        self.end()
        return Failed(why)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.line.close()


def _serve(prepare: Callable[[], Callable[[T], R]], line: Connection) -> None:
    work = prepare()
    line.send(None)
    while True:
        try:
            item = line.recv()
        except EOFError:
            return
        line.send(work(item))
