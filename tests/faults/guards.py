"""The guards of the exchange, each to be switched off, so that it shows what the harness sees."""

import io
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from exchange.batches import delivery, remittances, sending
from exchange.coupa.resources import Coupa
from exchange.ledger import files, outgoing, records
from exchange.remotes.base import Handover, Placed
from exchange.remotes.law import LawfulRemote


def switch_off(guard: str) -> None:
    """Switch a guard off in this process; "" leaves them all on."""
    if guard:
        OFF[guard]()


def _put(module: object, name: str, act: Callable[..., Any]) -> None:
    setattr(module, name, act)


def _no_fence() -> None:
    """Whoever claims gets the lease, and nobody notices that somebody else has it."""
    claim, renew = files.claim, files.renew
    _put(files, "claim", lambda tx, sha256, owner, now, _: claim(tx, sha256, owner, now, -1))
    _put(files, "renew", lambda tx, held, now, seconds: renew(tx, held, now, seconds) or held)
    _put(files, "holds", lambda tx, held: True)  # noqa: ARG005
    _put(records, "intend", lambda tx, record_id, held, now, longest: True)  # noqa: ARG005


def _no_intent() -> None:
    """Nothing is written before a request is sent, nor what it is about."""
    _put(sending, "_intend", lambda batch, work, row, what: None)  # noqa: ARG005


def _no_window() -> None:
    """An unknown outcome is looked up at once."""
    for module in (sending, delivery, remittances):
        _put(module, "is_too_early", lambda batch, row: False)  # noqa: ARG005


def _no_look_up() -> None:
    """What an earlier try may have done is not looked for."""
    _put(Coupa, "payments", lambda self, invoice_id: [])  # noqa: ARG005
    _put(delivery, "_look_up", lambda batch, invoice: None)  # noqa: ARG005


def _replacing() -> None:
    """A name that is taken is written over."""

    def clear(self: LawfulRemote, path: str, content: object, folders: object) -> None:  # noqa: ARG001
        self.remove_unasked(path)  # type: ignore[attr-defined]

    _put(LawfulRemote, "remove_unasked", lambda self, path: self._place.remove(path) if self._look(path) else None)
    _put(LawfulRemote, "_placed_before", clear)


def _in_place() -> None:
    """Bytes are written under the final name at once."""

    def put(
        self: LawfulRemote,
        source: BinaryIO,
        path: str,
        *,
        temporary: str,  # noqa: ARG001
        archive_folders: Sequence[str] = (),  # noqa: ARG001
        handover: Handover | None = None,  # noqa: ARG001
    ) -> Placed:
        content = source.read()
        self._place.write(path, io.BytesIO(content))
        return Placed(path, len(content), "")

    _put(LawfulRemote, "put", put)


def _no_last_step() -> None:
    """Nobody remembers that the rename was begun."""
    _put(outgoing, "begin", lambda tx, held, at: True)  # noqa: ARG005


OFF = {
    "fence": _no_fence,
    "intent": _no_intent,
    "window": _no_window,
    "look-up": _no_look_up,
    "no-replace rename": _replacing,
    "temporary name": _in_place,
    "last step": _no_last_step,
}
