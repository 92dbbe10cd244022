"""Alerts: told once when something goes wrong and once when it is right again, over real HTTP and SMTP."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exchange.batches.batch import open_batch
from exchange.cli import app
from exchange.errors import RemoteRefusedError, RemoteUnreachableError
from exchange.ledger import outages, slots
from exchange.monitor import alerts
from exchange.monitor.health import look
from exchange.monitor.watch import watching
from exchange.schedule import Schedules, slot_name
from exchange.settings import AlertsSettings
from tests.exchange import smtpd
from tests.exchange.desk import Desk, open_desk
from tests.exchange.parties import utc_now
from tests.exchange.webhook import Receiver, receiver

LATER = dt.timedelta(hours=2)


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@contextmanager
def desk_with(folder: Path, alerts_table: str) -> Iterator[Desk]:
    with open_desk(folder, ("[policy]", f"[alerts]\n{alerts_table}\n[policy]")) as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, hook: Receiver) -> Iterator[Desk]:
    with desk_with(tmp_path, f'webhook = "{hook.url}"\nwebhook_key = "k"') as opened:
        yield opened


def refuse(desk: Desk, flow: str = "invoices") -> None:
    """Let a partner refuse us, which is an alarm at once."""
    error = RemoteRefusedError("the host key was changed")
    error.partner = "lockbox"
    with pytest.raises(RemoteRefusedError), open_batch(desk.world, flow, "test"):
        raise error


def work(desk: Desk) -> None:
    with open_batch(desk.world, "invoices", "test"):
        pass


def pass_time(desk: Desk, by: dt.timedelta = LATER) -> None:
    before = desk.world.clock
    desk.world.clock = lambda: before() + by


def untold(desk: Desk) -> int:
    with desk.world.ledger.read() as tx:
        return len(outages.waiting(tx))


def test_an_outage_is_told_once_however_often_it_is_looked_at(desk: Desk, hook: Receiver) -> None:
    for flow in ("invoices", "suppliers", "invoices"):
        refuse(desk, flow)
        alerts.attend(desk.world)
    assert [("raised", "partner lockbox")] == hook.told("what", "topic")


def test_that_it_is_over_is_told_once_too(desk: Desk, hook: Receiver) -> None:
    refuse(desk)
    alerts.attend(desk.world)
    for _ in range(2):
        work(desk)
        alerts.attend(desk.world)
    assert [("raised",), ("ended",)] == hook.told("what")


def test_the_next_outage_is_told_again(desk: Desk, hook: Receiver) -> None:
    for _ in range(2):
        refuse(desk)
        alerts.attend(desk.world)
        work(desk)
        alerts.attend(desk.world)
    assert ["raised", "ended", "raised", "ended"] == [what for (what,) in hook.told("what")]


def test_a_hiccup_is_not_told(desk: Desk, hook: Receiver) -> None:
    error = RemoteUnreachableError()
    error.partner = "lockbox"
    with pytest.raises(RemoteUnreachableError), open_batch(desk.world, "invoices", "test"):
        raise error
    alerts.attend(desk.world)
    assert [] == hook.got


def test_what_was_not_taken_is_told_later_and_once(desk: Desk, hook: Receiver) -> None:
    refuse(desk)
    hook.status = 503
    alerts.attend(desk.world)
    hook.status = 204
    alerts.attend(desk.world)  # too early
    early = len(hook.got)
    pass_time(desk)
    alerts.attend(desk.world)
    alerts.attend(desk.world)
    assert (0, [("raised",)]) == (early, hook.told("what"))


def test_pauses_between_tries_grow(desk: Desk, hook: Receiver) -> None:
    refuse(desk)
    hook.status = 500
    pauses = []
    for _ in range(4):
        alerts.attend(desk.world)
        with desk.world.ledger.read() as tx:
            pauses.append(round((outages.waiting(tx)[0]["next_at"] - desk.world.clock()).total_seconds()))
        pass_time(desk)
    assert [30, 60, 120, 240] == pauses


def test_a_restart_forgets_nothing(tmp_path: Path, hook: Receiver) -> None:
    table = f'webhook = "{hook.url}"'
    with desk_with(tmp_path, table) as desk:
        refuse(desk)
        alerts.note(desk.world)  # and then the process dies
    with desk_with(tmp_path, table) as desk:
        alerts.attend(desk.world)
        alerts.attend(desk.world)
    assert [("raised",)] == hook.told("what")


def test_a_process_that_died_while_it_told_is_followed_by_another_under_the_same_id(desk: Desk, hook: Receiver) -> None:
    refuse(desk)
    alerts.note(desk.world)
    with desk.world.ledger.write() as tx:
        (row,) = outages.waiting(tx)
        assert outages.claim(tx, row, utc_now() + alerts.IN_HAND)
    alerts.send(desk.world)
    early = len(hook.got)
    pass_time(desk)
    alerts.send(desk.world)
    assert (0, 1, 0) == (early, len(hook.got), untold(desk))


def test_two_daemons_tell_it_once(tmp_path: Path, desk: Desk, hook: Receiver) -> None:
    refuse(desk)
    with desk_with(tmp_path, f'webhook = "{hook.url}"') as other:
        for world in (desk.world, other.world):
            alerts.attend(world)
    assert [("raised",)] == hook.told("what")


def test_the_receiver_can_prove_who_told_it(desk: Desk, hook: Receiver) -> None:
    refuse(desk)
    alerts.attend(desk.world)
    headers, body = hook.got[0]
    assert f"sha256={hmac.new(b'k', body, hashlib.sha256).hexdigest()}" == headers["X-Exchange-Signature"]


def test_a_late_flow_is_not_called_over_by_somebody_without_the_schedules(desk: Desk, hook: Receiver) -> None:
    hourly = Schedules.model_validate({"schedules": [{"flow": "invoices", "cron": "0 * * * *"}]})
    due = utc_now() - dt.timedelta(hours=4)
    with desk.world.ledger.write() as tx:
        slots.take(tx, "invoices", slot_name(due), "host:1", due)
    alerts.attend(desk.world, hourly)
    alerts.attend(desk.world)
    assert [("raised", "late invoices")] == hook.told("what", "topic")


def test_the_watch_of_a_daemon_tells(desk: Desk, hook: Receiver) -> None:
    refuse(desk)
    with watching(desk.world, "serve"):
        pass
    assert [("raised",)] == hook.told("what")


def test_an_alert_that_nobody_takes_is_seen_in_status(desk: Desk, hook: Receiver) -> None:
    refuse(desk)
    hook.status = 500
    for _ in range(3):
        alerts.attend(desk.world)
        pass_time(desk)
    assert "alerts" in {problem.topic for problem in look(desk.world).problems}


def mail_table(port: int, more: str = 'smtp_security = "none"') -> str:
    to = 'mail_to = ["ap@house.example", "it@house.example"]\nmail_from = "exchange@house.example"'
    return f'{to}\nsmtp_host = "127.0.0.1"\nsmtp_port = {port}\n{more}'


def test_mail_tells_everybody_once_and_once_more_when_it_is_over(tmp_path: Path) -> None:
    with smtpd.mail_server() as server, desk_with(tmp_path, mail_table(server.port)) as desk:
        refuse(desk)
        alerts.attend(desk.world)
        work(desk)
        alerts.attend(desk.world)
    assert ["[exchange] wrong: partner lockbox", "[exchange] over: partner lockbox"] == [
        mail["Subject"] for mail in server.mails
    ]
    assert "the host key was changed" in server.mails[0].get_content()
    assert 4 == len(server.receivers)


def test_a_mail_server_that_is_away_for_a_while_gets_it_in_the_end(tmp_path: Path) -> None:
    with smtpd.mail_server() as server, desk_with(tmp_path, mail_table(server.port)) as desk:
        refuse(desk)
        server.refusing = True
        alerts.attend(desk.world)
        server.refusing = False
        pass_time(desk)
        alerts.attend(desk.world)
    assert ["[exchange] wrong: partner lockbox"] == [mail["Subject"] for mail in server.mails]


def test_a_channel_that_is_away_keeps_no_other_one_waiting(tmp_path: Path, hook: Receiver) -> None:
    with smtpd.mail_server() as server:
        port = server.port
    with desk_with(tmp_path, f'webhook = "{hook.url}"\n{mail_table(port)}') as desk:
        refuse(desk)
        alerts.attend(desk.world)
        assert ([("raised",)], 1) == (hook.told("what"), untold(desk))


def test_mail_goes_under_tls_and_after_a_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = smtpd.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    login = f'smtp_user = "{smtpd.USER}"\nsmtp_password = "{smtpd.PASSWORD}"'
    with smtpd.mail_server(0, pem) as server, desk_with(tmp_path, mail_table(server.port, login)) as desk:
        refuse(desk)
        alerts.attend(desk.world)
    assert 1 == len(server.mails)


def test_mail_is_not_given_to_a_server_whose_certificate_nobody_vouches_for(tmp_path: Path) -> None:
    login = f'smtp_user = "{smtpd.USER}"\nsmtp_password = "{smtpd.PASSWORD}"'
    pem = smtpd.certificate(tmp_path)
    with smtpd.mail_server(0, pem) as server, desk_with(tmp_path, mail_table(server.port, login)) as desk:
        refuse(desk)
        alerts.attend(desk.world)
        assert ([], 1) == (server.mails, untold(desk))


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook": "http://chat.example/x"},
        {"mail_to": ["ap@house.example"]},
        {"mail_to": ["nobody"], "mail_from": "a@b.c", "smtp_host": "h"},
        {"smtp_user": "u", "smtp_security": "none"},
    ],
)
def test_settings_that_could_tell_nobody_or_everybody_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"webhook|mail_to|smtp_user"):
        AlertsSettings.model_validate(wrong)


def test_a_person_can_try_every_channel(desk: Desk, hook: Receiver) -> None:
    tried = CliRunner().invoke(app, ["alerts", "--test", "--config", str(desk.config)])
    assert (0, [("test",)]) == (tried.exit_code, hook.told("what"))


def test_a_person_can_see_what_was_told(desk: Desk) -> None:
    refuse(desk)
    alerts.attend(desk.world)
    told = CliRunner().invoke(app, ["alerts", "--config", str(desk.config)]).stdout
    assert ("partner lockbox" in told, "still so" in told) == (True, True)
