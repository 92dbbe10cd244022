"""How every command shows its results: as tables and paragraphs for people, or as JSON."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]

console = Console()
LONGEST = 60  # a text that is longer is broken, whatever it is
LEAST, NARROW_LEAST = 16, 10  # a column of text is never narrower than its longest word, up to this
WIDE, NARROW = 2, 1  # blanks between columns, where there is room and where there is not
WHOLE = frozenset(
    ["batch", "record", "rule", "flow", "state", "outcome", "severity", "currency", "number", "id", "coupa id", "path"]
)
HYPHENATED = {"duplicate": "dupli-\ncate", "rejected": "rejec-\nted"}


def print_json(value: Any) -> None:  # noqa: ANN401  (whatever JSON can hold)
    """Print a value as one JSON document."""
    sys.stdout.write(json.dumps(value, indent=2, default=str, ensure_ascii=False) + "\n")


def literal(value: object, style: str = "") -> Text:
    """Return a value as text that is shown as it is: no markup, and nothing that could steer a terminal."""
    if isinstance(value, Text):
        return value
    text = "" if value is None else str(value)
    return Text(
        "".join(one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in text), style
    )


def tell(*parts: object, indent: int = 0) -> None:
    """Print a paragraph whose parts are shown as they are; its lines are wrapped between words and indented."""
    paragraph = Text(" ").join(literal(part) for part in parts if part)
    for line in paragraph.wrap(console, max(console.width - indent, LEAST)):
        console.print(Text(" " * indent).append_text(line), soft_wrap=True)


def print_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[str] = ()
) -> None:
    """Print rows as a table, nothing when there are none; columns named in ``right`` are numbers.

    Numbers and what stands in ``WHOLE`` are never cut or broken: where the terminal is too narrow for them, the
    blanks shrink, then the headings break, and only then is the table wider than the terminal.
    """
    if not rows:
        return
    cells = [[literal(cell) for cell in row] for row in rows]
    whole = [_whole(column, [row[place] for row in cells], right) for place, column in enumerate(columns)]
    heads, gap, least = list(columns), WIDE, _least(columns, cells, whole, LEAST)
    if _width(least, gap) > console.width:
        heads, gap = [HYPHENATED.get(column, column) for column in columns], NARROW
        least = _least(heads, cells, whole, NARROW_LEAST)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, gap - 1, 0, 0), header_style="bold")
    for place, head in enumerate(heads):
        justify: JustifyMethod = "right" if columns[place] in right else "left"
        table.add_column(Text(head), justify=justify, overflow="fold", no_wrap=whole[place], min_width=least[place])
    for row in cells:
        table.add_row(*row)
    console.print()
    if title:
        console.print(Text(title, "italic"))
    console.print(table, width=max(console.width, _width(least, gap)), crop=False)


def _whole(column: str, cells: Sequence[Text], right: Sequence[str]) -> bool:
    """Whether the cells of a column stay on one line; a partner's number or name may be too long for that."""
    return column in right or (column in WHOLE and max(cell.cell_len for cell in cells) <= LONGEST)


def _least(heads: Sequence[str], rows: Sequence[Sequence[Text]], whole: Sequence[bool], enough: int) -> list[int]:
    """Return how narrow each column may get: whole cells never break, others between words or after ``enough``."""
    widths = []
    for place, head in enumerate(heads):
        column = [row[place].plain for row in rows]
        pieces = column if whole[place] else [word for text in column for word in text.split()]
        longest = max(map(cell_len, pieces), default=0)
        heading = max(map(cell_len, head.split()), default=0)
        widths.append(max(heading, longest if whole[place] else min(enough, longest)))
    return widths


def _width(least: Sequence[int], gap: int) -> int:
    return sum(least) + gap * (len(least) - 1)


def plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row of the ledger as a plain dictionary."""
    return {str(name): value for name, value in row.items()}
