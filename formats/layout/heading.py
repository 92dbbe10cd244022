"""A file's own header row, matched by name to a declaration and compiled once into converters."""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from formats import rules
from formats.findings import Finding, Rule, Source
from formats.layout.columns import UNSET, Column, Keyword, Refused
from formats.layout.objects import defaults, needed
from formats.layout.row import Row

ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
LONGEST = 100  # characters: what is longer is no column's name and not worth remembering
REMEMBERED = 4096  # distinct cells of a column whose value is kept: numbers, codes and dates repeat


def fold(name: str) -> str:
    """Return a column's name as it is compared: no stars, zero-width characters, case or stray blanks and quotes."""
    return _folded(name) if len(name) <= LONGEST else _folded.__wrapped__(name)


@lru_cache(maxsize=REMEMBERED)
def _folded(name: str) -> str:
    return re.sub(r"\s+", " ", name.translate(ZERO_WIDTH)).strip(" *'\"").casefold()


class Memo(dict[str, object]):
    """The values of the cells seen lately, so that a repeated cell costs one look-up."""

    __slots__ = ("convert", "misses")

    def __init__(self, convert: Callable[[str], object]) -> None:
        super().__init__()
        self.convert = convert
        self.misses = 0

    def __missing__(self, cell: str) -> object:
        """Convert a cell that was not seen lately; Refused is not remembered."""
        self.misses += 1
        value = self.convert(cell)
        if len(self) >= REMEMBERED:
            self.clear()
        self[cell] = value
        return value


@dataclass(frozen=True, slots=True)
class Place:
    """A column of the declaration and where the file has it (None: nowhere)."""

    column: Column
    index: int | None
    blank: object
    memo: Memo
    always: bool

    def bulk(self, cells: Sequence[str]) -> list[object] | None:
        """Return the values of many cells at once, or None when one of them needs a closer look."""
        values = self.column.bulk(cells)
        blank_is_itself = self.blank == "" and not self.column.filled
        return values if not values or blank_is_itself or all(values) or "" not in values else None


@dataclass(frozen=True, slots=True)
class Heading:
    """A header row that was understood: ``width`` is up to its last named column, ``record`` where its key stands."""

    row: type[Row]
    places: tuple[Place, ...]
    unknown: tuple[tuple[int, str], ...]
    width: int
    links: tuple[str, ...]
    record: int | None
    findings: tuple[Finding, ...] = field(default=())


def converter(column: Column, blank: object, trusted: bool) -> Callable[[str], object]:
    """Return the function from a cell to its value; sizes are checked unless Coupa itself wrote the file."""

    def convert(cell: str) -> object:
        text = cell.strip()
        if not text and column.filled:
            raise Refused(rules.VALUE_REQUIRED, "a value is needed")
        if not text:
            return blank
        value = column.parse(text)
        return value if trusted else column.check(value)

    return convert


def place(row: type[Row], column: Column, index: int | None, trusted: bool) -> Place:
    """Return a column with its converter; fields without a default are always given a value."""
    known = defaults(row.makes) if row.makes else {}
    blank = column.blank if column.blank is not UNSET else known.get(column.to, column.empty)
    always = column.filled or column.blank is not UNSET or column.to in needed(row.makes)
    return Place(column, index, blank, Memo(converter(column, blank, trusted)), always)


def names(row: type[Row]) -> dict[str, list[Column]]:
    """Return the columns by every name they go by, in order of declaration: some names stand there twice."""
    known: dict[str, list[Column]] = {}
    for column in row.written():
        for name in dict.fromkeys(map(fold, (column.name, *column.aliases))):
            known.setdefault(name, []).append(column)
    if row.keyed():
        known.setdefault(fold(row.keyword), []).insert(0, row.fields[0])
    return known


def heading(row: type[Row], cells: Sequence[str], source: Source, *, trusted: bool) -> Heading:
    """Match a header row to a declaration; what is unknown, missing or repeated is a finding of the heading."""
    known, taken = names(row), dict[int, tuple[int, Column]]()
    findings, unknown = [], []
    for index, cell in enumerate(cells):
        name = fold(cell)
        free = [column for column in known.get(name, ()) if id(column) not in taken]
        if free:
            taken[id(free[0])] = (index, free[0])
        elif name in known:
            findings.append(finding(rules.CSV_COLUMN_REPEATED, source, cell, "stands twice in the header"))
        elif name:
            unknown.append((index, cell.translate(ZERO_WIDTH).strip()))
            findings.append(finding(rules.CSV_COLUMN_UNKNOWN, source, cell, "is not a column of this layout"))
    missing = [column for column in row.written() if id(column) not in taken]
    findings.extend(complaints(missing, source))
    index_of = {key: index for key, (index, _) in taken.items()}
    places = [
        place(row, column, index_of.get(id(column)), trusted)
        for column in row.fields  # not the file's order: members of a family are told by their position
        if not isinstance(column, Keyword) and (id(column) in taken or column.to)
    ]
    width = max((index for index, cell in enumerate(cells) if cell.strip()), default=-1) + 1
    record = next((p.index for p in places if row.record in (p.column.to, p.column.link)), None)
    return Heading(row, tuple(places), tuple(unknown), width, row.links(), record, tuple(findings))


def complaints(missing: Sequence[Column], source: Source) -> list[Finding]:
    """Return findings for the columns that a header should have had."""
    needed = [
        finding(rules.CSV_COLUMN_MISSING, source, c.label, "is missing, and no row can be read without it")
        for c in missing
        if c.filled or c.link == "document"
    ]
    wanted = [
        finding(rules.CSV_COLUMN_EXPECTED, source, c.label, "is missing, and the template marks it as required")
        for c in missing
        if c.required and not (c.filled or c.link == "document")
    ]
    return needed + wanted


def finding(rule: Rule, source: Source, cell: str, message: str) -> Finding:
    """Return a finding about one name of a header."""
    name = " ".join(cell.split())[:80]
    return Finding(Source(source.file, source.line, name), rule, message)


def likeness(row: type[Row], cells: Sequence[str]) -> float:
    """Return how much of a header row a declaration knows, less what it does not know."""
    return share(names(row), cells)


def share(known: Container[str], cells: Sequence[str]) -> float:
    """Return how much of a header row is among known names, less what is not."""
    told = [fold(cell) for cell in cells if cell.strip()]
    return sum(1 if name in known else -1 for name in told) / (len(told) or 1)
