"""A held invoice that a person puts right, and the letter that asks its supplier."""

import json
from collections.abc import Iterator, Mapping
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from exchange.batches import amending, editing
from exchange.cli import app
from exchange.errors import ExchangeError, NotFoundError
from exchange.ledger import drift, records
from formats.documents import Supplier
from tests.capture.paint import INVOICE, text_pdf
from tests.exchange.desk import Desk, open_desk
from tests.exchange.pages import judge_again, take
from tests.exchange.parties import utc_now
from tests.payables.builders import ACME, invoice, line, number, order

TODAY = utc_now().date()
BRIGHTWATER = Supplier(number="V-100", name="Brightwater Tools Limited", email="accounts@brightwater-tools.co.uk")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk at which an invoice that names an unknown order is held."""
    with open_desk(tmp_path) as opened:
        opened.know(ACME, BRIGHTWATER, order())
        opened.judge(invoice(line(10, "10"), date=TODAY), invoice(line(po_number="9999"), number="INV-2", date=TODAY))
        yield opened


def told(desk: Desk, *arguments: str) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--json", "--config", str(desk.config)], catch_exceptions=False)
    return json.loads(result.stdout)


def test_a_dry_run_says_what_would_be_decided_and_changes_nothing(desk: Desk) -> None:
    before = desk.records(_record(desk)["sha256"])
    would = told(desk, "edit", "2", "po_number=4711", "line.1.quantity=0.5", "--why", "misread", "--dry-run")
    assert [["po_number", "9999", "4711"], ["line.1.quantity", "10", "0.5"]] == [
        [one["field"], one["before"], one["after"]] for one in would["changes"]
    ]
    assert ("held", "po-unknown") == (before[1]["state"], before[1]["reasons"])
    assert "po-unknown" not in would["record"]["reasons"]
    assert before == desk.records(_record(desk)["sha256"])


def _record(desk: Desk) -> Any:
    with desk.world.ledger.read() as tx:
        return records.get(tx, 2)


@pytest.mark.parametrize(
    "change",
    ["colour=red", "date=31.12.2026", "total=much", "line.7.price=1", "line.1.colour=red", "credit_note=perhaps", "x"],
)
def test_what_is_no_field_or_no_value_is_refused_by_name(desk: Desk, change: str) -> None:
    name = change.partition("=")[0]
    with pytest.raises(ExchangeError, match=name.replace("line.7.price", "no line 7")):
        editing.edit(desk.world, 2, {name: change.partition("=")[2]}, "jo", "why")


def test_an_edit_that_changes_nothing_or_nothing_held_is_refused(desk: Desk) -> None:
    with pytest.raises(ExchangeError, match="says so already"):
        editing.edit(desk.world, 2, {"number": "INV-2"}, "jo", "why")
    with pytest.raises(NotFoundError, match="not held"):
        editing.edit(desk.world, 1, {"number": "INV-3"}, "jo", "why")


def test_another_price_makes_the_stated_line_total_void_unless_it_is_told_too() -> None:
    stated = invoice(line(10, "10", declared=number(100)))
    alone, _ = amending.amended(stated, {"line.1.price": "11"})
    both, _ = amending.amended(stated, {"line.1.price": "11", "line.1.total": "110"})
    assert (None, number(110)) == (alone.lines[0].declared, both.lines[0].declared)


def test_a_new_line_of_which_nothing_is_told_is_none() -> None:
    edited, changes = amending.amended(invoice(line()), {"line.2.description": "", "number": "RE-9"})
    assert (1, ["number"]) == (len(edited.lines), [one.field for one in changes])


def test_the_number_after_the_last_lines_makes_a_new_line() -> None:
    told = {"line.1.quantity": "4", "line.2.description": "Toner cyan", "line.2.quantity": "6", "line.2.price": "10"}
    after, changes = amending.amended(invoice(line(10, "10")), told)
    assert [number(40), number(60)] == [one.net for one in after.lines]
    assert [("line.1.quantity", number(10)), ("line.2.description", "")] == [
        (one.field, one.before) for one in changes[:2]
    ]


def test_a_new_line_must_say_what_it_is_worth() -> None:
    with pytest.raises(ExchangeError, match="Line 2 is new; say what it is worth"):
        amending.amended(invoice(line()), {"line.2.description": "Toner", "line.2.quantity": "6"})
    after, _ = amending.amended(invoice(line(10, "10")), {"line.2.description": "Toner", "line.2.total": "6"})
    assert [number(100), number(6)] == [one.net for one in after.lines]


def test_the_lines_that_reading_did_not_find_are_entered_by_a_person(desk: Desk) -> None:
    record = take(desk, text_pdf([one for one in INVOICE if not 600 <= one[1] <= 715]))["id"]
    assert any("no line items" in one["message"] for one in _found(desk, record))
    lines = ("line.1.description=Tools", "line.1.price=605.00")
    would = told(desk, "edit", str(record), *lines, "--why", "from the page", "--dry-run")["record"]["reasons"]
    assert "field-missing" not in would
    _judged_again(desk, record, {"line.1.description": "Tools", "line.1.price": "605.00"})
    assert not any("no line items" in one["message"] for one in _found(desk, record))


def _found(desk: Desk, record: int) -> list[Any]:
    with desk.world.ledger.read() as tx:
        return list(records.findings(tx, record))


def test_what_a_person_corrects_on_a_page_counts_against_the_reading_and_changes_no_template(desk: Desk) -> None:
    record = take(desk, text_pdf())
    with desk.world.ledger.read() as tx:
        held = records.get(tx, record["id"])
    after, changes = amending.amended(editing._document(held), {"number": "BW-1", "total": "12.00"})
    with desk.world.ledger.write() as tx:
        editing._put_right(tx, desk.world, held, after, changes)
        editing._label(tx, desk.world, held, after, changes)
    with desk.world.ledger.read() as tx:
        assert ["number total"] == [page["corrected"] for page in drift.pages(tx, "V-100")]
        assert ("BW-1", "person") == (records.get(tx, record["id"])["number"], _engine(records.get(tx, record["id"])))
    assert not list(desk.world.settings.home.rglob("V-100*.yaml"))


def _engine(row: Any) -> str:
    return str(json.loads(row["evidence"])["number"]["engine"])


def test_the_letter_is_a_mail_to_the_suppliers_address_and_the_desk_remembers_that_it_was_asked(desk: Desk) -> None:
    desk.know(Supplier(number="S-1", name="Acme Ltd", email="billing@acme.example"))
    arguments = ["ask-supplier", "2", "--mail", "--config", str(desk.config)]
    mail = message_from_string(CliRunner().invoke(app, arguments, catch_exceptions=False).stdout)
    assert ("billing@acme.example", "Your invoice INV-2") == (mail["To"], mail["Subject"])
    assert "names order 9999, which we do not know" in str(mail.get_payload())
    assert f"{TODAY:%Y-%m-%d}" in told(desk, "review", "2")["asked"]


def test_nothing_is_asked_where_the_supplier_has_nothing_to_say(desk: Desk) -> None:
    with pytest.raises(ExchangeError, match="nothing that its supplier could say"):
        told(desk, "ask-supplier", "1")


def _rules(desk: Desk, record: int) -> list[str]:
    with desk.world.ledger.read() as tx:
        return [one["rule"] for one in records.findings(tx, record)]


def _judged_again(desk: Desk, record: int, told: Mapping[str, str]) -> list[str]:
    """The rules that a record breaks after an edit, as the next judgement finds them."""
    with desk.world.ledger.read() as tx:
        held = records.get(tx, record)
    after, changes = amending.amended(editing._document(held), told)
    with desk.world.ledger.write() as tx:
        editing._put_right(tx, desk.world, held, after, changes)
        editing._label(tx, desk.world, held, after, changes)
    judge_again(desk, held["sha256"])
    return _rules(desk, record)


MISREAD = [(left, top, text.replace("125.00", "127.00")) for left, top, text in INVOICE]


def test_lines_that_a_person_puts_right_are_no_longer_open(desk: Desk) -> None:
    record = take(desk, text_pdf(MISREAD))["id"]
    assert "lines-open" in _rules(desk, record)
    assert "lines-open" not in _judged_again(desk, record, {"line.2.total": "125.00"})


def test_lines_that_a_person_leaves_open_stay_so_and_are_told_once(desk: Desk) -> None:
    record = take(desk, text_pdf(MISREAD))["id"]
    assert 1 == _judged_again(desk, record, {"line.2.total": "126.00"}).count("lines-open")
    with desk.world.ledger.read() as tx:
        told = [one["message"] for one in records.findings(tx, record) if one["rule"] == "lines-open"]
    assert ["lines and charges add up to 606.00, the net total is 605.00"] == told


def test_an_edit_in_a_dry_run_says_what_the_lines_would_be(desk: Desk) -> None:
    record = take(desk, text_pdf(MISREAD))["id"]
    would = [
        told(desk, "edit", str(record), f"line.2.total={total}", "--why", "misread", "--dry-run")["record"]["reasons"]
        for total in ("126.00", "125.00")
    ]
    assert [True, False] == ["image-doubtful" in reasons for reasons in would]
