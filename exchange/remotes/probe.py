"""What `exchange check` tries on a partner, in the order in which the exchange will need it."""

import io
from collections.abc import Callable, Iterator, Sequence

from exchange.errors import ExchangeError, RemoteError
from exchange.remotes.base import Probe
from exchange.remotes.place import Place

CONTENT = b"exchange check\n"
NAME, OTHER = ".exchange-check-a.part", ".exchange-check-b.part"


def probe(place: Place, folders: Sequence[str], temporary: str) -> Sequence[Probe]:
    """Return how each attempt went; what cannot be tried any more after a failure is left out."""
    opening = place.opening()
    if not all(step.ok for step in opening):
        return opening
    listed = [_list(place, folder) for folder in dict.fromkeys([*folders, temporary])]
    return [*opening, *listed, *_write_and_rename(place, temporary)]


def _list(place: Place, folder: str) -> Probe:
    def act() -> str:
        return f"{len(place.listing(folder))} entries in {folder or 'the root folder'}"

    return attempt(f"list {folder}", act, f"Check that the folder {folder!r} exists and may be listed.")


def _write_and_rename(place: Place, temporary: str) -> Iterator[Probe]:
    one, other = (f"{temporary.rstrip('/')}/{name}" if temporary else name for name in (NAME, OTHER))
    wrote = attempt("write", lambda: _write(place, one), f"Ask for the right to create files in {temporary!r}.")
    yield wrote
    if not wrote.ok:
        return
    yield attempt("read back", lambda: _read(place, one), "Without it, uploads are compared by size alone.")
    yield attempt("rename keeps what is there", lambda: _refuses(place, one, other), "Use names that never repeat.")
    yield attempt("remove", lambda: _remove(place, one, other), f"Ask for the right to delete in {temporary!r}.")


def attempt(name: str, act: Callable[[], str], remedy: str) -> Probe:
    """Do one thing and tell how it went."""
    try:
        return Probe(name, ok=True, message=act())
    except ExchangeError as error:
        return Probe(name, ok=False, message=str(error), remedy=remedy)


def _write(place: Place, path: str) -> str:
    place.write(path, io.BytesIO(CONTENT))
    return f"wrote {len(CONTENT)} bytes to {path}"


def _read(place: Place, path: str) -> str:
    if b"".join(place.read(path)) != CONTENT:
        raise RemoteError(f"{path} came back with other bytes than were written")
    return "the same bytes came back"


def _refuses(place: Place, one: str, other: str) -> str:
    place.write(other, io.BytesIO(CONTENT))
    try:
        place.rename(one, other)
    except RemoteError:
        return "a rename onto an existing name is refused"
    raise RemoteError("a rename replaced an existing file without a word")


def _remove(place: Place, one: str, other: str) -> str:
    for path in (one, other):
        if place.look(path) is not None:
            place.remove(path)
    return "removed both files"
