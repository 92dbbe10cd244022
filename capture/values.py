"""Amounts, dates and numbers as people print them, and as machines misread them."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from capture.vocabulary import vocabulary

AMOUNT = re.compile(
    r"(?<![\w.,/%-])(?<!\d:)(?P<open>\()?(?P<sign>[-–−]\s?)?"
    r"(?P<symbol>(?:[A-Z]{2,3}(?![-–−]\d)|[A-Z](?=\d+[.,]\d{2}(?!\d))|Rs\.?|[$€£¥₹])\s?)?(?P<sign2>[-–−]\s?)?"
    r"(?P<number>\d{1,3}(?:[ .,'’´`]\d{3}){1,4}(?:[.,]\d{1,4})?|\d{1,2}(?:,\d{2}){1,3},\d{3}(?:\.\d{1,2})?"
    r"|\d{1,13}(?:[.,]\d{1,5})?|[.,]\d{2})"
    r"(?P<even>,[-–—]{1,2}(?!\d))?(?P<after>[-–−](?!\d))?(?P<close>\))?(?P<credit>\s?CR(?!\w))?"
    r"(?P<unit>\s?(?:[€£$%]|EUR|USD|(?:SR|ZR|[TZS*])(?!\w)|(?:kg|g|l|L|m|h|pcs|Stk|St|pc|ea)(?!\w)))?(?:(?<=%)|(?![\w:/]|[.,-]\d|-\w))"
)
MONTHS = {name: number for number, names in enumerate(vocabulary("months")["months"], start=1) for name in names}
_MONTH = "(?P<name>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
DATES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[-./]\s?(?P<a>\d{1,2})\s?[-./]\s?(?P<b>\d{1,2})(?!\d(?!\d?:\d))",
        r"(?<![\d.])(?P<a>\d{1,2})\s?(?P<sep>[-./·])\s?(?P<b>\d{1,2})\s?(?P=sep)\s?(?P<year>(?:19|20)\d{2}|\d{2}(?!\d(?!\d?:\d)))",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?[-./\s]*(?:of\s|de\s)?{_MONTH}[-./,\s']*(?:de[l]?\s)?(?P<year>(?:19|20)\d{{2}}|\d{{2}})(?!\d)",
        rf"(?<![A-Za-z]){_MONTH}[-./\s]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-./,\s]+(?P<year>(?:19|20)\d{{2}}|\d{{2}})(?!\d)",
        r"(?<!\d)(?P<year>20[0-3]\d)(?P<a>0[1-9]|1[0-2])(?P<b>0[1-9]|[12]\d|3[01])(?!\d)",
        r"(?<!\d)(?P<a>0[1-9]|[12]\d|3[01])(?P<b>0[1-9]|1[0-2])(?P<year>20[0-3]\d)(?!\d)",
        r"(?<![\d.])(?P<a>\d{1,2})\s(?P<b>\d{1,2})\s(?P<year>(?:19|20)\d{2})(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[年년]\s?(?P<a>\d{1,2})\s?[月월]\s?(?P<b>\d{1,2})\s?[日일]",
        rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})(?:\s?m)?[-./\s]+{_MONTH}[-./\s]*(?P<day>\d{{1,2}})(?!\d)",
    )
)
OCR_DIGITS = str.maketrans("OoDQIl|SsBZ", "00001115582")
MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A value found in a text, with the characters it was read from."""

    start: int
    end: int
    raw: str


@dataclass(frozen=True, slots=True)
class FoundAmount(Found):
    """An amount or other number; ``decimals`` are the digits after the point, ``percent`` marks a rate."""

    value: Decimal
    decimals: int
    percent: bool


@dataclass(frozen=True, slots=True)
class FoundDate(Found):
    """A date; ``ambiguous`` when day and month could be exchanged."""

    value: dt.date
    ambiguous: bool


def amounts(text: str, *, comma: bool | None = None) -> Iterator[FoundAmount]:
    """All numbers in the text that may be amounts; ``comma`` says that the document writes 1.234,56."""
    for match in AMOUNT.finditer(text):
        value, decimals = number(match["number"], comma=True if match["even"] else comma)
        negative = match["sign"] or match["sign2"] or match["after"] or match["credit"]
        negative = negative or (match["open"] and match["close"])
        percent = "%" in (match["unit"] or "")
        yield FoundAmount(
            match.start(), match.end(), match[0].strip(), -value if negative else value, decimals, percent
        )


def number(digits: str, *, comma: bool | None = None) -> tuple[Decimal, int]:
    """The value of a printed number and its count of decimals; a lone point before three digits follows ``comma``."""
    plain = re.sub(r"[ '’´`]", "", digits)
    marks = [char for char in plain if char in ".,"]
    if not marks:
        return Decimal(plain), 0
    last = marks[-1]
    tail = plain.rpartition(last)[2]
    grouping = marks.count(last) > 1 or (
        len(marks) == 1 and len(tail) == len("000") and _groups(plain, last, comma=comma)
    )
    whole = plain if grouping else plain.rpartition(last)[0]
    whole = re.sub("[.,]", "", whole) or "0"
    return (Decimal(whole), 0) if grouping else (Decimal(f"{whole}.{tail}"), len(tail))


def _groups(plain: str, mark: str, *, comma: bool | None) -> bool:
    """Whether a single mark before three digits separates thousands."""
    if plain.startswith("0"):
        return False
    return mark == "," if comma is None else (mark == ".") == comma


def writes_comma(text: str) -> bool | None:
    """Whether the text writes a decimal comma; None when it has no amounts to tell from."""
    commas = len(re.findall(r"\d,\d{2}(?![\d,.])", text))
    points = len(re.findall(r"(?<!\.\d\d)(?<!\.\d)\d\.\d{2}(?![\d.,])", text))
    return None if commas == points else commas > points


def dates(text: str, *, month_first: bool = False) -> Iterator[FoundDate]:
    """All dates in the text, in order; 03/04/2024 is the third of April unless ``month_first``."""
    taken: list[tuple[int, int]] = []
    found: list[FoundDate] = []
    for pattern in DATES:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            date = _date(match.groupdict(), month_first=month_first)
            if date is not None:
                taken.append(match.span())
                found.append(FoundDate(match.start(), match.end(), match[0], *date))
    return iter(sorted(found, key=lambda date: date.start))


def _date(parts: dict[str, str | None], *, month_first: bool) -> tuple[dt.date, bool] | None:
    year = int(parts["year"] or 0)
    year += 2000 if year < 100 else 0  # noqa: PLR2004 - a year of two digits
    ambiguous = False
    if parts.get("name"):
        month, day = MONTHS[(parts["name"] or "").lower()], int(parts["day"] or 0)
    else:
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        if next(iter(parts)) == "year":
            month, day = first, second
        else:
            month, day, ambiguous = _day_and_month(first, second, month_first=month_first)
    try:
        return dt.date(year, month, day), ambiguous
    except ValueError:
        return None


def _day_and_month(first: int, second: int, *, month_first: bool) -> tuple[int, int, bool]:
    """Month and day of a pair, and whether they could be exchanged."""
    if first > MONTHS_IN_YEAR:
        return second, first, False
    if second > MONTHS_IN_YEAR:
        return first, second, False
    return (first, second, first != second) if month_first else (second, first, first != second)


def writes_month_first(texts: Iterable[str]) -> bool:
    """Whether a document writes 03/20/2023 somewhere, and 20/03/2023 nowhere."""
    seconds = firsts = 0
    for text in texts:
        for match in DATES[1].finditer(text):
            firsts += int(match["a"]) > MONTHS_IN_YEAR
            seconds += int(match["b"]) > MONTHS_IN_YEAR >= int(match["a"])
    return seconds > firsts == 0


def mend_digits(text: str) -> str:
    """The text with letters that engines read for digits replaced: O by 0, I by 1, S by 5, B by 8, Z by 2."""
    return text.translate(OCR_DIGITS)
