"""The breaker: a partner that is down is left in peace for longer and longer, and is told of once."""

import pytest
from structlog.testing import capture_logs

from exchange.breaker import FIRST_PAUSE, LONGEST_PAUSE, Breakers
from exchange.errors import (
    ConservationError,
    ExchangeError,
    LedgerError,
    RemoteError,
    RemoteRefusedError,
    RemoteUnreachableError,
)
from exchange.remotes.law import LawfulRemote
from exchange.remotes.memory import MemoryPlace


def lost(partner: str = "lockbox", kind: type[RemoteError] = RemoteUnreachableError) -> ExchangeError:
    error = kind()
    error.partner = partner
    return error


def test_an_hour_without_a_partner_is_one_alarm_and_few_tries() -> None:
    breakers, now, tries = Breakers(), 0.0, 0
    with capture_logs() as logs:
        while now < 3600:
            if not breakers.waits("invoices", now):
                breakers.failed("invoices", lost(), now)
                tries += 1
            now += 0.5
    assert (["a partner is down"], True) == (
        [one["event"] for one in logs if one["log_level"] == "error"],
        tries < 25,
    )


def test_pauses_grow_up_to_a_limit() -> None:
    breakers = Breakers()
    for _ in range(20):
        breakers.failed("invoices", lost(), 0)
    assert (True, False) == (breakers.waits("invoices", LONGEST_PAUSE - 1), breakers.waits("invoices", LONGEST_PAUSE))


def test_a_refusal_is_told_at_once() -> None:
    with capture_logs() as logs:
        Breakers().failed("invoices", lost(kind=RemoteRefusedError), 0)
    assert ["error"] == [one["log_level"] for one in logs]


def test_a_partner_that_is_back_keeps_nobody_waiting() -> None:
    breakers = Breakers()
    for flow in ("invoices", "suppliers"):
        breakers.failed(flow, lost(), 0)
    breakers.worked("invoices")
    assert ([], ["suppliers"]) == ([one for one in ("invoices",) if breakers.waits(one, 0)], breakers.due(0))


def test_a_flow_waits_for_its_own_partner_only() -> None:
    breakers = Breakers()
    breakers.failed("invoices", lost("lockbox"), 0)
    assert (True, False) == (breakers.waits("invoices", FIRST_PAUSE / 2), breakers.waits("ok2pay", FIRST_PAUSE / 2))


def test_what_no_partner_is_to_blame_for_is_not_tried_again_by_itself() -> None:
    breakers = Breakers()
    breakers.failed("invoices", lost(), 0)
    assert (False, []) == (breakers.failed("invoices", ConservationError(), 0), breakers.due(1000))


def test_a_ledger_that_is_away_for_an_hour_is_one_alarm_whatever_flows_meet_it() -> None:
    breakers = Breakers()
    with capture_logs() as logs:
        for minute in range(60):
            for flow in ("invoices", "ok2pay", "payments"):
                breakers.failed(flow, LedgerError(f"could not be written, {minute}"), minute * 60)
    assert ["the ledger"] == [one["partner"] for one in logs if one["log_level"] == "error"]


def test_an_error_of_a_remote_names_its_partner() -> None:
    with pytest.raises(RemoteError) as caught:
        LawfulRemote(MemoryPlace("lockbox")).list("nowhere")
    assert "lockbox" == caught.value.partner
