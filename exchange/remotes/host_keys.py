"""Pinned host keys: a server is who it says it is, or nothing is sent to it."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import paramiko

from exchange.errors import SettingsError

RSA = ("rsa-sha2-512", "rsa-sha2-256")
ALGORITHMS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", *RSA)


@dataclass(frozen=True, slots=True)
class Pins:
    """The fingerprints a server may show, and the algorithms to ask it for, pinned ones first."""

    fingerprints: frozenset[str]
    algorithms: tuple[str, ...] = ALGORITHMS

    def accept(self, key: paramiko.PKey) -> bool:
        """Return whether this key is pinned."""
        return fingerprint(key.asbytes()) in self.fingerprints


def parse_pins(texts: Sequence[str]) -> Pins:
    """Return the pins that stand in the settings; SettingsError names the one that cannot be read."""
    pins = [_parse(text) for text in texts]
    first = [algorithm for kind, _ in pins for algorithm in algorithms_of(kind)]
    return Pins(frozenset(mark for _, mark in pins), tuple(dict.fromkeys([*first, *ALGORITHMS])))


def fingerprint(blob: bytes) -> str:
    """Return the fingerprint of a public key as OpenSSH prints it: SHA256 and base64 without padding."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")


def algorithms_of(kind: str) -> tuple[str, ...]:
    """Return the host key algorithms (RFC 8332 §3 for RSA) in which a key of this kind is shown."""
    return RSA if kind == "ssh-rsa" else tuple(name for name in ALGORITHMS if name == kind)


def _parse(text: str) -> tuple[str, str]:
    """Return the kind of key ("" where unknown) and the fingerprint of one pin."""
    if text.startswith("SHA256:"):
        return "", text.strip().rstrip("=")
    kind, _, rest = text.strip().partition(" ")
    try:
        blob = base64.b64decode(rest.split(" ")[0], validate=True)
    except binascii.Error:
        blob = b""
    if not blob or kind.encode("ascii", "replace") not in blob[:64]:
        raise SettingsError(f'host_keys: {text!r} is neither "ssh-ed25519 AAAA…" nor "SHA256:…"')
    return kind, fingerprint(blob)
