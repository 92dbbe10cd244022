"""The review desk from the command line: what waits, why, what was found, and what the past would have been."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from capture.evidence import Evidence
from exchange.batches import intake
from exchange.cli import app
from exchange.errors import ConservationError, ExchangeError, SettingsError
from exchange.ledger import decisions, records
from formats.findings import Box
from tests.exchange.desk import Desk, open_desk
from tests.exchange.parties import utc_now
from tests.payables.builders import ACME, invoice, line, order

TODAY = utc_now().date()
EARNING = '[policy.autonomy]\ncount = 0.5\nmoney = 0.5\naudit = 1e-12\nseed = "secret"\n[[policy.phases]]'


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk at which one invoice went through and one, 1.00 a piece too dear, was held."""
    with open_desk(tmp_path) as opened:
        fill(opened)
        yield opened


def fill(desk: Desk) -> None:
    desk.know(ACME, order(), order(name="4712"))
    dear = line(10, "11", po_number="4712", text="Toner black")
    desk.judge(invoice(line(10, "10.1"), date=TODAY), invoice(dear, number="INV-2", date=TODAY))


def run(desk: Desk, *arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--config", str(desk.config)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def told(desk: Desk, *arguments: str) -> Any:
    return json.loads(run(desk, *arguments, "--json"))


def test_the_queue_says_why_how_much_and_who_can_clear_it(desk: Desk) -> None:
    (waiting,) = told(desk, "review")
    assert ("INV-2", "110", ["the buyer"]) == (waiting["number"], waiting["amount"], waiting["clearers"])
    assert "EUR 11.00 where PO 4712 line 1 says EUR 10.00" in waiting["explanation"]
    assert waiting["age_days"] == 0


def test_a_record_in_full_has_a_letter_to_its_supplier(desk: Desk) -> None:
    assert "our order says EUR 10.00" in told(desk, "review", "2")["letter"]
    shown = run(desk, "review", "2")
    assert "Dear Acme Ltd," in shown
    assert "exchange replay 2" in shown


def test_evidence_has_its_page_and_box(desk: Desk) -> None:
    seen = {"total": Evidence(1, Box(0.5, 0.25, 0.75, 0.5), "110,00", "rapidocr", 0.97)}
    with desk.world.ledger.write() as tx:
        records.note(tx, 2, utc_now(), evidence=intake.EVIDENCE.dump_json(seen).decode(), image="a.tif")
    (evidence,) = told(desk, "review", "2")["evidence"]
    assert (1, 0.25, 0.97) == (evidence["page"], evidence["box"]["top"], evidence["confidence"])
    assert "a.tif page 1 at 0.50, 0.25, 0.75, 0.50" in " ".join(run(desk, "review", "2").split())


def test_a_replay_tells_that_nothing_differs(desk: Desk) -> None:
    assert (True, []) == (told(desk, "replay", "2")["same"], told(desk, "replay", "2")["differences"])


def test_a_replay_of_a_changed_decision_fails_and_names_it(desk: Desk) -> None:
    with desk.world.ledger.write() as tx:
        row = decisions.get(tx, 1)
        tx.exec_driver_sql("UPDATE decision SET content = ? WHERE id = 2", (row["content"],))
    with pytest.raises(ConservationError, match="not what was written"):
        run(desk, "replay", "2")


def test_wider_limits_show_what_they_would_let_through(desk: Desk, tmp_path: Path) -> None:
    proposed = tmp_path / "wider.toml"
    wide = '{ above = { percent = 12, amount = 50, combine = "all" } }'
    proposed.write_text(
        f'price = {{ above = {{ percent = 12, amount = 50, combine = "all" }}, below = "unlimited" }}\n'
        f"order_total = {wide}\n"
    )
    simulated = told(desk, "simulate", "--tolerances", str(proposed))
    assert (2, 1, 2, ["INV-2"]) == tuple(
        simulated[name] for name in ("decisions", "touchless_before", "touchless_after", "changed")
    )
    assert {"EUR": "10"} == simulated["let_through"]
    assert [("S-1", 1)] == [(one["supplier"], one["just_inside"]) for one in simulated["just_inside"]]
    assert "Decided otherwise: INV-2." in run(desk, "simulate", "--tolerances", str(proposed))


def test_limits_that_say_nothing_sensible_are_refused(desk: Desk, tmp_path: Path) -> None:
    proposed = tmp_path / "odd.toml"
    proposed.write_text('price = "a lot"\n')
    with pytest.raises(SettingsError, match="price"):
        run(desk, "simulate", "--tolerances", str(proposed))


@pytest.mark.parametrize("narrow", ["", '\ncurrency = "EUR"\nup_to = 100'])
def test_a_scope_earns_its_phase_by_verified_decisions_and_loses_it_by_a_breach(tmp_path: Path, narrow: str) -> None:
    with open_desk(tmp_path, ("[[policy.phases]]", EARNING + narrow)) as desk:
        fill(desk)
        assert ("auto", "assist") == phases(desk)
        bill(desk, 5)
        for record in range(3, 8):
            run(desk, "verify", str(record), "--right")
        assert ("auto", "auto") == phases(desk)
        (automatic,) = bill(desk, 1, start=20)
        assert ("load", "") == (automatic["decision"], automatic["reasons"])
        run(desk, "verify", str(automatic["id"]), "--wrong", "--why", "billed twice")
        assert ("auto", "assist") == phases(desk)


def test_a_scope_is_that_of_the_first_entry_that_covers_it(tmp_path: Path) -> None:
    euro = EARNING + '\nphase = "assist"\ncurrency = "EUR"\n[[policy.phases]]'
    with open_desk(tmp_path, ("[[policy.phases]]", euro)) as desk:
        fill(desk)
        assert [("everything in EUR", "assist"), ("everything", "auto")] == named(desk)
        run(desk, "verify", "1", "--right")
        assert [("everything in EUR", "assist"), ("everything", "auto")] == named(desk)


def named(desk: Desk) -> list[tuple[str, str]]:
    return [(scope["scope"], scope["configured"]) for scope in told(desk, "autonomy")["scopes"]]


def phases(desk: Desk) -> tuple[str, str]:
    (scope,) = told(desk, "autonomy")["scopes"]
    return scope["configured"], scope["effective"]


def bill(desk: Desk, count: int, start: int = 11) -> list[Any]:
    numbers = range(start, start + count)
    desk.know(*(order(name=f"47{number}00") for number in numbers))
    return desk.judge(
        *(invoice(line(10, 10, po_number=f"47{number}00"), number=f"B{number * 97}", date=TODAY) for number in numbers)
    )


def test_saying_the_same_thing_twice_is_no_more_evidence(tmp_path: Path) -> None:
    with open_desk(tmp_path, ("[[policy.phases]]", EARNING)) as desk:
        fill(desk)
        for _ in range(5):
            run(desk, "verify", "1", "--right")
        assert 1 == told(desk, "autonomy")["scopes"][0]["verified"]


def test_a_decision_that_a_person_had_to_make_anyway_is_no_evidence(desk: Desk) -> None:
    assert (True, False) == tuple(told(desk, "verify", record, "--right")["counts"] for record in ("1", "2"))


def test_what_was_wrong_cannot_be_more_than_the_invoice(desk: Desk) -> None:
    with pytest.raises(ExchangeError, match="at most 101"):
        run(desk, "verify", "1", "--wrong", "--amount", "500")
