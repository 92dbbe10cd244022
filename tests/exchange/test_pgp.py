"""OpenPGP with a partner: real keys, real messages; what cannot be trusted is a finding and nothing is lost."""

import datetime as dt
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysequoia
import pytest
from pydantic import SecretStr
from sqlalchemy import RowMapping

from exchange.batches import inbound, intake, outbound, sealing
from exchange.batches.batch import open_batch
from exchange.batches.world import World, open_world
from exchange.cli import partner_proofs
from exchange.cli.proof import State
from exchange.errors import SettingsError
from exchange.ledger import records
from exchange.pgp import Keys, is_message
from exchange.settings import PgpSettings, check_settings
from formats import rules
from formats.findings import Rule
from tests.exchange.desk import POLICY
from tests.exchange.parties import SAMPLES, utc_now

KEY = Path(__file__).parent / "keys" / "with-passphrase.asc"  # made by GnuPG
PASSPHRASE = "twelve-boxers-7291"
PLAIN = (SAMPLES / "lockbox" / "29-ubl.xml").read_bytes()
OURS = pysequoia.Tsk.generate("Accounts Payable <ap@buyer.example>")
LOCKBOX = pysequoia.Tsk.generate("Lockbox <mail@lockbox.example>")
STRANGER = pysequoia.Tsk.generate("Stranger <who@example.org>")


@dataclass(frozen=True)
class Site:
    """A world whose lockbox is a folder, and the keys that both sides agreed on."""

    world: World
    root: Path

    def take(self, content: bytes) -> RowMapping:
        """Let the lockbox leave a file, take it in, and return its only record."""
        (self.root / "outbox" / "delivery.pgp").write_bytes(content)
        with open_batch(self.world, "invoices", "test") as batch:
            inbound.collect(batch, inbound.Folder("lockbox", "outbox", "archive"))
            for work in inbound.unfinished(batch):
                intake.take_in(batch, work)
                assert content == self.world.spool.path(work.sha256).read_bytes()
                with self.world.ledger.read() as tx:
                    return records.of_file(tx, work.sha256)[0]
        raise AssertionError("nothing was taken in")


def sealed(content: bytes, recipient: pysequoia.Tsk = OURS, signer: pysequoia.Tsk | None = LOCKBOX) -> bytes:
    signing = signer.signer() if signer else None
    return bytes(pysequoia.encrypt(content, [recipient.extract_certificate()], signing, armor=False))


def key_files(folder: Path, partner: bytes = bytes(LOCKBOX.extract_certificate())) -> dict[str, str]:
    (folder / "own.pgp").write_bytes(bytes(OURS))
    (folder / "partner.pgp").write_bytes(partner)
    return {"own_key_file": str(folder / "own.pgp"), "partner_key_file": str(folder / "partner.pgp")}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    root = tmp_path / "lockbox"
    for name in ("outbox", "archive", "inbox", "temp"):
        (root / name).mkdir(parents=True)
    pgp = {**key_files(tmp_path), "encrypt": True, "required": True}
    lockbox = {"kind": "local", "path": str(root), "pgp": pgp}
    policy = tomllib.loads(POLICY)["policy"]
    settings = check_settings({"home": str(tmp_path / "home"), "lockbox": lockbox, "policy": policy}, "test")
    with open_world(settings, utc_now) as world:
        yield Site(world, root)


def test_an_encrypted_and_signed_delivery_is_read(site: Site) -> None:
    record = site.take(sealed(PLAIN))
    assert (True, "new") == (bool(record["document"]), record["state"])


@dataclass(frozen=True)
class Letter:
    """A message from the lockbox as it lies in a folder, and what we know when we open it."""

    folder: Path
    settings: dict[str, Any]

    def open(self, content: bytes, day: dt.datetime | None = None, most: int = 1 << 20) -> Rule | bytes:
        """Return what it holds, or the rule that it breaks."""
        (self.folder / "sealed").write_bytes(content)
        plain = self.folder / "plain"
        keys = Keys(PgpSettings(**self.settings))
        problem = keys.decrypt(self.folder / "sealed", plain, day or utc_now(), most)
        return problem[0] if problem else plain.read_bytes()


@pytest.fixture
def letter(tmp_path: Path) -> Letter:
    return Letter(tmp_path, key_files(tmp_path))


def test_a_message_of_the_partner_is_read_armoured_or_not(letter: Letter) -> None:
    armoured = bytes(pysequoia.encrypt(PLAIN, [OURS.extract_certificate()], LOCKBOX.signer()))
    assert [PLAIN, PLAIN] == [letter.open(armoured), letter.open(sealed(PLAIN))]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (sealed(PLAIN, recipient=STRANGER), rules.PGP_WRONG_KEY),
        (sealed(PLAIN, signer=None), rules.PGP_SIGNATURE),
        (sealed(PLAIN, signer=STRANGER), rules.PGP_SIGNATURE),
        (sealed(PLAIN)[:-400], rules.PGP_DAMAGED),
        (sealed(PLAIN)[:60], rules.PGP_DAMAGED),
        (sealed(PLAIN)[:-1] + b"\0", rules.PGP_DAMAGED),
        (sealed(bytes(1_000_000) + PLAIN), rules.PGP_TOO_LARGE),
    ],
    ids=["wrong key", "no signature", "stranger's signature", "cut", "cut in its head", "changed", "too large"],
)
def test_what_cannot_be_trusted_breaks_a_rule_of_its_own(letter: Letter, content: bytes, rule: Rule) -> None:
    assert rule == letter.open(content, most=1_000_000)


def test_a_file_in_the_clear_is_rejected_where_encryption_was_agreed_on(site: Site) -> None:
    record = site.take(PLAIN)
    assert ("rejected", "", rules.PGP_REQUIRED.id) == (record["state"], record["document"], record["reasons"])


def test_a_changed_message_is_rejected_and_kept_as_it_came(site: Site) -> None:
    record = site.take(sealed(PLAIN)[:-1] + b"\0")
    assert ("rejected", "", rules.PGP_DAMAGED.id) == (record["state"], record["document"], record["reasons"])


def test_nothing_decrypted_stays_in_the_spool(site: Site) -> None:
    site.take(sealed(PLAIN))
    assert [] == [path for path in site.world.spool.folder.rglob("*") if path.is_file() and PLAIN in path.read_bytes()]


def test_a_certificate_that_has_expired_proves_nothing(letter: Letter) -> None:
    soon = LOCKBOX.extract_certificate().set_expiration(utc_now() + dt.timedelta(days=2), LOCKBOX.certifier())
    key_files(letter.folder, bytes(soon))
    assert rules.PGP_EXPIRED == letter.open(sealed(PLAIN), utc_now() + dt.timedelta(days=3))


def test_while_the_partners_keys_change_either_of_two_certificates_may_sign(letter: Letter) -> None:
    key_files(letter.folder, bytes(STRANGER.extract_certificate()) + bytes(LOCKBOX.extract_certificate()))
    assert [PLAIN, PLAIN] == [letter.open(sealed(PLAIN, signer=signer)) for signer in (STRANGER, LOCKBOX)]


def test_while_our_keys_change_files_for_the_former_one_are_still_read(letter: Letter) -> None:
    (letter.folder / "former.pgp").write_bytes(bytes(STRANGER))
    after = Letter(letter.folder, {**letter.settings, "former_key_file": str(letter.folder / "former.pgp")})
    assert [PLAIN, PLAIN] == [after.open(sealed(PLAIN, recipient=key)) for key in (OURS, STRANGER)]


def test_attachments_are_read_after_the_partners_certificate_was_replaced(site: Site) -> None:
    sha256 = site.take(sealed(PLAIN))["sha256"]
    key_files(site.root.parent, bytes(STRANGER.extract_certificate()))
    with open_batch(site.world, "invoices", "test") as batch, sealing.reopened(batch, sha256) as stream:
        assert PLAIN == stream.read()


def test_a_file_whose_key_is_gone_is_an_error_that_names_the_setting(site: Site) -> None:
    sha256 = site.take(sealed(PLAIN))["sha256"]
    (site.root.parent / "own.pgp").write_bytes(bytes(STRANGER))
    with (
        open_batch(site.world, "invoices", "test") as batch,
        pytest.raises(SettingsError, match="former_key_file"),
        sealing.reopened(batch, sha256),
    ):
        pass


def test_what_leaves_can_be_read_by_the_partner_only_and_is_signed_by_us(site: Site) -> None:
    with open_batch(site.world, "suppliers", "test") as batch:
        kept = site.world.spool.keep(lambda stream: stream.write(b"secret master data"))
        with site.world.ledger.write() as tx:
            outbound.prepare(batch, tx, outbound.Parcel(remote="lockbox", path="inbox/s.csv", kept=kept, records=1))
        outbound.publish(batch)
    arrived = (site.root / "inbox" / "s.csv.pgp").read_bytes()
    opened = pysequoia.decrypt(arrived, LOCKBOX.decryptor(), lambda _: [OURS.extract_certificate()])
    assert (b"secret master data", 1) == (opened.bytes, len(opened.valid_sigs))


def test_a_key_that_cannot_be_opened_is_told_without_its_passphrase(letter: Letter) -> None:
    Path(letter.settings["own_key_file"]).write_text("no key")
    with pytest.raises(SettingsError) as told:
        Keys(PgpSettings(**letter.settings, passphrase=SecretStr("correct horse"))).signer()
    assert ("own_key_file" in str(told.value), "correct horse" in str(told.value)) == (True, False)


@pytest.mark.parametrize(("passphrase", "opens"), [(PASSPHRASE, True), ("another", False), (None, False)])
def test_a_key_of_gnupg_opens_with_its_passphrase_only(letter: Letter, passphrase: str | None, opens: bool) -> None:
    secret = SecretStr(passphrase) if passphrase else None
    keys = Keys(PgpSettings(own_key_file=str(KEY), passphrase=secret, unsigned=True))
    (letter.folder / "sealed").write_bytes(sealed(PLAIN, recipient=pysequoia.Tsk.from_file(str(KEY))))
    if not opens:
        with pytest.raises(SettingsError, match="its passphrase"):
            keys.signer()
        return
    assert keys.decrypt(letter.folder / "sealed", letter.folder / "plain", utc_now(), 1 << 20) is None
    assert PLAIN == (letter.folder / "plain").read_bytes()


def test_check_proves_our_key_and_the_partners_certificate(site: Site) -> None:
    proofs = [proof for proof in partner_proofs.partners(site.world.settings) if proof.what.startswith("pgp")]
    assert [("pgp key", State.OK), ("pgp certificate", State.OK)] == [(proof.what, proof.state) for proof in proofs]
    assert LOCKBOX.extract_certificate().fingerprint in proofs[1].message


def test_check_fails_for_a_key_that_does_not_open(site: Site) -> None:
    (site.root.parent / "own.pgp").write_text("no key")
    proofs = {proof.what: proof for proof in partner_proofs.partners(site.world.settings)}
    assert (State.FAILED, SettingsError.exit_code) == (proofs["pgp key"].state, proofs["pgp key"].exit_code)


@pytest.mark.skipif(not shutil.which("gpg"), reason="GnuPG, with which many partners encrypt, is not installed")
def test_what_gnupg_encrypts_for_us_is_read(letter: Letter) -> None:
    home = letter.folder / "gnupg"
    home.mkdir(mode=0o700)

    def gpg(*words: str, content: bytes) -> bytes:
        command = ["gpg", "--batch", "--homedir", str(home), "--no-autostart", "--trust-model", "always", *words]
        return subprocess.run(command, input=content, capture_output=True, check=True).stdout

    gpg("--import", content=bytes(OURS.extract_certificate()))
    unsigned = Letter(letter.folder, {**letter.settings, "unsigned": True})
    assert PLAIN == unsigned.open(gpg("--recipient", "ap@buyer.example", "--encrypt", content=PLAIN))


@pytest.mark.parametrize(
    "head",
    [
        b"\xc3\x9cbersicht,1",
        b"\xc1rbol,1",
        b"\x84Zitat\x93,1",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\xff\xd8\xff",
        b"",
        b"\x89PNG",
    ],
)
def test_what_is_no_message_is_not_taken_for_one(head: bytes) -> None:
    assert not is_message(head)


def test_encryption_without_keys_is_refused_when_the_settings_are_read() -> None:
    with pytest.raises(SettingsError, match="own_key_file"):
        check_settings({"lockbox": {"pgp": {"encrypt": True}}}, "test")
