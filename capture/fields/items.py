"""Line items: rows of a table whose quantity times price is their amount."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from capture.fields.cells import MONEY, Cell, basis, cells, factors
from capture.fields.columns import Column, Header, Heading, headers
from capture.fields.descriptions import ROW_GAP, describe, part_number
from capture.fields.marked import Marked
from capture.fields.rows import NO_WORDS, is_carried, is_particulars, is_summary, is_tax
from capture.labels import Kind
from capture.lines import Segment, overlap
from capture.words import Word
from formats.findings import Box

OTHER_MATTER = {Kind.DISCOUNT, Kind.CHARGE, Kind.TERMS, Kind.DUE, Kind.PAID, Kind.ROUNDING}
UNITS = re.compile(r"^[A-Za-zäöüÄÖÜ²³.()/]{1,10}\.?$")


@dataclass(frozen=True, slots=True)
class Item:
    """A line item as printed; ``closes`` when quantity times price (less discount) is the amount."""

    row: int
    amount: Cell
    price: Cell | None
    quantity: Cell | None
    closes: bool
    basis: Decimal = Decimal(1)
    description: str = ""
    unit: str = ""
    part_number: str = ""
    rate: Cell | None = None
    header: Header | None = None

    @property
    def numbers(self) -> list[Cell]:
        """The cells of the item, its amount first."""
        return [cell for cell in (self.amount, self.price, self.quantity, self.rate) if cell]


def read_items(marked: Marked) -> tuple[Item, ...]:
    """The line items of all tables on all pages, in reading order."""
    tables = list(headers(marked.sheet))
    if not tables:
        return _without_header(marked)
    ends = [header.row for header in tables[1:]] + [len(marked.sheet.rows)]
    items: list[Item] = []
    for header, end in zip(tables, ends, strict=True):
        items += _table(marked, header, range(header.row + 1, end), strict=bool(items))
    return tuple(_described(marked, items))


def _table(marked: Marked, header: Header, rows: range, *, strict: bool) -> Iterator[Item]:
    """The items under one header; past the first summary only rows that prove themselves by arithmetic."""
    found = past = False
    for number in rows:
        row = marked.sheet.rows[number]
        if is_carried(marked, row):
            continue
        if is_summary(marked, row):
            past = past or found or strict
            continue
        item = _item(marked, row, header)
        if item is None or is_particulars(marked, row) or is_tax(marked, row):
            continue
        if item.closes or not (past or _is_other(marked, row)):
            found = True
            yield replace(item, part_number=part_number(marked, number, header), header=header)


def _is_other(marked: Marked, row: Sequence[Segment]) -> bool:
    """A row that speaks of discounts, charges or terms, or that opens with a tax."""
    if any(label.kind in OTHER_MATTER for segment in row for label in marked.of(segment)):
        return True
    return any(label.kind is Kind.TAX and label.start == 0 for label in marked.of(row[0]))


def _item(marked: Marked, row: Sequence[Segment], header: Header) -> Item | None:
    numbers = cells(marked, row)
    money = [cell for cell in numbers if not cell.found.percent]
    amount = _in_column(money, header, Column.AMOUNT) or _beside(marked, row, header)
    if amount is None:
        return None
    others = [cell for cell in money if cell is not amount]
    price = _in_column(others, header, Column.PRICE)
    quantity = _in_column([cell for cell in others if cell is not price], header, Column.QUANTITY)
    discount = _in_column([cell for cell in numbers if cell is not amount], header, Column.DISCOUNT)
    per = basis(quantity, price, amount, discount)
    if not per and (pair := factors(others, amount)):
        quantity, price = pair[::-1] if price is pair[0] else pair
        per = Decimal(1)
    if not per and not _complete(row, header, amount, price, quantity):
        return None
    rate = next((cell for cell in numbers if cell.found.percent and cell is not discount), None)
    unit = _unit(row, quantity)
    return Item(row[0].row, amount, price, quantity, per is not None, per or Decimal(1), rate=rate, unit=unit)


def _complete(row: Sequence[Segment], header: Header, amount: Cell, price: Cell | None, quantity: Cell | None) -> bool:
    """A row that does not prove itself must have what the header promises, and something in words."""
    if amount.found.decimals != MONEY or all(NO_WORDS.match(segment.text) for segment in row):
        return False
    promised = (header.of(Column.PRICE), price), (header.of(Column.QUANTITY), quantity)
    return all(cell is not None for heading, cell in promised if heading)


def _beside(marked: Marked, row: Sequence[Segment], header: Header) -> Cell | None:
    """The amount that stands alone, without a label, half a line above or below its row."""
    for number in (row[0].row + 1, row[0].row - 1):
        other = marked.sheet.rows[number] if 0 <= number < len(marked.sheet.rows) else ()
        if other and other[0].page == row[0].page and abs(other[0].box.top - row[0].box.top) < ROW_GAP * row[0].height:
            found = [cell for cell in cells(marked, other) if cell.found.decimals == MONEY and not cell.found.percent]
            if len(found) == 1 and not any(word for segment in other for word in _letters(segment, found[0])):
                return _in_column(found, header, Column.AMOUNT)
    return None


def _letters(segment: Segment, amount: Cell) -> Iterator[Word]:
    """The words beside an amount that say something."""
    return (word for word in segment.words if word not in amount.words and not NO_WORDS.match(word.text))


def _in_column(numbers: Sequence[Cell], header: Header, column: Column) -> Cell | None:
    """The number under a heading: the one whose box shares most with the heading's place and with no other's."""
    heading = header.of(column)
    if heading is None:
        return None
    same = [other for other in header.headings if other.column is column and overlap(other.box, heading.box) > 0]
    fitting = [cell for cell in numbers if _owner(cell, header) in same]
    return max(fitting, key=lambda cell: overlap(cell.box, heading.box), default=None)


def _owner(cell: Cell, header: Header) -> Heading:
    """The heading a number belongs to: the nearest by edges and centre."""
    return min(header.headings, key=lambda heading: _distance(cell.box, heading.box))


def _distance(cell: Box, heading: Box) -> float:
    centres = abs((cell.left + cell.right) - (heading.left + heading.right)) / 2
    edges = min(abs(cell.right - heading.right), abs(cell.left - heading.left), centres)
    return edges - max(0.0, overlap(cell, heading)) / 2


def _unit(row: Sequence[Segment], quantity: Cell | None) -> str:
    """The unit of measure that follows the quantity closely."""
    if quantity is None:
        return ""
    segment = next((segment for segment in row if quantity.words[-1] in segment.words), None)
    following = segment.words[segment.words.index(quantity.words[-1]) + 1 :] if segment else ()
    return following[0].text if following and UNITS.match(following[0].text) else ""


def _described(marked: Marked, items: Sequence[Item]) -> Iterator[Item]:
    for index, item in enumerate(items):
        end = items[index + 1].row if index + 1 < len(items) else len(marked.sheet.rows)
        if item.header:
            words = describe(marked, item.row, end, item.header, item.numbers)
            yield replace(item, description=" ".join(word.text for word in words).strip(" :"))


def _without_header(marked: Marked) -> tuple[Item, ...]:
    """Rows that prove themselves by arithmetic, two factors and their product, where no header was found."""
    found = []
    for row in marked.sheet.rows:
        numbers = [cell for cell in cells(marked, row) if not cell.found.percent]
        if len(numbers) <= MONEY or numbers[-1].found.decimals != MONEY or is_summary(marked, row):
            continue
        if pair := factors(numbers[:-1], numbers[-1]):
            edge = min(cell.box.left for cell in pair)
            text = " ".join(word.text for segment in row for word in segment.words if word.box.right <= edge)
            found.append(Item(row[0].row, numbers[-1], pair[1], pair[0], True, description=text))
    return tuple(found)
