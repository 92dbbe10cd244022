"""What people read: nothing of a partner is taken for markup, and no number is ever cut or broken."""

import datetime as dt
import json
from typing import Any

import pytest
from rich.progress import TextColumn

from exchange.cli import printing, progress
from exchange.cli.printing import literal, print_table, tell
from exchange.cli.tables import print_batches, print_held, print_records

ATTACKS = ("[/x]", "[red]INV-1[/]", "[link=https://evil.example]pay here", "a\\", "[bold")


@pytest.fixture(params=(80, 120))
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """A terminal of 80 and one of 120 columns."""
    monkeypatch.setattr(printing.console, "width", request.param)
    columns: int = request.param
    return columns


def record(**values: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("number", "supplier_name", "supplier_number", "remote_id", "explanation", "suggestion"), "")
    return {"id": 7, "state": "held", "amount": None, "currency": "", "error": "", **empty, **values}


def batch(**values: Any) -> dict[str, Any]:
    sums = {"read": "12345678.90", "loaded": "1.00", "held": "12345676.90", "rejected": "0.00", "duplicate": "1.00"}
    summary = {"read": 43, "loaded": 1, "held": 41, "duplicate": 1, "money": {"EUR": sums | {"open": "0.00"}}}
    at = dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.UTC)
    row = {"id": 1, "flow": "purchase_orders", "trigger": "command", "started_at": at, "ended_at": at, "error": ""}
    return {**row, "outcome": "done", "summary": json.dumps(summary), **values}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_partner_cannot_write_markup_into_a_table(attack: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_table(attack, ("number",), [(attack,)])
    assert 2 == capsys.readouterr().out.count(attack)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_partner_cannot_write_markup_into_a_sentence(attack: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_held([record(number=attack, supplier_name=attack, explanation=attack, suggestion=attack)])
    assert 4 == " ".join(capsys.readouterr().out.split()).count(attack)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_partner_cannot_write_markup_into_the_progress_bar(attack: str) -> None:
    columns = [column for column in progress.COLUMNS if isinstance(column, TextColumn)]
    assert [False, False] == [column.markup for column in columns], attack


def test_a_partner_cannot_steer_the_terminal() -> None:
    assert "�[2JINV�-1\n" == literal("\x1b[2JINV\u202e-1\n").plain


def test_money_and_dates_are_whole_in_the_table_of_batches(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    print_batches([batch()])
    out = capsys.readouterr().out
    whole = {"purchase_orders", "2026-03-04", "05:06", "done", "43", "12,345,678.90", "12,345,676.90", "1.00"}
    assert (set(), True) == (whole - set(out.split()), max(map(len, out.splitlines())) <= width)


def test_a_currency_in_which_nothing_was_rejected_has_no_such_column(capsys: pytest.CaptureFixture[str]) -> None:
    print_batches([batch()])
    money = capsys.readouterr().out.split("money\n")[1]
    assert ["batch", "currency", "money", "in", "loaded", "held", "duplicate", "money", "out"] == money.split("─")[
        0
    ].split()


def test_records_fit_the_terminal_and_no_amount_is_broken(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    name = "The Sellercompany of Everything and More, Incorporated"
    row = record(number="RE-20190610/507-0001", supplier_name=name, amount=2978666, currency="USD", remote_id="1234567")
    print_records([row])
    out = capsys.readouterr().out
    assert (True, True) == ("2,978,666.00 USD" in out, max(map(len, out.splitlines())) <= width)


def test_a_number_without_end_is_folded(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    print_records([record(number="9" * 500)])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= width


def test_an_empty_table_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("findings", ("rule", "message"), [])
    assert "" == capsys.readouterr().out


def test_what_is_held_is_told_with_the_id_that_release_asks_for(capsys: pytest.CaptureFixture[str]) -> None:
    print_held([record(id=4711, number="INV-1", explanation="Too old.")])
    assert "record 4711 INV-1 Too old.\n" == capsys.readouterr().out


def test_what_went_wrong_with_a_batch_stands_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    print_batches([batch(outcome="failed", error="lockbox: connect to [::1]:22: Connection refused")])
    assert capsys.readouterr().out.endswith("batch 1: lockbox: connect to [::1]:22: Connection refused\n")


def test_a_paragraph_is_indented_on_every_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(printing.console, "width", 20)
    tell("eleven and twelve and more", indent=4)
    assert ["    eleven and", "    twelve and more"] == [line.rstrip() for line in capsys.readouterr().out.splitlines()]
