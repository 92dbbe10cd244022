"""One reading of a paper: the words of every page, from its text layer or by an engine, as a marked sheet."""

import time
from collections.abc import Callable, Iterator

from capture.fields.marked import Marked
from capture.lines import sheet
from capture.paper import Engine, Page, Paper, Words
from capture.rules import PAGE_TOO_LARGE, PAGE_UNREADABLE
from formats.findings import Finding, Source

Reader = Callable[[Page], Words]


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


def _marked(paper: Paper, read: Reader, findings: list[Finding]) -> Marked:
    return Marked(sheet((words, page.aspect) for page, words in _pages(paper, read, findings)))


def _pages(paper: Paper, read: Reader, findings: list[Finding]) -> Iterator[tuple[Page, Words]]:
    until = time.monotonic() + paper.limits.seconds
    for page in paper.pages:
        if time.monotonic() > until:
            where = Source(paper.name, page=page.number)
            findings.append(Finding(where, PAGE_UNREADABLE, f"not read: {paper.limits.seconds:g} seconds are over"))
            return
        words = read(page)
        if len(words) > paper.limits.words:
            message = f"{len(words)} words are more than {paper.limits.words}: the rest is not read"
            findings.append(Finding(Source(paper.name, page=page.number), PAGE_TOO_LARGE, message))
        yield page, words[: paper.limits.words]
