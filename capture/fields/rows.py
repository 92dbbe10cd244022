"""Rows: what a row is by the word that opens it, and by what its numbers are to each other."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations

from capture.fields.cells import CENT, HUNDRED, MONEY, Cell, cells
from capture.fields.marked import Marked
from capture.labels import Kind
from capture.lines import Segment
from formats.documents import TaxLine

Row = Sequence[Segment]
NO_WORDS = re.compile(r"^[\W\d]*$")
SUMMARY = {Kind.NET, Kind.TOTAL, Kind.PAYABLE, Kind.LINES}
PARTICULARS = {Kind.IBAN, Kind.TAX_ID}
HIGHEST = Decimal(30)
WIDEST = 12  # numbers of one row of taxes; each three of them are tried


def opens(marked: Marked, row: Row, kinds: AbstractSet[Kind]) -> bool:
    """Whether the first words of a row are a label of one of these kinds."""
    opening = [segment for segment in row if not NO_WORDS.match(segment.text)][:1]
    return any(label.kind in kinds and label.start == 0 for segment in opening for label in marked.of(segment))


def is_summary(marked: Marked, row: Row) -> bool:
    """A row that a word such as "total" or "net" opens."""
    return opens(marked, row, SUMMARY)


def is_carried(marked: Marked, row: Row) -> bool:
    """A row that carries a sum from one page to the next."""
    return opens(marked, row, {Kind.CARRIED})


def is_particulars(marked: Marked, row: Row) -> bool:
    """A row that tells a party's bank account or tax id, whose digits are no amounts."""
    return opens(marked, row, PARTICULARS)


def is_tax(marked: Marked, row: Row) -> bool:
    """A row of a breakdown of taxes: a rate, a base and their tax, without a word or behind one that means tax."""
    wordless = all(NO_WORDS.match(segment.text) for segment in row)
    return (wordless or opens(marked, row, {Kind.TAX})) and tax_in(cells(marked, row)) is not None


def tax_in(numbers: Sequence[Cell]) -> TaxLine | None:
    """The tax among the numbers of a row that hold a rate, a base and the two multiplied; None if they do not."""
    for rate, base, tax in permutations(numbers, 3) if len(numbers) <= WIDEST else ():
        if not 0 <= rate.value <= HIGHEST or base.found.percent or tax.found.percent or tax.found.decimals != MONEY:
            continue
        if base.found.decimals != MONEY or base.value == 0 or (rate.value == 0 and not rate.found.percent):
            continue
        exact = (base.value * rate.value / HUNDRED).quantize(CENT, ROUND_HALF_UP)
        if abs(exact - tax.value) <= CENT:
            return TaxLine(amount=tax.value, rate=rate.value, basis=base.value)
    return None
