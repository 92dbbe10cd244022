"""Currencies: codes and symbols on the page, the ones near the total first."""

import re
from collections import Counter
from collections.abc import Iterator

from capture.evidence import Candidate
from capture.fields.marked import Marked
from capture.labels import Kind
from capture.lines import Segment

SYMBOLS = {
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "₹": "INR", "RS": "INR", "RM": "MYR", "KČ": "CZK",
    "ZŁ": "PLN", "US$": "USD", "US DOLLARS": "USD", "US DOLLAR": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD",
    "CA$": "CAD", "S$": "SGD", "HK$": "HKD", "NZ$": "NZD", "R$": "BRL", "FR.": "CHF", "¥": "JPY", "₩": "KRW",
}  # fmt: skip
# without those that are words or legal forms on invoices (ALL, TOP, TRY, BHD)
CODES = (
    "EUR", "USD", "GBP", "CHF", "MYR", "INR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "AUD", "CAD",
    "NZD", "SGD", "HKD", "JPY", "CNY", "ZAR", "BRL", "MXN", "AED", "SAR", "ILS", "THB", "IDR", "PHP", "KRW", "VND",
)  # fmt: skip
DOLLARS = {
    "AUSTRALIA": "AUD",
    "ABN": "AUD",
    "CANADA": "CAD",
    "SINGAPORE": "SGD",
    "HONGKONG": "HKD",
    "NEWZEALAND": "NZD",
}
TOKEN = re.compile(
    r"(?<![A-Za-z])(?:"
    + "|".join(map(re.escape, sorted([*CODES, *SYMBOLS, "$"], key=len, reverse=True)))
    + r")(?![A-Za-z])",
    re.IGNORECASE,
)
EURO_COUNTRIES = frozenset(re.findall("..", "ATBECYDEEEESFIFRGRHRIEITLTLULVMTNLPTSISK"))
BY_COUNTRY = {"GB": "GBP", "CH": "CHF", "SE": "SEK", "DK": "DKK", "PL": "PLN", "CZ": "CZK", "NO": "NOK", "HU": "HUF"}
NAMED, SEEN, NEAR_TOTAL = 1.0, 0.7, 0.15
CODE = 4
MIXED = frozenset({"Rs", "Kč", "zł"})
AMOUNT_BEFORE, AMOUNT_AFTER = re.compile(r"\d\s?$"), re.compile(r"\.?\s?-?\d")


def currencies(marked: Marked) -> Iterator[Candidate[str]]:
    """The currencies on the page: named by a label, beside a total, or the most frequent ones."""
    yield from _labelled(marked)
    seen = [candidate for segment in marked.sheet.segments for candidate in _in(marked, segment)]
    counts = Counter(candidate.value for candidate in seen)
    for candidate in seen:
        share = counts[candidate.value] / len(seen)
        yield Candidate(candidate.value, candidate.score * (0.6 + 0.4 * share), candidate.words, candidate.raw)


def _labelled(marked: Marked) -> Iterator[Candidate[str]]:
    for segment, label in marked.labelled(Kind.CURRENCY):
        for stretch in marked.near(segment, label):
            token = TOKEN.search(stretch.text)
            if token and token.start() < len("is in : "):
                value = _value(marked, token[0])
                yield Candidate(value, NAMED, stretch.words(*token.span()), token[0])
                break


def _in(marked: Marked, segment: Segment) -> Iterator[Candidate[str]]:
    near_total = any(label.kind in {Kind.TOTAL, Kind.PAYABLE} for label in marked.of(segment))
    for token in TOKEN.finditer(segment.text):
        if token[0].isalpha() and not token[0].isupper() and len(token[0]) < CODE and not _beside(segment, token):
            continue
        score = SEEN + NEAR_TOTAL * near_total
        yield Candidate(_value(marked, token[0]), score, segment.between(*token.span()), token[0])


def _beside(segment: Segment, token: re.Match[str]) -> bool:
    """Whether a token that might be a word is written as a currency is, beside an amount."""
    before, after = segment.text[: token.start()], segment.text[token.end() :]
    return token[0] in MIXED and bool(AMOUNT_BEFORE.search(before) or AMOUNT_AFTER.match(after))


def _value(marked: Marked, printed: str) -> str:
    printed = printed.upper()
    if printed != "$":
        return SYMBOLS.get(printed, printed)
    letters = re.sub("[^A-Z]", "", marked.sheet.text.upper())
    return next((code for word, code in DOLLARS.items() if word in letters), "USD")


def of_country(country: str) -> str:
    """The currency of a country, for pages that name none; "" if it is not known."""
    return "EUR" if country in EURO_COUNTRIES else BY_COUNTRY.get(country, "")
