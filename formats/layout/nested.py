"""Flat files with several types of rows: a document is a head row and the rows that refer to it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, TextIO

from formats.findings import Finding
from formats.layout.cells import chunks
from formats.layout.gathering import Folding, Gathering
from formats.layout.heading import names
from formats.layout.layout import D
from formats.layout.objects import Values, put
from formats.layout.row import Row
from formats.layout.totals import Totals
from formats.layout.writing import csv_writer, header, lay_out, windows


class Nested(Folding[D]):
    """A layout whose first type of rows is the head of the document.

    Files may be grouped (a head row, then its rows) or ordered by row type; see Gathering for what is held in memory.
    """

    @classmethod
    def read(cls, stream: TextIO, name: str) -> Iterator[D | Finding]:
        """Yield the documents in the order in which they are complete, and findings."""
        known = set(chain.from_iterable(names(row) for row in cls.rows))
        yield from Gathering(cls, name).documents(chunks(stream, name, known))

    @classmethod
    def write(cls, documents: Iterable[D], stream: TextIO) -> Totals:
        """Write the header rows, then each document's rows together.

        Header rows are written only for the types of rows that the documents need: an instance without a feature
        refuses its row type. Of an iterator, which can be seen only once, all types are written.
        """
        used = cls.used(documents) if isinstance(documents, Collection) else cls.rows
        writer = csv_writer(stream, cls.delimiter)
        writer.writerows(header(row) for row in used)
        totals = Totals()
        for window in windows(documents):
            laid, count = cls.lay_out(window, used)
            stream.write("".join(laid))
            totals += Totals.of(window, count)
        if cls.summary:
            writer.writerow((cls.summary, totals.records, totals.rows))
        return totals

    @classmethod
    def used(cls, documents: Collection[D]) -> tuple[type[Row], ...]:
        """Return the types of rows that the documents have; always the first and its main lines."""
        main = cls.main()
        return tuple(row for row in cls.rows if row.declared() in main or any(map(row.unfold, documents)))

    @classmethod
    def main(cls) -> tuple[type[Row], ...]:
        """Return the types of rows that every file has."""
        return (cls.rows[0].declared(),)

    @classmethod
    def lay_out(cls, window: Sequence[D], used: Sequence[type[Row]]) -> tuple[Iterator[str], int]:
        """Return the lines of some documents, grouped by document, and how many there are."""
        columns, counts = [], []
        for row in used:
            unfolded = [row.unfold(document) for document in window]
            pairs = list(chain.from_iterable(unfolded))
            values: Values = {}
            parts = [part for _, part in pairs]
            if pairs:
                row.spread(parts, values)
            columns.append(
                iter(lay_out(row, parts, [links for links, _ in pairs], values, cls.delimiter)) if pairs else iter(())
            )
            counts.append([len(rows) for rows in unfolded])
        turns = ((kind, count[index]) for index in range(len(window)) for kind, count in enumerate(counts))
        laid = chain.from_iterable(islice(columns[kind], count) for kind, count in turns)
        return laid, sum(map(sum, counts))


def flatten(head: Any, name: str, parts: Iterable[Mapping[str, str]]) -> None:  # noqa: ANN401  (any document)
    """Keep rows that documents have no field for in ``other``, such as "Tag[1].Name"."""
    for number, part in enumerate(filter(None, parts), 1):
        put(head, other={**head.other, **{f"{name}[{number}].{column}": text for column, text in part.items()}})


def unflatten(other: Mapping[str, str], name: str) -> list[dict[str, str]]:
    """Return the rows that ``flatten`` kept."""
    found: dict[int, dict[str, str]] = {}
    for key, text in other.items():
        start, bracket, rest = key.partition("[")
        number, close, column = rest.partition("].")
        if start == name and bracket and close and number.isdecimal():
            found.setdefault(int(number), {})[column] = text
    return [found[number] for number in sorted(found)]
