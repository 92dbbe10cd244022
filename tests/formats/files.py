"""Files for tests: a test's docstring, text in memory, and rows made up from a layout's own declaration."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable
from textwrap import dedent
from typing import Any

from hypothesis import strategies as st

from formats.findings import Finding
from formats.layout import Amount, Choice, Column, Date, Flag, Integer, Keyword, Layout, Moment, Presence, Row, Text

LETTERS = st.characters(
    codec="utf-8", exclude_characters="\0\r\x1c\x1d\x1e\x1f\x85\u2028\u2029", exclude_categories=["Cs"]
)


def opened(text: str) -> io.StringIO:
    """A text as an open file."""
    return io.StringIO(text, newline="")


def docstring(test: Callable[..., object]) -> io.StringIO:
    """The test's docstring, as an open file."""
    return opened(dedent(test.__doc__ or "").strip() + "\n")


def split(results: Iterable[Any]) -> tuple[list[Any], list[str]]:
    """Documents, and findings as they are printed."""
    listed = list(results)
    return (
        [item for item in listed if not isinstance(item, Finding)],
        [str(item) for item in listed if isinstance(item, Finding)],
    )


def read(layout: type[Layout[Any]], text: str) -> tuple[list[Any], list[str]]:
    """What a layout makes of a text."""
    return split(layout.read(opened(text), "x.csv"))


def write(layout: type[Layout[Any]], documents: Iterable[Any]) -> str:
    """What a layout writes."""
    stream = opened("")
    layout.write(documents, stream)
    return stream.getvalue()


def rows(text: str) -> list[list[str]]:
    """The fields of a CSV text, by the standard library alone."""
    return list(csv.reader(opened(text)))


def to_csv(lines: Iterable[Iterable[str]], *, delimiter: str = ",") -> str:
    """A CSV text of fields, by the standard library alone."""
    stream = opened("")
    csv.writer(stream, quoting=csv.QUOTE_ALL, delimiter=delimiter).writerows(lines)
    return stream.getvalue()


def cells(column: Column) -> st.SearchStrategy[str]:
    """Good cells of a column, made up from its declaration; blank ones too where they are allowed."""
    some = filled_cells(column)
    return some if column.filled or column.link else st.one_of(st.just(""), some)


def filled_cells(column: Column) -> st.SearchStrategy[str]:
    """Good cells that are not blank."""
    made = {
        Integer: st.integers(0, 10**9).map(str),
        Flag: st.sampled_from(["Yes", "no", "TRUE", "f", "N", "y"]),
        Presence: st.sampled_from(["Yes", "X", "credit"]),
        Date: st.one_of(st.dates().map(str), st.dates().map(lambda day: f"{day}T12:00:00-08:00")),
        Moment: st.datetimes(timezones=st.just(dt.UTC)).map(lambda moment: moment.replace(microsecond=0).isoformat()),
        Keyword: st.just(column.label),
    }
    match column:
        case Amount(precision=precision, scale=scale):
            most = 10 ** min((precision - scale) or 6, 12) - 1
            places = min(scale, 6) if precision else 2
            return st.decimals(-most, most, places=places, allow_nan=False).map(lambda value: format(value, "f"))
        case Choice(options=options):
            return st.sampled_from([*options])
        case Text(length=length):
            words = st.text(LETTERS, max_size=min(length or 30, 30)).map(str.strip)
            return words.filter(lambda text: bool(text) and text[0] not in "=@+-\t")
        case _:
            return made[type(column)]


@st.composite
def row_cells(draw: st.DrawFn, row: type[Row], links: dict[str, str]) -> list[str]:
    """One row of a type, with given references; most columns without a field are blank, as they are in life."""
    made = []
    spare = draw(st.sets(st.sampled_from([c.name for c in row.fields]), max_size=4))
    for column in row.fields:
        if isinstance(column, Keyword):
            made.append(row.keyword)
        elif column.link or column.to in links:
            made.append(links.get(column.link or column.to, ""))
        elif column.to or column.name in spare:
            made.append(draw(cells(column)))
        else:
            made.append("")
    return made
