"""Master data out of Coupa, against a real sandbox: what changed goes to the lockbox, once, with control totals."""

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from exchange.batches.batch import Batch, open_batch
from exchange.batches.outbound import file_name
from exchange.batches.world import World
from exchange.demo import Parties
from exchange.flows import FLOWS
from formats.split import split
from tests.exchange.parties import SAMPLES, open_parties


@pytest.fixture
def world_and_parties(tmp_path: Path) -> Iterator[tuple[World, Parties]]:
    """A seeded sandbox and a world that talks to it."""
    with open_parties(tmp_path / "demo") as opened:
        yield opened


def inbox(world: World) -> list[Path]:
    return sorted((world.settings.home.parent / "sandbox" / "sftp" / "lockbox" / "inbox").iterdir())


def run(world: World, flow: str) -> dict[str, int]:
    with open_batch(world, flow, "test") as batch:
        FLOWS[flow](batch)
    counts = batch.tally().as_json()
    return {name: counts[name] for name in ("read", "loaded", "duplicate")}


def test_every_supplier_reaches_the_lockbox_with_its_leading_zeros(
    world_and_parties: tuple[World, Parties],
) -> None:
    world, _ = world_and_parties
    run(world, "suppliers")
    seed = json.loads((SAMPLES / "coupa" / "seed.json").read_text())["suppliers"]
    with inbox(world)[0].open(encoding="utf-8", newline="") as stream:
        sent = {row["Supplier Number"]: row["Name"] for row in csv.DictReader(stream)}
    assert {supplier["number"]: supplier["name"] for supplier in seed} == sent


def test_the_manifest_proves_the_file(world_and_parties: tuple[World, Parties]) -> None:
    world, _ = world_and_parties
    run(world, "purchase_orders")
    content, manifest = inbox(world)
    told = json.loads(manifest.read_text())
    assert (content.name, hashlib.sha256(content.read_bytes()).hexdigest()) == (told["name"], told["sha256"])


def test_what_the_lockbox_has_is_not_sent_again(world_and_parties: tuple[World, Parties]) -> None:
    world, _ = world_and_parties
    first, second = run(world, "accounts"), run(world, "accounts")
    assert (first["read"], 0, 2) == (first["loaded"], second["loaded"], len(inbox(world)))


def test_an_interrupted_batch_is_sent_by_the_next_one(
    world_and_parties: tuple[World, Parties], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = world_and_parties
    with monkeypatch.context() as patched:
        patched.setattr(type(world.partners.lockbox), "put", _die)
        with pytest.raises(KeyboardInterrupt):
            run(world, "accounts")
    before = len(inbox(world))
    run(world, "accounts")
    assert (0, 2) == (before, len(inbox(world)))


def _die(*_: object, **__: object) -> None:
    """What a kill signal does to a batch that was about to send."""
    raise KeyboardInterrupt


def test_many_documents_go_in_several_files_each_with_its_manifest(
    world_and_parties: tuple[World, Parties], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = world_and_parties
    header = 1
    monkeypatch.setattr("exchange.batches.masters.split", partial(split, rows=10 + header))
    sent = run(world, "suppliers")["loaded"]
    files = [path for path in inbox(world) if path.suffix == ".csv"]
    records = [json.loads(path.with_name(f"{path.name}.manifest.json").read_text())["records"] for path in files]
    assert (-(-sent // 10), sent, 10) == (len(files), sum(records), records[0])


def test_the_names_of_several_files_sort_in_the_order_of_what_they_hold() -> None:
    batch = SimpleNamespace(id=17, now=lambda: dt.datetime(2026, 11, 22, 4, 8, 12, tzinfo=dt.UTC))
    names = [file_name(cast(Batch, batch), "Invoices", "zip", part) for part in range(1, 1101)]
    assert (names, "Invoices_20261122_040812Z_17_0001.zip") == (sorted(names), names[0])


@pytest.mark.parametrize(("switch", "files"), [("", 0), ("send_empty = true", 1)])
def test_a_file_without_records_is_sent_only_where_it_is_asked_for(tmp_path: Path, switch: str, files: int) -> None:
    settings = "".join(f"[flows.{flow}]\n{switch}\n" for flow in ("accounts", "ok2pay"))
    with open_parties(tmp_path / "demo", {"[coupa]": f"{settings}[coupa]"}) as (world, _):
        run(world, "accounts")
        before = {path.name for path in inbox(world)}
        run(world, "accounts")
        run(world, "ok2pay")
        empty = [path for path in inbox(world) if path.suffix == ".csv" and path.name not in before]
        rows = [len(path.read_text(encoding="utf-8").splitlines()) for path in empty]
        at_erp = list((inbox(world)[0].parents[2] / "erp" / "ok2pay").glob("*.csv"))
    assert ([1] * files, files) == (rows, sum(path.read_bytes().count(b"\n") == 1 for path in at_erp))


def test_the_lockbox_gets_its_files_by_the_customers_own_template(tmp_path: Path) -> None:
    overlay = tmp_path / "suppliers.yaml"
    overlay.write_text(
        "layout: supplier-export\ndelimiter: ';'\nrows:\n  row:\n"
        "    rename: {Supplier Number: Vendor}\n    order: [Vendor, Name]\n    rest: drop\n",
        encoding="utf-8",
    )
    changes = {"[coupa]": f'[flows.suppliers]\noverlay = "{overlay}"\n[coupa]'}
    with open_parties(tmp_path / "demo", changes) as (world, _):
        run(world, "suppliers")
        head, *rows = inbox(world)[0].read_text(encoding="utf-8").splitlines()
    assert '"Vendor";"Name"' == head
    assert all(row.count('";"') == 1 for row in rows)
