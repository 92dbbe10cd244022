"""Packing: judged invoices with their images and attachments become ZIP files that Coupa's loader takes.

Coupa: a ZIP has one CSV at its top, the images that it names, at most 8 MB and 5,000 rows (Invoices Import, file
conventions). An invoice is never torn from its lines or its images.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import RowMapping

from exchange.batches.enclosures import FOLDER, LINK, Enclosures
from exchange.batches.loader import LARGEST, MOST_ROWS, owners
from exchange.spool import Kept, Spool
from formats import stored
from formats.coupa.invoices import InvoiceImport
from formats.coupa.invoices.head import ATTACHMENTS
from formats.documents import Invoice, InvoiceLine
from formats.findings import Finding, Severity
from formats.layout import Layout
from formats.normalise import business_key
from payables.verdicts import Decision

CSV_NAME = "Invoices.csv"
HEAD = "Invoice"
HEADER_ROWS = len(InvoiceImport.rows)
MEMBER_BYTES = 512  # more than a ZIP needs to tell of a member, twice
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content is the same file whenever it is packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One invoice as it will be loaded: ``rows`` and ``size`` (in bytes) are what it adds to a file at most."""

    record_id: int
    invoice: Invoice
    members: Mapping[str, bytes]
    rows: int
    size: int


def submitted(row: RowMapping) -> bool:
    """True when a record is to be submitted for approval, not left as a draft."""
    return Decision(row["decision"]) is Decision.LOAD and stored.load(Invoice, row["document"]).submit


def attach(enclosed: Enclosures, files: Mapping[str, bytes]) -> Enclosures:
    """Add files to what goes beside an invoice, as long as it has room for attachments."""
    added = dict(islice(files.items(), max(0, ATTACHMENTS - len(enclosed.attachments))))
    placed = {f"{FOLDER}/{name}": content for name, content in added.items()}
    cells = (*enclosed.attachments, *(f"{LINK}{path}" for path in placed))
    return replace(enclosed, attachments=cells, members={**enclosed.members, **placed})


def pack(row: RowMapping, enclosed: Enclosures, layout: type[Layout[Any]] = InvoiceImport) -> Item | str:
    """Return a record ready for a file, or the reason why no file can carry it."""
    invoice = outgoing_invoice(row, enclosed)
    text = io.StringIO(newline="")
    try:
        totals = layout.write([invoice], text)
    except ValueError as error:
        return f"It cannot be written as Coupa's Invoices Import: {error}."
    size = len(text.getvalue().encode()) + MEMBER_BYTES
    size += sum(len(content) + len(content) // 1000 + MEMBER_BYTES for content in enclosed.members.values())
    item = Item(record_id=row["id"], invoice=invoice, members=enclosed.members, rows=totals.rows, size=size)
    return _too_much(item) or _unreadable(text, layout) or item


def outgoing_invoice(row: RowMapping, enclosed: Enclosures) -> Invoice:
    """Return the judged invoice as its row of the file says it: new, submitted or not, with the names in the ZIP."""
    invoice = stored.load(Invoice, row["document"])
    return replace(
        invoice,
        status="",
        submit=submitted(row),
        image=enclosed.image,
        attachments=enclosed.attachments,
        lines=tuple(map(_by_unit, invoice.lines)),
    )


def _by_unit(line: InvoiceLine) -> InvoiceLine:
    """The line with the price of one unit: the file has no column for a price per hundred that Coupa computes with."""
    price = line.unit_price
    return line if price == line.price and line.price_basis == 1 else replace(line, price=price, price_basis=Decimal(1))


def _too_much(item: Item) -> str:
    if item.size > LARGEST:
        return f"It has {item.size / 1e6:.1f} MB with its image and attachments; Coupa's loader takes 8 MB."
    if item.rows + HEADER_ROWS > MOST_ROWS:
        return f"It has {item.rows} rows; Coupa's loader takes {MOST_ROWS} in a file."
    return ""


def _unreadable(text: io.StringIO, layout: type[Layout[Any]]) -> str:
    """What a strict reader says of the invoice as it was written, such as a text that is too long for its column."""
    text.seek(0)
    found = (one for one in layout.read(text, CSV_NAME) if isinstance(one, Finding))
    wrong = [str(one) for one in found if one.severity is Severity.ERROR]
    return f"Coupa's Invoices Import cannot carry it: {wrong[0]}" if wrong else ""


def split(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield as many items at a time as one file may hold, in their order."""
    group: list[Item] = []
    rows, size = HEADER_ROWS, 0
    for item in items:
        if group and (size + item.size > LARGEST or rows + item.rows > MOST_ROWS):
            yield group
            group, rows, size = [], HEADER_ROWS, 0
        group.append(item)
        rows += item.rows
        size += item.size
    if group:
        yield group


def write_zip(
    spool: Spool, items: list[Item], layout: type[Layout[Any]] = InvoiceImport
) -> tuple[Kept, dict[str, str]]:
    """Keep a ZIP of some invoices in the spool and return it with its control totals by currency."""
    text = io.StringIO(newline="")
    totals = layout.write([item.invoice for item in items], text)

    def write(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, CSV_NAME, text.getvalue().encode())
            for item in items:
                for name, content in item.members.items():
                    _add(archive, name, content)

    return spool.keep(write), {currency: str(amount) for currency, amount in totals.money.items()}


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)


def read_back(stream: BinaryIO, layout: type[Layout[Any]] = InvoiceImport) -> tuple[list[str], list[int]]:
    """Return the business keys of the invoices in a ZIP that was sent, and which invoice each row belongs to."""
    with zipfile.ZipFile(stream) as archive:
        text = archive.read(CSV_NAME).decode()
    found = layout.read(io.StringIO(text, newline=""), CSV_NAME)
    keys = [business_key(one) for one in found if isinstance(one, Invoice)]
    return keys, owners(io.StringIO(text, newline=""), HEAD)
