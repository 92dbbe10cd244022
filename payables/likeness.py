"""When two texts, numbers or codes mean the same."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

_LOOK_ALIKE = str.maketrans("OQDILSBZG", "000115826")
_ORDER_LABEL = re.compile(r"^(?:PURCHASEORDER|ORDER|BESTELLUNG|PO)?(?:NO|NR|NUMBER|NUM)?(?=\d)")
_DIFFERENT = 0.25
_PERCENT = 100


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Return the letters and digits of a code in upper case, "" when it has none."""
    return "".join(character for character in text.upper() if character.isalnum())


def look_alike(text: str) -> str:
    """Return the key with characters that reading confuses made equal (O and 0, I and 1, S and 5, B and 8 ...)."""
    return key(text).translate(_LOOK_ALIKE)


def order_key(number: str) -> str:
    """Return a purchase order number without its label and leading zeros: "PO-0004711" and "4711" are the same."""
    return _ORDER_LABEL.sub("", key(number)).lstrip("0")


@lru_cache(maxsize=65536)
def words(text: str) -> str:
    """Return the words of a text in lower case, punctuation gone."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@lru_cache(maxsize=262144)
def text_distance(left: str, right: str) -> float:
    """Return 0.0 for the same words in any order, else from 0.25 (nearly the same) to 1.0 (nothing in common)."""
    one, two = words(left), words(right)
    if sorted(one.split()) == sorted(two.split()):
        return 0.0
    similarity = max(fuzz.token_sort_ratio(one, two), fuzz.token_set_ratio(one, two) * 0.95) / _PERCENT
    return _DIFFERENT + (1 - _DIFFERENT) * (1 - similarity)
