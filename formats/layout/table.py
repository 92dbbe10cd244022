"""Flat files with one type of rows: one row, one document."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, TextIO, cast

from formats import rules
from formats.findings import Finding, Source
from formats.layout.batch import Batch
from formats.layout.cells import chunks, is_trailer
from formats.layout.heading import heading, names
from formats.layout.layout import D, Layout
from formats.layout.objects import Values
from formats.layout.row import Row
from formats.layout.totals import Totals
from formats.layout.trailer import Trailer
from formats.layout.writing import csv_writer, header, lay_out, windows


class Table(Layout[D], Row):
    """A layout and its only type of rows in one class."""

    record: ClassVar[str] = "number"

    def __init_subclass__(cls) -> None:
        """A table is its own type of rows."""
        super().__init_subclass__()
        cls.rows = (cls,)

    @classmethod
    def read(cls, stream: TextIO, name: str) -> Iterator[D | Finding]:
        """Yield a document for each good row, and findings, in the order of the file."""
        trailer, batch = Trailer(name), None
        for item in chunks(stream, name, names(cls)):
            if isinstance(item, Finding):
                yield item
                continue
            lines, rows = item
            if batch is None:
                top = heading(cls, rows[0], Source(name, lines[0]), trusted=cls.trusted)
                yield from top.findings
                lines, rows = lines[1:], rows[1:]
            else:
                yield from cls.documents(batch, trailer)
            batch = Batch(top, name, cls.trusted, rows, list(lines))
        if batch is None:
            yield Finding(Source(name), rules.CSV_EMPTY, "the file has no header row")
            return
        if batch.rows and is_trailer(batch.rows[-1]):
            trailer.hold(batch.lines.pop(), batch.rows.pop())
        yield from cls.documents(batch, trailer)
        yield from trailer.check()

    @classmethod
    def documents(cls, batch: Batch, trailer: Trailer) -> Iterator[D | Finding]:
        """Yield the documents of a batch and its findings, row by row."""
        if not batch.rows:
            return
        parts, _ = batch.parts()
        cls.verify(parts, batch)
        for index, part in enumerate(parts):
            yield from batch.findings.get(index, ())
            good = index not in batch.bad
            trailer.count(part if good else None, 1)
            if good:
                yield cast("D", part)

    @classmethod
    def verify(cls, parts: list[D], batch: Batch) -> None:
        """Refuse rows whose columns contradict one another."""

    @classmethod
    def write(cls, documents: Iterable[D], stream: TextIO) -> Totals:
        """Write the header and a row for each document."""
        writer, totals = csv_writer(stream, cls.delimiter), Totals()
        writer.writerow(header(cls))
        for window in windows(documents):
            values: Values = {}
            cls.spread(window, values)
            stream.write("".join(lay_out(cls, window, (), values, cls.delimiter)))
            totals += Totals.of(window, len(window))
        if cls.summary:
            writer.writerow((cls.summary, totals.records, totals.rows))
        return totals
