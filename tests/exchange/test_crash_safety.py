"""What a crash, a freeze or an unlucky moment must not do: each test is a hole that was found and closed."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import RowMapping, select

from exchange.batches import inbound, outbound, sending, vouchers
from exchange.batches.batch import Batch, open_batch
from exchange.batches.inbound import Work
from exchange.coupa.deadline import ends_after, remaining
from exchange.demo import Parties
from exchange.errors import CoupaBusyError, RemoteError
from exchange.flows import FLOWS
from exchange.ledger import files, outgoing, records, schema
from exchange.ledger.files import Seen
from tests.exchange.desk import Desk, open_desk
from tests.exchange.parties import open_parties, utc_now
from tests.faults.letters import coded


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


@contextmanager
def held_record(desk: Desk) -> Iterator[tuple[Batch, Work, RowMapping]]:
    """A file with one record, claimed by this process."""
    kept = desk.world.spool.keep_bytes(b"x")
    seen = Seen(sha256=kept.sha256, flow="invoices", remote="lockbox", path="outbox/x", name="x", size=1)
    with open_batch(desk.world, "invoices", "test") as batch:
        with desk.world.ledger.write() as tx:
            files.see(tx, seen, batch.id, utc_now())
            values = {"flow": "invoices", "sha256": kept.sha256, "batch_id": batch.id, "business_key": "K"}
            record_id = records.add(tx, values | {"payload_hash": "0" * 64, "document": "{}", "number": "1"}, utc_now())
        work = inbound.claim_file(batch, kept.sha256)
        assert work is not None
        with desk.world.ledger.read() as tx:
            row = records.get(tx, record_id)
        yield batch, work, row


def test_the_time_of_a_request_begins_before_its_intent() -> None:
    with ends_after(0.05), ends_after(60):
        time.sleep(0.06)
        with pytest.raises(TimeoutError):
            remaining(30)


def test_a_request_that_was_turned_away_needs_no_look_up(desk: Desk) -> None:
    with held_record(desk) as (batch, work, row):
        with pytest.raises(CoupaBusyError), sending.sending(batch, work, row, "create"):
            raise CoupaBusyError
        assert ["new"] == [one["state"] for one in desk.records(work.sha256)]


def test_nothing_is_sent_once_another_process_has_taken_over(desk: Desk) -> None:
    with held_record(desk) as (batch, work, row):
        with desk.world.ledger.write() as tx:
            tx.execute(schema.file.update().values(owner="another", fence=work.claim.fence + 1))
        with pytest.raises(sending.TakenOverError), sending.sending(batch, work, row, "create"):
            pytest.fail("it was sent")


def test_a_file_that_ends_one_process_after_the_other_is_quarantined(desk: Desk) -> None:
    with held_record(desk) as (batch, work, _):
        for _ in range(desk.world.settings.flows.invoices.tries):
            with desk.world.ledger.write() as tx:  # the process is gone and its lease runs out
                tx.execute(schema.file.update().values(lease_until=utc_now() - dt.timedelta(seconds=1)))
            inbound.claim_file(batch, work.sha256)
        with desk.world.ledger.read() as tx:
            assert files.QUARANTINED == files.get(tx, work.sha256)["state"]


def test_a_partner_that_is_away_quarantines_no_file(desk: Desk) -> None:
    with held_record(desk) as (batch, first, _):
        work = first
        for _ in range(3 * desk.world.settings.flows.invoices.tries):
            with pytest.raises(RemoteError), inbound.finishing(batch, work):
                raise RemoteError
            again = inbound.claim_file(batch, work.sha256)
            assert again is not None
            work = again


def _outgoing(desk: Desk, batch: Batch, remote: str, path: str) -> int:
    kept = desk.world.spool.keep_bytes(path.encode())
    with desk.world.ledger.write() as tx:
        parcel = outbound.Parcel(remote=remote, path=path, kept=kept, records=1)
        return outbound.prepare(batch, tx, parcel)


def test_a_file_that_leaves_has_one_sender_at_a_time(desk: Desk) -> None:
    with open_batch(desk.world, "invoices", "test") as batch:
        outgoing_id = _outgoing(desk, batch, "lockbox", "ack/a.csv")
        with desk.world.ledger.write() as tx:
            first = outgoing.claim(tx, outgoing_id, "one", utc_now(), 60)
            assert (True, None) == (first is not None, outgoing.claim(tx, outgoing_id, "two", utc_now(), 60))
            later = outgoing.claim(tx, outgoing_id, "two", utc_now() + dt.timedelta(seconds=61), 60)
            assert first is not None
            assert (True, False) == (later is not None, outgoing.begin(tx, first, utc_now()))


@pytest.fixture
def day(tmp_path: Path) -> Iterator[tuple[Any, Parties]]:
    with open_parties(tmp_path / "demo", {"[coupa]": "[flows.invoices]\nimage_required = false\n[coupa]"}) as opened:
        yield opened


def test_an_invoice_that_was_voided_before_it_was_flagged_still_reaches_the_erp(
    day: tuple[Any, Parties], tmp_path: Path
) -> None:
    world, parties = day
    letter = coded(1)
    (tmp_path / "demo/sandbox/sftp/lockbox/outbox" / letter.name).write_bytes(letter.content)
    with open_batch(world, "invoices", "test") as batch:
        FLOWS["invoices"](batch)
    parties.approve()
    with open_batch(world, "ok2pay", "test") as batch:
        vouchers.take_in(batch)
        outbound.publish(batch)
        with world.ledger.read() as tx:
            sent = tx.execute(select(schema.record).where(schema.record.c.flow == "ok2pay")).mappings().first()
        assert sent is not None
        world.partners.coupa.client.put(f"/api/invoices/{sent['remote_id']}/void")
        vouchers.flag(batch)
    assert 0 == parties.totals()["erp"]["voided"]["count"]
    with open_batch(world, "ok2pay", "test") as batch:
        FLOWS["ok2pay"](batch)
    assert 1 == parties.totals()["erp"]["voided"]["count"]


def test_a_name_that_other_bytes_have_is_left_alone_and_another_is_taken(
    day: tuple[Any, Parties], tmp_path: Path
) -> None:
    world, _ = day
    folder = tmp_path / "demo/sandbox/sftp/erp/ok2pay"
    (folder / "b.txt").write_bytes(b"theirs")
    with open_batch(world, "invoices", "test") as batch:
        kept = world.spool.keep_bytes(b"ours")
        with world.ledger.write() as tx:
            outbound.prepare(batch, tx, outbound.Parcel(remote="erp", path="ok2pay/b.txt", kept=kept, records=0))
        outbound.publish(batch)
    assert {b"theirs", b"ours"} == {path.read_bytes() for path in folder.iterdir()}


def test_a_partner_that_fails_keeps_no_other_partner_waiting(day: tuple[Any, Parties], tmp_path: Path) -> None:
    world, _ = day
    with open_batch(world, "invoices", "test") as batch:
        for remote, path in (("lockbox", "nowhere/a"), ("erp", "ok2pay/b.txt")):
            kept = world.spool.keep_bytes(path.encode())
            with world.ledger.write() as tx:
                outbound.prepare(batch, tx, outbound.Parcel(remote=remote, path=path, kept=kept, records=0))
        with pytest.raises(RemoteError):
            outbound.publish(batch)
    assert (tmp_path / "demo/sandbox/sftp/erp/ok2pay/b.txt").exists()
