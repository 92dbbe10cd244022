"""Line items: rows of a table whose quantity times price is their amount."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from capture.fields.columns import Column, Header, Heading, headers
from capture.fields.marked import Marked
from capture.labels import Kind
from capture.lines import Segment, overlap
from capture.values import FoundAmount, amounts, clean
from capture.words import Word, around
from formats.findings import Box

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
MONEY = 2
CONTINUED = 4
ROW_GAP = 1.9
SUMMARY = {Kind.NET, Kind.TOTAL, Kind.PAYABLE, Kind.LINES}
OTHER_MATTER = {Kind.DISCOUNT, Kind.CHARGE, Kind.TERMS, Kind.DUE, Kind.PAID, Kind.ROUNDING}
BASES = (Decimal(10), Decimal(100), Decimal(1000))
UNITS = re.compile(r"^[A-Za-zäöüÄÖÜ²³.()/]{1,10}\.?$")
NO_DESCRIPTION = re.compile(r"^[\W\d]*$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a row, and where it stands."""

    found: FoundAmount
    words: tuple[Word, ...]

    @property
    def value(self) -> Decimal:
        """The number."""
        return self.found.value

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around(self.words)


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
    words: tuple[Word, ...] = ()


def read_items(marked: Marked) -> tuple[Item, ...]:
    """The line items of all tables on all pages, in reading order."""
    tables = list(headers(marked.sheet))
    if not tables:
        return _without_header(marked)
    ends = [header.row for header in tables[1:]] + [len(marked.sheet.rows)]
    items: list[Item] = []
    for header, end in zip(tables, ends, strict=True):
        items += _table(marked, header, range(header.row + 1, end), strict=bool(items))
    return tuple(_described(marked, items, tables))


def _table(marked: Marked, header: Header, rows: range, *, strict: bool) -> Iterator[Item]:
    """The items under one header; past the first summary only rows that prove themselves by arithmetic."""
    found = past = False
    for number in rows:
        row = marked.sheet.rows[number]
        if _is_summary(marked, row):
            past = past or found or strict
            continue
        item = _item(marked, row, header)
        if item and (item.closes or not (past or _is_other(marked, row))):
            found = True
            yield item


def _is_summary(marked: Marked, row: Sequence[Segment]) -> bool:
    """A row that a word such as "total" or "net" opens."""
    opening = [segment for segment in row if not NO_DESCRIPTION.match(segment.text)][:1]
    return any(label.kind in SUMMARY and label.start == 0 for segment in opening for label in marked.of(segment))


def _is_other(marked: Marked, row: Sequence[Segment]) -> bool:
    """A row that speaks of discounts, charges or terms, or that opens with a tax."""
    if any(label.kind in OTHER_MATTER for segment in row for label in marked.of(segment)):
        return True
    return any(label.kind is Kind.TAX and label.start == 0 for label in marked.of(row[0]))


def cells(marked: Marked, row: Sequence[Segment]) -> list[Cell]:
    """The numbers of a row from left to right."""
    return [
        Cell(amount, segment.between(amount.start, amount.end))
        for segment in row
        for amount in amounts(clean(segment.text), comma=marked.comma)
    ]


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
    basis = _basis(quantity, price, amount, discount)
    if not basis and (factors := _any_factors(others, amount)):
        quantity, price = factors[::-1] if price is factors[0] else factors
        basis = Decimal(1)
    if not basis and not _complete(row, header, amount, price, quantity):
        return None
    rate = next((cell for cell in numbers if cell.found.percent and cell is not discount), None)
    unit = _unit(row, quantity)
    return Item(row[0].row, amount, price, quantity, basis is not None, basis or Decimal(1), rate=rate, unit=unit)


def _complete(row: Sequence[Segment], header: Header, amount: Cell, price: Cell | None, quantity: Cell | None) -> bool:
    """A row that does not prove itself must have what the header promises, and something in words."""
    if amount.found.decimals != MONEY or all(NO_DESCRIPTION.match(segment.text) for segment in row):
        return False
    promised = (header.of(Column.PRICE), price), (header.of(Column.QUANTITY), quantity)
    return all(cell is not None for heading, cell in promised if heading)


def _beside(marked: Marked, row: Sequence[Segment], header: Header) -> Cell | None:
    """The amount that stands alone half a line above or below its row."""
    for number in (row[0].row + 1, row[0].row - 1):
        if not 0 <= number < len(marked.sheet.rows):
            continue
        other = marked.sheet.rows[number]
        near = abs(other[0].box.top - row[0].box.top) < ROW_GAP * row[0].height and other[0].page == row[0].page
        found = [cell for cell in cells(marked, other) if cell.found.decimals == MONEY and not cell.found.percent]
        if (
            near
            and len(found) == 1
            and not any(marked.of(segment) for segment in other if found[0].words[0] in segment.words)
        ):
            return _in_column(found, header, Column.AMOUNT)
    return None


def _in_column(numbers: Sequence[Cell], header: Header, column: Column) -> Cell | None:
    """The number under a heading: the one whose box shares most with the heading's place and with no other's."""
    heading = header.of(column)
    if heading is None:
        return None
    fitting = [cell for cell in numbers if _owner(cell, header) is heading]
    return max(fitting, key=lambda cell: overlap(cell.box, heading.box), default=None)


def _owner(cell: Cell, header: Header) -> Heading:
    """The heading a number belongs to: the nearest by edges and centre."""
    return min(header.headings, key=lambda heading: _distance(cell.box, heading.box))


def _distance(cell: Box, heading: Box) -> float:
    centres = abs((cell.left + cell.right) - (heading.left + heading.right)) / 2
    edges = min(abs(cell.right - heading.right), abs(cell.left - heading.left), centres)
    return edges - max(0.0, overlap(cell, heading)) / 2


def _basis(quantity: Cell | None, price: Cell | None, amount: Cell, discount: Cell | None = None) -> Decimal | None:
    """The number of units that the price is for, when quantity times price is the amount; None when it is not."""
    if quantity is None or price is None:
        return None
    product = quantity.value * price.value
    slack = CENT + abs(quantity.value) * Decimal(1).scaleb(-price.found.decimals) / 2
    if abs(product - amount.value) <= slack:
        return Decimal(1)
    if discount is not None and abs(product * (1 - abs(discount.value) / HUNDRED) - amount.value) <= slack:
        return Decimal(1)
    return next((basis for basis in BASES if amount.value and abs(product / basis - amount.value) <= CENT), None)


def _any_factors(others: Sequence[Cell], amount: Cell) -> tuple[Cell, Cell] | None:
    """Quantity and price: two neighbours in the row whose product is the amount."""
    for left, right in pairwise(others):
        if amount.value and _basis(left, right, amount) == 1:
            return (left, right) if _quantity_first(left, right) else (right, left)
    return None


def _quantity_first(left: Cell, right: Cell) -> bool:
    """Quantities are whole, or have three decimals; prices have cents; in doubt the quantity stands first."""
    likeness = {0: 2, 3: 1}
    return likeness.get(left.found.decimals, 0) >= likeness.get(right.found.decimals, 0)


def _unit(row: Sequence[Segment], quantity: Cell | None) -> str:
    """The unit of measure that follows the quantity closely."""
    if quantity is None:
        return ""
    segment = next((segment for segment in row if quantity.words[-1] in segment.words), None)
    following = segment.words[segment.words.index(quantity.words[-1]) + 1 :] if segment else ()
    return following[0].text if following and UNITS.match(following[0].text) else ""


def _described(marked: Marked, items: Sequence[Item], tables: Sequence[Header]) -> Iterator[Item]:
    """The items with their descriptions: the words of the description column down to the next item."""
    for index, item in enumerate(items):
        header = max((table for table in tables if table.row < item.row), key=lambda table: table.row)
        end = items[index + 1].row if index + 1 < len(items) else len(marked.sheet.rows)
        words = tuple(_description(marked, item, header, end))
        if not words or (words[0] not in _words_of(marked, item.row) and not _description_column(header, item)[2]):
            words = tuple(_before_numbers(marked, item))
        yield replace(item, description=" ".join(word.text for word in words).strip(" :"), words=words)


def _words_of(marked: Marked, row: int) -> list[Word]:
    return [word for segment in marked.sheet.rows[row] for word in segment.words]


def _before_numbers(marked: Marked, item: Item) -> Iterator[Word]:
    """The words of the row to the left of its first number, where no heading stands over the description."""
    edge = min(cell.box.left for cell in (item.amount, item.price, item.quantity) if cell)
    yield from (word for word in _words_of(marked, item.row) if word.box.right <= edge)


def _description(marked: Marked, item: Item, header: Header, end: int) -> Iterator[Word]:
    left, right, depth = _description_column(header, item)
    start = item.row + depth
    previous = marked.sheet.rows[item.row][0]
    numbers = {word for cell in (item.amount, item.price, item.quantity, item.rate) if cell for word in cell.words}
    for row in marked.sheet.rows[start : min(end, start + CONTINUED)]:
        if row[0].page != previous.page or row[0].box.top - previous.box.bottom > ROW_GAP * previous.height:
            return
        words = [word for segment in row for word in _within(segment, left, right, alone=row[0].row > item.row)]
        if row[0].row > start and (_is_summary(marked, row) or not words or _other_matter(words)):
            return
        yield from (word for word in words if word not in numbers)
        previous = row[0]


def _within(segment: Segment, left: float, right: float, *, alone: bool) -> Iterator[Word]:
    """The words in a column; on rows without numbers a text that begins in the column may run beyond it."""
    if alone and left <= segment.box.left < right:
        yield from segment.words
    else:
        yield from (word for word in segment.words if left <= _centre(word) < right)


def _other_matter(words: Sequence[Word]) -> bool:
    """Continuation lines that speak of prices, discounts and packaging rather than of the goods."""
    text = " ".join(word.text for word in words)
    return bool(re.search(r"\d[.,]\d{2}(?!\d)|^[\w .-]{3,25}\s?:", text))


def _centre(word: Word) -> float:
    return (word.box.left + min(word.box.right, word.box.left + 0.05)) / 2


def _description_column(header: Header, item: Item) -> tuple[float, float, int]:
    """Where descriptions stand: from their heading to the next one, and how many rows below the amounts."""
    heading = header.of(Column.DESCRIPTION) or header.of(Column.ITEM)
    numbers = [cell.box.left for cell in (item.amount, item.price, item.quantity) if cell]
    if heading is None:
        return 0.0, min(numbers), 0
    right = min((box for box in _lefts(header, heading) if box > heading.box.left + 0.02), default=1.0)
    above = any(other.depth < heading.depth and overlap(other.box, heading.box) > 0 for other in header.headings)
    nearest = min((number for number in numbers if number > heading.box.left), default=1.0)
    return (
        heading.box.left - 0.015,
        min(nearest, right) if nearest < right else (right + nearest) / 2 if nearest < 1 else right,
        int(above),
    )


def _lefts(header: Header, heading: Heading) -> Iterator[float]:
    for other in header.headings:
        if other is not heading and other.column is not Column.DESCRIPTION:
            yield other.box.left


def _without_header(marked: Marked) -> tuple[Item, ...]:
    """Rows that prove themselves by arithmetic, two factors and their product, where no header was found."""
    found = []
    for row in marked.sheet.rows:
        numbers = [cell for cell in cells(marked, row) if not cell.found.percent]
        if len(numbers) <= MONEY or numbers[-1].found.decimals != MONEY or _is_summary(marked, row):
            continue
        factors = _any_factors(numbers[:-1], numbers[-1])
        if factors:
            quantity, price = factors
            edge = min(quantity.box.left, price.box.left)
            words = tuple(word for segment in row for word in segment.words if word.box.right <= edge)
            text = " ".join(word.text for word in words)
            found.append(Item(row[0].row, numbers[-1], price, quantity, True, description=text, words=words))
    return tuple(found)
