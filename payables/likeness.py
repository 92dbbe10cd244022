"""When two texts, numbers or codes mean the same."""

import re
from functools import lru_cache

_LOOK_ALIKE = str.maketrans("OQDILSBZG", "000115826")
_ORDER_LABEL = re.compile(r"^(?:PURCHASEORDER|ORDER|BESTELLUNG|PO)?(?:NO|NR|NUMBER|NUM)?(?=\d)")


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
