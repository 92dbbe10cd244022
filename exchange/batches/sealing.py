"""Sealing: files that partners encrypt are opened for reading, files for them are encrypted before they leave.

A file's identity is the SHA-256 of the bytes that travel: the encrypted original is what the spool keeps and the
ledger names; what it holds lies in a file without a name of its own only while it is read.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from exchange.batches.batch import Batch
from exchange.batches.names import MEGA
from exchange.ledger import files
from exchange.pgp import Keys, is_message
from exchange.settings import PgpSettings
from exchange.spool import Kept
from formats import rules
from formats.findings import Finding, Source

ENDING = ".pgp"
ENDINGS = re.compile(r"\.(pgp|gpg|asc)$", re.IGNORECASE)


def settings_of(batch: Batch, remote: str) -> PgpSettings:
    """Return how files are exchanged with a partner; only lockbox and ERP encrypt."""
    found = batch.world.settings
    return {"lockbox": found.lockbox.pgp, "erp": found.erp.pgp}.get(remote, PgpSettings())


@contextmanager
def opened(batch: Batch, sha256: str, name: str) -> Iterator[BinaryIO | Finding]:
    """Open what a file holds, decrypted and verified where it was encrypted; a finding where it must not be read."""
    settings = _settings_for(batch, sha256)
    sealed = batch.world.spool.path(sha256)
    if not _is_encrypted(sealed):
        with sealed.open("rb") as stream:
            missing = Finding(Source(name), rules.PGP_REQUIRED, "it is not an OpenPGP message")
            yield missing if settings.required else stream
        return
    with batch.world.spool.scratch() as folder:
        plain = folder / "plain"
        if problem := Keys(settings).decrypt(sealed, plain, batch.now(), _most(batch)):
            yield Finding(Source(name), *problem)
            return
        with plain.open("rb") as stream:
            yield stream


@contextmanager
def reopened(batch: Batch, sha256: str) -> Iterator[BinaryIO]:
    """Open what a file holds that was taken in; whoever signed it was verified then and may have new keys now."""
    sealed = batch.world.spool.path(sha256)
    if not _is_encrypted(sealed):
        with sealed.open("rb") as stream:
            yield stream
        return
    with batch.world.spool.scratch() as folder:
        plain = folder / "plain"
        Keys(_settings_for(batch, sha256)).decrypt_again(sealed, plain, _most(batch))
        with plain.open("rb") as stream:
            yield stream


def _settings_for(batch: Batch, sha256: str) -> PgpSettings:
    with batch.world.ledger.read() as tx:
        return settings_of(batch, files.sender(tx, sha256))


def _is_encrypted(path: Path) -> bool:
    with path.open("rb") as stream:
        return is_message(stream.read(64))


def _most(batch: Batch) -> int:
    return batch.world.settings.limits.file_megabytes * MEGA


def sealed(batch: Batch, remote: str, path: str, kept: Kept) -> tuple[str, Kept]:
    """Return the path and the content as they leave: encrypted and signed where the partner wants it."""
    settings = settings_of(batch, remote)
    if not settings.encrypt:
        return path, kept
    spool = batch.world.spool
    with spool.scratch() as folder:
        target = folder / "sealed"
        Keys(settings).encrypt(spool.path(kept.sha256), target, batch.now())
        with target.open("rb") as stream:
            return f"{path}{ENDING}", spool.keep(partial(shutil.copyfileobj, stream))
