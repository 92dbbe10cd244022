"""Rows of one type turned into parts of documents, a thousand at a time and column by column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple

from formats import rules
from formats.findings import Finding, Rule, Severity, Source
from formats.layout.columns import Refused
from formats.layout.heading import Heading, Place
from formats.layout.objects import Values, assemble, slots


class Child(NamedTuple):
    """A row below the head: what it refers to, the part it makes, and its line."""

    links: tuple[Any, ...]
    part: Any
    line: int


@dataclass(slots=True)
class Children:
    """Rows below a head; they are kept as columns, because most are only asked for their parts."""

    links: list[tuple[Any, ...]] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.parts)

    def __iter__(self) -> Iterator[Child]:
        return map(Child, self.links, self.parts, self.lines)

    def between(self, first: int, last: int) -> "Children":
        """Return some of the rows."""
        return Children(self.links[first:last], self.parts[first:last], self.lines[first:last])

    def extend(self, more: "Children") -> None:
        """Add rows behind these."""
        self.links += more.links
        self.parts += more.parts
        self.lines += more.lines


NO_CHILDREN = Children()


@dataclass(slots=True, eq=False)
class Batch:
    """Some rows of one type with their line numbers; ``findings`` are by row, ``bad`` rows must not be used."""

    heading: Heading
    file: str
    trusted: bool
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)
    torn: set[int] = field(default_factory=set)

    def parts(self) -> tuple[list[Any], list[tuple[Any, ...]]]:
        """Return the part that each row makes, and what each row refers to."""
        columns = self.transpose()
        nothing = ("",) * len(self.rows)
        others: list[dict[str, str]] = [{} for _ in self.rows]
        values: Values = {}
        links: Values = {}
        families: dict[str, list[Sequence[object]]] = {}
        for place in self.heading.places:
            cells = nothing if place.index is None else columns[place.index]
            blank = not cells[0] and cells.count("") == len(cells)
            if place.column.link:
                links[place.column.link] = list(map(str.strip, cells))
            elif place.column.to.endswith("[]"):
                families.setdefault(place.column.to[:-2], []).append(self.convert(place, cells))
            elif place.column.to and (place.always or not blank):
                values[place.column.to] = self.convert(place, cells)
            elif not blank and not place.column.to:
                self.keep(place, cells, others)
        for index, name in self.heading.unknown:
            self.spare(name, columns[index], others)
        values |= {name: [trimmed(items) for items in zip(*family, strict=True)] for name, family in families.items()}
        return self.build(values, others), self.referred(links)

    def children(self) -> Children:
        """Return the rows as children."""
        parts, links = self.parts()
        return Children(links, parts, self.lines)

    def told(self, first: int, last: int) -> Iterator[Finding]:
        """Yield the findings on some rows, in their order."""
        for index in range(first, last):
            yield from self.findings.get(index, ())

    def transpose(self) -> list[Sequence[str]]:
        """Return the rows as columns; a row of another width than its header is bad."""
        width = max(self.heading.width, 1)
        if set(map(len, self.rows)) != {width}:
            for index, row in enumerate(self.rows):
                self.fit(index, row, width)
        return list(zip(*self.rows, strict=True))

    def fit(self, index: int, row: list[str], width: int) -> None:
        """Cut blank padding. Of a row with surplus or missing cells only what stands up to its number is believed."""
        if len(row) < width or any(map(str.strip, row[width:])):
            self.refuse(index, "", rules.CSV_WIDTH, f"{len(row)} fields, the header has {width}")
            self.torn.add(index)
            row = row[: (self.heading.record or 0) + 1]
        self.rows[index] = row[:width] + [""] * (width - len(row))

    def convert(self, place: Place, cells: Sequence[str]) -> list[object]:
        """Return the values of a column; where one is refused, each cell is looked at by itself.

        Cells that seldom repeat are not worth remembering: they are converted in bulk where they are all plain.
        """
        memo = place.memo
        if memo.misses > len(cells) // 2 and (values := place.bulk(cells)):
            return values
        memo.misses = 0
        try:
            if cells[0] == cells[-1] and cells.count(cells[0]) == len(cells):
                return [memo[cells[0]]] * len(cells)
            return list(map(memo.__getitem__, cells))
        except Refused:
            return [self.cell(place, index, cell) for index, cell in enumerate(cells)]

    def cell(self, place: Place, index: int, cell: str) -> object:
        """Return the value of one cell; what is wrong with it becomes a finding."""
        try:
            return place.memo[cell]
        except Refused as refused:
            self.refuse(index, place.column.label, refused.rule, refused.message)
            return place.blank if refused.value is None else refused.value

    def keep(self, place: Place, cells: Sequence[str], others: Sequence[dict[str, str]]) -> None:
        """Keep the cells of a column without a field, checked unless Coupa itself wrote them."""
        if not self.trusted:
            self.convert(place, cells)
        self.spare(place.column.key, cells, others)

    def spare(self, name: str, cells: Sequence[str], others: Sequence[dict[str, str]]) -> None:
        """Keep the cells that are not blank under a name, or say that they are dropped."""
        room = self.heading.row.makes is None or any(slot.name == "other" for slot in slots(self.heading.row.makes))
        told = map(str.strip, cells)
        if room:
            for other, text in zip(others, told, strict=True):
                if text:
                    other[name] = text
            return
        for index in (index for index, text in enumerate(told) if text):
            self.refuse(index, name, rules.VALUE_DROPPED, "was not read")

    def build(self, values: Values, others: list[dict[str, str]]) -> list[Any]:
        """Return the parts, with fields made of several columns, other columns and their source."""
        row, count = self.heading.row, len(self.rows)
        row.derive(values, others)
        if row.makes is None:
            return others
        values["other"] = others
        sources: Values = {"file": list(repeat(self.file, count)), "line": self.lines}
        if any(slot.name == "source" for slot in slots(row.makes)):
            values["source"] = assemble(Source, count, sources)
        return assemble(row.makes, count, values)

    def referred(self, links: Values) -> list[tuple[Any, ...]]:
        """Return what each row refers to, blank where the file has no such column."""
        blank = [""] * len(self.rows)
        columns = [links.get(name, blank) for name in self.heading.links]
        return list(zip(*columns, strict=True)) if columns else [()] * len(self.rows)

    def record(self, index: int) -> str:
        """Return what findings on a row are filed under: its number, else its line."""
        place, row = self.heading.record, self.rows[index]
        text = row[place].strip() if place is not None and place < len(row) else ""
        return text or f"line {self.lines[index]}"

    def refuse(self, index: int, column: str, rule: Rule, message: str) -> None:
        """Note a finding on a row; an error makes the row bad. A torn row has said enough."""
        if index in self.torn:
            return
        source = Source(self.file, self.lines[index], column)
        self.findings.setdefault(index, []).append(Finding(source, rule, message, self.record(index)))
        if rule.severity is Severity.ERROR:
            self.bad.add(index)

    def clear(self) -> None:
        """Begin anew under the same header."""
        self.rows, self.lines, self.findings, self.bad, self.torn = [], [], {}, set(), set()


def trimmed(items: tuple[object, ...]) -> tuple[object, ...]:
    """Return the items up to the last that is not blank."""
    last = len(items)
    while last and not items[last - 1]:
        last -= 1
    return items[:last]
