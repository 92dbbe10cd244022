"""Working a batch again: what failed is loaded once it is repaired, and a killed run is finished without a double."""

import json
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.office import FAST, SAMPLES, Office, open_office, wait_for

pytestmark = pytest.mark.story

Record = dict[str, Any]

REFUSED = {"kind": "status", "status": 422, "times": 3, "match": {"path": "/api/invoices$", "method": "POST"}}
HELD = ("03-price-too-high.zip", "06-goods-not-received.zip", "32-cxml-wrong-tax.xml")
MOMENTS = ("file seen", "intent", "created at Coupa", "judged", "loaded", "file finished")
IMPATIENT = {
    "EXCHANGE_COUPA__DEADLINE_SECONDS": "1",
    "EXCHANGE_COUPA__UNKNOWN_SECONDS": "1.5",
    "EXCHANGE_LEDGER__LEASE_SECONDS": "3",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all; no two tests deliver the same invoice."""
    with open_office(tmp_path_factory.mktemp("rerun") / "office") as opened:
        yield opened


@pytest.fixture(scope="module")
def failed(office: Office) -> list[Record]:
    """The three records of a batch that failed, because Coupa refused them; it has been repaired since."""
    office.deliver(*FAST)
    office.tell("faults", REFUSED)
    batch = office.json("run", "invoices")
    office.tell("faults", method="DELETE")
    assert (5, 2, 3) == (batch["read"], batch["loaded"], batch["held"])
    return [record | {"batch": str(batch["batch"])} for record in batch["not_loaded"]]


def test_a_dry_run_tells_what_would_happen_and_changes_nothing(office: Office, failed: list[Record]) -> None:
    before = _everything(office)
    told = office.json("rerun", failed[0]["batch"], "--only-failed", "--dry-run")
    assert ["load"] * 3 == [record["decision"] for record in told]
    assert before == _everything(office)


def test_a_rerun_of_three_failed_records_loads_those_three_and_nothing_else(
    office: Office, failed: list[Record]
) -> None:
    before = office.at_coupa()
    reworked = office.json("rerun", failed[0]["batch"], "--only-failed")
    fresh = {number: count for number, count in office.at_coupa().items() if number not in before}
    assert {record["number"]: 1 for record in failed} == fresh
    assert [(record["id"], "loaded") for record in failed] == [(one["id"], one["state"]) for one in reworked]
    assert {1} == set(office.at_coupa().values())
    assert all(check["agree"] for check in office.json("reconcile"))
    assert [] == office.json("rerun", failed[0]["batch"], "--only-failed")


def test_people_decide_record_by_record(office: Office) -> None:
    office.deliver(*HELD)
    batch = office.json("run", "invoices")
    expensive, undelivered, untaxed = batch["not_loaded"]
    _receive(office, "4500001004")
    worked = office.json("rerun", str(batch["batch"]), "--record", undelivered["number"])
    released = office.json("release", str(untaxed["id"]), "--why", "the supplier was called")
    rejected = office.json("reject", str(expensive["id"]), "--why", "sent in error")
    assert [(undelivered["id"], "loaded")] == [(one["id"], one["state"]) for one in worked]
    assert ("loaded", "rejected") == (released["state"], rejected["state"])
    states = {row["id"]: row["state"] for row in office.json("show", str(batch["batch"]))["records"]}
    assert {expensive["id"]: "rejected", undelivered["id"]: "loaded", untaxed["id"]: "loaded"} == states
    assert {"broken": [], "forged": []}.items() <= office.json("audit").items()


def test_a_clerk_puts_an_unknown_order_right_and_the_invoice_goes_on(office: Office) -> None:
    office.deliver("11-unknown-order.zip")
    (held,) = office.json("run", "invoices")["not_loaded"]
    accounts = [f"line.{line}.account=1000-6200-100" for line in (1, 2, 3)]
    edited = office.json("edit", str(held["id"]), "po_number=", *accounts, "--why", "no order; marketing knows")
    assert ("held", "loaded") == (held["state"], edited["record"]["state"])
    assert 1 == office.at_coupa()["RE-20140703/502"]


def test_stop_holds_everything_until_resume(office: Office) -> None:
    office.deliver("28-factur-x.pdf")
    office.exchange("stop", "--why", "the bank called")
    assert 5 == office.json("run", "invoices", expected=5)["exit_code"]
    office.exchange("resume")
    assert 1 == office.json("run", "invoices")["loaded"]
    assert ["done", "failed"] == [batch["outcome"] for batch in office.json("batches", "--limit", "2")]


@pytest.mark.parametrize("verb", [("show", "99"), ("rerun", "99"), ("release", "99", "--why", "because")])
def test_what_is_not_there_has_its_own_exit_code(office: Office, verb: tuple[str, ...]) -> None:
    assert 3 == office.json(*verb, expected=3)["exit_code"]


def test_killed_runs_are_finished_and_each_invoice_is_at_coupa_once(tmp_path: Path) -> None:
    with open_office(tmp_path / "office", **IMPATIENT) as office:
        office.deliver(*FAST)
        dice = random.Random(20261122)
        killed = [_run_and_kill_after(office, what, dice.random() / 10) for what in MOMENTS]
        assert killed.count(True) >= 3
        wait_for(lambda: _finishes(office), 60)
        assert dict.fromkeys(office.states(), 1) == office.at_coupa()
        assert ["loaded"] * len(FAST) == list(office.states().values())
        assert all(check["agree"] for check in office.json("reconcile"))
        assert {"broken": [], "forged": []}.items() <= office.json("audit").items()


def _run_and_kill_after(office: Office, what: str, seconds: float) -> bool:
    """Kill a run a moment after the next time that something happens in it; False when it ended before."""
    sql = "select count(*) as count from event where what = ?"
    before = _count(office, sql, what)
    with office.started("run", "invoices") as process:
        while process.poll() is None and _count(office, sql, what) == before:
            time.sleep(0.005)
        time.sleep(seconds)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        return process.wait(30) == -signal.SIGKILL


def _count(office: Office, sql: str, what: str) -> int:
    there = (office.folder / "exchange" / "ledger.sqlite").exists()
    has = "select 1 from sqlite_master where name = 'event'"
    return int(office.ledger(sql, what)[0]["count"]) if there and office.ledger(has) else 0


def _finishes(office: Office) -> bool:
    """Run once more and say whether every file is answered and away; a lease of a killed run must end first."""
    office.exchange("run", "invoices")
    files = office.ledger("select state from file where flow = 'invoices' and state <> 'done'")
    return not files and not list((office.lockbox / "outbox").iterdir())


def _everything(office: Office) -> tuple[object, ...]:
    return (
        *(office.ledger(f"select * from {table}") for table in ("record", "batch", "file", "event", "outgoing")),
        office.at_coupa(),
    )


def _receive(office: Office, order: str) -> None:
    """Let the warehouse take in all that was ordered."""
    seed = json.loads((SAMPLES / "coupa" / "seed.json").read_text(encoding="utf-8"))
    (lines,) = (one["order-lines"] for one in seed["purchase_orders"] if one["po-number"] == order)
    for line in lines:
        office.tell("coupa/receive", {"order-line": {"id": line["id"]}, "quantity": line["quantity"]})
