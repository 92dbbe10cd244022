"""Documents as JSON text and back, exactly: amounts keep their scale, dates and text come back as they were."""

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401  (any dataclass)
    return TypeAdapter(kind)


def dump(document: object) -> str:
    """Return a dataclass as JSON text; equal documents give equal text."""
    return _adapter(cast("Any", type(document))).dump_json(document).decode()


def load(kind: type[T], text: str) -> T:
    """Return the dataclass of this kind that `dump` wrote; ValueError when the text is not one."""
    document: T = _adapter(cast("Any", kind)).validate_json(text)
    return document
