"""Rows of several types brought together into documents, while the file streams by."""

from abc import abstractmethod
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar, Generic, NamedTuple, cast

from formats import rules
from formats.findings import Finding, Rule, Source
from formats.layout.batch import Batch, Child, Children
from formats.layout.cells import Cells, is_trailer
from formats.layout.heading import Heading, fold, heading, likeness
from formats.layout.layout import D, Layout
from formats.layout.row import Row
from formats.layout.trailer import Trailer

WINDOW = 5_000  # rows held before documents are handed out: what Coupa takes in one file
HELD = 2_000_000  # rows of documents that are not complete yet: the limit for hostile or endless files
TYPE_NAMES = frozenset({"type", "record type"})  # first cells of the header rows of Coupa's exports


class Complaint(NamedTuple):
    """A row that finds no place in its document."""

    line: int
    message: str


class Folding(Layout[D]):
    """What a layout with several types of rows says about its files; the first type is the head.

    ``schema_first``: each header row begins with its row type's keyword (imports), not with "type" (exports).
    """

    schema_first: ClassVar[bool] = True

    @classmethod
    @abstractmethod
    def identity(cls, head: D) -> tuple[str, str, str]:
        """Return what rows refer to a head by: its number or id, and its supplier's number and name."""

    @classmethod
    @abstractmethod
    def fold(cls, head: D, children: Mapping[type[Row], Children]) -> Iterator[Complaint]:
        """Put the rows of a document into its head; yield (line, message) for each that finds no place."""


@dataclass(slots=True, eq=False)
class Whole:
    """A document on its way: its head, the rows so far, and whether it may be yielded."""

    head: Any
    line: int
    key: tuple[str, str, str]
    record: str
    bad: bool
    children: dict[type[Row], Children] = field(default_factory=dict)

    def add(self, row: type[Row], rows: Children) -> None:
        """Add rows of one type behind those that are there."""
        if row in self.children:
            self.children[row].extend(rows)
        else:
            self.children[row] = rows


class Gathering(Generic[D]):
    """Takes rows, converts them a batch at a time, and yields documents once they are complete.

    Files of up to WINDOW rows may have any order: all is held until the end. In longer files a document with rows is
    complete when WINDOW rows are held and a new head begins, so memory stays flat where files are grouped by document.
    Where they are ordered by row type no head follows a row, and all is held, up to HELD rows.
    """

    def __init__(self, layout: type[Folding[D]], file: str) -> None:
        self.layout, self.file = layout, file
        self.trailer = Trailer(file)
        self.headings: dict[type[Row], Heading] = {}
        self.batches: dict[str, Batch] = {}
        self.kinds = {fold(name): row for row in layout.rows for name in (row.keyword, *row.synonyms) if name}
        self.bare: type[Row] | None = None
        self.order: list[tuple[Batch, int]] = []
        self.open: dict[str, list[Whole]] = {}
        self.last: Whole | None = None
        self.grouped = True
        self.held = 0

    def documents(self, source: Iterable[Cells | Finding]) -> Iterator[D | Finding]:
        """Yield the documents of rows, and findings on rows that could not be read among them."""
        for item in source:
            if isinstance(item, Finding):
                yield from self.damaged(item)
                continue
            yield from self.take(item)
            yield from self.flush()
            if self.held > HELD:
                yield Finding(Source(self.file), rules.CSV_TOO_MANY_ROWS, f"more than {HELD} rows are incomplete")
                return
        yield from self.finish()

    def take(self, cells: Cells) -> Iterator[D | Finding]:
        """Sort rows by their types, run by run."""
        first = 0
        for word, run in groupby(cells.rows, key=itemgetter(0)):
            last = first + len(list(run))
            while first < last and (batch := self.batches.get(word)) is None:
                if (yield from self.other(cells.lines[first], cells.rows[first])) is None:
                    first += 1
            if first < last and batch:
                batch.rows += cells.rows[first:last]
                batch.lines += cells.lines[first:last]
                self.order.append((batch, last - first))
            first = last

    def other(self, line: int, cells: list[str]) -> Generator[D | Finding, None, Batch | None]:
        """Take a row whose first cell was not seen before; return its batch when it is a row of data."""
        word, source = fold(cells[0]), Source(self.file, line)
        row = self.kinds.get(word)
        if top := self.header_of(word, cells):
            yield from self.flush()
            yield from self.header(heading(top, cells, source, trusted=self.layout.trusted))
        elif is_trailer(cells):
            self.trailer.hold(line, cells)
        elif row or self.bare:
            row = row or self.bare
            if row in self.headings:
                return self.batches.setdefault(cells[0], self.batch(row))
            yield from self.unknown(line, cells, f"{cells[0]!r} has no header row")
        else:
            yield from self.unknown(line, cells, f"{cells[0][:40]!r} is no row type of this layout")
        return None

    def header_of(self, word: str, cells: list[str]) -> type[Row] | None:
        """Return the row type whose header row this is, if it is one."""
        row = self.kinds.get(word)
        if self.layout.schema_first:
            return row if row and row not in self.headings and likeness(row, cells) > 0 else None
        if word in TYPE_NAMES:
            return max((row for row in self.layout.rows if row.keyed()), key=lambda row: likeness(row, cells))
        bare = next((row for row in self.layout.rows if not row.keyed()), None)
        return bare if bare and fold(bare.fields[0].name) == word and likeness(bare, cells) > 0 else None

    def header(self, top: Heading) -> Iterator[Finding]:
        """Take a header row: what follows is read by it."""
        self.headings[top.row] = top
        self.batches = {word: batch for word, batch in self.batches.items() if batch.heading.row is not top.row}
        self.bare = None if top.row.keyed() else top.row
        yield from top.findings

    def batch(self, row: type[Row]) -> Batch:
        """Return the batch of a row type."""
        known = (batch for batch in self.batches.values() if batch.heading.row is row)
        return next(known, None) or Batch(self.headings[row], self.file, self.layout.trusted)

    def flush(self) -> Iterator[D | Finding]:
        """Convert the rows taken since the last time, and place them in the order of the file, run by run."""
        order, self.order = self.order, []
        ready = {batch: batch.children() for batch in dict.fromkeys(batch for batch, _ in order)}
        start = dict.fromkeys(ready, 0)
        for batch, count in order:
            first, last = start[batch], start[batch] + count
            start[batch] = last
            self.held += count
            if batch.heading.row is self.layout.rows[0]:
                for index in range(first, last):
                    yield from self.begin(ready[batch], batch, index)
            else:
                yield from self.place(ready[batch].between(first, last), batch, first)
        for batch in ready:
            batch.clear()

    def place(self, children: Children, batch: Batch, first: int) -> Iterator[Finding]:
        """Give rows of one type, which follow one another, to their documents."""
        row, begin = batch.heading.row.declared(), 0
        for links, alike in groupby(children.links):
            end = begin + len(list(alike))
            own = children.between(begin, end) if end - begin < len(children) else children
            rows = range(first + begin, first + end)
            begin = end
            if batch.findings:
                yield from batch.told(rows.start, rows.stop)
            whole = self.owner(batch.heading.links, links)
            self.grouped = self.grouped and whole is self.last
            if whole is None:
                self.held -= len(own)
                yield from map(self.orphan, own, map(batch.record, rows))
            else:
                whole.add(row, own)
                whole.bad = whole.bad or not batch.bad.isdisjoint(rows)

    def orphan(self, child: Child, record: str) -> Finding:
        """Return the finding for a row that belongs to no document."""
        return self.finding(rules.CSV_ORPHAN_ROW, child.line, f"{record!r} has no open document", record)

    def begin(self, heads: Children, batch: Batch, index: int) -> Iterator[D | Finding]:
        """Open a document; when enough rows wait, those that have rows already are complete."""
        if batch.findings:
            yield from batch.told(index, index + 1)
        if self.held > WINDOW and (self.last is None or self.last.children):
            yield from self.complete(only_with_rows=True)
        head, line = heads.parts[index], heads.lines[index]
        key = self.layout.identity(head)
        whole = Whole(head, line, key, batch.record(index), index in batch.bad)
        alike = self.open.setdefault(key[0], [])
        for twin in [twin for twin in alike if twin.key == key] if alike else ():
            if twin.children:
                alike.remove(twin)
                yield from self.close(twin)
            else:
                whole.bad = twin.bad = True
                yield self.finding(rules.CSV_RECORD_REPEATED, line, f"also in line {twin.line}", whole.record)
        self.grouped = self.grouped and (self.last is None or bool(self.last.children))
        alike.append(whole)
        self.last = whole

    def owner(self, names: Sequence[str], links: Sequence[str]) -> Whole | None:
        """Return the one open document that a row refers to; a row that names none belongs to the last."""
        told = dict(zip(names, links, strict=True))
        if "document" not in told:
            return self.last
        found = [whole for whole in self.open.get(told["document"], ()) if agrees(whole, told)]
        return found[0] if len(found) == 1 else None

    def complete(self, *, only_with_rows: bool) -> Iterator[D | Finding]:
        """Yield the documents that are complete, in the order of their heads."""
        wholes = [whole for wholes in self.open.values() for whole in wholes]
        self.open = {}
        for whole in wholes:
            if whole.children or not only_with_rows:
                yield from self.close(whole)
            else:
                self.open.setdefault(whole.key[0], []).append(whole)

    def close(self, whole: Whole) -> Iterator[D | Finding]:
        """Yield a document, or what is wrong with its rows."""
        size = 1 + sum(map(len, whole.children.values()))
        for line, message in self.layout.fold(whole.head, whole.children):
            whole.bad = True
            yield self.finding(rules.CSV_ORPHAN_ROW, line, message, whole.record)
        self.trailer.count(None if whole.bad else whole.head, size)
        self.held -= size
        if not whole.bad:
            yield cast("D", whole.head)

    def damaged(self, broken: Finding) -> Iterator[D | Finding]:
        """Report rows that could not be read, and every document that may have lost some of them.

        As long as each head had its rows right behind it, that is the last document only.
        """
        yield from self.flush()
        yield broken
        everyone = [whole for wholes in self.open.values() for whole in wholes]
        for whole in [self.last] if self.last and self.grouped else everyone:
            whole.bad = True
            yield Finding(broken.source, broken.rule, "rows of this document may be lost", whole.record)

    def unknown(self, line: int, cells: list[str], message: str) -> Iterator[D | Finding]:
        """Report a row of no known type; in a partner's file its document is not complete without it."""
        yield from self.flush()
        if self.layout.trusted:
            yield self.finding(rules.CSV_ROW_IGNORED, line, message, "")
            return
        named = self.open.get(cells[1].strip() if len(cells) > 1 else "", ())
        for whole in named or ([self.last] if self.last else ()):
            whole.bad = True
        record = next((whole.record for whole in named), self.last.record if self.last else "")
        yield self.finding(rules.CSV_ROW_TYPE, line, message, record)

    def finish(self) -> Iterator[D | Finding]:
        """Yield what is left at the end of the file."""
        if not self.headings:
            yield Finding(Source(self.file), rules.CSV_EMPTY, "the file has no header row")
        yield from self.flush()
        yield from self.complete(only_with_rows=False)
        yield from self.trailer.check()

    def finding(self, rule: Rule, line: int, message: str, record: str) -> Finding:
        """Return a finding on a line."""
        return Finding(Source(self.file, line), rule, message, record)


def agrees(whole: Whole, told: Mapping[str, str]) -> bool:
    """True unless a row names another supplier than the document it refers to."""
    _, number, name = whole.key
    row_number, row_name = told.get("supplier_number", ""), told.get("supplier_name", "")
    if number and row_number:
        return number == row_number
    return not (name and row_name) or name == row_name
