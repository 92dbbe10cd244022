"""The declarations have every column of Coupa's published lists."""

import copy
import pickle

import pytest

from formats import rules
from formats.catalogue import LAYOUTS, documentation
from formats.coupa.invoices import InvoiceImport
from formats.documents import InvoiceLine, Supplier
from formats.findings import Source
from formats.layout.objects import assemble
from tests.formats.files import read, rows, to_csv, write

COUNTS = {
    "supplier-export": {"": 68},
    "supplier-import": {"": 99},
    "account-import": {"": 23},
    "lookup-value-import": {"": 9},
    "lookup-value-export": {"": 15},
    "purchase-order-export": {"Header": 55, "Line": 67 + 10, "Line Split": 42},
    "receipt-export": {"Inventory Transaction": 111, "Line Split": 34},
    "receipt-import": {"": 20},
    "invoice-import": {
        "Invoice": 174,
        "Invoice Charge": 40,
        "Invoice Line": 74,
        "Account Allocation": 28,
        "Tag": 6,
        "Invoice Tax Line": 15,
        "Invoice Header Assignment": 9,
    },
    "invoice-export": {
        "Header": 255,
        "Line": 89,
        "Line Split": 42,
        "Charge": 49,
        "Tax": 28,
        "Charge Split": 35,
        "Witholding": 21,
        "Matching Allocation": 12,
        "ReconciliationLine": 13,
        "InvoicePayable": 26,
        "Failed Tolerance": 10,
    },
    "invoice-payment-import": {"": 12},
    "payment-import": {"": 13},
    "remit-to-import": {"": 21},
    "remit-to-export": {"": 17},
}


@pytest.mark.parametrize("name", COUNTS)
def test_a_layout_has_as_many_columns_as_coupas_template(name: str) -> None:
    assert COUNTS[name] == {row.keyword: len(list(row.template())) for row in LAYOUTS[name].rows}


def test_updates_have_the_columns_of_the_export() -> None:
    assert list(LAYOUTS["invoice-export"].columns()) == list(LAYOUTS["invoice-updates"].columns())


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_column_is_documented(name: str) -> None:
    pages = documentation()
    assert all(f"`{column.column}`" in pages for column in LAYOUTS[name].columns())


@pytest.mark.parametrize("name", LAYOUTS)
def test_unbound_columns_have_names_of_their_own(name: str) -> None:
    for row in LAYOUTS[name].rows:
        names = [column.key for column in row.fields if not column.to and not column.link]
        assert len(names) == len(set(names))


def test_rules_have_ids_of_their_own() -> None:
    assert len(rules.RULES) == len({rule.id for rule in rules.RULES}) > 30


def test_an_assembled_document_is_the_constructed_one() -> None:
    line = {"number": 1, "description": "Toner", "price": 2, "other": {}, "source": Source("x.csv", 3)}
    [made] = assemble(InvoiceLine, 1, {name: [value] for name, value in line.items()})
    wanted = InvoiceLine(**line)  # type: ignore[arg-type]
    assert (wanted, wanted.source) == (made, made.source)
    assert wanted == pickle.loads(pickle.dumps(made)) == copy.deepcopy(made)


def test_nested_fields_are_assembled_too() -> None:
    [made] = assemble(Supplier, 1, {"number": ["1"], "name": ["Acme"], "address.city": ["Oslo"]})
    assert ("Oslo", "") == (made.address.city, made.address.street1)


def test_a_template_of_all_columns_is_understood_without_a_word() -> None:
    for name, layout in LAYOUTS.items():
        heads = [[column.name for column in row.fields] for row in layout.rows if row.keyed() or not row.keyword]
        assert ([], []) == read(layout, to_csv(heads)), name


def test_the_import_is_written_with_the_names_of_the_template() -> None:
    text = to_csv([["Invoice", "Invoice Number*"], ["Invoice", "A"]])
    documents, _ = read(InvoiceImport, text)
    header = rows(write(InvoiceImport, documents))[0]
    assert ["Invoice", "Invoice Number*", "Supplier Name"] == header[:3]
    assert (174, "Ship From Address Street4") == (len(header), header[-1])
