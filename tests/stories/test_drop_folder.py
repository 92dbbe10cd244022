"""The drop folder under a running `exchange serve`: each file is taken once, and only when it is complete."""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stories.office import DELIVERIES, Office, Row, open_office, wait_for

pytestmark = pytest.mark.story

NEVER = 'schedules: [{flow: accounts, cron: "0 0 29 2 *"}]\n'
LATE = 8  # seconds after which an incomplete file is taken as it is
HOSTILE = ("line\nbreak.xml", "invoice\u202efdp.xml", "up\\..\\..\\evil.xml", "e\u0301clair.xml")


@dataclass(frozen=True)
class Desk:
    """A drop folder that `exchange serve` watches."""

    office: Office
    drop: Path
    process: "subprocess.Popen[bytes]"

    def taken(self, name: str) -> list[Row]:
        """The records of the file of this name."""
        sql = "select r.number, r.state, r.reasons from record r join file f on f.sha256 = r.sha256 where f.name = ?"
        return self.office.ledger(sql, name)

    def wait_until_done(self, name: str) -> None:
        """Wait until the original of a file was moved away."""
        wait_for(lambda: any(path.name.endswith(name) for path in (self.drop / "done").glob("*")), 40)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("drop")
    drop = folder / "in"
    more = {
        "EXCHANGE_DROP__FOLDER": str(drop),
        "EXCHANGE_DROP__QUIET_SECONDS": "1",
        "EXCHANGE_DROP__POLL_SECONDS": "1",
        "EXCHANGE_DROP__DEADLINE_SECONDS": str(LATE),
    }
    with open_office(folder / "office", **more) as office:
        (office.folder / "schedules.yaml").write_text(NEVER, encoding="utf-8")
        with office.started("serve") as process:
            wait_for(drop.is_dir, 90)
            yield Desk(office, drop, process)
            process.send_signal(signal.SIGTERM)
            assert 0 == process.wait(30)


def test_a_file_that_is_copied_is_taken_once(desk: Desk) -> None:
    subprocess.run(["cp", DELIVERIES / "01-three-way-match.zip", desk.drop], check=True)
    _is_taken_once(desk, "01-three-way-match.zip", "RE-20190610/507")


def test_a_file_that_is_written_slowly_is_taken_once_and_whole(desk: Desk) -> None:
    content = (DELIVERIES / "02-within-tolerance.zip").read_bytes()
    place = desk.drop / "02-within-tolerance.zip"
    for piece in (content[:40], content[40:30_000], content[30_000:-10_000], content[-10_000:]):
        assert [] == desk.taken(place.name)
        subprocess.run(f"cat >> '{place}'", shell=True, input=piece, check=True)
        time.sleep(2.5)
    _is_taken_once(desk, place.name, "RE-20171118/506")


def test_a_file_that_is_moved_in_is_taken_once(desk: Desk) -> None:
    aside = desk.drop.parent / "29-ubl.xml"
    shutil.copy(DELIVERIES / "29-ubl.xml", aside)
    subprocess.run(["mv", aside, desk.drop], check=True)
    _is_taken_once(desk, "29-ubl.xml", "TOSL110")


def test_a_file_that_is_renamed_in_the_folder_is_taken_once_under_its_last_name(desk: Desk) -> None:
    shutil.copy(DELIVERIES / "30-cii.xml", desk.drop / ".30-cii.xml.part")
    time.sleep(2)
    assert [] == desk.taken(".30-cii.xml.part")
    (desk.drop / ".30-cii.xml.part").rename(desk.drop / "30-cii.xml")
    _is_taken_once(desk, "30-cii.xml", "INVOICE_test_7")


def test_an_empty_file_and_a_hidden_one_are_left_alone(desk: Desk) -> None:
    (desk.drop / "empty.csv").touch()
    shutil.copy(DELIVERIES / "16-credit-note.zip", desk.drop / ".hidden.zip")
    time.sleep(4)
    assert (True, True) == ((desk.drop / "empty.csv").exists(), (desk.drop / ".hidden.zip").exists())
    assert ([], []) == (desk.taken("empty.csv"), desk.taken(".hidden.zip"))


def test_a_file_that_stays_incomplete_is_left_alone_and_rejected_when_its_time_is_up(desk: Desk) -> None:
    content = (DELIVERIES / "16-credit-note.zip").read_bytes()[:-200]
    (desk.drop / "cut.zip").write_bytes(content)
    time.sleep(LATE / 2)
    assert [] == desk.taken("cut.zip")
    desk.wait_until_done("cut.zip")
    assert [("rejected", "zip-damaged")] == [(row["state"], row["reasons"]) for row in desk.taken("cut.zip")]


def test_a_hostile_name_is_never_touched_and_reported_once(desk: Desk) -> None:
    content = (DELIVERIES / "31-cxml-two-orders.xml").read_bytes()
    for name in HOSTILE:
        (desk.drop / name).write_bytes(content)
    os.mkfifo(desk.drop / "pipe.xml")
    (desk.drop / "link.xml").symlink_to("/etc/passwd")
    sql = "select r.number, r.state, r.reasons from record r where r.sha256 is null order by r.number"
    wait_for(lambda: len(desk.office.ledger(sql)) == len(HOSTILE), 30)
    time.sleep(4)
    told = [(row["number"], row["state"], row["reasons"]) for row in desk.office.ledger(sql)]
    assert sorted((ascii(name)[1:-1], "rejected", "delivery-name-unsafe") for name in HOSTILE) == told
    assert [content] * len(HOSTILE) == [(desk.drop / name).read_bytes() for name in HOSTILE]
    assert [] == desk.taken("link.xml")


def test_the_longest_name_that_a_file_system_knows_is_a_name(desk: Desk) -> None:
    name = f"{'n' * 251}.csv"
    shutil.copy(DELIVERIES / "25-windows-1252-and-too-wide.csv", desk.drop / name)
    wait_for(lambda: len(desk.taken(name)) == 2, 30)
    wait_for(lambda: not (desk.drop / name).exists(), 10)


def test_what_was_left_alone_does_not_keep_the_exchange_busy(desk: Desk) -> None:
    """Empty files, hostile names and links still lie there from the tests before."""
    wait_for(lambda: _is_idle(desk), 30)
    before = desk.office.ledger("select count(*) as count from batch")
    time.sleep(4)
    assert before == desk.office.ledger("select count(*) as count from batch")


def _is_idle(desk: Desk) -> bool:
    before = desk.office.ledger("select max(id) as id from batch")
    time.sleep(3)
    return before == desk.office.ledger("select max(id) as id from batch")


def _is_taken_once(desk: Desk, name: str, number: str) -> None:
    """One record, one invoice at Coupa, the original in ``done`` and the bytes in the spool."""
    original = (DELIVERIES / name).read_bytes()
    desk.wait_until_done(name)
    assert [(number, "loaded")] == [(row["number"], row["state"]) for row in desk.taken(name)]
    assert 1 == desk.office.at_coupa()[number]
    assert [original] == [path.read_bytes() for path in (desk.drop / "done").glob(f"*{name}")]
    sha256 = hashlib.sha256(original).hexdigest()
    assert original == (desk.office.folder / "exchange" / "spool" / sha256[:2] / sha256).read_bytes()
    assert not (desk.drop / name).exists()
