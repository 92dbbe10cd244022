"""What every layout can do: read, write, check, and tell its columns."""

import io
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar, Generic, NamedTuple, TextIO, TypeVar

from formats.findings import Finding
from formats.layout.row import Row
from formats.layout.totals import Totals

D = TypeVar("D")


class Described(NamedTuple):
    """One line of a layout's documentation."""

    row: str
    position: int
    column: str
    kind: str
    required: bool
    field: str


class Layout(ABC, Generic[D]):
    """A flat file: ``name`` is its permanent name, ``rows`` are its types of rows.

    ``trusted`` files are written by Coupa itself: the sizes of cells, and cells without a field, are not checked,
    because the published types of its exports have errors. ``delimiter`` parts the fields that are written; with a
    word for ``summary`` the last row says how many records and rows there are.
    """

    name: ClassVar[str] = ""
    trusted: ClassVar[bool] = False
    rows: ClassVar[tuple[type[Row], ...]] = ()
    delimiter: ClassVar[str] = ","
    summary: ClassVar[str] = ""

    @classmethod
    @abstractmethod
    def read(cls, stream: TextIO, name: str) -> Iterator[D | Finding]:
        """Yield the documents of a stream opened with newline="", and a finding for whatever is wrong.

        A document with an error among its findings is not yielded; the findings carry its number as ``record``.
        They may come after other documents: look at all of a file's findings before acting on it.
        """

    @classmethod
    @abstractmethod
    def write(cls, documents: Iterable[D], stream: TextIO) -> Totals:
        """Write the documents to a stream opened with newline="" and return their control totals.

        Every field is quoted and lines end in CR LF (RFC 4180 §2.1: Coupa follows it; a bare LF is not in the RFC).
        The stream should be UTF-8 without a byte order mark.
        """

    @classmethod
    def check(cls, documents: Iterable[D], name: str = "") -> Iterator[Finding]:
        """Yield what a strict reader would say of the documents once they are written."""
        stream = io.StringIO(newline="")
        cls.write(documents, stream)
        stream.seek(0)
        yield from (item for item in cls.read(stream, name or cls.name) if isinstance(item, Finding))

    @classmethod
    def columns(cls) -> Iterator[Described]:
        """Yield the columns of each type of rows, as Coupa's template has them and what each fills."""
        for row in cls.rows:
            for position, column in enumerate(row.written(), 1):
                place = column.to or (f"-> {column.link}" if column.link else "")
                yield Described(row.keyword, position, column.name, column.kind, column.required, place)
