"""The words that introduce values on an invoice, in the languages that we read.

A label is found however it is spaced, cased, accented or letter-spaced, and with l read for I, or q for g.
The longest label wins, so that "due date" is never taken for "date".
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from capture.vocabulary import vocabulary


class Kind(StrEnum):
    """What a label introduces."""

    NUMBER = "number"
    DATE = "date"
    DUE = "due"
    DELIVERED = "delivered"
    OTHER_DATE = "other date"
    ORDER = "order"
    OTHER_NUMBER = "other number"
    NET = "net"
    LINES = "lines"
    CARRIED = "carried"
    TAX = "tax"
    TOTAL = "total"
    PAYABLE = "payable"
    PAID = "paid"
    ROUNDING = "rounding"
    COUNT = "count"
    CHARGE = "charge"
    DISCOUNT = "discount"
    CURRENCY = "currency"
    TAX_ID = "tax id"
    IBAN = "iban"
    TERMS = "terms"
    SELLER = "seller"
    BUYER = "buyer"
    TITLE = "title"
    CREDIT = "credit"
    ORIGINAL = "original"
    CONTACT = "contact"


WITH = re.compile(r"\b(?:in[ck]l|inkl|inc|including|inclusive|mit|toutes|avec|with)", re.IGNORECASE)
WITHOUT = re.compile(r"\b(?:ex[ck]l\w*|ex|ohne|hors|without|before|vor|zzgl)\b", re.IGNORECASE)


MISREAD = re.compile(r"(?<=[A-Za-z])[01]+(?=[A-Za-z#])")
ALIKE = {"l": "i", "q": "g"}
LOOKALIKES = str.maketrans("01", "oi")
# letters that Unicode does not take apart into a plain one and an accent
PLAIN = {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}
GREEK = dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)) | {"θ": "th", "χ": "ch", "ψ": "ps"}
CYRILLIC = dict(zip("абвгдежзийклмнопрстуфхцъыэь", "abvgdegziiklmnoprstufhcayey", strict=True))
CYRILLIC |= {"ч": "ch", "ш": "sh", "щ": "sht", "ю": "yu", "я": "ya"}
LATIN = str.maketrans(PLAIN | GREEK | CYRILLIC)


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a text: where it starts and ends, what it introduces, and how surely."""

    kind: Kind
    start: int
    end: int
    strength: float


def fold(text: str) -> tuple[str, list[int]]:
    """The letters of a text, lower case, without accents, l read as i, q as g, and for each the place it came from.

    Greek and Cyrillic letters become Latin ones. 0 and 1 inside a word are the letters they look like.
    """
    letters, places = [], []
    for place, char in enumerate(MISREAD.sub(lambda found: found[0].translate(LOOKALIKES), text)):
        if not char.isascii():
            char = unicodedata.normalize("NFKD", char.lower()).translate(LATIN)  # noqa: PLW2901
        for part in char.lower():
            if "a" <= part <= "z" or part == "#":
                letters.append(ALIKE.get(part, part))
                places.append(place)
    return "".join(letters), places


Meaning = dict[str, tuple[Kind, float]]
KEPT = 64


@lru_cache(KEPT)
def _index(more: tuple[tuple[str, Kind], ...]) -> tuple[re.Pattern[str], Meaning]:
    meaning: Meaning = {fold(phrase)[0]: (kind, 1.0) for phrase, kind in more if fold(phrase)[0]}
    for kind, strengths in vocabulary("labels").items():
        for strength, phrases in strengths.items():
            for phrase in phrases:
                meaning.setdefault(fold(phrase)[0], (Kind(kind), float(strength)))
    return re.compile(f"(?=({_alternatives(meaning)}))"), meaning


def _alternatives(phrases: Iterable[str]) -> str:
    """A pattern of all phrases, the longest first, by their first two letters, so that few are tried in vain."""
    beginnings: dict[str, list[str]] = defaultdict(list)
    for phrase in sorted(phrases, key=len, reverse=True):
        beginnings[phrase[:2]].append(re.escape(phrase[2:]))
    first = sorted(beginnings, key=len, reverse=True)
    return "|".join(f"{re.escape(letters)}(?:{'|'.join(beginnings[letters])})" for letters in first)


def find(text: str, more: Mapping[str, Kind] | None = None) -> list[Label]:
    """The labels in a text from left to right; none overlaps another. ``more`` are labels beside those of the house."""
    folded, places = fold(text)
    pattern, meaning = _index(tuple((more or {}).items()))
    labels: list[Label] = []
    for match in pattern.finditer(folded):
        if labels and places[match.start()] < labels[-1].end:
            continue
        label = _longest(text, folded[match.start() :], places[match.start() :], match[1], meaning)
        if label:
            labels.append(label)
    return _merged(text, labels)


def _merged(text: str, labels: list[Label]) -> list[Label]:
    """The labels, those that qualify a sum joined to it: "total incl. VAT" is a total, "sum (excl. tax)" a net."""
    merged: list[Label] = []
    for label in labels:
        kind = _joined(merged[-1], text[merged[-1].end : label.start], label) if merged else None
        if kind is None:
            merged.append(label)
        else:
            merged[-1] = Label(kind, merged[-1].start, label.end, 1.0)
    return merged


def _joined(sum_of: Label, between: str, label: Label) -> Kind | None:
    """What a sum and the label behind it mean together; None if they are two things."""
    if sum_of.kind not in {Kind.TOTAL, Kind.NET} or label.kind not in {Kind.TOTAL, Kind.NET, Kind.TAX}:
        return None
    if label.kind is Kind.TAX:
        if WITHOUT.search(between):
            return Kind.NET
        if WITH.search(between):
            return Kind.TOTAL
        return Kind.TAX if sum_of.kind is Kind.TOTAL and not between.strip() else None
    return label.kind if not between.strip(" -(") and sum_of.kind is Kind.TOTAL else None


def _longest(text: str, folded: str, places: list[int], longest: str, meaning: Meaning) -> Label | None:
    """The longest label at the beginning of a folded text that starts and ends where a word does."""
    start = places[0]
    if not _begins(text, start):
        return None
    for length in range(len(longest), 1, -1):
        phrase = folded[:length]
        if phrase in meaning and _ends(text, places[length - 1]):
            kind, strength = meaning[phrase]
            return Label(kind, start, places[length - 1] + 1, strength)
    return None


def _begins(text: str, place: int) -> bool:
    before = text[place - 1] if place else " "
    return not before.isalpha() or (before.islower() and text[place].isupper())


def _ends(text: str, place: int) -> bool:
    after = text[place + 1] if place + 1 < len(text) else " "
    return not after.isalpha() or (text[place].islower() and after.isupper())
