"""Coupa's CSV dialect: RFC 4180, UTF-8 without BOM; written with every field quoted and every row equally wide.

Reading is by column name. A file with several row types has one schema row for each, whose first cell is the row
type's keyword, as the rows below it have. A trailing asterisk in a column name is no part of it; upper and lower case
are told apart (inferred: Coupa does not say). An unknown column refuses the whole file, under the misleading sentence
that Coupa's supplier pages document for it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MAX_ROWS = 5000
EMPTY = "The uploaded file is empty, please check its content."
CORRUPT = "Row corrupt or invalid."

Columns = Mapping[str, Sequence[str]]
"""The known columns of each row type; '' is the row type of a file that has only one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadError:
    """One row that Coupa could not load; ``row`` counts the file's rows from 1, headers included."""

    row: int
    messages: tuple[str, ...]
    first_column: str = ""
    field: str = ""
    value: str = ""


class RefusedError(Exception):
    """The file or the record cannot be loaded, for the upload errors it carries."""

    def __init__(self, *errors: UploadError) -> None:
        super().__init__("; ".join(message for error in errors for message in error.messages))
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a file: its number in the file, its row type and its cells by column name."""

    number: int
    type: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the cell without surrounding blanks; '' where the column is missing."""
        return self.cells.get(column, "").strip()

    def error(self, field: str, *messages: str) -> UploadError:
        """Return an upload error about one field of this row."""
        first = self.type or next(iter(self.cells.values()), "")
        return UploadError(row=self.number, first_column=first, field=field, value=self[field], messages=messages)


def read_sheet(content: bytes, known: Columns) -> list[Row]:
    """Return the rows of a CSV file; RefusedError when the file as a whole cannot be loaded."""
    try:
        rows = [(number, cells) for number, cells in enumerate(_cells(content), 1) if any(cells)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedError(UploadError(row=1, messages=(CORRUPT, str(error)))) from None
    found = list(_typed(rows, known) if "" not in known else _plain(rows, known[""]))
    if not found:
        raise RefusedError(UploadError(row=1, messages=(EMPTY,)))
    if len(found) > MAX_ROWS:
        raise RefusedError(UploadError(row=1, messages=(f"The file has more than {MAX_ROWS} rows.",)))
    return found


def write_sheet(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as a CSV file, each padded to the widest."""
    found = [list(row) for row in rows]
    width = max((len(row) for row in found), default=0)
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([*row, *[""] * (width - len(row))] for row in found)
    return text.getvalue().encode()


def _cells(content: bytes) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)


def _plain(rows: Sequence[tuple[int, list[str]]], known: Sequence[str]) -> Iterator[Row]:
    if rows:
        number, names = rows[0]
        header = _header(number, "", names, known)
        yield from (_row(number, "", header, cells) for number, cells in rows[1:])


def _typed(rows: Sequence[tuple[int, list[str]]], known: Columns) -> Iterator[Row]:
    headers: dict[str, list[str]] = {}
    for number, cells in rows:
        kind = cells[0].strip()
        if kind not in known:
            raise RefusedError(_invalid_header(number, kind, kind))
        if kind in headers:
            yield _row(number, kind, headers[kind], cells)
        else:
            headers[kind] = _header(number, kind, cells, (kind, *known[kind]))


def _header(number: int, kind: str, cells: Sequence[str], known: Sequence[str]) -> list[str]:
    names = [cell.strip().removesuffix("*") for cell in cells]
    while names and not names[-1]:
        names.pop()
    allowed = {name.removesuffix("*") for name in known}
    for name in names:
        if name not in allowed:
            raise RefusedError(_invalid_header(number, kind or names[0], name))
    return names


def _invalid_header(number: int, kind: str, name: str) -> UploadError:
    sentence = f'The column header "{kind}" is not valid.'
    return UploadError(row=number, first_column=kind, field=kind, value=name, messages=(sentence,))


def _row(number: int, kind: str, header: Sequence[str], cells: Sequence[str]) -> Row:
    if any(cells[len(header) :]):
        raise RefusedError(UploadError(row=number, first_column=kind, messages=(CORRUPT,)))
    return Row(number=number, type=kind, cells=dict(zip(header, cells, strict=False)))
