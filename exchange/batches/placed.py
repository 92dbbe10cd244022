"""What was placed at partners: whether it arrived whole, and whether its control totals are those of its records."""

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import RowMapping, select

from exchange.batches import names, repairing
from exchange.batches.outbound import MANIFEST
from exchange.batches.repairing import Difference
from exchange.batches.sealing import ENDINGS
from exchange.batches.world import World
from exchange.errors import RemoteMissingError
from exchange.ledger import outgoing, records, schema
from exchange.remotes.base import Entry
from formats.manifest import Manifest

OURS = re.compile(r"_\d{8}_\d{6}Z_\d+(_\d{4})?\.")


def differences(world: World, made: Sequence[RowMapping]) -> Iterator[Difference]:
    """Name each file that has not arrived, was changed there, or whose totals are not those of its records."""
    lying = _lying(world, {(row["remote"], _folder(row["path"])) for row in made})
    manifests = {row["path"]: row for row in made if row["path"].endswith(MANIFEST)}
    for row in made:
        if row["state"] == outgoing.HELD:
            todo = f"Look whether the {row['remote']} has it; `exchange rerun {row['batch_id']}` sends it again."
            yield Difference(f"{row['remote']}:{row['path']} is kept back since the ledger was restored", todo)
        elif row["state"] == outgoing.NEW:
            yield repairing.waiting(row)
        elif entry := lying.get((row["remote"], row["path"])):
            yield from _other_bytes(world, row, entry)
        yield from _totals(world, row, manifests.get(row["path"] + MANIFEST))


def _lying(world: World, folders: set[tuple[str, str]]) -> dict[tuple[str, str], Entry]:
    """What lies in some folders of partners, by remote and path."""
    found: dict[tuple[str, str], Entry] = {}
    for remote, folder in sorted(folders):
        try:
            entries = world.partners.named(remote).list(folder)
        except RemoteMissingError:
            continue
        found |= {(remote, f"{folder}/{entry.name}"): entry for entry in entries}
    return found


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _other_bytes(world: World, row: RowMapping, entry: Entry) -> Iterator[Difference]:
    """A file that its partner has not taken yet must have the bytes that were sent."""
    told = f"{row['remote']}:{row['path']} has other bytes than were sent"
    todo = f"Ask the {row['remote']} who changed it; `exchange rerun {row['batch_id']}` sends it under a new name."
    if entry.size != row["size"]:
        yield Difference(told, todo)
        return
    with tempfile.TemporaryFile() as read:
        fetched = world.partners.named(row["remote"]).fetch(row["path"], read)
    if fetched.sha256 != row["sha256"]:
        yield Difference(told, todo)


def _totals(world: World, row: RowMapping, manifest: RowMapping | None) -> Iterator[Difference]:
    """The control totals of a file are those of the records in it, and its manifest says the same."""
    told = {currency: Decimal(amount) for currency, amount in json.loads(row["totals"]).items()}
    with world.ledger.read() as tx:
        inside = records.of_outgoing(tx, row["id"])
    money = defaultdict[str, Decimal](Decimal)
    for one in inside:
        money[one["currency"]] += one["amount"] or Decimal(0)
    todo = "Compare the file in the spool with `exchange show`; tell the receiver which is right."
    if inside and row["flow"] == "ok2pay" and (row["records"], told) != (len(inside), dict(money)):
        said = f"{_said(row['records'], told)}, its records {_said(len(inside), money)}"
        yield Difference(f"{row['path']} tells {said}", todo)
    if manifest is not None and not ENDINGS.search(row["path"]) and not _proves(world, manifest, row, told):
        yield Difference(f"{manifest['path']} does not fit its file", todo)


def _proves(world: World, manifest: RowMapping, row: RowMapping, told: Mapping[str, Decimal]) -> bool:
    with world.spool.open(manifest["sha256"]) as stream:
        said = Manifest.load(stream.read().decode())
    ours = (row["sha256"], row["size"], row["records"], told)
    return (said.sha256, said.size, said.records, dict(said.money)) == ours


def _said(count: int, money: Mapping[str, Decimal]) -> str:
    return f"{count} records of " + ", ".join(f"{amount} {currency}" for currency, amount in sorted(money.items()))


def unknown(world: World) -> Iterator[Difference]:
    """Name what lies at the partners and the ledger never saw: it was sent or taken in after the backup."""
    settings = world.settings
    with world.ledger.read() as tx:
        sent = set(tx.execute(select(schema.outgoing.c.path)).scalars())
        places = tx.execute(select(schema.sighting.c.id, schema.sighting.c.path)).all()
    for _, path in _lying(world, {("erp", settings.erp.ok2pay)}):
        if path not in sent and OURS.search(path):
            todo = "Its invoices went to the ERP: see that Coupa calls each exported before you resume."
            yield Difference(f"erp:{path} was sent after the backup", todo)
    known = {names.archived(number, path.rpartition("/")[2]) for number, path in places}
    for _, path in _lying(world, {("lockbox", settings.lockbox.archive)}):
        if path.rpartition("/")[2] not in known:
            todo = f"Move it to {settings.lockbox.outbox}: what was loaded is found at Coupa, and known again."
            yield Difference(f"lockbox:{path} was taken in after the backup", todo)
