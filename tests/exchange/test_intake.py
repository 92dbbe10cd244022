"""Intake: what a file holds becomes records; what is wrong with it finds its place."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.batches import inbound, intake
from exchange.batches.batch import Batch
from exchange.batches.world import World, open_world
from exchange.ledger import batches, files, records
from exchange.ledger.files import Seen
from exchange.settings import check_settings
from payables.policy_values import STARTING_POINT

NOW = dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)
HEAD = '"Invoice","Invoice Number*","Supplier Number","Invoice Date*","Line Level Taxation*","Chart of Accounts*"\r\n'
LINES = '"Invoice Line","Invoice Number*","Supplier Number","Line Number","Description*","Price*"\r\n'


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world without partners."""
    remote = {"kind": "local", "path": str(tmp_path)}
    values = {"home": str(tmp_path / "home"), "lockbox": remote, "erp": remote, "policy": dict(STARTING_POINT)}
    with open_world(check_settings(values, "test"), lambda: NOW) as opened:
        yield opened


def take_in(world: World, text: str) -> list[tuple[str, str, list[str]]]:
    """Take a file in; return number, state and rules of each record."""
    kept = world.spool.keep_bytes(text.encode())
    seen = Seen(
        sha256=kept.sha256, flow="invoices", remote="lockbox", path="outbox/a.csv", name="a.csv", size=kept.size
    )
    with world.ledger.write() as tx:
        batch = Batch(batches.start(tx, "invoices", "test", NOW), "invoices", world)
        files.see(tx, seen, batch.id, NOW)
    work = inbound.claim_file(batch, kept.sha256)
    assert work is not None
    intake.take_in(batch, work)
    intake.take_in(batch, work)
    with world.ledger.read() as tx:
        rows = records.of_file(tx, kept.sha256)
        return [(row["number"], row["state"], [one["rule"] for one in records.findings(tx, row["id"])]) for row in rows]


def invoice(number: str, date: str = "2026-02-01") -> str:
    return f'"Invoice","{number}","S1","{date}","No","ACME"\r\n'


def line(number: str, price: str = "10.00", kind: str = "Invoice Line") -> str:
    return f'"{kind}","{number}","S1","1","Toner","{price}"\r\n'


def test_a_file_is_taken_in_once(world: World) -> None:
    text = HEAD + LINES + invoice("A1") + invoice("A2") + line("A1") + line("A2")
    assert [("A1", "new", []), ("A2", "new", [])] == take_in(world, text)


def test_a_bad_row_rejects_its_invoice_only(world: World) -> None:
    text = HEAD + LINES + invoice("A1", date="soon") + invoice("A2") + line("A1") + line("A2")
    assert [("A2", "new", []), ("A1", "rejected", [])] == take_in(world, text)


def test_a_row_of_an_unknown_type_spoils_the_invoice_that_may_have_lost_it(world: World) -> None:
    text = HEAD + LINES + invoice("A1") + line("A1") + line("A1", kind="Invoce Line")
    assert [("A1", "rejected", [])] == take_in(world, text)


def test_a_trailer_that_disagrees_casts_doubt_on_every_invoice(world: World) -> None:
    text = HEAD + LINES + invoice("A1") + line("A1") + '"Trailer","7"\r\n'
    assert [("A1", "new", ["csv-trailer"])] == take_in(world, text)


def test_a_file_without_an_invoice_is_one_rejected_record(world: World) -> None:
    assert [("a.csv", "rejected", [])] == take_in(world, HEAD + LINES)


def test_a_file_that_nobody_can_read_is_one_rejected_record(world: World) -> None:
    assert [("a.csv", "rejected", [])] == take_in(world, "\x01\x02\x03")


def test_an_invoice_without_its_page_image_is_a_finding_where_one_is_required(tmp_path: Path) -> None:
    remote = {"kind": "local", "path": str(tmp_path)}
    values = {"home": str(tmp_path / "home"), "lockbox": remote, "erp": remote, "policy": dict(STARTING_POINT)}
    required = check_settings(values | {"flows": {"invoices": {"image_required": True}}}, "test")
    with open_world(required, lambda: NOW) as world:
        assert [("A1", "new", ["image-missing"])] == take_in(world, HEAD + LINES + invoice("A1") + line("A1"))
