"""The month that a description names, as orders over a period do: "Cleaning February 2026", "Wartung 02/2026"."""

import re
from functools import lru_cache

_NAMES = (
    ("january", "januar", "jan"),
    ("february", "februar", "feb"),
    ("march", "märz", "maerz", "mar"),
    ("april", "apr"),
    ("may", "mai"),
    ("june", "juni", "jun"),
    ("july", "juli", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oktober", "oct", "okt"),
    ("november", "nov"),
    ("december", "dezember", "dec", "dez"),
)
_MONTHS = {name: month for month, names in enumerate(_NAMES, start=1) for name in names}
_LEAST = len("june")  # shorter names are words of their own ("may", "mar"): they need a year behind them
_DAY = r"(?:\s*\d{1,2}(?:st|nd|rd|th)?,?(?=\s+\d{4}\b))?"  # "March 12, 2026"
_NAMED = re.compile(rf"\b({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?{_DAY}(?:\s*'?(\d{{4}}|\d{{2}})\b)?")
_NUMBERS = re.compile(r"(?<![\d./-])(?:(0?[1-9]|1[0-2])[./-](20\d\d)|(20\d\d)[./-](0[1-9]|1[0-2]))(?![\d./-]*\d)")
_CENTURY = 2000

Month = tuple[int, int]


@lru_cache(maxsize=65536)
def month(text: str) -> Month | None:
    """Return year (0 where none stands there) and month if the text names exactly one, else None."""
    words = text.casefold()
    found = {(_year(one[2]), _MONTHS[one[1]]) for one in _NAMED.finditer(words) if one[2] or len(one[1]) >= _LEAST}
    found |= {(int(one[2] or one[3]), int(one[1] or one[4])) for one in _NUMBERS.finditer(words)}
    return found.pop() if len(found) == 1 else None


def _year(digits: str | None) -> int:
    year = int(digits or 0)
    return year + _CENTURY if 0 < year < _CENTURY else year


def other_period(mine: str, theirs: str) -> bool:
    """Return True when both texts name a month and not the same one."""
    one, two = month(mine), month(theirs)
    if one is None or two is None:
        return False
    return one[1] != two[1] or (one[0] != two[0] and bool(one[0] and two[0]))
