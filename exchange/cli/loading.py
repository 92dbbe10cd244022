"""Commands that are loaded when they are called: starting one costs nothing of what only the others need."""

import gc
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command


class Commands(MutableMapping[str, Any]):
    """Commands by name, each made when it is first asked for; ``places`` tells the module and function of each."""

    def __init__(self, places: Mapping[str, str], made: Mapping[str, Any]) -> None:
        self._places = {**places, **dict.fromkeys(made, "")}
        self._made = dict(made)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  (typer's own click)
        if name not in self._made:
            self._made[name] = _command(name, self._places[name])
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:  # noqa: ANN401  (typer's own click)
        self._places.setdefault(name, "")
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._places[name]
        self._made.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Loading(TyperGroup):
    """A group whose commands stand in ``places``, as "module:function" by name, besides those it is made with."""

    places: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **about: Any) -> None:  # noqa: ANN401  (whatever typer tells a group)
        super().__init__(**about)
        self.commands = Commands(self.places, self.commands)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002  (typer's own click)
        """Return the names in the order of their declaration, without loading a command."""
        return list(self.commands)


def _command(name: str, place: str) -> Any:  # noqa: ANN401  (typer's own click)
    module, _, function = place.partition(":")
    alone = typer.Typer(add_completion=False)
    alone.command(name)(getattr(import_module(f"{__package__}.{module}"), function))
    gc.freeze()  # what a module is made of is never garbage
    return get_command(alone)
