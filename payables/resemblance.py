"""When two invoices look like one: signs between their numbers, amounts, dates and images, each with a weight.

The number signs hold between invoices over the same amount. Weights rank; they are not probabilities.
"""

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from payables.likeness import key, look_alike

LEAST = 5
NEAR_NUMBERS = 10
SLIP_DAYS = 62


@dataclass(frozen=True, slots=True)
class Sign:
    """Why two invoices may be one, as it is told, and how much it weighs (0 to 1)."""

    text: str
    weight: float


SAME_IMAGE = Sign("the image is the same file", 1.0)
SAME_NUMBER = Sign("number and amount are the same", 0.98)
READS_THE_SAME = Sign("the numbers read the same", 0.95)
ADDED = Sign("one number is the other with something added, the amount is the same", 0.85)
SWAPPED = Sign("two characters of the number are swapped, the amount is the same", 0.8)
SLIP = Sign("the numbers are one character apart, amount and time are the same", 0.7)
OTHER_AMOUNT = Sign("the number is the same, the amount is not", 0.7)
OTHER_SUPPLIER = Sign("another supplier sent the same number over the same amount", 0.65)
RARE_AMOUNT = Sign("the supplier billed this amount only these two times, days apart and numbered in another way", 0.6)


def number_sign(mine: str, theirs: str, days: int | None) -> Sign | None:
    """Return what two numbers over the same amount have in common; ``days`` lie between their dates."""
    one, two = reading(mine), reading(theirs)
    if not one or not two:
        return None
    if one == two:
        return SAME_NUMBER if key(mine) == key(theirs) else READS_THE_SAME
    shorter, longer = sorted((one, two), key=len)
    if len(shorter) >= LEAST and (longer.startswith(shorter) or longer.endswith(shorter)):
        return ADDED
    if len(shorter) < LEAST or consecutive(key(mine), key(theirs)) or consecutive(one, two):
        return None
    return _slip(one, two, days)


@lru_cache(maxsize=65536)
def reading(number: str) -> str:
    """Return a number as it reads: look-alikes made equal, leading zeros and a label without digits gone."""
    return re.sub(r"^(?:INVOICE|INV|RE|RG|NO|NR)(?=\d)", "", look_alike_of_digits(number)).lstrip("0")


def look_alike_of_digits(number: str) -> str:
    """Return the key with its label kept in letters and everything from the first digit on made equal."""
    code = key(number)
    first = next((place for place, character in enumerate(code) if character.isdigit()), 0)
    return code[:first] + look_alike(code[first:])


def _slip(one: str, two: str, days: int | None) -> Sign | None:
    if days is None or OSA.distance(one, two, score_cutoff=1) > 1:
        return None
    if sorted(one) == sorted(two):
        return SWAPPED if days <= SLIP_DAYS else None
    return SLIP if days <= (SLIP_DAYS if len(one) != len(two) else 0) else None


def consecutive(one: str, two: str) -> bool:
    """Return True when both numbers end in digits that count up from one to the other, or in another letter only."""
    if one[:-1] == two[:-1] and one[-1:].isalpha() and two[-1:].isalpha():
        return True
    tails = (one[len(one.rstrip("0123456789")) :], two[len(two.rstrip("0123456789")) :])
    return all(tails) and abs(int(tails[0]) - int(tails[1])) <= NEAR_NUMBERS


def is_a_date(number: str, date: dt.date | None) -> bool:
    """Return True when a number is nothing but a date near the document's: "010110" says little of 3 January 2010."""
    digits = key(number)
    if date is None or not digits.isdecimal():
        return False
    written = digits.zfill(6) if len(digits) < len("ddmmyyyy") else digits
    return any(abs((found - date).days) <= SLIP_DAYS for found in _dates(written))


@lru_cache(maxsize=65536)
def _dates(digits: str) -> tuple[dt.date, ...]:
    orders = ("%m%d%y", "%d%m%y", "%y%m%d") if len(digits) == len("ddmmyy") else ("%m%d%Y", "%d%m%Y", "%Y%m%d")
    found = []
    for order in orders:
        with suppress(ValueError):
            found.append(dt.datetime.strptime(digits, order).replace(tzinfo=dt.UTC).date())
    return tuple(found)


@lru_cache(maxsize=65536)
def shape(number: str) -> str:
    """Return how a number is built: letters as A, digits as 9, the rest as it is."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", number.upper()))


def days_between(one: dt.date | None, two: dt.date | None) -> int | None:
    """Return the days between two dates, None when one is missing."""
    return None if one is None or two is None else abs((one - two).days)
