"""Secrets stay where they were put: nothing that the exchange writes, sends or says has one of them in it."""

import contextlib
import io
import os
import stat
import traceback
from collections.abc import Iterator
from unittest import mock

import pysequoia
import pytest
import structlog
from typer.testing import CliRunner

from exchange import cli
from exchange.cli import logs
from tests.stories.office import DELIVERIES, ROOT, Office, open_office

PASSPHRASE = "twelve-boxers-7291"
WRONG = "wr0ng-and-distinctive-5518"
EXTRACTOR = "sk-extractor-3307-distinctive"
KEY = (ROOT / "tests" / "exchange" / "keys" / "with-passphrase.asc").read_bytes()  # made by GnuPG
OURS = pysequoia.Tsk.from_bytes(KEY)
LOCKBOX = pysequoia.Tsk.generate("Lockbox <mail@lockbox.example>")
SEEING = (("batches",), ("show", "2"), ("report",), ("audit",), ("reconcile",), ("check",))
MISTAKES = (
    ("EXCHANGE_COUPA__CLIENT_SECRET", WRONG, ("run", "suppliers")),
    ("EXCHANGE_LOCKBOX__PASSWORD", WRONG, ("run", "invoices")),
    ("EXCHANGE_LOCKBOX__PGP__PASSPHRASE", WRONG, ("check",)),
    ("EXCHANGE_LEDGER__URL", f"postgresql+psycopg://exchange:{WRONG}@127.0.0.1:9/none", ("batches",)),
    ("EXCHANGE_LIMITS__PAGES", WRONG, ("batches",)),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that encrypts with the lockbox and has a secret of every kind."""
    folder = tmp_path_factory.mktemp("secrets") / "office"
    pgp = {
        "EXCHANGE_LOCKBOX__PGP__OWN_KEY_FILE": str(folder / "own.pgp"),
        "EXCHANGE_LOCKBOX__PGP__PARTNER_KEY_FILE": str(folder / "lockbox.pgp"),
        "EXCHANGE_LOCKBOX__PGP__PASSPHRASE": PASSPHRASE,
        "EXCHANGE_LOCKBOX__PGP__ENCRYPT": "true",
    }
    with open_office(folder, **pgp, EXCHANGE_EXTRACTOR__KEY=EXTRACTOR) as opened:
        (folder / "own.pgp").write_bytes(KEY)
        (folder / "lockbox.pgp").write_bytes(bytes(LOCKBOX.extract_certificate()))
        yield opened


@pytest.fixture(scope="module")
def said(office: Office) -> list[str]:
    """Everything that commands print on a day on which much goes wrong, with a traceback for each failure."""
    mail = office.folder / "mail"
    mail.mkdir()
    sealed = bytes(
        pysequoia.encrypt(
            (DELIVERIES / "29-ubl.xml").read_bytes(), [OURS.extract_certificate()], LOCKBOX.signer(), armor=False
        )
    )
    (mail / "29-ubl.xml.pgp").write_bytes(sealed)
    (mail / "cut.pgp").write_bytes(sealed[:500])
    office.tell("lockbox/deliver", {"folder": str(mail)})
    told = [run(office, *words) for words in (("run", "suppliers"), ("run", "invoices"), ("run", "ok2pay"))]
    told += [
        run(office, *words, *form) for words in SEEING for form in ((), ("--json",)) if form or words != ("check",)
    ]
    return [*told, *(run(office, *words, **{name: wrong}) for name, wrong, words in MISTAKES)]


def run(office: Office, *words: str, **more: str) -> str:
    """Run a command in this process and return all that it printed, with the traceback where it failed."""
    settings = {"EXCHANGE_CONFIG": str(office.folder / "exchange.toml")}
    log = io.StringIO()
    with mock.patch.dict(os.environ, {**office.environment, **settings, **more}), contextlib.redirect_stderr(log):
        logs.start()
        done = CliRunner().invoke(cli.app, list(words))
    structlog.reset_defaults()
    failed = "".join(traceback.format_exception(done.exception)) if done.exception else ""
    return log.getvalue() + done.output + failed


def secrets(office: Office) -> dict[str, str]:
    """Every secret of the office by its name."""
    files = {path.name: path.read_text(encoding="utf-8") for path in (office.folder / "secrets").iterdir()}
    return {**files, "passphrase": PASSPHRASE, "wrong": WRONG, "extractor": EXTRACTOR}


def test_a_day_was_worked_through_and_everything_went_wrong_that_was_to(office: Office, said: list[str]) -> None:
    assert ("loaded", True) == (office.states().get("TOSL110"), "rejected" in office.states().values())
    assert [True] * len(MISTAKES) == ["Traceback" in text for text in said[-len(MISTAKES) :]]


def test_no_command_log_or_traceback_has_a_secret(office: Office, said: list[str]) -> None:
    assert [] == [(name, text) for text in said for name, secret in secrets(office).items() if secret in text]


@pytest.mark.usefixtures("said")
def test_no_file_of_the_exchange_or_for_a_partner_has_a_secret(office: Office) -> None:
    folders = (office.folder / "exchange", office.lockbox, office.erp)
    contents = {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
    kinds = {path.suffix for path in contents}
    found = [
        (path, name)
        for path, content in contents.items()
        for name, secret in secrets(office).items()
        if secret.encode() in content
    ]
    assert ([], True) == (found, {".sqlite", ".pgp"} <= kinds)


@pytest.mark.usefixtures("said")
def test_nobody_else_may_read_home_ledger_or_spool(office: Office) -> None:
    home = office.folder / "exchange"
    places = [home, *(home / "spool").rglob("*"), *home.glob("ledger.sqlite*")]
    assert [] == [place for place in places if place.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]


@pytest.mark.usefixtures("said")
def test_what_came_encrypted_lies_in_the_spool_as_it_came(office: Office) -> None:
    spool = office.folder / "exchange" / "spool"
    kept = [path.read_bytes() for path in spool.rglob("*") if path.is_file()]
    plain = (DELIVERIES / "29-ubl.xml").read_bytes()
    assert (True, False) == ((office.folder / "mail" / "29-ubl.xml.pgp").read_bytes() in kept, plain in kept)
