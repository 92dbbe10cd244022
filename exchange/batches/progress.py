"""Progress as a batch tells it: to somebody who watches, or to nobody."""

from typing import Protocol


class Progress(Protocol):
    """Somebody who watches a batch."""

    def step(self, text: str) -> None:
        """A new step begins."""

    def advance(self, done: int, total: int | None, text: str) -> None:
        """Some of a step is done; ``total`` is None when nobody knows how much there is."""


class Silence:
    """Nobody watches."""

    def step(self, text: str) -> None:
        """Say nothing."""

    def advance(self, done: int, total: int | None, text: str) -> None:
        """Say nothing."""
