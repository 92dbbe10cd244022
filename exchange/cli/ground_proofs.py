"""What `exchange check` proves on this machine: settings, schedules, policy, template, disk, ledger, engines."""

import datetime as dt
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import func, select

from capture.choices import Choice
from capture.engines import available
from capture.paper import Engine
from exchange.batches.vouchers import load_template
from exchange.cli.proof import Proof, State, attempt, failed
from exchange.errors import EngineMissingError, SettingsError
from exchange.ledger import schema
from exchange.ledger.database import open_ledger
from exchange.schedule import find_schedules_file, load_schedules
from exchange.settings import Settings
from exchange.spool import Spool
from payables.policy_values import PolicyError, policy

FREE_BYTES = 1 << 30
SPECIMEN = "Invoice4711"


def settings(load: Callable[[], Settings]) -> tuple[Settings | None, Proof]:
    """Load the settings and tell how it went; None when nothing else can be proved."""
    try:
        return load(), Proof("settings", "read", State.OK, "every key is known and well formed")
    except SettingsError as error:
        remedy = "docs/configuration.md explains every key; `exchange init` writes a file to start from."
        return None, failed("settings", "read", error, remedy)


def ground(found: Settings, schedules: Path | None) -> Iterator[Proof]:
    """Prove what lies on this machine: schedules, policy, template, folders and the ledger."""
    yield _schedules(schedules)
    yield from _policy(found)
    yield from _template(found)
    yield attempt("home", "write", lambda: _write(found), f"Give this user the right to write in {found.home}.")
    yield _space(found)
    yield _rights(found)
    yield attempt("ledger", "open", lambda: _ledger(found), "Check [ledger] url and the rights of its folder.")
    if found.drop.folder:
        folder = Path(found.drop.folder)
        state = State.OK if folder.is_dir() else State.WARNING
        yield Proof("drop folder", "look", state, f"{folder} {'exists' if folder.is_dir() else 'will be made'}")


def engines(choice: Choice = "auto") -> Iterator[Proof]:
    """Prove that pages can be read by the engines of a choice: the first by reading, the second where it is there."""
    found = available(choice)
    yield attempt("reading", "first engine", lambda: _read(found.first), "Install requirements.lock again.")
    if found.second:
        yield Proof("reading", "second engine", State.OK, f"{found.second.name} is installed")
    elif found.warning:
        warning, _, remedy = found.warning.partition(" Install it: ")
        yield Proof("reading", "second engine", State.WARNING, warning, f"Type: {remedy}")


def _read(engine: Engine | None) -> str:
    """Let the engine read a word that was just written."""
    if engine is None:
        raise EngineMissingError
    page = Image.new("RGB", (320, 96), "white")
    ImageDraw.Draw(page).text((24, 24), SPECIMEN, fill="black", font=ImageFont.load_default(size=40))
    try:
        read = "".join(word.text for word in engine.read(page, 1))
    except (ImportError, OSError) as error:
        raise EngineMissingError(f"{engine.name} does not start: {error}") from error
    if read != SPECIMEN:
        raise EngineMissingError(f"{engine.name} read {read!r} where {SPECIMEN!r} was written")
    return f"{engine.name} reads"


def _schedules(path: Path | None) -> Proof:
    try:
        file = find_schedules_file(path)
    except SettingsError as error:
        remedy = "Only `exchange serve` needs it; --schedules names another one."
        return Proof("schedules", "find", State.WARNING, str(error), remedy)

    def load() -> str:
        return f"{len(load_schedules(file).schedules)} schedules in {file}"

    return attempt("schedules", "read", load, "docs/configuration.md explains every key.")


def _policy(found: Settings) -> Iterator[Proof]:
    try:
        policy(found.policy)
    except PolicyError as error:
        for problem in error.problems:
            wrong = SettingsError(f"policy.{problem}")
            yield failed("policy", "read", wrong, "docs/policy.md explains every key.")
    else:
        yield Proof("policy", "read", State.OK, "every tolerance and gate is set")


def _template(found: Settings) -> Iterator[Proof]:
    name = found.erp.template
    try:
        problems = [str(problem) for problem in load_template(name).check({**found.erp.values, **_specimen()})]
    except SettingsError as error:
        problems = [str(error)]
    for problem in problems:
        yield failed("erp template", "render", SettingsError(problem), "formats/erp/render.py tells what it may use.")
    if not problems:
        yield Proof("erp template", "render", State.OK, f"{name} renders a specimen")


def _specimen() -> dict[str, object]:
    """What the flow hands to a template beside the postings."""
    return {"batch": 1, "made_at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}


def _write(found: Settings) -> str:
    try:
        folder = Spool(found.home / "spool").folder
        trial = folder / f".part-{secrets.token_hex(8)}"
        trial.write_bytes(b"exchange check\n")
        trial.unlink()
    except OSError as error:
        raise SettingsError(f"{found.home} cannot be written: {error.strerror}") from error
    return f"{folder} can be written"


def _space(found: Settings) -> Proof:
    folder = next(place for place in (found.home, *found.home.absolute().parents) if place.is_dir())
    free = shutil.disk_usage(folder).free
    state = State.OK if free >= FREE_BYTES else State.WARNING
    remedy = "" if state is State.OK else "Every byte that comes or goes is kept; make room before the first run."
    return Proof("home", "disk space", state, f"{free / (1 << 30):.1f} GiB free in {folder}", remedy)


def _rights(found: Settings) -> Proof:
    """Warn of what others on this machine may read: home, ledger and private keys."""
    sealed, sites = (found.lockbox, found.erp), (found.lockbox, found.erp, found.coupa.files)
    keys = [*(site.key_file for site in sites), *(key for site in sealed for key in site.pgp.private)]
    places = [found.home, found.home / "ledger.sqlite", *(Path(key) for key in keys if key)]
    wide = [place for place in places if place.exists() and place.stat().st_mode & stat.S_IRWXO]
    if not wide:
        return Proof("home", "rights", State.OK, "nobody else may read home, ledger or keys")
    names = " ".join(map(str, wide))
    return Proof("home", "rights", State.WARNING, f"others may read {names}", f"Type: chmod o-rwx {names}")


def _ledger(found: Settings) -> str:
    ledger = open_ledger(found.ledger_url)
    try:
        with ledger.read() as tx:
            batches = tx.execute(select(func.count()).select_from(schema.batch)).scalar_one()
    finally:
        ledger.close()
    return f"open, {batches} batches"
