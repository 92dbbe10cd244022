"""Decisions are kept with all they rest on, vouched for by the chain of events, and made again bit for bit."""

import datetime as dt
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from exchange.batches import deciding
from exchange.errors import NotFoundError
from exchange.ledger import decisions
from formats.documents import Account
from tests.exchange.desk import Desk, open_desk
from tests.exchange.parties import utc_now
from tests.payables.builders import ACME, invoice, line, order

TODAY = utc_now().date()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk at which one invoice within tolerance and one too dear were judged."""
    with open_desk(tmp_path) as opened:
        accounts = [Account(segments=(code,), name=code, chart_of_accounts="ACME UK") for code in ("6000", "6100")]
        opened.know(ACME, order(), order(name="4712"), *accounts)
        dear = line(10, "11", po_number="4712")
        opened.judge(invoice(line(10, "10.1"), date=TODAY), invoice(dear, number="INV-2", date=TODAY))
        yield opened


def replayed(desk: Desk, decision_id: int) -> deciding.Replayed:
    with desk.world.ledger.read() as tx:
        return deciding.replay(tx, decision_id)


@pytest.mark.parametrize("decision_id", [1, 2])
def test_a_kept_decision_comes_out_the_same_in_every_byte(desk: Desk, decision_id: int) -> None:
    again = replayed(desk, decision_id)
    assert (again.same, again.differences, again.forged) == (True, (), False)


def test_a_decision_says_what_it_was_made_by(desk: Desk) -> None:
    with desk.world.ledger.read() as tx:
        row = decisions.get(tx, 1)
        decided = deciding.load(tx, row)
    assert (decided.policy_hash, decided.code) == (row["policy_hash"], deciding.code_version())
    assert decided.today == TODAY
    assert (row["outcome"], row["scope"], row["clean"]) == ("load", "everything in EUR", True)


def test_a_decision_that_was_changed_behind_the_ledger_shows(desk: Desk) -> None:
    with desk.world.ledger.write() as tx:
        content = decisions.content(decisions.get(tx, 2)).replace('"decision":"hold"', '"decision":"load"')
        tx.execute(text("UPDATE decision SET content = :it WHERE id = 2"), {"it": zlib.compress(content.encode())})
    again = replayed(desk, 2)
    assert again.forged
    assert again.differences == (("decision", "load", "hold"),)


def test_a_decision_that_a_rewriter_signed_anew_is_still_not_the_one_in_the_chain(desk: Desk) -> None:
    with desk.world.ledger.write() as tx:
        tx.execute(text("UPDATE decision SET sha256 = :it WHERE id = 1"), {"it": "0" * 64})
    assert replayed(desk, 1).forged


def test_policy_and_accounts_are_kept_once(desk: Desk) -> None:
    with desk.world.ledger.read() as tx:
        assert 2 == tx.execute(text("SELECT count(*) FROM part")).scalar_one()


def test_the_latest_decisions_are_told_since_a_moment(desk: Desk) -> None:
    with desk.world.ledger.read() as tx:
        counts = [
            len(list(decisions.latest(tx, since)))
            for since in (None, utc_now() - dt.timedelta(hours=1), utc_now() + dt.timedelta(hours=1))
        ]
    assert counts == [2, 2, 0]


def test_there_is_no_decision_that_nobody_made(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        replayed(desk, 99)


@pytest.mark.parametrize("tampering", ["UPDATE decision SET sha256 = '0' WHERE id = 2", "DELETE FROM decision"])
def test_an_audit_names_decisions_that_were_changed_or_removed(desk: Desk, tampering: str) -> None:
    with desk.world.ledger.read() as tx:
        assert [] == deciding.forged(tx)
    with desk.world.ledger.write() as tx:
        tx.execute(text(tampering))
    with desk.world.ledger.read() as tx:
        assert 2 in deciding.forged(tx)
