"""What is measured: our readers and writers, and what the Python world offers for the same work."""

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from formats import ubl
from formats.coupa.invoices import InvoiceImport
from formats.coupa.invoices.line import LineRow
from formats.findings import Finding
from formats.layout import Amount, Integer

HEAD = (
    "Invoice", "Invoice Number*", "Supplier Number", "Invoice Date*", "Currency", "Chart of Accounts*",
    "Line Level Taxation*", "Image Scan Filename",
)  # fmt: skip
LINE = (
    "Invoice Line", "Invoice Number*", "Supplier Number", "Line Number", "Description*", "Supplier Part Number",
    "Price*", "Quantity", "Unit of Measure*", "PO Number", "PO Line Number", "Account Code", "Billing Notes",
    "Commodity Name", "Delivery Note Number", "Match Reference", "Line Tax Amount", "Line Tax Rate", "Line Tax Code",
    "UNSPSC",
)  # fmt: skip
LINES_EACH = 10
KEPT = 2_000  # invoices that are held for writing, and written again and again
SAFE = r"^([^=@\t+-]|[+-][\d\s().,/-]*$|$)"  # what is no formula, as the layouts see it
Text = Annotated[str, StringConstraints(max_length=255, pattern=SAFE)]
Number = Annotated[Decimal, Field(max_digits=32, decimal_places=6)]


def invoices(lines: int) -> Iterator[list[str]]:
    """Yield the rows of invoices of ten lines each; prices, parts, orders and taxes differ from line to line."""
    for number in range(1, lines // LINES_EACH + 1):
        name, supplier, day = f"INV-{number:07}", f"{number % 900:06}", f"2026-03-{number % 28 + 1:02}"
        yield ["Invoice", name, supplier, day, "EUR", "ACME DE", "Yes", f"{name}.pdf"]
        for line in range(1, LINES_EACH + 1):
            one = number * LINES_EACH + line
            net = one % 9973 + 0.25
            yield [
                "Invoice Line", name, supplier, str(line), f'Bracket {one % 5000}, "zinc"', f"P-{one % 20000:05}",
                f"{net / 4:.4f}", str(one % 40 + 1), "EA", str(4500000 + number), str(line), f"1000-{one % 300:04}-000",
                "", "Metal parts", f"DN{number}", "", f"{net * 0.19:.2f}", "19", "VAT19", "31162800",
            ]  # fmt: skip


def make_template(path: Path, lines: int) -> None:
    """Write a file of the 20 columns that a customer's template has."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows((HEAD, LINE))
        csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(invoices(lines))


def make_full(path: Path, lines: int) -> None:
    """Write the same invoices in all of Coupa's columns, most of them blank."""
    template = path.with_suffix(".template")
    make_template(template, lines)
    with template.open(newline="", encoding="utf-8") as stream, path.open("w", newline="", encoding="utf-8") as out:
        read = InvoiceImport.read(stream, path.name)
        InvoiceImport.write((one for one in read if not isinstance(one, Finding)), out)
    template.unlink()


NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
XML_TAG = f"{{{NAMESPACE}CommonAggregateComponents-2}}InvoiceLine"
XML_LINE = (
    "<cac:InvoiceLine><cbc:ID>{0}</cbc:ID><cbc:InvoicedQuantity unitCode='C62'>2</cbc:InvoicedQuantity>"
    "<cbc:LineExtensionAmount currencyID='EUR'>{1}.50</cbc:LineExtensionAmount><cac:Item><cbc:Description>Bracket {0}"
    "</cbc:Description><cbc:Name>Bracket</cbc:Name><cac:SellersItemIdentification><cbc:ID>P-{0}</cbc:ID>"
    "</cac:SellersItemIdentification><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>"
    "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item><cac:Price>"
    "<cbc:PriceAmount currencyID='EUR'>{1}.25</cbc:PriceAmount></cac:Price></cac:InvoiceLine>\n"
)


def make_xml(path: Path, lines: int) -> None:
    """Write one UBL invoice of many lines."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(
            f"<Invoice xmlns='{NAMESPACE}Invoice-2' xmlns:cac='{NAMESPACE}CommonAggregateComponents-2' "
            f"xmlns:cbc='{NAMESPACE}CommonBasicComponents-2'><cbc:ID>A</cbc:ID><cbc:IssueDate>2026-03-01</cbc:IssueDate>"
            "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        )
        stream.writelines(XML_LINE.format(number, number % 997) for number in range(1, lines + 1))
        stream.write("</Invoice>")


class LineModel(BaseModel):
    """One row of the template as a pydantic model: blanks cut, sizes, formulas and numbers checked as the layout does.

    It does less all the same: no invoices are put together, no line of the file is kept, and 1_000 passes.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    kind: Text
    invoice: Annotated[str, StringConstraints(max_length=40, pattern=SAFE)]
    supplier: Text
    number: int
    description: Annotated[str, StringConstraints(min_length=1, max_length=1550, pattern=SAFE)]
    part: Text
    price: Annotated[Decimal, Field(max_digits=46, decimal_places=20)]
    quantity: Number
    uom: Annotated[str, StringConstraints(min_length=1, max_length=6, pattern=SAFE)]
    order: Annotated[str, StringConstraints(max_length=20, pattern=SAFE)]
    order_line: Text
    account: Annotated[str, StringConstraints(max_length=1024, pattern=SAFE)]
    notes: Annotated[str, StringConstraints(max_length=65535, pattern=SAFE)]
    commodity: Text
    delivery_note: Text
    match_reference: Text
    tax: Number
    rate: Annotated[Decimal, Field(max_digits=16, decimal_places=10)]
    code: Text
    unspsc: Text


def full_model() -> type[BaseModel]:
    """Return the model of an invoice line in all of Coupa's columns: text by size, numbers by digits or blank."""
    kinds: dict[str, Any] = {}
    for index, column in enumerate(LineRow.fields):
        kind: Any = Annotated[str, StringConstraints(max_length=getattr(column, "length", 0) or None, pattern=SAFE)]
        if isinstance(column, Amount):
            digits = {"max_digits": column.precision, "decimal_places": column.scale} if column.precision else {}
            kind = Annotated[Literal[""] | Annotated[Decimal, Field(**digits)], Field(union_mode="left_to_right")]
        elif isinstance(column, Integer):
            kind = Annotated[Literal[""] | int, Field(union_mode="left_to_right")]
        kinds[f"column_{index}"] = (kind, ...)
    return create_model("FullModel", __config__=LineModel.model_config, **kinds)


def read_bare(path: Path, _: int) -> int:
    """Loop over csv.reader and do nothing."""
    with path.open(newline="", encoding="utf-8") as stream:
        return sum(1 for _ in csv.reader(stream))


def read_ours(path: Path, _: int) -> int:
    """Read validated invoices."""
    with path.open(newline="", encoding="utf-8") as stream:
        return sum(len(one.lines) for one in InvoiceImport.read(stream, path.name) if not isinstance(one, Finding))


def read_pydantic(path: Path, _: int) -> int:
    """Make a pydantic model of each line."""
    return models(path, LineModel)


def read_pydantic_full(path: Path, _: int) -> int:
    """Make a pydantic model, of all columns, of each line."""
    return models(path, full_model())


def models(path: Path, model: type[BaseModel]) -> int:
    """Return how many lines became models."""
    names, count = tuple(model.model_fields), 0
    with path.open(newline="", encoding="utf-8") as stream:
        reader = csv.reader(stream)
        next(row for row in reader if row[0] == LineRow.keyword)  # the header
        for row in reader:
            if row[0] == LineRow.keyword:
                model.model_validate(dict(zip(names, row, strict=True)))
                count += 1
    return count


def kept(path: Path) -> list[Any]:
    """Return the first invoices of a file."""
    with path.open(newline="", encoding="utf-8") as stream:
        found = (one for one in InvoiceImport.read(stream, path.name) if not isinstance(one, Finding))
        return list(itertools.islice(found, KEPT))


def write_ours(path: Path, lines: int) -> Callable[[], int]:
    """Write invoices in all of Coupa's columns, a few thousand of them again and again."""
    documents = kept(path)

    def write() -> int:
        again = itertools.islice(itertools.cycle(documents), lines // LINES_EACH)
        with path.with_suffix(".out").open("w", newline="", encoding="utf-8") as stream:
            return InvoiceImport.write(again, stream).rows

    return write


def write_bare(path: Path, lines: int) -> Callable[[], int]:
    """Write the same rows by csv.writer, from lists that are ready."""
    text = io.StringIO(newline="")
    InvoiceImport.write(iter(kept(path)), text)
    text.seek(0)
    rows = list(csv.reader(text))[len(InvoiceImport.rows) :]

    def write() -> int:
        count = lines // LINES_EACH * (LINES_EACH + 1)
        with path.with_suffix(".out").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            writer.writerows(itertools.islice(itertools.cycle(rows), count))
        return count

    return write


def xml_bare(path: Path, _: int) -> int:
    """Loop over lxml.iterparse, clearing what was seen, and do nothing."""
    count = 0
    for _event, element in etree.iterparse(str(path), events=("end",), resolve_entities=False, no_network=True):
        if element.tag == XML_TAG:
            count += 1
            element.clear()
    return count


def xml_ours(path: Path, _: int) -> int:
    """Read the validated invoice."""
    with path.open("rb") as stream:
        return sum(len(one.lines) for one in ubl.read(stream, path.name) if not isinstance(one, Finding))


READERS: Mapping[str, Callable[[Path, int], int]] = {
    "read_bare": read_bare,
    "read_ours": read_ours,
    "read_pydantic": read_pydantic,
    "read_pydantic_full": read_pydantic_full,
    "xml_bare": xml_bare,
    "xml_ours": xml_ours,
}
WRITERS: Mapping[str, Callable[[Path, int], Callable[[], int]]] = {"write_ours": write_ours, "write_bare": write_bare}
