"""A proof: one thing that `exchange check` tried, how it came out, and what to do about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from exchange.errors import ExchangeError


class State(StrEnum):
    """How a proof came out."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was tried: about whom, what, how it came out, and what to do about it."""

    about: str
    what: str
    state: State
    message: str
    remedy: str = ""
    exit_code: int = 0


def exit_code(proofs: Sequence[Proof]) -> int:
    """Return the exit code of the worst: the highest one, 0 when nothing failed."""
    return max((proof.exit_code for proof in proofs), default=0)


def failed(about: str, what: str, error: ExchangeError, remedy: str) -> Proof:
    """Return the proof of what went wrong, with the exit code that goes with it."""
    return Proof(about, what, State.FAILED, str(error), remedy, error.exit_code)


def attempt(about: str, what: str, act: Callable[[], str], remedy: str) -> Proof:
    """Do one thing and tell how it went; what goes wrong with the world is told, everything else is raised."""
    try:
        return Proof(about, what, State.OK, act())
    except ExchangeError as error:
        return failed(about, what, error, remedy)
