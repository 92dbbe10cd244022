"""Test data out of a layout's own declaration: files whose cells fit their columns and whose rows belong together.

The same layout, number of records and seed always make the same file.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TextIO

from formats.layout import Amount, Choice, Column, Date, Flag, Integer, Keyword, Layout, Moment, Row, Text
from formats.layout.writing import csv_writer

WORDS = ("Paper", "Toner", "Cable", "Filter", "Bracket", "Repair", "Rent", "Lamp", "Screw", "Panel")
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
UNIQUE = ("id", "number", "invoice_number", "supplier_number", "supplier_name")
SUMS = ("total", "declared", "percent", "tax", "charge", "basis", "amount_due")  # what would have to add up
TYPICAL = {"currency": "EUR", "uom": "EA", "country": "DE", "email": "ann@example.com", "status": "", "image": ""}
LINES = 2


def write(layout: type[Layout[Any]], stream: TextIO, records: int, seed: int = 0) -> None:
    """Write a file of so many records of a layout."""
    luck = random.Random(f"{layout.name} {seed}")  # noqa: S311  (test data)
    writer = csv_writer(stream, layout.delimiter)
    kinds = _kinds(layout)
    writer.writerows([column.name for column in row.written()] for row in kinds)
    for number in range(1, records + 1):
        for row, line in _below(kinds):
            writer.writerow([_cell(row, column, _known(layout, number, line), luck) for column in row.written()])


def _kinds(layout: type[Layout[Any]]) -> list[type[Row]]:
    """The head and the lines, which every file of several types of rows has; a table's only type."""
    main = getattr(layout, "main", None)
    return list(main()) if main else [layout.rows[0]]


def _below(kinds: list[type[Row]]) -> Iterator[tuple[type[Row], int]]:
    yield kinds[0], 1
    for row in kinds[1:]:
        for line in range(1, LINES + 1):
            yield row, line


def _known(layout: type[Layout[Any]], number: int, line: int) -> Mapping[str, str]:
    """What ties rows together: the document by its number or Coupa's id, the line by its number."""
    by_number = getattr(layout, "schema_first", True)
    identity = {
        "id": f"{1000 + number}",
        "number": f"{layout.name.upper()}-{number}",
        "invoice_number": f"INV-{number}",
    }
    return {
        **identity,
        "document": identity["number" if by_number else "id"],
        "line": str(line),
        "supplier_number": f"V-{number:04d}",
        "supplier_name": f"Supplier {number}",
        "line_id": "",
        "charge_id": "",
        "charge": "",
    }


def _cell(row: type[Row], column: Column, known: Mapping[str, str], luck: random.Random) -> str:
    if isinstance(column, Keyword):
        return row.keyword
    if column.literal:
        return column.literal
    if column.link:
        return known.get(column.link, "")
    if column.to in UNIQUE and column.to in known and not (row.links() and column.to == "number"):
        return known[column.to]
    if row.links() and column.to == "number":
        return known["line"]
    adds_up = isinstance(column, Amount) and any(word in column.to for word in SUMS)
    bound = column.to and not adds_up
    return _value(column, luck) if bound or column.filled else ""


def _value(column: Column, luck: random.Random) -> str:
    """A good cell of a column by its kind; a kind that nobody knows stays blank."""
    make = MAKERS.get(type(column))
    return make(column, luck) if make else ""


def _amount(column: Any, luck: random.Random) -> str:  # noqa: ANN401  (the column of its kind)
    whole = luck.randrange(1, 10 ** min(3, max(1, column.precision - column.scale or 3)))
    return f"{whole}.{'50'[: column.scale if column.precision else 2]}".rstrip(".")


def _text(column: Any, luck: random.Random) -> str:  # noqa: ANN401  (as above)
    name = column.to.rpartition(".")[2]
    word = f"{luck.choice(WORDS)} {luck.randrange(10, 100)}"
    return TYPICAL[name] if name in TYPICAL else word[: column.length or None].strip()


def _day(luck: random.Random) -> dt.datetime:
    return NOON + dt.timedelta(days=luck.randrange(300))


MAKERS: Mapping[type[Column], Callable[[Any, random.Random], str]] = {
    Amount: _amount,
    Text: _text,
    Integer: lambda _, luck: str(luck.randrange(1, 1000)),
    Date: lambda column, luck: str(column.format(_day(luck).date())),
    Moment: lambda _, luck: _day(luck).isoformat(),
    Flag: lambda _, luck: luck.choice(("Yes", "No")),
    Choice: lambda column, luck: luck.choice([*column.options]),
}
