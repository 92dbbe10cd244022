"""OpenPGP with a partner: what goes out is encrypted and signed, what comes in is decrypted and verified.

Keys are files; no key server is asked and nothing else is read. A message that cannot be trusted is a finding, a key
that cannot be read is an error of the settings.
"""

import datetime as dt
import errno
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from exchange.errors import EngineMissingError, SettingsError
from exchange.settings import PgpSettings
from formats import rules
from formats.findings import Rule

if TYPE_CHECKING:
    from pysequoia import Cert, PySigner

ARMOR = b"-----BEGIN PGP MESSAGE-----"
TAGS = {1: (3, 6), 3: (4, 5, 6)}  # a session key for a recipient or under a password, and its versions (RFC 9580 §5)
SECONDS = 300.0
TOO_LARGE = frozenset({errno.EFBIG, errno.ENOMEM})
REASONS: Sequence[tuple[str, Rule]] = (
    ("signature", rules.PGP_SIGNATURE),
    ("No key to decrypt", rules.PGP_WRONG_KEY),
)


def is_message(head: bytes) -> bool:
    """True for the beginning of an encrypted OpenPGP message, armoured or binary; no text begins like one."""
    if head.lstrip().startswith(ARMOR):
        return True
    first, rest = head[:1], head[1:]
    if not first or first[0] < 0x80:  # noqa: PLR2004  (RFC 9580 §4.2: the bit that every packet begins with)
        return False
    if first[0] & 0x40:
        tag, length = first[0] & 0x3F, 1 + (192 <= rest[0] < 224) + 4 * (rest[0] == 255) if rest else 0  # noqa: PLR2004
    else:
        tag, length = first[0] >> 2 & 0xF, (1, 2, 4, 0)[first[0] & 3]
    return tag in TAGS and rest[length : length + 1] in {bytes([version]) for version in TAGS[tag]}


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys for one partner; SettingsError where they cannot be read or no longer hold."""

    settings: PgpSettings

    def signer(self) -> "PySigner":
        """Return what signs for us, once each of our keys was opened."""
        opened = [self._open(key) for key in ("own_key_file", "former_key_file") if getattr(self.settings, key)]
        return opened[0]

    def partner(self) -> "list[Cert]":
        """Return the partner's certificates."""
        path = self.settings.partner_key_file
        try:
            return list(_sequoia().Cert.split_file(path)) if path else []
        except (OSError, RuntimeError, ValueError) as error:
            raise SettingsError(f"pgp.partner_key_file: {path}: {first_line(error)}") from None

    def holding(self, now: dt.datetime) -> "list[Cert]":
        """Return the partner's certificates that are neither expired nor revoked."""
        return [cert for cert in self.partner() if not cert.is_revoked and (cert.expiration or now) >= now]

    def valid(self, now: dt.datetime) -> "list[Cert]":
        """Return the partner's certificates that hold today; SettingsError when there is none."""
        held = self.holding(now)
        if not held:
            raise SettingsError(f"pgp.partner_key_file: {self.settings.partner_key_file}: no certificate is valid.")
        return held

    def encrypt(self, plain: Path, sealed: Path, now: dt.datetime) -> None:
        """Write a file encrypted for the last valid certificate of the partner and signed by us."""
        recipient, signer = self.valid(now)[-1], self.signer()
        try:
            _sequoia().encrypt_file(str(plain), str(sealed), [recipient], signer, armor=False)
        except RuntimeError as error:
            raise SettingsError(f"pgp: nothing can be encrypted for the partner: {first_line(error)}") from None

    def decrypt(self, sealed: Path, plain: Path, now: dt.datetime, most: int) -> tuple[Rule, str] | None:
        """Write what an encrypted file holds, ``most`` bytes of it, or return the rule that it breaks and why."""
        if not self.settings.own_key_file:
            return rules.PGP_NO_KEY, "own_key_file is not set"
        known = self.holding(now)
        if self.partner() and not known and not self.settings.unsigned:
            return rules.PGP_EXPIRED, "no certificate of the partner holds today"
        return self._decrypt(sealed, plain, most, None if self.settings.unsigned else known)

    def decrypt_again(self, sealed: Path, plain: Path, most: int) -> None:
        """Write what a file holds that was decrypted and verified before; SettingsError when our key is gone."""
        if problem := self._decrypt(sealed, plain, most, None):
            raise SettingsError(
                f"A file that was taken in can no longer be decrypted: {problem[1]}. "
                "Put the key that it was encrypted for into pgp.former_key_file."
            )

    def _decrypt(self, sealed: Path, plain: Path, most: int, known: "list[Cert] | None") -> tuple[Rule, str] | None:
        """Let the process of `exchange.decryption` open a file; ``known`` is None when nobody must have signed it."""
        self.signer()
        request = {
            "sealed": str(sealed),
            "plain": str(plain),
            "bytes": most,
            "keys": self.settings.private,
            "passphrase": self._passphrase(),
            "certificates": [bytes(cert).hex() for cert in known or ()],
            "verify": known is not None,
        }
        answer = _ask(json.dumps(request))
        return _judged(answer) if answer else None

    def _open(self, key: str) -> "PySigner":
        path = getattr(self.settings, key)
        try:
            opened = _sequoia().Tsk.from_file(path)
            opened.decryptor(self._passphrase())
            signer: PySigner = opened.signer(self._passphrase())
        except (OSError, RuntimeError, ValueError) as error:
            why = f"{path} cannot be opened, or its passphrase is another one: {first_line(error)}"
            raise SettingsError(f"pgp.{key}: {why}") from None
        return signer

    def _passphrase(self) -> str | None:
        return self.settings.passphrase.get_secret_value() if self.settings.passphrase else None


def _ask(request: str) -> dict[str, Any]:
    command = [sys.executable, "-P", "-m", "exchange.decryption"]
    try:
        done = subprocess.run(  # noqa: S603  (our own program)
            command, input=request, capture_output=True, text=True, encoding="utf-8", timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return {"error": f"it was not decrypted within {SECONDS:g} seconds", "errno": errno.EFBIG}
    if done.returncode:
        return {"error": "decrypting took more memory than is allowed", "errno": errno.ENOMEM}
    return dict(json.loads(done.stdout))


def _judged(answer: dict[str, Any]) -> tuple[Rule, str]:
    """The rule that a message breaks; OSError when the machine is to blame."""
    why, code = answer["error"], answer["errno"]
    if code in TOO_LARGE:
        return rules.PGP_TOO_LARGE, why
    if code:
        raise OSError(code, why)
    return next((rule for words, rule in REASONS if words.lower() in why.lower()), rules.PGP_DAMAGED), why


def first_line(error: Exception) -> str:
    """Return what an error says without the stack behind it."""
    return str(error).partition("\n")[0]


def _sequoia() -> ModuleType:
    try:
        import pysequoia  # noqa: PLC0415  (an extra)
    except ImportError:
        raise EngineMissingError("OpenPGP needs the extra `pgp`: pip install 'coupa-exchange[pgp]'") from None
    return pysequoia
