"""Looking for a known value on a page, whatever way it is printed and however it is misread."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz

from capture.fields.names import folded_name
from capture.lines import Segment, Sheet
from capture.values import amounts, dates, mend_digits
from capture.words import Word

CONFUSED = str.maketrans("OQDILSBZG|", "0001158261")
SHORT = 5
COUNT = 2
MOST_PARTS = 6
SIMILAR = 88
DIGIT = re.compile(r"\d")
PIECE = re.compile(r"[\dOoIlSsB|,.' -]*\d[\dOoIlSsB|,.' -]*")


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a value was seen; ``exact`` when no misreading had to be assumed."""

    words: tuple[Word, ...]
    exact: bool = True


def see_number(sheet: Sheet, number: str) -> Sighting | None:
    """Where an identifier is printed; blanks and punctuation do not count, O for 0 and I for 1 are forgiven."""
    wanted = plain(number)
    if not wanted:
        return None
    for exact, fold in ((True, plain), (False, _confused)):
        for segment in sheet.segments:
            words = _spanning(segment.words, fold(wanted), fold)
            if words:
                return Sighting(words, exact)
    return None


def _spanning(words: tuple[Word, ...], wanted: str, fold: Callable[[str], str]) -> tuple[Word, ...]:
    """The fewest neighbouring words that hold the identifier."""
    texts = [fold(word.text) for word in words]
    for end in range(len(words)):
        joined = ""
        for start in range(end, max(-1, end - MOST_PARTS), -1):
            joined = texts[start] + joined
            if joined == wanted or _inside(wanted, joined):
                return words[start : end + 1]
    return ()


def _inside(wanted: str, text: str) -> bool:
    """A long identifier may be glued to its label; more digits on either side make it another identifier."""
    at = text.find(wanted) if len(wanted) >= SHORT else -1
    if at < 0:
        return False
    before, after = text[at - 1 : at] if at else "", text[at + len(wanted) : at + len(wanted) + 1]
    return not (before.isdigit() and wanted[0].isdigit()) and not (after.isdigit() and wanted[-1].isdigit())


def plain(text: str) -> str:
    """Letters and digits only, upper case."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _confused(text: str) -> str:
    """The identifier with all letters that look like digits made digits."""
    return plain(text.upper().translate(CONFUSED))


def see_amount(sheet: Sheet, value: Decimal) -> Sighting | None:
    """Where an amount is printed, in any of the world's ways to write it; the sign does not count."""
    return _see(sheet, value, lambda _: True)


def see_sum(sheet: Sheet, value: Decimal) -> Sighting | None:
    """Where an amount is printed as a sum is: a short number without decimals may be a count of anything."""
    return _see(sheet, value, lambda raw: len(re.sub(r"\D", "", raw)) > COUNT)


def _see(sheet: Sheet, value: Decimal, fits: Callable[[str], bool]) -> Sighting | None:
    for exact in (True, False):
        for segment in sheet.segments:
            for start, end, found in _numbers(segment, exact=exact):
                if abs(found) == abs(value) and fits(segment.text[start:end]):
                    return Sighting(segment.between(start, end), exact)
    return None


def readings_of(text: str) -> set[Decimal]:
    """The amounts that a printed text may be, in any of the world's ways to write one."""
    return {found.value for comma in (None, True, False) for found in amounts(text, comma=comma)}


def _numbers(segment: Segment, *, exact: bool) -> Iterator[tuple[int, int, Decimal]]:
    text = segment.text
    for comma in (None, True, False):
        for found in amounts(text, comma=comma):
            if not found.percent:
                yield found.start, found.end, found.value
    if not exact:
        for piece in PIECE.finditer(text):
            mended = re.sub(r"(?<=[.,])\s|\s(?=[.,])", "", mend_digits(piece[0].strip()))
            for comma in (True, False):
                for found in amounts(mended, comma=comma):
                    yield piece.start(), piece.end(), found.value


def see_date(sheet: Sheet, date: dt.date) -> Sighting | None:
    """Where a date is printed, in any style and order of day and month."""
    for exact in (True, False):
        for segment in sheet.segments:
            text = segment.text if exact else _mended_date(segment.text)
            for month_first in (False, True):
                for found in dates(text, month_first=month_first):
                    if found.value == date:
                        return Sighting(segment.between(found.start, found.end), exact)
    return None


def _mended_date(text: str) -> str:
    """Words with digits in them mended; names of months left alone."""
    words = text.split(" ")
    return " ".join(
        mend_digits(word) if DIGIT.search(word) and not re.search("[A-Za-z]{3}", word) else word for word in words
    )


def see_name(sheet: Sheet, names: Iterable[str]) -> Sighting | None:
    """Where a party's name is printed, legal form and small misreadings aside."""
    wanted = [folded for folded in map(folded_name, names) if len(folded) > 2]  # noqa: PLR2004 - initials are everywhere
    for segment in sheet.segments:
        here = folded_name(segment.text)
        for name in wanted:
            if name in here:
                return Sighting(segment.words)
            if len(name) > SHORT and len(here) >= len(name) * 0.8 and fuzz.partial_ratio(name, here) >= SIMILAR:
                return Sighting(segment.words, exact=False)
    return None
