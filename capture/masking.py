"""Masking: what no machine but ours may see is taken out of a text, and put back into what comes home."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MASKED = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<iban>\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b)"
    r"|(?P<tax>\b(?:ATU|[A-Z]{2})[ ]?\d(?:[ .]?\d){7,11}(?:[ ]?B\d{2})?\b"
    r"|\b\d{2}[ /]\d{3}[ /]\d{4,5}\b|\b\d{2}-\d{7}\b)"
)
MARK = re.compile(r"\[(?:MAIL|IBAN|TAX)-\d+\]")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with marks such as ``[IBAN-1]``, and what each of them stands for."""

    text: str
    hidden: dict[str, str]

    def reveal(self, text: str) -> str:
        """The text with every mark replaced by what it stands for."""
        return MARK.sub(lambda found: self.hidden.get(found[0], found[0]), text)


def mask(text: str) -> Masked:
    """The text without mail addresses, bank accounts and tax ids; the same value has the same mark."""
    marks: dict[str, str] = {}
    for kind, value in _found(text):
        count = sum(mark.startswith(f"[{kind}-") for mark in marks.values())
        marks.setdefault(value, f"[{kind}-{count + 1}]")
    for value, mark in sorted(marks.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(value, mark)
    return Masked(text, {mark: value for value, mark in marks.items()})


def _found(text: str) -> Iterator[tuple[str, str]]:
    for found in MASKED.finditer(text):
        yield str(found.lastgroup).upper(), found[0]
