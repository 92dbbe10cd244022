"""`exchange serve` runs the day by itself, also when two daemons share a ledger, and leaves when it is asked to."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from exchange.flow import FlowName
from tests.stories.office import DELIVERIES, Office, Row, open_office, wait_for

pytestmark = pytest.mark.story

EVERY_MINUTE = "schedules:\n" + "".join(f'  - {{flow: {flow}, cron: "* * * * *"}}\n' for flow in FlowName)
SLOW = {"kind": "latency", "seconds": 4, "times": 1, "match": {"path": "/api/invoices$", "method": "POST"}}
DROPPED = ("01-three-way-match.zip", "02-within-tolerance.zip")


@dataclass(frozen=True)
class Minute:
    """What two daemons left behind: the slots of their first minute, and how they ended in the middle of a record."""

    office: Office
    slots: list[Row]
    exits: list[int]


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Minute]:
    """Two daemons run every flow once, and are asked to end while an invoice is on its way to Coupa."""
    folder = tmp_path_factory.mktemp("serve")
    more = {"EXCHANGE_DROP__FOLDER": str(folder / "in"), "EXCHANGE_DROP__QUIET_SECONDS": "1"}
    with open_office(folder / "office", EXCHANGE_DROP__POLL_SECONDS="1", **more) as office, ExitStack() as stack:
        _prepare(office)
        daemons = [stack.enter_context(office.started("serve", log=f"{name}.log")) for name in ("one", "two")]
        sql = "select flow, due, state, batch_id from slot where due = (select min(due) from slot) order by flow"
        wait_for(lambda: len(_done(office.ledger(sql))) == len(FlowName), 110)
        slots = office.ledger(sql)
        office.tell("faults", SLOW)
        for name in DROPPED:
            shutil.copy(DELIVERIES / name, folder / "in")
        wait_for(lambda: office.ledger("select id from record where state = 'intent'"), 40)
        for daemon in daemons:
            daemon.send_signal(signal.SIGTERM)
        yield Minute(office, slots, [daemon.wait(30) for daemon in daemons])


def _prepare(office: Office) -> None:
    """Leave something to do for every flow: an invoice, an approved one and a paid one."""
    (office.folder / "schedules.yaml").write_text(EVERY_MINUTE, encoding="utf-8")
    office.deliver("29-ubl.xml")
    office.exchange("run", "invoices")
    office.tell("coupa/approve")
    office.exchange("run", "ok2pay")
    office.tell("erp/pay")
    office.deliver("30-cii.xml")
    office.exchange("run", "invoices")
    office.tell("coupa/approve")
    office.deliver("31-cxml-two-orders.xml")


def _done(slots: list[Row]) -> list[Row]:
    return [slot for slot in slots if slot["state"] == "done"]


def test_every_flow_runs_when_it_is_due(minute: Minute) -> None:
    assert sorted(FlowName) == [slot["flow"] for slot in minute.slots]


def test_two_daemons_run_each_slot_once(minute: Minute) -> None:
    sql = "select flow, slot, count(*) as count from batch where trigger = 'schedule' group by flow, slot"
    assert {1} == {row["count"] for row in minute.office.ledger(sql)}


def test_every_flow_did_its_work(minute: Minute) -> None:
    sql = "select outcome, summary ->> '$.loaded' > 0 as worked from batch where id = ?"
    told = {slot["flow"]: minute.office.ledger(sql, slot["batch_id"])[0] for slot in minute.slots}
    assert {flow: {"outcome": "done", "worked": 1} for flow in FlowName} == told


def test_a_daemon_that_is_asked_to_end_leaves_with_success(minute: Minute) -> None:
    assert [0, 0] == minute.exits


def test_the_record_in_hand_is_finished_and_no_other_is_begun(minute: Minute) -> None:
    states = [row["state"] for row in minute.office.ledger("select state from record where flow = 'invoices'")]
    assert [] == [state for state in states if state not in ("loaded", "new")]
    assert states.count("loaded") == sum(minute.office.at_coupa().values())


def test_the_next_run_does_what_is_left(minute: Minute) -> None:
    """Nothing is lost by ending, and nothing is loaded a second time."""
    minute.office.exchange("run", "invoices")
    wanted = dict.fromkeys(("TOSL110", "INVOICE_test_7", "INV00001", "RE-20190610/507", "RE-20171118/506"), 1)
    assert wanted == minute.office.at_coupa()
    assert all(check["agree"] for check in minute.office.json("reconcile"))
