"""How Coupa's loader reads one cell: numbers, dates, flags; a cell that cannot be read is an upload error."""

import datetime as dt
import re
from collections.abc import Callable, Mapping

from sandbox.files.sheets import RefusedError, Row
from sandbox.store import Json

Reader = Callable[[Row, str], object]
"""Reads one column of a row; None when the cell is blank."""

_FLAGS = {"yes": True, "true": True, "y": True, "t": True, "no": False, "false": False, "n": False, "f": False}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_WHOLE = re.compile(r"\d{1,18}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?)?")


def text(row: Row, column: str) -> str | None:
    """Read a text."""
    return row[column] or None


def number(row: Row, column: str) -> str | None:
    """Read a decimal with a dot, kept as the text it is; a currency sign or a thousands separator is an error."""
    cell = row[column]
    if cell and not _NUMBER.fullmatch(cell):
        raise RefusedError(row.error(column, f"{column} is not a number"))
    return cell or None


def whole(row: Row, column: str) -> int | None:
    """Read an integer of at most 18 digits."""
    cell = row[column]
    if cell and not _WHOLE.fullmatch(cell):
        raise RefusedError(row.error(column, f"{column} is not a number"))
    return int(cell) if cell else None


def moment(row: Row, column: str) -> str | None:
    """Read ``YYYY-MM-DD`` with or without ``THH:MM:SS+HH:MM``; the text is kept."""
    cell = row[column]
    if cell and not _is_moment(cell):
        raise RefusedError(row.error(column, f"{column} is not a valid date"))
    return cell or None


def _is_moment(cell: str) -> bool:
    if not _MOMENT.fullmatch(cell):
        return False
    try:
        dt.datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True


def flag(row: Row, column: str) -> bool | None:
    """Read Yes/No, True/False, Y/N or T/F."""
    cell = row[column]
    if cell and cell.casefold() not in _FLAGS:
        raise RefusedError(row.error(column, f"{column} is not one of Yes, No"))
    return _FLAGS.get(cell.casefold())


def gather(row: Row, fields: Mapping[str, tuple[str, Reader]]) -> Json:
    """Read columns into a REST object: each goes to its dotted path, blank cells are left out."""
    found: Json = {}
    for column, (path, read) in fields.items():
        value = read(row, column)
        if value is not None:
            put(found, path, value)
    return found


def put(target: Json, path: str, value: object) -> None:
    """Set a value at a dotted path, making objects on the way."""
    *parents, last = path.split(".")
    for parent in parents:
        target = target.setdefault(parent, {})
    target[last] = value


def require(row: Row, *names: str) -> None:
    """Refuse the row when a required column is blank."""
    missing = tuple(row.error(name, f"{name} can't be blank") for name in names if not row[name])
    if missing:
        raise RefusedError(*missing)
