"""What may stand in a settings or schedules file, as its declaration tells: tables, keys, types, descriptions."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

WORDS = {
    str: "text",
    Path: "path",
    int: "whole number",
    float: "number",
    bool: "true or false",
    SecretStr: "secret text",
    dt.date: "date",
    dt.datetime: "date and time",
    dict: "table",
}
BOUNDS = {"ge": "from {}", "gt": "above {}", "le": "to {}", "lt": "below {}"}


@dataclass(frozen=True, slots=True)
class Key:
    """One key: ``default`` is written as TOML, "" when the key has none."""

    name: str
    type: str
    default: str
    description: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a file; ``name`` is dotted, "" for the top of the file."""

    name: str
    description: str
    keys: tuple[Key, ...]


def sections(model: type[BaseModel], name: str = "", description: str = "") -> Iterator[Section]:
    """Yield the sections of a model: its own keys first, then one section for each table below it."""
    fields = model.model_fields
    plain = tuple(_key(key, field) for key, field in fields.items() if _table(field) is None)
    yield Section(name, description or (model.__doc__ or ""), plain)
    for key, field in fields.items():
        below = _table(field)
        if below is not None:
            yield from sections(below, f"{name}.{key}".lstrip("."), field.description or "")


def items(field: FieldInfo) -> type[BaseModel] | None:
    """Return the model of a list's items, None when it is not a list of tables."""
    inner = get_args(field.annotation)[:1] if get_origin(field.annotation) is tuple else ()
    return inner[0] if inner and isinstance(inner[0], type) and issubclass(inner[0], BaseModel) else None


def as_toml(value: Any) -> str:  # noqa: ANN401  (whatever a default is)
    """Return a plain value as TOML writes it; "" for None."""
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return "[" + ", ".join(as_toml(one) for one in value) + "]"
    if isinstance(value, Path):
        value = str(value)
    return json.dumps(value, ensure_ascii=False)


def _key(name: str, field: FieldInfo) -> Key:
    default = "" if field.is_required() else as_toml(field.get_default(call_default_factory=True))
    secret = SecretStr in get_args(field.annotation)
    return Key(name, _type(field.annotation) + _bounds(field), default, field.description or "", secret=secret)


def _table(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _type(kind: Any) -> str:  # noqa: ANN401  (an annotation)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return " or ".join(_type(one) for one in arguments if one is not NoneType)
    if origin is Literal:
        return " or ".join(f'"{one}"' for one in arguments)
    if origin is tuple:
        return f"list of {_type(arguments[0])}s"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f'"{one.value}"' for one in kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "table"
    return WORDS[origin or kind]


def _bounds(field: FieldInfo) -> str:
    found = [
        words.format(f"{getattr(limit, bound):g}")
        for limit in field.metadata
        for bound, words in BOUNDS.items()
        if getattr(limit, bound, None) is not None
    ]
    return f" {' '.join(found)}" if found else ""
