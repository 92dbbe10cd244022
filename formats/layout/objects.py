"""Documents built and taken apart a column at a time.

Calling the constructor of a frozen dataclass once per row costs more than parsing the row. Filling the slots of a
thousand new objects column by column costs a third of that; the result is the same object (a test compares them).
"""

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import repeat
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
Values = dict[str, Sequence[Any]]  # a column for each field


class Slot(NamedTuple):
    """One field of a document: how to set it, and what it is when nobody does."""

    name: str
    set: Callable[[object, object], None]
    default: object
    factory: Callable[[], object] | None


@cache
def slots(cls: type) -> tuple[Slot, ...]:
    """Return the fields of a slotted dataclass, in order."""
    missing = dataclasses.MISSING
    return tuple(
        Slot(
            field.name,
            vars(cls)[field.name].__set__,
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


def fill(objects: Iterable[object], slot: Slot, values: Iterable[object]) -> None:
    """Set one field of many new objects; only their builder may do this, before it hands them out."""
    deque(map(slot.set, objects, values), maxlen=0)


def assemble(cls: type[T], count: int, values: Values) -> list[T]:
    """Return ``count`` objects whose fields are the columns of ``values``; the others have their defaults."""
    values = nest(cls, count, values)
    objects = list(map(cls.__new__, repeat(cls, count)))
    for slot in slots(cls):  # type: ignore[arg-type]  # a class is hashable, a type variable is not
        if slot.name in values:
            fill(objects, slot, values[slot.name])
        elif slot.factory:
            fill(objects, slot, [slot.factory() for _ in range(count)])
        else:
            fill(objects, slot, repeat(slot.default))
    return objects


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
