"""What is wrong, and where: the one way in which bad data is reported.

Bad data is a value. Every reader, check and control yields findings; nothing here is ever raised.
A finding can be opened: it names the file, the line and column (or the page and box), and a rule that is documented.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Rule:
    """A documented rule: its permanent id, what it says, and what to do when it is broken."""

    id: str
    title: str
    remedy: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, as fractions of the page's width and height, from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was read: a line and column of a file, an XPath, or a box on a page (from 1)."""

    file: str
    line: int | None = None
    column: str = ""
    page: int | None = None
    box: Box | None = None

    def __str__(self) -> str:
        place = f":{self.line}" if self.line is not None else f" page {self.page}" if self.page is not None else ""
        return f"{self.file}{place}" + (f" {self.column}" if self.column else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where.

    ``record`` is the invoice number (or other key) of the document it belongs to, "" for the whole file.
    """

    source: Source
    rule: Rule
    message: str
    record: str = ""

    @property
    def severity(self) -> Severity:
        """The weight of the rule."""
        return self.rule.severity

    def __str__(self) -> str:
        return f"{self.source}: {self.message} [{self.rule.id}]"
