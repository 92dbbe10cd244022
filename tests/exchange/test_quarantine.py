"""Quarantine: what nobody can work lies apart with its reason; the same invoice twice is told side by side."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from exchange.batches import inbound, outbound, reading
from exchange.batches.batch import open_batch
from exchange.cli import app
from exchange.errors import ExchangeError, NotFoundError
from exchange.ledger import files, records, schema
from tests.exchange.desk import Desk, open_desk
from tests.exchange.parties import utc_now
from tests.payables.builders import invoice, line

FOLDERS = ("inbox", "outbox", "ack", "archive", "temp")
CONTENT = b"%PDF-1.4 nobody can read this"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose lockbox is a folder on this machine."""
    for name in FOLDERS:
        (tmp_path / "lockbox" / name).mkdir(parents=True)
    lockbox = f'[lockbox]\nkind = "local"\npath = "{tmp_path / "lockbox"}"\n[flows.invoices]\ntries = 2\n[policy]'
    with open_desk(tmp_path, ("[policy]", lockbox)) as opened:
        yield opened


def lockbox(desk: Desk, folder: str) -> dict[str, bytes]:
    place = desk.config.parent / "lockbox" / folder
    return {path.name: path.read_bytes() for path in sorted(place.iterdir())}


def fail(desk: Desk) -> None:
    """Run a flow that fails at every file, as one with a mistake in it would."""
    with open_batch(desk.world, "invoices", "test") as batch:
        (folder, *_) = reading.folders(batch)
        inbound.collect(batch, folder)
        for work in inbound.unfinished(batch):
            with inbound.finishing(batch, work):
                raise ZeroDivisionError("page 3 is broken")
        outbound.publish(batch)
        inbound.tidy(batch, folder)


@pytest.fixture
def poisoned(desk: Desk) -> str:
    """A file that failed twice; its SHA-256."""
    (desk.config.parent / "lockbox/outbox/poison.pdf").write_bytes(CONTENT)
    for _ in range(2):
        fail(desk)
    with desk.world.ledger.read() as tx:
        (row,) = files.in_state(tx, files.QUARANTINED)
    return str(row["sha256"])


def apart(desk: Desk) -> dict[str, bytes]:
    folder = desk.world.settings.home / "quarantine"
    return {path.name.partition("_")[2]: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_file_that_failed_too_often_lies_apart_with_its_reason(desk: Desk, poisoned: str) -> None:
    lying = apart(desk)
    told = json.loads(lying["poison.pdf.reason.json"])
    assert (CONTENT, poisoned) == (lying["poison.pdf"], told["sha256"])
    assert ("ZeroDivisionError", "page 3 is broken", 2) == (told["error"], told["reason"], told["tries"])


@pytest.mark.usefixtures("poisoned")
def test_the_lockbox_finds_the_reason_beside_the_original(desk: Desk) -> None:
    archive = lockbox(desk, "archive")
    original, reason = sorted(archive)
    assert (True, True) == (reason.startswith(original), reason.endswith(".reason.json"))
    assert ("page 3 is broken", CONTENT) == (json.loads(archive[reason])["reason"], archive[original])


def test_a_file_that_failed_once_is_tried_again(desk: Desk) -> None:
    (desk.config.parent / "lockbox/outbox/poison.pdf").write_bytes(CONTENT)
    fail(desk)
    assert (False, ["poison.pdf"]) == ((desk.world.settings.home / "quarantine").exists(), [*lockbox(desk, "outbox")])


def command(desk: Desk, *arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments, "--config", str(desk.config)])


def test_a_person_sees_what_is_in_quarantine_and_why(desk: Desk, poisoned: str) -> None:
    told = json.loads(command(desk, "quarantine", "--json").stdout)
    assert [(poisoned, "page 3 is broken")] == [(one["sha256"], one["reason"]) for one in told]


def test_a_file_that_is_released_is_worked_again(desk: Desk, poisoned: str) -> None:
    assert 0 == command(desk, "quarantine", poisoned[:12], "--release", "--why", "mended").exit_code
    with desk.world.ledger.read() as tx:
        row = files.get(tx, poisoned)
    assert (files.OPEN, 0, {}) == (row["state"], row["tries"], apart(desk))


def test_a_file_that_is_refused_is_answered_as_rejected(desk: Desk, poisoned: str) -> None:
    assert 0 == command(desk, "quarantine", poisoned[:12], "--refuse", "--why", "not an invoice").exit_code
    (answer,) = [json.loads(text) for name, text in lockbox(desk, "ack").items() if name.endswith(".json")]
    with desk.world.ledger.read() as tx:
        state = files.get(tx, poisoned)["state"]
    assert ("rejected", files.DONE, {}) == (answer["answers"][0]["outcome"], state, apart(desk))


def test_a_file_whose_invoice_may_be_at_coupa_is_not_refused(desk: Desk, poisoned: str) -> None:
    with open_batch(desk.world, "invoices", "test") as batch, desk.world.ledger.write() as tx:
        values = {"flow": "invoices", "sha256": poisoned, "batch_id": batch.id, "business_key": "K", "number": "1"}
        made = records.add(tx, values | {"payload_hash": "0" * 64, "document": "{}"}, utc_now())
        tx.execute(update(schema.record).where(schema.record.c.id == made).values(state="intent", intent_at=utc_now()))
    refused = command(desk, "quarantine", poisoned, "--refuse", "--why", "x")
    assert isinstance(refused.exception, ExchangeError)
    assert "may be at Coupa" in str(refused.exception)


def test_a_file_that_is_not_in_quarantine_is_no_matter_of_decision(desk: Desk) -> None:
    assert isinstance(command(desk, "quarantine", "abc", "--release", "--why", "x").exception, NotFoundError)


def test_a_decision_needs_its_reason(desk: Desk, poisoned: str) -> None:
    assert 2 == command(desk, "quarantine", poisoned, "--release").exit_code


@pytest.fixture
def twice(desk: Desk) -> int:
    """The same invoice in two files with other content; the batch of the second one."""
    first = replace(invoice(line(1, 10)), control_total=Decimal("10.00"))
    second = replace(first, lines=(line(1, 12),), control_total=Decimal("12.00"), note="new")
    desk.judge(first)
    (row,) = desk.judge(second)
    assert "held" == row["state"]
    return int(row["batch_id"])


def test_the_same_invoice_with_other_content_is_held_and_told_side_by_side(desk: Desk, twice: int) -> None:
    told = json.loads(command(desk, "show", str(twice), "--json").stdout)["records"][0]["conflict"]
    differing = {one["field"]: (one["this"], one["other"]) for one in told["differences"]}
    assert ("12.00 EUR", "10.00 EUR") == differing["total"]
    assert ("new", "") == differing["note"]
    assert (Decimal(12), Decimal(10)) == tuple(map(Decimal, differing["line 1 price"]))


def test_what_is_the_same_in_both_is_not_told(desk: Desk, twice: int) -> None:
    told = json.loads(command(desk, "show", str(twice), "--json").stdout)["records"][0]["conflict"]
    assert {"line 1 price", "control total", "note", "total"} == {one["field"] for one in told["differences"]}


def test_people_see_both_side_by_side(desk: Desk, twice: int) -> None:
    shown = command(desk, "show", str(twice)).stdout
    (row,) = [text for text in shown.splitlines() if text.startswith("control total")]
    assert ["control", "total", "12.00", "10.00"] == row.split()
