"""Names of senders: what the letterhead, the footer and the labels say, each with how well it fits."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from rapidfuzz import fuzz

from capture.evidence import Candidate
from capture.fields.blocks import buyer_block
from capture.fields.columns import is_heading
from capture.fields.marked import Marked
from capture.labels import Kind, Label
from capture.lines import Segment
from capture.vocabulary import vocabulary

_WORDS = vocabulary("names")
_FORMS = {form.rstrip(".") for form in _WORDS["forms"]}
LEGAL = re.compile(
    r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(_FORMS, key=len, reverse=True))) + r")(?!\w)\.?",
    re.IGNORECASE,
)
CUT = re.compile(
    r"\s+[-–—●•·|]\s+|\s*[●•|]\s*|\s{2,}|,\s+(?=\d)"
    r"|\s*\((?:[A-Z]{0,2}\d[\w -]*|[\w-]*\d[\w-]*)\)?.*$|\s+(?:reg|co\.?\s?no|roc).*$",
    re.IGNORECASE,
)
TITLE = re.compile(
    r"^\W*(?:(?:tax|cash|commercial|simplified|retail|original|customer|e-?|sales|official|credit|debit)[\s-]*)*"
    r"(?:invoices?|rechnung|facture|receipt|bill|gutschrift|note|copy|avoir|memo"
    r"|handelsrechnung|rechnungs-?korrektur|korrekturrechnung|beispiel-?rechnung)\b"
    r"|^\W*(?:" + "|".join(map(re.escape, _WORDS["titles"])) + r")(?!\w)",
    re.IGNORECASE,
)
TRADES = frozenset(form.rstrip(".") for form in _WORDS["trades"])
STREET = re.compile("|".join(_WORDS["streets"]), re.IGNORECASE)
OWN_LABEL = re.compile(
    r"^\W*(?:name|sold by|seller|verkäufer|lieferant|from|firma|kontoinhaber|kontoname|account holder)\s*[::]\s*",
    re.IGNORECASE,
)
DOTTED = re.compile(r"\b(?:\w\.\s?)+\w{1,2}$")  # S.A, s.r.o: the last point belongs to the form
MENDED = ("SDN BHD", "GMBH")
MENDABLE = 80
IMPRINT, FOOT = 0.4, 0.8
BULLET = re.compile(r"\s*[-–—●•·|,]\s")
LETTERS = 3
TOP_ROWS = 8
SELLER_ROWS = 4
LONGEST = 60


def names(marked: Marked) -> list[Candidate[str]]:
    """The lines that may be the sender's name, with scores from 0 to 1, in reading order."""
    judge = _Judge(marked)
    found = []
    for segment in marked.sheet.segments:
        text = printed_name(segment.text)
        if _may_be_name(text):
            start = max(0, segment.text.find(text.split()[0]))
            words = segment.between(start, start + len(text))
            found.append(Candidate(text, judge.score(segment, text), words, text))
    return [candidate for candidate in found if candidate.score > 0]


def printed_name(text: str) -> str:
    """A line up to where an address, a registration number or another part begins, without a label before it."""
    plain = OWN_LABEL.sub("", text).strip(" .-*#|")
    name = CUT.split(plain, maxsplit=1)[0].strip(" .,-*#|")
    return mend_legal_form(f"{name}." if DOTTED.search(name) and f"{name}." in text else name)


def mend_legal_form(name: str) -> str:
    """A name whose legal form an engine misread by a letter, such as SDN DHD, with the form as it should be."""
    words = name.split()
    for form in MENDED:
        size = len(form.split())
        tail = " ".join(words[-size:]).lower()
        if len(words) > size and tail not in _WORDS["forms"] and fuzz.ratio(tail.upper(), form) >= MENDABLE:
            return " ".join([*words[:-size], form])
    return name


def _may_be_name(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    digits = sum(char.isdigit() for char in text)
    if ":" in text and not _legal(text):
        return False
    return letters >= LETTERS and len(text) <= LONGEST and digits * 2 <= letters and not TITLE.search(text)


@cache
def folded_name(name: str) -> str:
    """A name without case, accents, punctuation, blanks and legal forms, for comparison."""
    plain = unicodedata.normalize("NFKD", LEGAL.sub(" ", name)).casefold()
    return re.sub(r"[^a-z0-9]", "", plain) or re.sub(r"[^a-z0-9]", "", name.casefold())


class _Judge:
    """Weighs a line as the sender's name by its place on the page and by what else is there."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._front = marked.sheet.front
        self._buyer = {id(segment) for segment in buyer_block(marked)}
        self._seller = {id(segment): rank for segment, rank in _under_seller(marked)}
        self._text = re.sub(r"[^a-z0-9]", "", marked.sheet.text.casefold())
        self._domains = re.findall(r"(?:@|www\.|//)([\w.-]+)", marked.sheet.text.casefold())
        heights = sorted(segment.height for segment in marked.sheet.segments)
        self._height = heights[len(heights) // 2] if heights else 1.0

    def score(self, segment: Segment, text: str) -> float:
        """From 0 to 1."""
        score = _legal(text) + 0.5 * self._seller.get(id(segment), 0.0)
        score += 0.1 * min(2.0, max(0.0, segment.height / self._height - 1)) if segment.page == self._front else 0.0
        score += self._place(segment) + self._echo(text)
        score -= 0.7 * (id(segment) in self._buyer) + 0.6 * bool(STREET.search(text))
        score -= 0.15 * text.islower()
        score -= 0.3 * any(_spoils(label) and label.start < len(text) for label in self._marked.of(segment))
        score += IMPRINT * _is_imprint(segment, text) - 0.6 * is_heading(text)
        return max(0.0, min(1.0, score))

    def _place(self, segment: Segment) -> float:
        if segment.page != self._front:
            return 0.0
        first = max(0.0, 0.35 * (1 - segment.row / TOP_ROWS))
        return first + 0.1 * (segment.box.top < 0.3) + 0.05 * (segment.box.top > 0.85)  # noqa: PLR2004 - letterhead and footer

    def _echo(self, text: str) -> float:
        """Names are printed more than once, and live in the domain of the sender."""
        folded = folded_name(text)
        if len(folded) < LETTERS:
            return 0.0
        in_domain = any(folded[:12] in re.sub("[^a-z0-9]", "", domain) for domain in self._domains)
        return 0.3 * in_domain + 0.1 * (self._text.count(folded) > 1)


def _legal(text: str) -> float:
    """A legal form makes a name; a trade only suggests one."""
    forms = (form.lower().rstrip(".") for form in LEGAL.findall(text))
    return max((0.15 if form in TRADES else 0.45 for form in forms), default=0.0)


def _is_imprint(segment: Segment, text: str) -> bool:
    """A footer that tells the address behind the name, all on one line."""
    at = segment.text.find(text)
    rest = segment.text[at + len(text) :]
    return at == 0 and segment.box.top > FOOT and bool(BULLET.match(rest)) and any(char.isdigit() for char in rest)


def _spoils(label: Label) -> bool:
    return label.kind not in {Kind.SELLER, Kind.BUYER, Kind.TAX, Kind.CURRENCY, Kind.PAID, Kind.CHARGE}


def _under_seller(marked: Marked) -> Iterator[tuple[Segment, float]]:
    """The lines that a label such as "seller" introduces, with how near they are."""
    for segment, label in marked.labelled(Kind.SELLER):
        if label.start > 0 or len(segment.text) > LONGEST:
            continue
        if segment.text[label.end :].strip(" :."):
            yield segment, 0.8 if ":" in segment.text[label.end : label.end + 3] else 0.3
            continue
        near = 1.0
        for other in (*marked.sheet.right_of(segment)[:1], *marked.sheet.below(segment, rows=SELLER_ROWS)):
            if _may_be_name(printed_name(other.text)):
                yield other, near
                near -= 0.25
