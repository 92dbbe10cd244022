"""One business day by one command: each delivery is decided as its twin says, and all parties agree to the cent."""

import csv
import hashlib
import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.stories.office import DELIVERIES, PROGRAMS, SAMPLES, Office, environment, open_office

pytestmark = pytest.mark.story

TWINS = sorted(path.name for path in DELIVERIES.glob("*.expected.json"))
LOADED = ("load", "load as draft")
Money = dict[str, Decimal]


@dataclass(frozen=True)
class Day:
    """What the demonstration told and left behind; its parties were started again from what they keep."""

    told: dict[str, Any]
    office: Office
    elsewhere: Path


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder, elsewhere = tmp_path_factory.mktemp("day"), tmp_path_factory.mktemp("elsewhere")
    command = [
        str(PROGRAMS / "exchange"),
        "demo",
        "--folder",
        str(folder / "demo"),
        "--samples",
        str(SAMPLES),
        "--json",
    ]
    done = subprocess.run(
        command, cwd=elsewhere, env=environment(), capture_output=True, text=True, check=False, timeout=900
    )
    assert 0 == done.returncode, done.stdout[-4000:] + done.stderr[-4000:]
    with open_office(folder / "demo") as office:
        yield Day(json.loads(done.stdout), office, elsewhere)


@pytest.mark.parametrize("name", TWINS)
def test_a_delivery_is_decided_as_its_twin_says(day: Day, name: str) -> None:
    """Reasons and findings of the twin must be there; more may stand beside them."""
    twin = json.loads((DELIVERIES / name).read_text(encoding="utf-8"))
    sql = "select r.* from record r join file f on f.sha256 = r.sha256 where f.name = ? order by r.position"
    records = day.office.ledger(sql, twin["file"])
    reasons = {one["number"]: one["reasons"] for one in twin["invoices"]}
    expected = {one["number"]: _wanted(one) for one in twin["invoices"]}
    actual = {row["number"]: _decided(row, reasons.get(row["number"], [])) for row in records}
    assert (len(expected), expected) == (len(records), actual)
    assert twin["findings"] == _shared(twin["findings"], _rules(day.office, twin["file"]))


def _wanted(invoice: dict[str, Any]) -> tuple[object, ...]:
    """Decision, reasons, supplier and money as the twin has them; a rejected invoice need not have been read."""
    money = (invoice["currency"], Decimal(invoice["total"] or 0))
    decided = invoice["decision"], invoice["reasons"]
    return decided if invoice["decision"] == "reject" else (*decided, invoice["supplier_number"], *money)


def _decided(row: dict[str, Any], reasons: list[str]) -> tuple[object, ...]:
    """The same of a record; the twin has the amount of a credit note without its sign."""
    money = (row["currency"], abs(Decimal(row["amount"] or 0)))
    decided = row["decision"], _shared(reasons, row["reasons"].split())
    return decided if row["decision"] == "reject" else (*decided, row["supplier_number"], *money)


def _shared(wanted: Iterable[str], there: Iterable[str]) -> list[str]:
    known = set(there)
    return [one for one in wanted if one in known]


def _rules(office: Office, file: str) -> list[str]:
    sql = "select distinct n.rule from finding n join file f on f.sha256 = n.sha256 where f.name = ?"
    return [row["rule"] for row in office.ledger(sql, file)]


def test_what_is_to_be_loaded_is_loaded(day: Day) -> None:
    sql = "select number, state, decision from record where flow = 'invoices'"
    states = {(row["decision"] in LOADED, row["state"] == "loaded") for row in day.office.ledger(sql)}
    assert {(True, True), (False, False)} == states


def test_the_demonstration_says_that_all_agree(day: Day) -> None:
    assert [] == [check for check in day.told["checks"] if not check["agree"]]
    assert [] == [batch for batch in day.told["batches"] if batch["outcome"] != "done" or batch["open"]]


def test_reconcile_says_so_too_when_the_parties_come_back(day: Day) -> None:
    assert [] == [check for check in day.office.json("reconcile") if not check["agree"]]


def test_the_ledger_and_coupa_hold_the_same_money(day: Day) -> None:
    theirs = (json.loads(row["body"]) for row in day.office.loaded("body"))
    assert _ledger(day.office, "invoices") == _sum(map(_worth, theirs))


def _worth(body: dict[str, Any]) -> tuple[str, str]:
    """Coupa keeps the amount of a credit note without its sign."""
    sign = "-" if body["is-credit-note"] else ""
    return body["currency"]["code"], sign + body["total-with-taxes"]


def test_the_ledger_the_files_and_the_books_of_the_erp_hold_the_same_money(day: Day) -> None:
    ours = _ledger(day.office, "ok2pay")
    lines = [line for path in _ok2pay(day.office) for line in _lines(path)]
    totals = {line["InvoiceId"]: (line["Currency"], line["SignedTotal"]) for line in lines}
    booked = day.told["parties"]["erp"]["booked"]["amount"]
    assert (ours, ours) == (_sum(totals.values()), {name: Decimal(text) for name, text in booked.items()})


def test_what_the_erp_paid_is_booked_at_coupa(day: Day) -> None:
    ours = _ledger(day.office, "payments")
    parties = day.told["parties"]
    booked = {currency: Decimal(one["total"]) for currency, one in parties["coupa"]["payments"].items()}
    paid = {currency: Decimal(text) for currency, text in parties["erp"]["paid"]["amount"].items()}
    assert (ours, ours) == (booked, paid)


def _ledger(office: Office, flow: str) -> Money:
    rows = office.ledger("select currency, amount from record where flow = ? and state = 'loaded'", flow)
    return _sum((row["currency"], row["amount"]) for row in rows)


def _sum(amounts: Iterable[tuple[str, str]]) -> Money:
    money: defaultdict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in amounts:
        money[currency] += Decimal(amount)
    return dict(money)


def _ok2pay(office: Office) -> list[Path]:
    return sorted(office.erp.glob("*/Ok2Pay_*.csv"))


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_delivery_was_answered_and_archived_as_it_came(day: Day) -> None:
    delivered = {path.name: path.read_bytes() for path in DELIVERIES.iterdir() if path.name not in TWINS}
    archived = {path.name.split("_", 1)[1]: path.read_bytes() for path in (day.office.lockbox / "archive").iterdir()}
    answers = [json.loads(path.read_text(encoding="utf-8")) for path in (day.office.lockbox / "ack").glob("*.json")]
    assert delivered == archived
    assert {name: hashlib.sha256(content).hexdigest() for name, content in delivered.items()} == {
        answer["file"]: answer["sha256"] for answer in answers
    }
    assert [] == list((day.office.lockbox / "outbox").iterdir())


def test_every_image_of_a_loaded_invoice_is_at_coupa_byte_by_byte(day: Day) -> None:
    sql = "select remote_id, image_sha256 from record where flow = 'invoices' and state = 'loaded'"
    ours = {row["remote_id"]: row["image_sha256"] for row in day.office.ledger(sql) if row["image_sha256"]}
    named = {str(row["id"]): json.loads(row["body"]).get("_image-sha256") for row in day.office.loaded("id, body")}
    blobs = day.office.coupa("select sha256, content from blobs")
    kept = {blob["sha256"]: hashlib.sha256(blob["content"]).hexdigest() for blob in blobs}
    assert ours == {identity: kept[sha256] for identity, sha256 in named.items() if sha256}


def test_a_name_made_for_a_shell_touches_nothing(day: Day) -> None:
    assert [] == list(day.elsewhere.iterdir())
    assert [] == list(day.office.folder.rglob("pwned"))


def test_the_chain_of_events_is_whole(day: Day) -> None:
    assert {"broken": [], "forged": []}.items() <= day.office.json("audit").items()
