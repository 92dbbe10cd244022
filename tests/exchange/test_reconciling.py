"""Reconciliation: each difference is named with what to do, and only what may be repeated is repaired by itself."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner, Result

from exchange.batches import outbound, reconciling, repairing
from exchange.batches.batch import open_batch
from exchange.batches.reconciling import Check
from exchange.batches.repairing import Difference
from exchange.batches.world import World
from exchange.cli import app
from exchange.demo import Parties
from exchange.errors import ConservationError
from exchange.flows import FLOWS
from exchange.ledger import controls, schema
from tests.exchange.parties import open_parties, utc_now
from tests.faults.letters import letters

CHANGES = {
    "[coupa]": "[flows.invoices]\nsecond_reading = false\n[coupa]",
    "[erp]\n": "[erp]\nmanifest = true\n",
}


@dataclass(frozen=True)
class Place:
    """A day that went well, and what lies where; a test breaks one thing and puts it right again."""

    demo: Path
    world: World
    parties: Parties

    def at(self, path: str) -> Path:
        return self.demo / "sandbox/sftp" / path

    def write(self, query: Any) -> None:
        with self.world.ledger.write() as tx:
            tx.execute(query)

    def coupa(self, sql: str, *values: object) -> None:
        """Change something at Coupa behind everybody's back."""
        with closing(sqlite3.connect(self.demo / "sandbox/coupa.sqlite", timeout=30)) as opened, opened:
            opened.execute(sql, values)

    def checks(self) -> Sequence[Check]:
        return reconciling.reconcile(self.world)

    def differences(self) -> list[Difference]:
        return [difference for check in self.checks() for difference in check.differences]

    def told(self) -> list[tuple[str, bool]]:
        """What differs, and whether it may be repaired."""
        return [(one.what, one.repair is not None) for one in self.differences()]

    def fix(self) -> list[str]:
        """Repair, and return what could not be."""
        return [one.error for one in repairing.repair(self.world, self.differences()) if one.error]

    def command(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["reconcile", *arguments, "--config", str(self.demo / "exchange.toml")])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    demo = tmp_path_factory.mktemp("reconcile") / "demo"
    with open_parties(demo, CHANGES) as (world, parties):
        for letter in letters(1):
            (demo / "sandbox/sftp/lockbox/outbox" / letter.name).write_bytes(letter.content)
        for flow in ("suppliers", "invoices"):
            _run(world, flow)
        parties.approve()
        _run(world, "ok2pay")
        yield Place(demo, world, parties)


def _run(world: World, flow: str) -> None:
    with open_batch(world, flow, "test") as batch:
        FLOWS[flow](batch)


@pytest.fixture(autouse=True)
def _agrees_before_and_after(place: Place) -> Iterator[None]:
    """Every test leaves behind what it found, or the next one would be about something else."""
    assert [] == place.told()
    yield
    assert [] == place.told()


def numbers(place: Place, *columns: Any) -> Any:
    with place.world.ledger.read() as tx:
        return tx.execute(select(*columns)).all()


def test_everybody_agrees_about_a_day_that_went_well(place: Place) -> None:
    assert [True] * 8 == [check.ok for check in place.checks()]


def test_an_original_that_was_left_lying_is_moved_when_it_is_still_the_same(place: Place) -> None:
    letter = letters(1)[0]
    place.at(f"lockbox/outbox/{letter.name}").write_bytes(letter.content)
    place.write(update(schema.sighting).where(schema.sighting.c.path.endswith(letter.name)).values(tidied_at=None))
    assert [(f"lockbox:outbox/{letter.name} still lies there", True)] == place.told()
    assert ([], False) == (place.fix(), place.at(f"lockbox/outbox/{letter.name}").exists())


def test_an_original_that_was_replaced_is_never_moved(place: Place) -> None:
    letter = letters(1)[0]
    path = place.at(f"lockbox/outbox/{letter.name}")
    path.write_bytes(b"something new")
    place.write(update(schema.sighting).where(schema.sighting.c.path.endswith(letter.name)).values(tidied_at=None))
    place.fix()
    assert b"something new" == path.read_bytes()
    path.unlink()


def test_an_image_that_is_gone_at_coupa_is_put_there_again(place: Place) -> None:
    row = numbers(place, schema.record.c.id, schema.record.c.number, schema.record.c.remote_id)
    identity = next(one.remote_id for one in row if one.number == "E00001")
    sql = "update objects set body = json_remove(body, '$.\"image-scan\"') where kind = 'invoices' and id = ?"
    place.coupa(sql, int(identity))
    (told,) = place.told()
    assert ("(E00001) has no image at Coupa" in told[0], told[1], place.fix()) == (True, True, [])


def test_a_file_that_was_not_answered_is_answered(place: Place) -> None:
    before = len(list(place.at("lockbox/ack").iterdir()))
    sha256 = numbers(place, schema.file.c.sha256)[0].sha256
    place.write(update(schema.outgoing).where(schema.outgoing.c.answers == sha256).values(answers=None))
    (told,) = place.told()
    assert ("was not answered" in told[0], told[1], place.fix()) == (True, True, [])
    assert before + 2 == len(list(place.at("lockbox/ack").iterdir()))


def test_a_file_that_has_not_arrived_is_put_in_place(place: Place) -> None:
    with open_batch(place.world, "invoices", "test") as batch, place.world.ledger.write() as tx:
        kept = place.world.spool.keep_bytes(b"late")
        outbound.prepare(batch, tx, outbound.Parcel(remote="lockbox", path="ack/late.csv", kept=kept, records=0))
    assert [("lockbox:ack/late.csv has not arrived", True)] == place.told()
    assert ([], b"late") == (place.fix(), place.at("lockbox/ack/late.csv").read_bytes())


def test_a_voucher_that_lost_its_flag_is_flagged_again(place: Place) -> None:
    place.coupa("update objects set body = json_set(body, '$.exported', json('false')) where kind = 'invoices'")
    flags = [told for told in place.told() if "is not flagged at Coupa" in told[0]]
    assert ([True, True], []) == ([able for _, able in flags], place.fix())


def test_a_voucher_that_coupa_has_otherwise_by_now_is_for_a_person(place: Place) -> None:
    sql = "update objects set body = json_set(body, '$.exported', json(?), '$.status', ?) where number = 'F00001A'"
    place.coupa(sql, "false", "disputed")
    errors = place.fix()
    place.coupa(sql, "true", "approved")
    assert ["F00001A is disputed"] == [error[:19] for error in errors]


def test_an_invoice_that_coupa_has_with_another_total_is_for_a_person(place: Place) -> None:
    record = schema.record
    mine = update(record).where(record.c.number == "E00001", record.c.flow == "invoices")
    (before,) = (one.amount for one in numbers(place, record.c.amount, record.c.number) if one.number == "E00001")
    place.write(mine.values(amount=before + 1))
    told = place.told()
    place.write(mine.values(amount=before))
    assert [False] == [able for what, able in told if "E00001" in what and "at Coupa" in what]


def test_an_invoice_that_was_deleted_at_coupa_is_named(place: Place) -> None:
    record = schema.record
    (before,) = (one.remote_id for one in numbers(place, record.c.remote_id, record.c.number) if one.number == "E00001")
    mine = update(record).where(record.c.number == "E00001")
    place.write(mine.values(remote_id="999999"))
    told = place.told()
    place.write(mine.values(remote_id=before))
    assert [False] == [able for what, able in told if "is not at Coupa any more (id 999999)" in what]


def test_a_file_that_somebody_changed_at_the_partner_is_named(place: Place) -> None:
    path = next(place.at("erp/ok2pay").glob("Ok2Pay*.csv"))
    content = path.read_bytes()
    path.write_bytes(content[::-1])
    told = place.told()
    path.write_bytes(content)
    assert [(f"erp:ok2pay/{path.name} has other bytes than were sent", False)] == told


def test_control_totals_that_are_not_those_of_the_records_are_named(place: Place) -> None:
    outgoing = schema.outgoing
    rows = numbers(place, outgoing.c.id, outgoing.c.path, outgoing.c.totals)
    (row,) = (one for one in rows if one.path.startswith("ok2pay/") and one.path.endswith(".csv"))
    mine = update(outgoing).where(outgoing.c.id == row.id)
    place.write(mine.values(totals=json.dumps({"MYR": "6.26"})))
    told = place.told()
    place.write(mine.values(totals=row.totals))
    assert f"{row.path} tells 2 records of 6.26 MYR, its records 2 records of 6.25 MYR" in [what for what, _ in told]


def test_a_manifest_proves_the_file_for_the_erp(place: Place) -> None:
    path = next(place.at("erp/ok2pay").glob("*.manifest.json"))
    told = json.loads(path.read_text(encoding="utf-8"))
    content = path.with_name(told["name"]).read_bytes()
    assert (2, len(content), {"MYR": "6.25"}) == (told["records"], told["size"], told["money"])


def test_a_manifest_that_does_not_fit_its_file_is_named(place: Place) -> None:
    outgoing = schema.outgoing
    rows = numbers(place, outgoing.c.id, outgoing.c.path, outgoing.c.size)
    (row,) = (one for one in rows if one.path.startswith("inbox/Suppliers") and one.path.endswith(".csv"))
    place.at(f"lockbox/{row.path}").rename(place.demo / "taken")  # the lockbox took it
    place.write(update(outgoing).where(outgoing.c.id == row.id).values(size=row.size + 1))
    told = place.told()
    place.write(update(outgoing).where(outgoing.c.id == row.id).values(size=row.size))
    (place.demo / "taken").rename(place.at(f"lockbox/{row.path}"))
    assert [(f"{row.path}.manifest.json does not fit its file", False)] == told


def test_after_a_restore_what_the_ledger_never_saw_is_named_until_all_agree(place: Place) -> None:
    with place.world.ledger.write() as tx:
        controls.switch(tx, controls.RESTORED, utc_now().isoformat(), "test", utc_now(), active=True)
    strange = place.at("erp/ok2pay/Ok2Pay_20260101_000000Z_9.csv")
    strange.write_bytes(b"x")
    archived = place.at("lockbox/archive/9999999_later.xml")
    archived.write_bytes(b"x")
    told = [what for what, _ in place.told()]
    strange.unlink()
    archived.unlink()
    expected = ["erp:ok2pay/Ok2Pay_20260101_000000Z_9.csv was sent after the backup"]
    expected += ["lockbox:archive/9999999_later.xml was taken in after the backup"]
    assert expected == told
    assert 0 == place.command("--fix").exit_code
    with place.world.ledger.read() as tx:
        assert controls.active(tx, controls.RESTORED) is None


def test_a_dry_run_tells_what_it_would_do_and_does_nothing(place: Place) -> None:
    sha256 = numbers(place, schema.file.c.sha256)[0].sha256
    place.write(update(schema.outgoing).where(schema.outgoing.c.answers == sha256).values(answers=None))
    ran = place.command("--fix", "--dry-run")
    assert "would be repaired: answer it" in " ".join(ran.stdout.split())
    assert (True, 1) == (isinstance(ran.exception, ConservationError), len(place.told()))
    assert 0 == place.command("--fix").exit_code


def test_programs_are_told_every_difference_with_its_next_step(place: Place) -> None:
    sha256 = numbers(place, schema.file.c.sha256)[0].sha256
    place.write(update(schema.outgoing).where(schema.outgoing.c.answers == sha256).values(answers=None))
    told = json.loads(place.command("--json").stdout)
    (difference,) = [one for check in told for one in check["differences"]]
    assert ["next_step", "repair", "what"] == sorted(difference)
    fixed = json.loads(place.command("--fix", "--json").stdout)
    assert ([True], True) == ([one["done"] for one in fixed["repairs"]], all(one["agree"] for one in fixed["checks"]))


def test_only_what_came_since_a_day_is_compared(place: Place) -> None:
    told = json.loads(place.command("--since", "2099-01-01", "--json").stdout)
    assert "0 came in" == told[0]["one side"]
