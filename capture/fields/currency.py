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
    "SFR": "CHF", "SFR.": "CHF", "FT": "HUF", "LEI": "RON", "ЛВ": "BGN", "TL": "TRY", "₺": "TRY", "₪": "ILS",
    "RP": "IDR", "NT$": "TWD", "MX$": "MXN", "฿": "THB", "₫": "VND", "₴": "UAH", "₱": "PHP", "S/": "PEN", "DHS": "AED",
    "₦": "NGN", "KR": "SEK", "KR.": "SEK",
}  # fmt: skip
# without those that are words or legal forms on invoices (ALL, TOP, BHD)
CODES = (
    "EUR", "USD", "GBP", "CHF", "MYR", "INR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "AUD", "CAD",
    "NZD", "SGD", "HKD", "JPY", "CNY", "ZAR", "BRL", "MXN", "AED", "SAR", "ILS", "THB", "IDR", "PHP", "KRW", "VND",
    "TWD", "ISK", "UAH", "RSD", "QAR", "KWD", "OMR", "JOD", "EGP", "MAD", "TND", "NGN", "KES", "GHS", "PKR", "LKR",
    "BDT", "COP", "CLP", "ARS", "PEN", "UYU", "KZT", "GEL", "TRY",
)  # fmt: skip
DOLLARS = {
    "AUSTRALIA": "AUD",
    "ABN": "AUD",
    "CANADA": "CAD",
    "SINGAPORE": "SGD",
    "HONGKONG": "HKD",
    "NEWZEALAND": "NZD",
}
KRONER = {
    "NOK": re.compile(r"\b(?:MVA|Norge|Norway|Org\.? ?nr\.? NO)\b", re.IGNORECASE),
    "DKK": re.compile(r"\b(?:CVR|Danmark|Denmark|DK[ -]?\d{8})\b", re.IGNORECASE),
    "ISK": re.compile(r"\b(?:Ísland|Island|Iceland|kennitala)\b", re.IGNORECASE),
}
TOKEN = re.compile(
    r"(?<![A-Za-z])(?:"
    + "|".join(map(re.escape, sorted([*CODES, *SYMBOLS, "$"], key=len, reverse=True)))
    + r")(?![A-Za-z])",
    re.IGNORECASE,
)
EURO_COUNTRIES = frozenset(re.findall("..", "ATBECYDEEEESFIFRGRHRIEITLTLULVMTNLPTSISK"))
BY_COUNTRY = {
    "GB": "GBP", "CH": "CHF", "SE": "SEK", "DK": "DKK", "PL": "PLN", "CZ": "CZK", "NO": "NOK", "HU": "HUF", "RO": "RON",
    "TR": "TRY", "IS": "ISK", "AE": "AED", "SA": "SAR", "IL": "ILS", "RS": "RSD", "UA": "UAH",
}  # fmt: skip
NAMED, SEEN, NEAR_TOTAL = 1.0, 0.7, 0.15
CODE = 4
MIXED = frozenset({"Rs", "Kč", "zł", "Ft", "lei", "lv", "лв", "Rp", "kr", "Dhs"})
BESIDE = frozenset(
    {"FT", "LEI", "ЛВ", "TL", "RP", "KR", "DHS", "TRY", "S/"}
)  # words and units, but for beside an amount
AMOUNT_BEFORE, AMOUNT_AFTER = re.compile(r"\d[,.–-]*\s?$"), re.compile(r"\.?\s?-?\d")


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
        if _may_be_word(token[0]) and not _beside(segment, token):
            continue
        score = SEEN + NEAR_TOTAL * near_total
        yield Candidate(_value(marked, token[0]), score, segment.between(*token.span()), token[0])


def _may_be_word(printed: str) -> bool:
    small = printed.isalpha() and not printed.isupper() and len(printed) < CODE
    return small or printed.upper().rstrip(".") in BESIDE


def _beside(segment: Segment, token: re.Match[str]) -> bool:
    """Whether a token that might be a word is written as a currency is, beside an amount."""
    before, after = segment.text[: token.start()], segment.text[token.end() :]
    written = token[0].rstrip(".") in MIXED or (token[0].isupper() or not token[0].isalpha())
    return written and bool(AMOUNT_BEFORE.search(before) or AMOUNT_AFTER.match(after))


def _value(marked: Marked, printed: str) -> str:
    printed = printed.upper()
    if printed.rstrip(".") == "KR":
        text = marked.sheet.text
        return next((code for code, sign in KRONER.items() if sign.search(text)), SYMBOLS[printed])
    if printed != "$":
        return SYMBOLS.get(printed, printed)
    letters = re.sub("[^A-Z]", "", marked.sheet.text.upper())
    return next((code for word, code in DOLLARS.items() if word in letters), "USD")


def of_country(country: str) -> str:
    """The currency of a country, for pages that name none; "" if it is not known."""
    return "EUR" if country in EURO_COUNTRIES else BY_COUNTRY.get(country, "")
