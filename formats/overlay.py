"""The customer's own template laid over a layout: a small YAML file of what differs from Coupa's columns.

    layout: invoice-import
    delimiter: ";"
    date_style: "%d.%m.%Y"
    summary: Trailer
    rows:
      Invoice Line:
        rename: {PO Number: Purchase Order}
        drop: [Budget Period Name]
        custom: [{name: Cost Center, length: 20}]
        order: [Invoice Number*, Line Number, Cost Center]
        literals: {Unit of Measure*: EA}

Layouts with one type of rows call it ``row``. Every value is read as text first, so 010 stays 010.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import new_class
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from formats.catalogue import LAYOUTS
from formats.layout import Amount, Column, Date, Flag, Integer, Keyword, Layout, Moment, Row, Table, Text
from formats.layout.cells import TRAILERS
from formats.layout.heading import fold
from formats.recognition import headers, recognise

ONLY = "row"  # what the row type of a table is called
STYLED = ("%d", "%m", "%Y")


class OverlayError(ValueError):
    """An overlay that cannot be used; the text names the line and key of everything that is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Custom(_Part):
    """A column of the customer's own; its cells are kept in ``other`` under its name."""

    name: str = Field(min_length=1, description="as the header spells it")
    type: Literal["text", "amount", "integer", "date", "moment", "flag"] = Field("text", description="what cells hold")
    length: int = Field(255, ge=0, description="most characters of a text, 0 for any")
    precision: int = Field(32, ge=1, description="digits of an amount")
    scale: int = Field(4, ge=0, description="digits of an amount after the point")
    required: bool = Field(default=False, description="a blank cell is an error")

    def column(self, style: str) -> Column:
        """Return the column that is declared."""
        made: Mapping[str, Column] = {
            "text": Text(self.name, self.length),
            "amount": Amount(self.name, self.precision, self.scale),
            "integer": Integer(self.name),
            "date": Date(self.name, style or "%Y-%m-%d"),
            "moment": Moment(self.name),
            "flag": Flag(self.name),
        }
        return replace(made[self.type], filled=self.required)


class RowOverlay(_Part):
    """What differs in one type of rows; names are those of Coupa's template, with or without the star."""

    rename: dict[str, str] = Field({}, description="Coupa's name: the customer's name")
    drop: tuple[str, ...] = Field((), description="columns that the customer's template lacks")
    custom: tuple[Custom, ...] = Field((), description="columns of the customer's own")
    order: tuple[str, ...] = Field((), description="columns in the file's order, by the customer's names")
    rest: Literal["keep", "drop"] = Field("keep", description="what to do with columns that order does not name")
    literals: dict[str, str] = Field({}, description="column: the text that is always written")


class Overlay(_Part):
    """All that differs from a layout."""

    layout: str = Field(description="name of the layout, as `exchange formats list` prints it")
    delimiter: Literal[",", ";", "\t", "|"] = Field(",", description="between fields that are written")
    date_style: str = Field("", description="such as %d.%m.%Y; empty means YYYY-MM-DD")
    summary: Literal["", "Trailer", "Summary", "Total"] = Field("", description="first word of a last row with counts")
    rows: dict[str, RowOverlay] = Field({}, description="by type of rows, such as Invoice Line; row in plain tables")


def load(text: str, name: str) -> Overlay:
    """Read an overlay; OverlayError names the lines of the file ``name`` that are wrong."""
    try:
        values = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506  (the base loader makes nothing but text)
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
        overlay = Overlay.model_validate(values)
    except yaml.YAMLError as error:
        raise OverlayError(f"{name}: {error}") from error
    except ValidationError as error:
        found = [(problem["loc"], problem["msg"]) for problem in error.errors(include_input=False, include_url=False)]
        raise OverlayError(_told(name, node, found)) from None
    if wrong := list(problems(overlay)):
        raise OverlayError(_told(name, node, wrong))
    return overlay


def _told(name: str, node: yaml.Node | None, wrong: Sequence[tuple[tuple[int | str, ...], str]]) -> str:
    return "\n".join(
        f"{name}:{line(node, loc)}: {'.'.join(map(str, loc)) or 'the file'}: {message}" for loc, message in wrong
    )


def line(node: yaml.Node | None, loc: Sequence[int | str]) -> int:
    """Return the line, from 1, of the deepest part of a key that stands in the file."""
    for part in loc if node else ():
        children = node.value if isinstance(node, yaml.MappingNode | yaml.SequenceNode) else []
        if isinstance(node, yaml.MappingNode):
            deeper = next((value for key, value in children if key.value == part), None)
        else:
            deeper = children[part] if isinstance(part, int) and part < len(children) else None
        if deeper is None:
            break
        node = deeper
    return node.start_mark.line + 1 if node else 1


def problems(overlay: Overlay) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Yield the place and the message of everything that the layout does not know."""
    layout = LAYOUTS.get(overlay.layout)
    if layout is None:
        yield ("layout",), f"{overlay.layout!r} is none of {', '.join(LAYOUTS)}"
        return
    if overlay.date_style and not all(part in overlay.date_style for part in STYLED):
        yield ("date_style",), f"{overlay.date_style!r} lacks one of {', '.join(STYLED)}"
    kinds = row_types(layout)
    for name, part in overlay.rows.items():
        if name not in kinds:
            yield ("rows", name), f"{name!r} is none of {', '.join(kinds)}"
        else:
            yield from ((("rows", name, *where), message) for where, message in unknown(kinds[name], part))


def unknown(row: type[Row], part: RowOverlay) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Yield what one type of rows does not know, or cannot do without."""
    columns = {fold(column.name): column for column in row.fields}
    theirs = {fold(name) for name in (*part.rename.values(), *(custom.name for custom in part.custom))}
    for key, names in (("rename", part.rename), ("drop", part.drop), ("literals", part.literals)):
        for name in names:
            known = fold(name) in columns or (key == "literals" and fold(name) in theirs)
            if not known:
                yield (key, name), f"{name!r} is no column of the layout"
            elif key == "drop" and vital(columns[fold(name)]):
                yield (key, name), f"{name!r} cannot be dropped: no row can be read without it"
    for index, name in enumerate(part.order):
        if fold(name) not in columns and fold(name) not in theirs:
            yield ("order", index), f"{name!r} is neither a column of the layout nor renamed nor custom"


def vital(column: Column) -> bool:
    """True for a column without which no row can be read."""
    return column.filled or column.link == "document" or isinstance(column, Keyword)


def row_types(layout: type[Layout[Any]]) -> dict[str, type[Row]]:
    """Return a layout's types of rows by the names that overlays have for them."""
    return {row.keyword if not issubclass(row, Table) else ONLY: row for row in layout.rows}


def lay_over(overlay: Overlay) -> type[Layout[Any]]:
    """Return the layout as the customer has it; it reads and writes like any other."""
    layout = LAYOUTS[overlay.layout]
    scope: dict[str, Any] = {"delimiter": overlay.delimiter, "summary": overlay.summary}
    kinds = row_types(layout)
    laid = {name: columns(row, overlay, overlay.rows.get(name, RowOverlay())) for name, row in kinds.items()}
    if issubclass(layout, Table):
        scope |= laid[ONLY]
    else:
        rows = [type(row.__name__, (row,), {"origin": row, **laid[name]}) for name, row in kinds.items()]
        scope["rows"] = tuple(rows)
    made: type[Layout[Any]] = new_class(layout.__name__, (layout,), exec_body=lambda body: body.update(scope))
    return made


def columns(row: type[Row], overlay: Overlay, part: RowOverlay) -> dict[str, tuple[Column, ...]]:
    """Return the columns of a type of rows as declared, the custom ones behind, and as they are written."""
    names = {fold(name): theirs for name, theirs in part.rename.items()}
    literals = {fold(name): text for name, text in part.literals.items()}
    dropped = set(map(fold, part.drop))
    place = {fold(name): index for index, name in enumerate(part.order)}
    made = []
    for column in (*row.fields, *(custom.column(overlay.date_style) for custom in part.custom)):
        name = names.get(fold(column.name), column.name)
        both = {fold(column.name), fold(name)}
        changed = replace(
            column,
            name=name,
            other=column.key if name != column.name else column.other,
            aliases=(*column.aliases, column.name) if name != column.name else column.aliases,
            literal=next((literals[one] for one in both if one in literals), ""),
            dropped=bool(both & dropped) or (part.rest == "drop" and not both & place.keys() and not vital(column)),
        )
        if isinstance(changed, Date) and overlay.date_style:
            changed = replace(changed, style=overlay.date_style)
        made.append(changed)
    last = len(place)
    order = sorted(made, key=lambda one: -1 if isinstance(one, Keyword) else place.get(fold(one.name), last))
    return {"fields": tuple(made), "order": tuple(order) if place else ()}


def learn(header_rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """Return the text of an overlay made from the header rows of the customer's own template.

    The first rows of a file will do: those that are no headers are passed over. OverlayError if no layout is like it.
    """
    layout = recognise(header_rows)
    if layout is None:
        raise OverlayError("The header rows are like those of no layout.")
    kinds = {row: name for name, row in row_types(layout).items()}
    told: dict[str, Any] = {"layout": layout.name}
    told |= {} if delimiter == "," else {"delimiter": delimiter}
    trailer = next((cells[0] for cells in header_rows if cells and fold(cells[0]) in TRAILERS), "")
    told |= {"summary": trailer.strip().capitalize()} if trailer else {}
    told["rows"] = {kinds[row]: learned(row, cells) for row, cells in headers(layout, header_rows)}
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)


def learned(row: type[Row], cells: Sequence[str]) -> dict[str, Any]:
    """Return what differs in one type of rows."""
    known = {fold(name): column for column in row.fields for name in (column.name, *column.aliases)}
    theirs = [" ".join(cell.split()) for cell in cells if cell.strip()]
    if row.keyed():
        theirs = theirs[1:]
    here = [(known.get(fold(name)), name) for name in theirs]
    rename = {column.name: name for column, name in here if column and column.name != name}
    custom = [{"name": name} for column, name in here if column is None]
    parts = {"rename": rename, "custom": custom, "order": theirs, "rest": "drop"}
    return {key: value for key, value in parts.items() if value}
