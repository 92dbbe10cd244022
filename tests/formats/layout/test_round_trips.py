"""Every layout gives back what it was given, over files made up from its own declaration."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from formats.catalogue import LAYOUTS
from formats.coupa.approved import InvoiceExport, InvoiceUpdates
from formats.coupa.invoices import InvoiceImport
from formats.coupa.purchase_orders import PurchaseOrderExport
from formats.coupa.receipts import ReceiptExport
from formats.layout import Layout, Nested, Row, Table
from tests.formats.files import read, row_cells, to_csv, write

TABLES = [name for name, layout in LAYOUTS.items() if issubclass(layout, Table)]
HEADS: dict[type[Nested[Any]], Callable[[int], dict[str, str]]] = {
    InvoiceImport: lambda n: {"number": f"INV-{n}", "supplier_number": f"V-{n}", "supplier_name": "", "status": ""},
    InvoiceExport: lambda n: {"id": str(n), "number": f"INV-{n}"},
    InvoiceUpdates: lambda n: {"id": str(n), "number": f"INV-{n}"},
    PurchaseOrderExport: lambda n: {"id": str(n), "number": ""},
    ReceiptExport: lambda n: {"id": str(n)},
}
quick = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a file of 255 columns takes minutes
)


def test_every_layout_is_held_to_giving_back_what_it_was_given() -> None:
    assert set(LAYOUTS) == {*TABLES, *(layout.name for layout in HEADS)}


def header(row: type[Row]) -> list[str]:
    """The header row of a type of rows."""
    return [column.name for column in row.fields]


def same_after_writing(layout: type[Layout[Any]], text: str, count: int) -> None:
    """What was read is written, read and written again: documents and text stay the same."""
    documents, told = read(layout, text)
    findings = [finding for finding in told if "[value-dropped]" not in finding]
    assert (count, []) == (len(documents), findings)
    written = write(layout, documents)
    again, complaints = read(layout, written)
    assert [] == complaints
    for document, other in zip(documents, again, strict=True):
        assert document == other
    assert written == write(layout, again)


@pytest.mark.parametrize("name", TABLES)
@quick
@given(data=st.data())
def test_a_table_gives_back_what_it_was_given(name: str, data: st.DataObject) -> None:
    layout: Any = LAYOUTS[name]
    keys = {"segments[]": "1", "name": "N", "id": "1", "invoice_number": "INV-1", "supplier_number": "V-1"}
    made = data.draw(st.lists(row_cells(layout, keys), max_size=4))
    same_after_writing(layout, to_csv([header(layout), *made]), len(made))


def references(layout: type[Nested[Any]], head: dict[str, str], line: int) -> dict[str, str]:
    """What a row below a head refers to."""
    document = head["number"] if layout is InvoiceImport else head["id"]
    owner = {"document": document, "line_id": "", "charge_id": "", "charge": "", "line": str(line)}
    supplier = {"supplier_number": head.get("supplier_number", ""), "supplier_name": ""}
    return owner | supplier | {"number": str(line)}


@pytest.mark.parametrize("layout", list(HEADS))
@quick
@given(data=st.data())
def test_rows_of_several_types_give_back_what_they_were_given(layout: type[Nested[Any]], data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 3))
    made = []
    for number in range(1, count + 1):
        head = HEADS[layout](number)
        made.append(data.draw(row_cells(layout.rows[0], head)))
        lines = data.draw(st.integers(1, 3))
        below = data.draw(st.lists(st.sampled_from(layout.rows[2:] or layout.rows[1:]), max_size=3))
        kinds = layout.rows[1:3] if layout is InvoiceImport else layout.rows[1:2]
        below = [row for row in below if row.keyed() and row not in kinds]
        made += [
            data.draw(row_cells(row, references(layout, head, line))) for line in range(1, lines + 1) for row in kinds
        ]
        made += [data.draw(row_cells(row, references(layout, head, 1))) for row in below]
    same_after_writing(layout, to_csv([*map(header, (row for row in layout.rows if row.keyed())), *made]), count)
