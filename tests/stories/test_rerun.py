"""Working a batch again: what failed is loaded once it is repaired, and a killed run is finished without a double."""

import json
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.office import FAST, SAMPLES, Office, open_office

pytestmark = pytest.mark.story

REFUSED = {"kind": "status", "status": 422, "times": 3, "match": {"path": "/api/invoices$", "method": "POST"}}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as opened:
        yield opened


@pytest.fixture
def failed(office: Office) -> list[dict[str, Any]]:
    """A batch of which three records failed, because Coupa refused them; it has been repaired since."""
    office.deliver(*FAST)
    office.tell("faults", REFUSED)
    office.json("run", "invoices")
    office.tell("faults", method="DELETE")
    batch = office.json("show", "1")
    assert (5, 2, 3) == (batch["read"], batch["loaded"], batch["held"])
    return [record for record in batch["records"] if record["state"] == "held"]


def test_a_rerun_of_three_failed_records_loads_those_three_and_nothing_else(
    office: Office, failed: list[dict[str, Any]]
) -> None:
    before = office.at_coupa()
    reworked = office.json("rerun", "1", "--only-failed")
    fresh = {number: count for number, count in office.at_coupa().items() if number not in before}
    assert {record["number"]: 1 for record in failed} == fresh
    assert [(record["id"], "loaded") for record in failed] == [(one["id"], one["state"]) for one in reworked]
    assert set(office.at_coupa().values()) == {1}
    assert all(check["agree"] for check in office.json("reconcile"))


def test_a_second_rerun_finds_nothing_to_do(office: Office, failed: list[dict[str, Any]]) -> None:
    office.json("rerun", "1", "--only-failed")
    before = office.at_coupa()
    assert (3, [], before) == (len(failed), office.json("rerun", "1", "--only-failed"), office.at_coupa())


def test_a_dry_run_tells_what_would_happen_and_changes_nothing(office: Office, failed: list[dict[str, Any]]) -> None:
    before = office.ledger("select * from record"), office.ledger("select * from batch"), office.at_coupa()
    told = office.json("rerun", "1", "--only-failed", "--dry-run")
    assert ["load"] * len(failed) == [record["decision"] for record in told]
    assert before == (
        office.ledger("select * from record"),
        office.ledger("select * from batch"),
        office.at_coupa(),
    )


def test_one_record_is_worked_by_its_invoice_number(office: Office, failed: list[dict[str, Any]]) -> None:
    first, *others = failed
    office.exchange("rerun", "1", "--record", first["number"])
    states = office.states()
    assert ("loaded", ["held", "held"]) == (states[first["number"]], [states[one["number"]] for one in others])


def test_a_person_releases_one_and_rejects_another(office: Office, failed: list[dict[str, Any]]) -> None:
    released, rejected, left = (str(record["id"]) for record in failed)
    assert "loaded" == office.json("release", released, "--why", "the supplier was called")["state"]
    assert "rejected" == office.json("reject", rejected, "--why", "sent in error")["state"]
    states = {str(row["id"]): row["state"] for row in office.ledger("select id, state from record")}
    assert ("loaded", "rejected", "held") == (states[released], states[rejected], states[left])
    assert {"broken": []} == office.json("audit")


def test_goods_that_arrive_later_let_the_invoice_through(office: Office) -> None:
    office.deliver("06-goods-not-received.zip")
    assert 1 == office.json("run", "invoices")["held"]
    _receive(office, "4500001004")
    assert ["loaded"] == [record["state"] for record in office.json("rerun", "1", "--only-failed")]


def _receive(office: Office, order: str) -> None:
    """Let the warehouse take in all that was ordered."""
    seed = json.loads((SAMPLES / "coupa" / "seed.json").read_text(encoding="utf-8"))
    (lines,) = (one["order-lines"] for one in seed["purchase_orders"] if one["po-number"] == order)
    for line in lines:
        office.tell("coupa/receive", {"order-line": {"id": line["id"]}, "quantity": line["quantity"]})


def test_stop_holds_everything_until_resume(office: Office) -> None:
    office.deliver("29-ubl.xml")
    office.exchange("stop", "--why", "the bank called")
    office.exchange("run", "invoices", expected=5)
    assert {} == office.at_coupa()
    office.exchange("resume")
    assert 1 == office.json("run", "invoices")["loaded"]
    assert ["done", "failed"] == [batch["outcome"] for batch in office.json("batches")]


@pytest.mark.parametrize(
    "arguments",
    [("show", "99"), ("rerun", "99"), ("release", "99", "--why", "x"), ("reject", "99", "--why", "x")],
)
def test_what_is_not_there_has_its_own_exit_code(office: Office, arguments: tuple[str, ...]) -> None:
    assert 3 == office.json(*arguments, expected=3)["exit_code"]


def test_killed_runs_are_finished_and_each_invoice_is_at_coupa_once(tmp_path: Path) -> None:
    quick = {
        "EXCHANGE_COUPA__DEADLINE_SECONDS": "1",
        "EXCHANGE_COUPA__UNKNOWN_SECONDS": "1.5",
        "EXCHANGE_LEDGER__LEASE_SECONDS": "4",
    }
    with open_office(tmp_path / "office", **quick) as office:
        office.deliver(*FAST)
        dice = random.Random(20261122)
        for _ in range(4):
            _run_and_kill(office, dice.uniform(2.0, 5.0))
        time.sleep(4)  # the lease of the last one killed
        for _ in range(10):
            if office.json("run", "invoices")["open"] == 0 and _all_answered(office):
                break
            time.sleep(1)
        assert (5, {1}) == (len(office.at_coupa()), set(office.at_coupa().values()))
        assert {"loaded"} == set(office.states().values())
        assert all(check["agree"] for check in office.json("reconcile"))
        assert {"broken": []} == office.json("audit")


def _run_and_kill(office: Office, seconds: float) -> None:
    with office.started("run", "invoices") as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait(10)


def _all_answered(office: Office) -> bool:
    files = office.ledger("select state from file where flow = 'invoices'")
    return [row["state"] for row in files] == ["done"] * len(FAST)
