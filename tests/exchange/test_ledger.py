"""The ledger: leases with fences, business keys with one owner, events that cannot be changed unseen."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from exchange.errors import LedgerError, NotFoundError
from exchange.ledger import batches, controls, events, files, heartbeats, outgoing, records, reference, slots
from exchange.ledger.database import Ledger, open_ledger
from exchange.ledger.events import Event
from exchange.ledger.files import Seen
from exchange.ledger.reference import Entry
from exchange.ledger.schema import file

NOW = dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)
SHA = "a" * 64
LEASE = 300


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """A fresh ledger, on SQLite and on PostgreSQL."""
    opened = open_ledger(ledger_url)
    yield opened
    opened.close()


def pass_by(tx: Connection, seconds: float) -> None:
    """Let time pass for the leases; PostgreSQL goes by its own clock, so they are moved and not the clock."""
    for row in tx.execute(select(file).where(file.c.lease_until.is_not(None))).mappings().all():
        sooner = row["lease_until"] - dt.timedelta(seconds=seconds)
        tx.execute(file.update().where(file.c.sha256 == row["sha256"]).values(lease_until=sooner))


def seen(sha256: str = SHA, name: str = "a.zip") -> Seen:
    return Seen(sha256=sha256, flow="invoices", remote="lockbox", path=f"outbox/{name}", name=name, size=3)


@pytest.fixture
def batch_id(ledger: Ledger) -> int:
    with ledger.write() as tx:
        started = batches.start(tx, "invoices", "command", NOW)
        files.see(tx, seen(), started, NOW)
    return started


def row(batch_id: int, key: str = "S1|INV1|INV", **more: Any) -> dict[str, Any]:
    values = {"flow": "invoices", "sha256": SHA, "batch_id": batch_id, "business_key": key}
    return values | {"payload_hash": "h", "document": "{}"} | more


def test_the_same_bytes_are_one_file_however_often_they_come(ledger: Ledger, batch_id: int) -> None:
    with ledger.write() as tx:
        fresh = [files.see(tx, seen(), batch_id, NOW), files.see(tx, seen("b" * 64), batch_id, NOW)]
        known = files.get(tx, "b" * 64)["former"]
    assert ([False, True], SHA) == (fresh, known)


def test_one_owner_holds_a_file_until_its_lease_ends(ledger: Ledger, batch_id: int) -> None:
    del batch_id
    with ledger.write() as tx:
        first = files.claim(tx, SHA, "one", NOW, LEASE)
        pass_by(tx, LEASE - 10)
        second = files.claim(tx, SHA, "two", NOW, LEASE)
        pass_by(tx, 11)
        third = files.claim(tx, SHA, "two", NOW, LEASE)
    assert first is not None
    assert third is not None
    assert (1, None, 2) == (first.fence, second, third.fence)


def test_a_frozen_owner_that_wakes_up_writes_no_intent(ledger: Ledger, batch_id: int) -> None:
    with ledger.write() as tx:
        record_id = records.add(tx, row(batch_id), NOW)
        frozen = files.claim(tx, SHA, "one", NOW, LEASE)
        pass_by(tx, LEASE + 1)
        heir = files.claim(tx, SHA, "two", NOW, LEASE)
        assert frozen is not None
        assert heir is not None
        longest = dt.timedelta(seconds=90)
        allowed = [records.intend(tx, record_id, claim, NOW, longest) for claim in (frozen, heir)]
    assert [False, True] == allowed


def test_no_intent_is_written_when_the_lease_ends_before_the_longest_request(ledger: Ledger, batch_id: int) -> None:
    with ledger.write() as tx:
        record_id = records.add(tx, row(batch_id), NOW)
        claim = files.claim(tx, SHA, "one", NOW, 60)
        assert claim is not None
        assert not records.intend(tx, record_id, claim, NOW, dt.timedelta(seconds=90))


def test_a_lost_lease_cannot_be_renewed_or_released(ledger: Ledger, batch_id: int) -> None:
    del batch_id
    with ledger.write() as tx:
        old = files.claim(tx, SHA, "one", NOW, LEASE)
        pass_by(tx, LEASE + 1)
        files.claim(tx, SHA, "two", NOW, LEASE)
        assert old is not None
        renewed = files.renew(tx, old, NOW, LEASE)
        files.release(tx, old, files.DONE)
        state = files.get(tx, SHA)["state"]
    assert (None, files.OPEN) == (renewed, state)


def test_a_business_key_has_one_owner(ledger: Ledger, batch_id: int) -> None:
    with ledger.write() as tx:
        first, second = (records.add(tx, row(batch_id), NOW) for _ in range(2))
        third = records.add(tx, row(batch_id, key="S2|INV1|INV"), NOW)
        taken = records.own(tx, third, "S1|INV1|INV")
        owned = [records.get(tx, one)["owned_key"] for one in (first, second, third)]
    assert (False, ["S1|INV1|INV", None, None]) == (taken, owned)


def test_an_amount_keeps_its_last_digit(ledger: Ledger, batch_id: int) -> None:
    amount = Decimal("12345678901234567890.1200")
    with ledger.write() as tx:
        record_id = records.add(tx, row(batch_id, amount=amount), NOW)
    with ledger.read() as tx:
        assert str(amount) == str(records.get(tx, record_id)["amount"])


def test_a_slot_is_taken_once(ledger: Ledger) -> None:
    with ledger.write() as tx:
        taken = [slots.take(tx, "invoices", "2026-03-01T08:00 Europe/Berlin", who, NOW) for who in ("one", "two")]
    assert [True, False] == taken


def test_a_slot_whose_owner_died_is_taken_over_once(ledger: Ledger) -> None:
    with ledger.write() as tx:
        for owner, alive in (("dead", -1), ("alive", 1)):
            heartbeats.beat(tx, owner, "serve", NOW, dt.timedelta(minutes=alive))
            slots.take(tx, "invoices", f"of one who is {owner}", owner, NOW)
        got = [[row["due"] for row in slots.take_over(tx, who, NOW)] for who in ("alive", "alive")]
    assert [["of one who is dead"], []] == got


def test_a_slot_that_was_finished_is_not_taken_over(ledger: Ledger) -> None:
    with ledger.write() as tx:
        slots.take(tx, "invoices", "08:00", "dead", NOW)
        slots.finish(tx, "invoices", "08:00", slots.DONE)
        assert [] == slots.take_over(tx, "alive", NOW)


def test_the_newest_reference_wins_and_many_are_written_at_once(ledger: Ledger) -> None:
    entries = [Entry(kind="supplier", key=f"S{number}", document="old") for number in range(1200)]
    with ledger.write() as tx:
        reference.put(tx, entries, NOW)
        reference.put(tx, [Entry(kind="supplier", key="S7", document="new")], NOW)
        assert (1200, "new", "old") == (
            reference.count(tx, "supplier"),
            reference.get(tx, "supplier", "S7"),
            reference.get(tx, "supplier", "S8"),
        )


def test_an_outgoing_name_is_given_once(ledger: Ledger, batch_id: int) -> None:
    values = {
        "batch_id": batch_id,
        "flow": "suppliers",
        "remote": "lockbox",
        "path": "inbox/a.csv",
        "sha256": SHA,
        "size": 1,
        "records": 1,
        "totals": "{}",
    }
    with ledger.write() as tx:
        outgoing.add(tx, values, NOW)
    with pytest.raises(LedgerError, match=r"(?i)unique"), ledger.write() as tx:
        outgoing.add(tx, values, NOW)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE event SET who = 'nobody' WHERE id = 2",
        "UPDATE event SET detail = '{}' WHERE id = 2",
        "DELETE FROM event WHERE id = 2",
    ],
)
def test_a_changed_or_removed_event_shows(ledger: Ledger, tampering: str) -> None:
    with ledger.write() as tx:
        for number in range(4):
            events.append(tx, Event(at=NOW, what="seen", who="me", detail={"number": number}))
    with ledger.read() as tx:
        assert [] == list(events.broken_links(tx))
    with ledger.write() as tx:
        tx.execute(text(tampering))
    with ledger.read() as tx:
        assert list(events.broken_links(tx))


def test_removed_ends_show_to_who_kept_the_head(ledger: Ledger) -> None:
    with ledger.write() as tx:
        for number in range(3):
            events.append(tx, Event(at=NOW, what="seen", who="me", detail={"number": number}))
        kept = events.head(tx)
        events.append(tx, Event(at=NOW, what="seen", who="me"))
        grown = events.holds(tx, kept)
        tx.execute(text("DELETE FROM event WHERE id > 2"))
        events.append(tx, Event(at=NOW, what="forged", who="me"))
        assert (True, [], False) == (grown, list(events.broken_links(tx)), events.holds(tx, kept))


def test_swapped_events_show(ledger: Ledger) -> None:
    with ledger.write() as tx:
        for number in range(3):
            events.append(tx, Event(at=NOW, what="seen", who="me", detail={"number": number}))
        for before, after in ((1, 9), (2, 1), (9, 2)):
            tx.execute(text(f"UPDATE event SET id = {after} WHERE id = {before}"))
    with ledger.read() as tx:
        assert 1 in list(events.broken_links(tx))


def test_a_switch_holds_after_the_ledger_was_opened_again(ledger: Ledger, ledger_url: str) -> None:
    with ledger.write() as tx:
        controls.switch(tx, controls.STOP, "odd payments", "ann", NOW, active=True)
    again = open_ledger(ledger_url)
    with again.read() as tx:
        stop = controls.active(tx, controls.STOP)
    again.close()
    assert stop is not None
    assert ("odd payments", "ann") == (stop["value"], stop["set_by"])


def test_an_unknown_batch_is_an_error_that_says_what_to_do(ledger: Ledger) -> None:
    with pytest.raises(NotFoundError, match="exchange batches"), ledger.read() as tx:
        batches.get(tx, 99)


def test_a_naive_moment_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="zone"), ledger.write() as tx:
        batches.start(tx, "invoices", "command", NOW.replace(tzinfo=None))


def test_a_ledger_that_a_newer_version_wrote_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'newer.sqlite'}"
    newer = open_ledger(url)
    with newer.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer.close()
    with pytest.raises(LedgerError, match="newer version"):
        open_ledger(url)
