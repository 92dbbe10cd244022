"""The sample day is whole: every delivery has its twin, its sums close, and its words exist."""

import hashlib
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

import capture.rules
import formats.rules
import formats.xml_rules
import payables.reasons
from payables.verdicts import Decision
from tests.samples.day import SAMPLES, TWIN, Rows, deliveries, members, seed, tables, twin

BROKEN_ON_PURPOSE = {"24-unclosed-quote.zip", "25-windows-1252-and-too-wide.csv"}
REFUSED_WHOLE = {"26-path-traversal.zip"}
CENT = Decimal("0.01")
RULES = {
    rule.id for module in (formats.rules, formats.xml_rules, capture.rules, payables.reasons) for rule in module.RULES
}


def by_name(path: Path) -> str:
    return path.name


every_delivery = pytest.mark.parametrize("delivery", deliveries(), ids=by_name)
readable = [path for path in deliveries() if path.name not in BROKEN_ON_PURPOSE]
read = [path for path in readable if path.name not in REFUSED_WHOLE]


def test_every_delivery_has_its_twin_and_every_twin_its_delivery() -> None:
    names = {path.name for path in deliveries()}
    twins = {path.name.removesuffix(TWIN) for path in (SAMPLES / "lockbox").glob("*" + TWIN)}
    assert names == twins


def test_deliveries_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:2]) for path in deliveries()] == list(range(1, len(deliveries()) + 1))


@every_delivery
def test_a_twin_names_its_delivery_and_only_decisions_and_rules_that_exist(delivery: Path) -> None:
    expected = twin(delivery)
    reasons = {reason for invoice in expected["invoices"] for reason in invoice["reasons"]}
    assert expected["file"] == delivery.name
    assert {invoice["decision"] for invoice in expected["invoices"]} <= set(Decision)
    assert (reasons | set(expected["findings"])) - RULES == set()


@every_delivery
def test_only_what_goes_through_unasked_has_no_reason(delivery: Path) -> None:
    for invoice in twin(delivery)["invoices"]:
        assert bool(invoice["reasons"]) or invoice["decision"] == "load", invoice["number"]


def test_every_decision_occurs_on_the_day() -> None:
    met = {invoice["decision"] for delivery in deliveries() for invoice in twin(delivery)["invoices"]}
    assert met == set(Decision)


def test_a_page_is_delivered_twice_only_in_the_exact_duplicate() -> None:
    seen = Counter(
        hashlib.sha256(content).hexdigest()
        for delivery in deliveries()
        if delivery.name != "08-duplicate.zip"
        for name, content in members(delivery).items()
        if not name.startswith(("..", "/"))
    )
    assert [digest for digest, count in seen.items() if count > 1] == []


@pytest.mark.parametrize("delivery", readable, ids=by_name)
def test_the_sums_of_every_csv_close_to_the_cent(delivery: Path) -> None:
    for _, rows in tables(delivery):
        stated = {row["Invoice Number*"]: Decimal(row["Invoice Control Total"]) for row in rows["Invoice"]}
        assert stated == {number: total(number, rows) for number in stated}


@pytest.mark.parametrize("delivery", read, ids=by_name)
def test_a_twin_has_the_numbers_totals_and_currencies_of_its_csv(delivery: Path) -> None:
    for _, rows in tables(delivery):
        written = [
            (row["Invoice Number*"], row["Supplier Number"], row["Invoice Control Total"], row["Currency"])
            for row in rows["Invoice"]
        ]
        keys = ("number", "supplier_number", "total", "currency")
        assert written == [tuple(invoice[key] for key in keys) for invoice in twin(delivery)["invoices"]]


@pytest.mark.parametrize("delivery", readable, ids=by_name)
def test_csvs_name_orders_and_accounts_that_coupa_has_unless_that_is_the_case(delivery: Path) -> None:
    known = {
        (order["po-number"], line["line-num"]) for order in seed()["purchase_orders"] for line in order["order-lines"]
    }
    accounts = {account["code"] for account in seed()["accounts"] if account["active"]}
    for _, rows in tables(delivery):
        for row in rows["Invoice Line"]:
            assert not row["Account Code"] or row["Account Code"] in accounts
            assert not row["PO Number"] or ((row["PO Number"], row["PO Line Number"]) in known) == (
                row["PO Number"] != "4500009999"
            )


@pytest.mark.parametrize("delivery", readable, ids=by_name)
def test_a_csv_names_the_image_beside_it_unless_that_is_the_case(delivery: Path) -> None:
    for _, rows in tables(delivery):
        named = {row["Image Scan Filename"] for row in rows["Invoice"]}
        missing = named - set(members(delivery))
        assert missing == ({"CS00012658.jpg"} if delivery.name == "21-image-missing.zip" else set())


def test_the_broken_files_are_broken_where_the_readme_says() -> None:
    wide = (SAMPLES / "lockbox" / "25-windows-1252-and-too-wide.csv").read_bytes()
    unclosed = members(SAMPLES / "lockbox" / "24-unclosed-quote.zip")["24-unclosed-quote.csv"]
    with pytest.raises(UnicodeDecodeError):
        wide.decode()
    assert ("Kanalbåt" in wide.decode("cp1252"), unclosed.count(b'"') % 2) == (True, 1)


def test_pages_that_come_alone_say_what_must_be_read() -> None:
    alone = [path for path in deliveries() if path.suffix in {".tif", ".jpg"}]
    wanted: list[dict[str, Any]] = [invoice["reads"] for path in alone for invoice in twin(path)["invoices"]]
    assert [(fields["number"], fields["total"]) for fields in wanted] == [
        ("RE-20201121/508", "571.04"),
        ("000-074020", "39.00"),
        ("CS00004040", "327.00"),
    ]


def test_the_attack_is_in_the_archive_and_never_on_disk() -> None:
    names = members(SAMPLES / "lockbox" / "26-path-traversal.zip")
    assert [name for name in names if re.match(r"\.\.|/", name)] == [
        "../../../../../../etc/cron.d/exchange",
        "..\\..\\Windows\\System32\\exchange.dll",
        "/tmp/exchange-owned.txt",
    ]


def total(number: str, rows: Rows) -> Decimal:
    """Add up net, taxes and charges of one invoice of a CSV, each line rounded half up."""
    own = {kind: [row for row in listed if row["Invoice Number*"] == number] for kind, listed in rows.items()}
    header = own["Invoice"][0]
    columns = ("Handling Amount", "Misc Amount", "Shipping Amount", "Tax Amount")
    amounts = [Decimal(header[column] or "0") for column in columns]
    amounts += [net(row) + Decimal(row["Line Tax Amount"] or "0") for row in own["Invoice Line"]]
    amounts += [Decimal(row["Total*"]) for row in own.get("Invoice Charge", [])]
    return sum(amounts, Decimal(0)) + sum(
        (Decimal(row["Tax Amount"]) for row in own.get("Invoice Tax Line", [])), Decimal(0)
    )


def net(row: dict[str, str]) -> Decimal:
    return (Decimal(row["Price*"]) * Decimal(row["Quantity"] or "1")).quantize(CENT, ROUND_HALF_UP)
