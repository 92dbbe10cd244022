"""How far two descriptions are apart in meaning: shared words first, then what kind of goods they name."""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from rapidfuzz import fuzz

from payables.likeness import words
from payables.vocabulary import KINDS, STOP_WORDS

SAME_WORD = 80
PHRASE = 3
DIFFERENT = 0.25
CONTAINED = 0.9
SAME_KIND, WIDER_KIND, SAME_FAMILY = 0.9, 0.75, 0.3
ROOT = "goods"


@lru_cache(maxsize=262144)
def distance(left: str, right: str) -> float:
    """Return 0.0 for the same words in any order, else from 0.25 (nearly the same) to 1.0 (nothing in common)."""
    one, two = stems(left), stems(right)
    if same_words(left, right):
        return 0.0
    return DIFFERENT + (1 - DIFFERENT) * (1 - max(_shared_words(one, two), kinship(left, right)))


def same_words(left: str, right: str) -> bool:
    """Return True when both texts have the same words in any order."""
    return sorted(stems(left)) == sorted(stems(right))


@lru_cache(maxsize=65536)
def stems(text: str) -> tuple[str, ...]:
    """Return the words that carry meaning, in lower case and singular."""
    return tuple(_singular(word) for word in words(text).split() if word not in STOP_WORDS)


def related(left: str, right: str) -> bool:
    """Return True when the texts share a word, or one names the kind of goods that the other is of."""
    return _shared_words(stems(left), stems(right)) > 0 or kinship(left, right) >= WIDER_KIND


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > len("ties"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > len("gas") else word


def _shared_words(one: tuple[str, ...], two: tuple[str, ...]) -> float:
    """Return the share of words in common; a word misread by a letter counts, one with digits must be the same."""
    left, shared = list(two), 0
    for word in one:
        found = next((other for other in left if _same_word(word, other)), None)
        if found is not None:
            left.remove(found)
            shared += 1
    if not shared:
        return 0.0
    return max(2 * shared / (len(one) + len(two)), CONTAINED * shared / min(len(one), len(two)) * _weight(shared))


def _weight(shared: int) -> float:
    return 1.0 if shared > 1 else CONTAINED


def _same_word(one: str, two: str) -> bool:
    if one == two:
        return True
    coded = any(character.isdigit() for character in one + two)
    return not coded and fuzz.ratio(one, two) >= SAME_WORD


@cache
def _families() -> tuple[Mapping[tuple[str, ...], str], Mapping[str, str]]:
    """Return the kind of each term and the wider kind of each kind."""
    terms: dict[tuple[str, ...], str] = {}
    wider: dict[str, str] = {}
    for entry in KINDS.strip().replace("\n ", " ").splitlines():
        kind, _, listed = entry.partition(":")
        name, _, parent = (part.strip() for part in kind.partition("<"))
        wider[name] = parent
        for term in listed.split(","):
            terms.setdefault(stems(term), name)
    terms.pop((), None)
    return terms, wider


@lru_cache(maxsize=65536)
def kinds(text: str) -> tuple[str, ...]:
    """Return the kinds of goods a description names, the one that its last words name first."""
    found = list(_kinds(stems(text)))
    return tuple(dict.fromkeys(reversed(found)))


def _kinds(text: tuple[str, ...]) -> Iterator[str]:
    terms, _ = _families()
    place = 0
    while place < len(text):
        sizes = range(min(PHRASE, len(text) - place), 0, -1)
        size = next((size for size in sizes if text[place : place + size] in terms), 0)
        if size:
            yield terms[text[place : place + size]]
        place += size or 1


def _line(kind: str) -> list[str]:
    """Return the kind and its wider kinds, but for the root."""
    _, wider = _families()
    line = []
    while kind and kind != ROOT:
        line.append(kind)
        kind = wider.get(kind, "")
    return line


def kinship(left: str, right: str) -> float:
    """Return how near the kinds of goods are that two descriptions name; 0.0 when one is not known."""
    one, two = kinds(left), kinds(right)
    if not one or not two:
        return 0.0
    return _kinship(one[0], two[0])


def _kinship(one: str, two: str) -> float:
    if one == two:
        return SAME_KIND
    mine, theirs = _line(one), _line(two)
    if one in theirs or two in mine:
        return WIDER_KIND
    return SAME_FAMILY if set(mine) & set(theirs) else 0.0
