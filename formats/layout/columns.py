"""The kinds of columns: each reads a cell into a value, writes a value into a cell, and says what it allows."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from formats import rules
from formats.findings import Rule
from formats.formulas import SUSPECT, is_formula


class Refused(Exception):  # noqa: N818  (a verdict on a cell, turned into a finding by the reader)
    """A cell that breaks a rule; with ``value`` where the cell can be used all the same."""

    def __init__(self, rule: Rule, message: str, value: object = None) -> None:
        super().__init__(message)
        self.rule, self.message, self.value = rule, message, value


UNSET: Final = object()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name as in Coupa's template, and the field that it fills.

    ``to`` is a field of the document, dotted where it is nested and empty where the value goes to ``other``.
    ``link`` names what a row refers to (its document, its line) instead of a field. ``filled`` refuses blank cells.
    ``blank`` is what a blank cell means; by default the field's own default. ``extra`` is ours, not the template's.
    An overlay sets ``literal``, the text that is always written, and ``dropped``, where the customer lacks the column.
    """

    name: str
    _: KW_ONLY
    to: str = ""
    link: str = ""
    filled: bool = False
    blank: object = UNSET
    aliases: tuple[str, ...] = ()
    extra: bool = False
    other: str = ""
    literal: str = ""
    dropped: bool = False

    @property
    def label(self) -> str:
        """The name without the template's mark."""
        return self.name.removesuffix("*")

    @property
    def key(self) -> str:
        """The name under which an unbound value stands in ``other``."""
        return self.other or self.label

    @property
    def required(self) -> bool:
        """True where the template marks the column."""
        return self.name.endswith("*")

    @property
    def empty(self) -> object:
        """What a blank cell means where the field has no default of its own."""
        return None if self.blank is UNSET else self.blank

    @property
    def kind(self) -> str:
        """The type in words, as in Coupa's column tables."""
        return "text"

    def parse(self, text: str) -> object:
        """Return the value of a cell that is not blank; Refused when it breaks a rule."""
        return text

    def check(self, value: object) -> object:
        """Return the value if it fits the column's size; Refused when it does not."""
        return value

    def bulk(self, cells: Sequence[str]) -> list[object] | None:  # noqa: ARG002  (a shortcut that most kinds lack)
        """Return the values of many cells at once, or None when one of them needs a closer look."""
        return None

    def format(self, value: object) -> str:
        """Return the cell of a value; None is a blank cell."""
        return "" if value is None else str(value)

    def cells(self, values: Sequence[object]) -> Sequence[object]:
        """Return the cells of many values."""
        return list(map(self.format, values))


@dataclass(frozen=True, slots=True)
class Text(Column):
    """Text of at most ``length`` characters (0: unlimited), without blanks at its ends."""

    length: int = 0

    @property
    def empty(self) -> object:
        """Blank text is empty text."""
        return "" if self.blank is UNSET else self.blank

    @property
    def kind(self) -> str:
        """Such as string(40)."""
        return f"string({self.length})" if self.length else "text"

    def parse(self, text: str) -> object:
        """Return the text, doubted where a spreadsheet would take it for a formula."""
        if is_formula(text):
            raise Refused(rules.VALUE_FORMULA, f"{text[:40]!r} begins like a formula", text)
        return text

    def bulk(self, cells: Sequence[str]) -> list[object] | None:
        """Return the texts if all are short enough and none could be a formula."""
        if self.length and max(map(len, cells)) > self.length:
            return None
        values = list(map(str.strip, cells))
        joined = "\0".join(("", *values))
        suspects = (mark for mark in SUSPECT if mark in joined)
        return None if any(f"\0{mark}" in joined for mark in suspects) else values  # type: ignore[return-value]

    def cells(self, values: Sequence[object]) -> Sequence[object]:
        """Text is written as it is."""
        return values

    def check(self, value: object) -> object:
        """Refuse text that is too long."""
        if self.length and len(str(value)) > self.length:
            raise Refused(rules.VALUE_TOO_LONG, f"{len(str(value))} characters, {self.length} are allowed")
        return value


@dataclass(frozen=True, slots=True)
class Keyword(Column):
    """The first column of files with several types of rows: it names the row's type."""

    @property
    def kind(self) -> str:
        """A literal."""
        return "literal"


NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Amount(Column):
    """A decimal number of ``precision`` digits, ``scale`` of them after the point (0, 0: any)."""

    precision: int = 0
    scale: int = 0

    @property
    def kind(self) -> str:
        """Such as decimal(32,4)."""
        return f"decimal({self.precision},{self.scale})" if self.precision else "decimal"

    def parse(self, text: str) -> object:
        """Return a Decimal, exactly as written; no grouping, exponent, sign of currency or NaN."""
        if not NUMBER.fullmatch(text):
            raise Refused(rules.VALUE_NUMBER, f"{text[:40]!r} is not a number")
        return Decimal(text)

    def bulk(self, cells: Sequence[str]) -> list[object] | None:
        """Return the numbers if all are plain ones that fit."""
        whole, decimals = (self.precision - self.scale, self.scale) if self.precision else (99, 99)
        plain = re.compile(rf"(?:-?\d{{1,{whole}}}+(?:\.\d{{0,{decimals}}}+)?\|)*+", re.ASCII)
        try:
            return list(map(Decimal, cells)) if plain.fullmatch("|".join((*cells, ""))) else None
        except InvalidOperation:  # a cell with a bar of its own
            return None

    def check(self, value: object) -> object:
        """Refuse more digits than the column keeps."""
        whole, _, decimals = format(abs(Decimal(str(value))), "f").partition(".")
        if self.precision and len(decimals.rstrip("0")) > self.scale:
            raise Refused(rules.VALUE_TOO_LONG, f"{value} has more than {self.scale} decimals")
        if self.precision and len(whole.lstrip("0")) > self.precision - self.scale:
            raise Refused(rules.VALUE_TOO_LONG, f"{value} has more than {self.precision - self.scale} digits")
        return value

    def format(self, value: object) -> str:
        """Write the number with a point and without an exponent."""
        return "" if value is None else value if isinstance(value, str) else format(value, "f")

    def cells(self, values: Sequence[object]) -> Sequence[object]:
        """Write the numbers at one go where none is missing or so large or small that it would have an exponent."""
        if not any(value is not None for value in values):
            return ""
        texts = list(map(str, values))
        return list(map(self.format, values)) if any(map("".join(texts).__contains__, "EN")) else texts


INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Integer(Column):
    """A whole number."""

    @property
    def kind(self) -> str:
        """A whole number."""
        return "integer"

    def parse(self, text: str) -> object:
        """Return an int; 12.0 is no integer."""
        if not INTEGER.fullmatch(text):
            raise Refused(rules.VALUE_NUMBER, f"{text[:40]!r} is not a whole number")
        return int(text)

    def cells(self, values: Sequence[object]) -> Sequence[object]:
        """Write each number that occurs once."""
        return remembered(self, values)


ISO: Final = "%Y-%m-%d"
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Date(Column):
    """A day; of a moment only the day as written counts, so that no zone moves it. ``style`` is strftime's."""

    style: str = ISO

    @property
    def kind(self) -> str:
        """A day."""
        return "date"

    def parse(self, text: str) -> object:
        """Return a date, from YYYY-MM-DD[THH:MM:SS+HH:MM] or the style that an overlay sets."""
        try:
            if self.style != ISO:
                return dt.datetime.strptime(text, self.style).date()  # noqa: DTZ007  (a day has no zone)
            if MOMENT.fullmatch(text):
                return dt.datetime.fromisoformat(text).date()
        except ValueError:
            pass
        raise Refused(rules.VALUE_DATE, f"{text[:40]!r} is not a date")

    def format(self, value: object) -> str:
        """Write the day only: Coupa loses the link of a credit note when the original's date has a time."""
        if not isinstance(value, dt.date):
            return ""
        return value.isoformat() if self.style == ISO else value.strftime(self.style)

    def cells(self, values: Sequence[object]) -> Sequence[object]:
        """Write each day that occurs once."""
        return remembered(self, values)


@dataclass(frozen=True, slots=True)
class Moment(Column):
    """A day and time with its zone; a bare day is midnight UTC, as in Coupa's API."""

    @property
    def kind(self) -> str:
        """A moment."""
        return "datetime"

    def parse(self, text: str) -> object:
        """Return an aware datetime, from YYYY-MM-DD[THH:MM:SS+HH:MM]."""
        try:
            if MOMENT.fullmatch(text):
                moment = dt.datetime.fromisoformat(text)
                return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        except ValueError:
            pass
        raise Refused(rules.VALUE_DATE, f"{text[:40]!r} is not a date and time with its zone")

    def format(self, value: object) -> str:
        """Write YYYY-MM-DDTHH:MM:SS+HH:MM."""
        return value.isoformat() if isinstance(value, dt.datetime) else ""


FLAGS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("yes", "true", "y", "t"), True),
    **dict.fromkeys(("no", "false", "n", "f"), False),
}


@dataclass(frozen=True, slots=True)
class Flag(Column):
    """Yes or no; ``binary`` also takes 1 and 0."""

    binary: bool = False

    @property
    def empty(self) -> object:
        """A blank flag is no."""
        return False if self.blank is UNSET else self.blank

    @property
    def kind(self) -> str:
        """A flag."""
        return "boolean"

    def parse(self, text: str) -> object:
        """Return a bool, from Yes/No, True/False, Y/N, T/F in any case."""
        if self.binary and text in "01":
            return text == "1"
        value = FLAGS.get(text.lower())
        if value is None:
            raise Refused(rules.VALUE_FLAG, f"{text[:40]!r} is neither yes nor no")
        return value

    def format(self, value: object) -> str:
        """Write Yes or No, which every Coupa loader takes."""
        return "" if value is None else "Yes" if value else "No"

    def cells(self, values: Sequence[object]) -> Sequence[object]:
        """Write yes and no once."""
        return remembered(self, values)


@dataclass(frozen=True, slots=True)
class Presence(Column):
    """A column whose mere presence says yes. Coupa takes even "No" for yes, so that "No" is refused."""

    written: str = "Yes"

    @property
    def empty(self) -> object:
        """Blank is no."""
        return False

    @property
    def kind(self) -> str:
        """Any text."""
        return "any text means yes"

    def parse(self, text: str) -> object:
        """Return True; Refused for a word that means no."""
        if text == "0" or FLAGS.get(text.lower()) is False:
            raise Refused(rules.VALUE_FLAG, f"{text!r} would be taken for yes: leave the cell blank")
        return True

    def format(self, value: object) -> str:
        """Write the word for yes, or nothing."""
        return self.written if value else ""


@dataclass(frozen=True, slots=True)
class Choice(Column):
    """One of a few literals, in any case; members of an enum where ``options`` is one."""

    options: Sequence[str] | type[StrEnum] = ()

    @property
    def empty(self) -> object:
        """Blank is empty text."""
        return "" if self.blank is UNSET else self.blank

    @property
    def kind(self) -> str:
        """The literals."""
        return " | ".join(self.options)

    def parse(self, text: str) -> object:
        """Return the literal as the layout spells it."""
        for option in self.options:
            if option.casefold() == text.casefold():
                return option
        raise Refused(rules.VALUE_CHOICE, f"{text[:40]!r} is none of {', '.join(self.options)}")


def remembered(column: Column, values: Sequence[object]) -> list[str]:
    """Return the cells of values that repeat, where equal values have equal cells."""
    told = {value: column.format(value) for value in set(values)}
    return list(map(told.__getitem__, values))


def numbered(column: Column, last: int, first: int = 1) -> tuple[Column, ...]:
    """Return the family of a column: ``{}`` in its name becomes the numbers from first to last."""
    return tuple(replace(column, name=column.name.format(n)) for n in range(first, last + 1))


def texts(length: int, *names: str) -> tuple[Column, ...]:
    """Return columns of text that have no field of their own."""
    return tuple(Text(name, length) for name in names)


def custom_fields(count: int = 10) -> tuple[Column, ...]:
    """Return Coupa's generic custom columns; a customer's own names come with an overlay."""
    return numbered(Text("custom-field-{}", 255), count)
