"""Documents built and taken apart a column at a time.

Calling the constructor of a frozen dataclass once per row costs more than parsing the row. A twin class of the same
slots that is not frozen is filled at a fifth of that and then becomes the document (a test compares the two).
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import repeat
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, cast

T = TypeVar("T")
Values = dict[str, Sequence[Any]]  # a column for each field


class Slot(NamedTuple):
    """One field of a document, and what it is when nobody sets it."""

    name: str
    default: object
    factory: Callable[[], object] | None


@cache
def slots(cls: type) -> tuple[Slot, ...]:
    """Return the fields of a slotted dataclass, in order."""
    missing = dataclasses.MISSING
    return tuple(
        Slot(
            field.name,
            None if field.default is missing else field.default,
            None if field.default_factory is missing else field.default_factory,
        )
        for field in dataclasses.fields(cls)
    )


@cache
def defaults(cls: type) -> Mapping[str, object]:
    """Return the fields that have a plain default, with nested dataclasses as dotted names."""
    plain = {field.name: field.default for field in dataclasses.fields(cls) if field.default is not dataclasses.MISSING}
    nested = {
        f"{name}.{inner}": value
        for name, part in plain.items()
        if dataclasses.is_dataclass(part)
        for inner, value in defaults(part.__class__).items()
    }
    return plain | nested


@cache
def needed(cls: type | None) -> frozenset[str]:
    """Return the fields that have no default."""
    missing = dataclasses.MISSING
    fields = dataclasses.fields(cls) if cls else ()
    return frozenset(field.name for field in fields if field.default is missing and field.default_factory is missing)


BUILDER = """
def build({columns}):
    made = []
    add = made.append
    for {cells} in zip({columns}):
        new = Twin()
        {fill}
        new.__class__ = cls
        add(new)
    return made
"""


@cache
def builder(cls: type) -> Callable[..., list[Any]]:
    """Return a function from a column for each field, in order, to the objects; it is written for the class.

    Classes of the same slots may change places (Python: data model, assignment to __class__).
    """
    names = [slot.name for slot in slots(cls)]
    text = BUILDER.format(
        columns=", ".join(names),
        cells=", ".join(f"{name}_" for name in names) + ",",
        fill="; ".join(f"new.{name} = {name}_" for name in names),
    )
    scope: dict[str, Any] = {"cls": cls, "Twin": type(cls.__name__, (), {"__slots__": tuple(names)})}
    exec(text, scope)  # noqa: S102  (the names are fields of our own classes)
    return cast("Callable[..., list[Any]]", scope["build"])


def assemble(cls: type[T], count: int, values: Values) -> list[T]:
    """Return ``count`` objects whose fields are the columns of ``values``; the others have their defaults."""
    values = nest(cls, count, values)
    columns = [values[slot.name] if slot.name in values else default(slot, count) for slot in slots(cls)]  # type: ignore[arg-type]  # a class is hashable, a type variable is not
    return builder(cls)(*columns)  # type: ignore[arg-type]  # the same


def default(slot: Slot, count: int) -> Iterable[object]:
    """Return a column of a field that nobody sets."""
    if slot.factory is dict:
        return [{} for _ in range(count)]
    return [slot.factory() for _ in range(count)] if slot.factory else repeat(slot.default, count)


def nest(cls: type, count: int, values: Values) -> Values:
    """Return the columns with dotted names ("address.city") gathered into objects of their own."""
    parts: dict[str, Values] = {}
    for path in values:
        outer, dot, inner = path.partition(".")
        if dot:
            parts.setdefault(outer, {})[inner] = values[path]
    kinds = {outer: type(defaults(cls)[outer]) for outer in parts}
    return values | {outer: assemble(kinds[outer], count, columns) for outer, columns in parts.items()}


def put(document: object, **values: object) -> None:
    """Set fields of a frozen document that its builder has not handed out yet."""
    for name, value in values.items():
        object.__setattr__(document, name, value)


def take(path: str, objects: Sequence[object]) -> list[Any]:
    """Return one field, dotted where nested, of many objects."""
    return list(map(attrgetter(path), objects))
