"""Leaves: what was one page before it was put on a sheet of paper with another, or copied.

Two pages side by side on one sheet (two-up) are read one after the other, for their rows have nothing to do with each
other. A page that repeats an earlier one, word by word, is a copy and is read once. A cover sheet before the invoice
tells who sent the file on and when, which is not who made the invoice and when.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from capture.fields.columns import Header, headers
from capture.fields.marked import Marked
from capture.labels import Kind
from capture.lines import Sheet, sheet
from capture.paper import Words

TELLING = (Kind.NUMBER, Kind.CREDIT, Kind.NET, Kind.TAX, Kind.TOTAL, Kind.PAYABLE)
LYING = 1.15
MIDDLE = 0.5
GUTTER = 0.02
FEWEST = 12
BEGINS = 0.6
LETTERS = 2
SAME = 0.9


def leaves(words: Words, aspect: float) -> tuple[Words, ...]:
    """The words of each page on a sheet, the left one first; of the whole sheet where it is one page."""
    sides = (
        tuple(word for word in words if word.box.left + word.box.right < 2 * MIDDLE),
        tuple(word for word in words if word.box.left + word.box.right >= 2 * MIDDLE),
    )
    return sides if aspect > LYING and _apart(*sides) and _whole(words, sides, aspect) else (words,)


def without_copies(pages: Iterable[tuple[Words, float]]) -> Iterator[tuple[Words, float]]:
    """The pages, without those that say what an earlier one says."""
    earlier: list[Counter[str]] = []
    for words, aspect in pages:
        texts = Counter(word.text for word in words)
        if not any(_is_copy(texts, other) for other in earlier):
            earlier.append(texts)
            yield words, aspect


def behind_cover(marked: Marked) -> Marked:
    """The sheet from the first page on that has something of an invoice: its number, sums or a table."""
    tables = {marked.sheet.rows[header.row][0].page for header in headers(marked.sheet)}
    pages = tables | {segment.page for segment, _ in marked.labelled(*TELLING)}
    front = min(pages, default=1)
    return marked if front <= marked.sheet.front else Marked(marked.sheet.behind(front), marked.template)


def _is_copy(one: Counter[str], other: Counter[str]) -> bool:
    """All numbers are the same, and nearly all words: what differs is a mark such as "copy"."""
    figures = [{text: n for text, n in texts.items() if any(map(str.isdigit, text))} for texts in (one, other)]
    size = max(one.total(), other.total())
    return size >= FEWEST and figures[0] == figures[1] and (one & other).total() >= SAME * size


def _apart(left: Words, right: Words) -> bool:
    """Whether a gutter runs between the two sides, from top to bottom."""
    if min(len(left), len(right)) < FEWEST:
        return False
    return min(word.box.left for word in right) - max(word.box.right for word in left) > GUTTER


def _whole(words: Words, sides: tuple[Words, Words], aspect: float) -> bool:
    """Whether each side could be a page: no table runs across the gutter, and rows begin with words on both sides."""
    sheets = [sheet([(side, aspect)]) for side in sides]
    if any(map(_crosses, headers(sheet([(words, aspect)])))) and not all(any(headers(one)) for one in sheets):
        return False
    return all(map(_begins_with_words, sheets))


def _crosses(header: Header) -> bool:
    places = [heading.box.left < MIDDLE for heading in header.headings]
    return any(places) and not all(places)


def _begins_with_words(side: Sheet) -> bool:
    openings = [row[0].words[0].text for row in side.rows]
    return sum(sum(map(str.isalpha, text)) >= LETTERS for text in openings) >= BEGINS * len(openings)
