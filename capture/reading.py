"""One reading of a paper: the words of every page, from its text layer or by an engine, as a marked sheet."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from capture.evidence import Evidence
from capture.fields.marked import Marked
from capture.leaves import leaves, without_copies
from capture.lines import sheet
from capture.paper import Engine, Page, Paper, Words
from capture.rules import PAGE_TOO_LARGE, PAGE_UNREADABLE
from capture.strip import Strip
from formats.findings import Box, Finding, Source

Reader = Callable[[Page], Words]


@dataclass(frozen=True, slots=True)
class Second:
    """What a second engine read of a paper: all of it, or of each page the rows in a strip."""

    marked: Marked
    strips: Mapping[int, Strip] | None = None

    def looked_at(self, page: int, box: Box) -> bool:
        """Whether it read the place where a box stands on a page."""
        return self.strips is None or (page in self.strips and self.strips[page].holds(box))


def first_reading(paper: Paper, engine: Engine | None) -> tuple[Marked, list[Finding]]:
    """The text layer where there is one, else the engine; pages after the time limit stay unread."""

    def read(page: Page) -> Words:
        return page.words() or (page.read(engine) if engine else ())

    findings: list[Finding] = [*paper.findings]
    marked = _marked(paper, read, findings)
    return marked, findings


def second_reading(paper: Paper, engine: Engine | None) -> Marked | None:
    """The second engine's reading of the pages that have no text layer; None when there is nothing to read."""
    if engine is None or all(page.words() for page in paper.pages):
        return None
    return _marked(paper, lambda page: page.words() or page.read(engine), [])


def second_look(paper: Paper, engine: Engine | None, places: Iterable[Evidence]) -> Second | None:
    """The second engine's reading of the rows that these values stand in; None when there is nothing to read."""
    boxes: dict[int, list[Box]] = defaultdict(list)
    for place in places:
        boxes[place.page].append(place.box)
    strips = {page.number: Strip.around(boxes[page.number]) for page in paper.pages if _unread(page, boxes)}
    if engine is None or not strips:
        return None

    def read(page: Page) -> Words:
        return strips[page.number].read(page.picture(), page.number, engine) if page.number in strips else ()

    return Second(_marked(paper, read, []), strips)


def _unread(page: Page, boxes: Mapping[int, list[Box]]) -> bool:
    return page.number in boxes and not page.words()


def _marked(paper: Paper, read: Reader, findings: list[Finding]) -> Marked:
    pages = _pages(paper, read, findings)
    parts = ((part, page.aspect) for page, words in pages for part in leaves(words, page.aspect))
    return Marked(sheet(without_copies(parts)))


def _pages(paper: Paper, read: Reader, findings: list[Finding]) -> Iterator[tuple[Page, Words]]:
    until, left = time.monotonic() + paper.limits.seconds, paper.limits.all_words
    for page in paper.pages:
        where = Source(paper.name, page=page.number)
        if time.monotonic() > until:
            findings.append(Finding(where, PAGE_UNREADABLE, f"not read: {paper.limits.seconds:g} seconds are over"))
            return
        words, most = read(page), min(paper.limits.words, left)
        if page.problem:
            findings.append(Finding(where, PAGE_UNREADABLE, page.problem))
        left -= min(len(words), most)
        yield page, words[:most]
        if len(words) > most:
            message = f"{len(words)} words are more than {most}: the rest is not read"
            findings.append(Finding(where, PAGE_TOO_LARGE, message))
        if not left:
            return
