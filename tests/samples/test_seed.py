"""Coupa's seed is consistent: everything that is named exists, once, in the shape of the REST API."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.samples.day import seed

COUPA = seed()
LINES = {line["id"]: line for order in COUPA["purchase_orders"] for line in order["order-lines"]}
NUMBERS = (
    ("suppliers", "number"),
    ("accounts", "code"),
    ("account_types", "name"),
    ("purchase_orders", "po-number"),
    ("uoms", "code"),
    ("currencies", "code"),
    ("tax_codes", "code"),
    ("payment_terms", "code"),
    ("users", "login"),
)


def test_ids_are_unique_in_their_kind() -> None:
    for kind, things in COUPA.items():
        ids = [thing["id"] for thing in things]
        assert len(ids) == len(set(ids)), kind
    assert len(LINES) == sum(len(order["order-lines"]) for order in COUPA["purchase_orders"])


@pytest.mark.parametrize(("kind", "key"), NUMBERS)
def test_numbers_are_unique_in_their_kind(kind: str, key: str) -> None:
    numbers = [thing[key] for thing in COUPA[kind]]
    assert len(numbers) == len(set(numbers))


def test_invoice_numbers_are_unique_for_a_supplier() -> None:
    numbers = [(invoice["supplier"]["number"], invoice["invoice-number"]) for invoice in COUPA["invoices"]]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("kind", ["purchase_orders", "invoices"])
def test_orders_and_invoices_name_suppliers_that_exist(kind: str) -> None:
    known = {(supplier["id"], supplier["number"], supplier["name"]) for supplier in COUPA["suppliers"]}
    named = {tuple(thing["supplier"][key] for key in ("id", "number", "name")) for thing in COUPA[kind]}
    assert named - known == set()


def test_receipts_name_order_lines_that_exist_and_add_up_to_what_was_received() -> None:
    received = dict.fromkeys(LINES, Decimal(0))
    for receipt in COUPA["receiving_transactions"]:
        received[receipt["order-line"]["id"]] += Decimal(receipt["quantity"] or receipt["total"])
    assert received == {identity: Decimal(line["received"]) for identity, line in LINES.items()}


def test_earlier_invoices_add_up_to_what_order_lines_have_billed() -> None:
    billed = dict.fromkeys(LINES, Decimal(0))
    for line in (line for invoice in COUPA["invoices"] for line in invoice["invoice-lines"]):
        if line.get("order-line-id"):
            billed[line["order-line-id"]] += Decimal(line["quantity"])
    assert billed == {identity: Decimal(line["invoiced"]) for identity, line in LINES.items()}


def test_the_sums_of_earlier_invoices_close_to_the_cent() -> None:
    for invoice in COUPA["invoices"]:
        charges = [invoice[f"{kind}-amount"] for kind in ("shipping", "handling", "misc")]
        parts = [*charges, *(line["total"] for line in invoice["invoice-lines"])]
        parts += [tax["amount"] for tax in invoice["tax-lines"]]
        assert sum(map(Decimal, parts), Decimal(0)) == Decimal(invoice["gross-total"]), invoice["invoice-number"]


def test_everything_named_by_code_exists() -> None:
    lists = {"currency": "currencies", "uom": "uoms", "payment-term": "payment_terms"}
    for key, kind in lists.items():
        known = {thing["code"] for thing in COUPA[kind]}
        assert {found["code"] for found in named(COUPA, key)} - known == set(), key
    taxes = {tax["code"] for invoice in COUPA["invoices"] for tax in invoice["tax-lines"]}
    assert taxes - {tax["code"] for tax in COUPA["tax_codes"]} == set()


def test_accounts_are_in_their_own_chart() -> None:
    known = {(account["code"], account["account-type"]["name"]) for account in COUPA["accounts"]}
    charts = {chart["name"] for chart in COUPA["account_types"]}
    assert {(found["code"], found["account-type"]["name"]) for found in named(COUPA, "account")} - known == set()
    assert {found["name"] for found in named(COUPA, "account-type")} == charts


def test_amounts_are_strings() -> None:
    assert [value for value in scalars(COUPA) if isinstance(value, float)] == []


def test_names_and_numbers_that_break_spreadsheets_are_among_the_suppliers() -> None:
    suppliers = {supplier["number"]: supplier["name"] for supplier in COUPA["suppliers"]}
    assert {number: suppliers[number] for number in ("NA", "00042", "70030", "70032")} == {
        "NA": "NA",
        "00042": "Müller & Söhne, Büroausstattung",
        "70030": 'Joe "Quick" Smith, Plumbing',
        "70032": "None",
    }


def named(thing: Any, key: str) -> Iterator[dict[str, Any]]:
    """Yield every object that stands under a key, at any depth."""
    children = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    for name, child in children:
        if name == key and isinstance(child, dict):
            yield child
        yield from named(child, key)


def scalars(thing: Any) -> Iterator[Any]:
    """Yield every value that is no list and no object."""
    if isinstance(thing, dict | list):
        for child in thing.values() if isinstance(thing, dict) else thing:
            yield from scalars(child)
    else:
        yield thing
