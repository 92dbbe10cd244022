"""A business day by file: masters out of Coupa's export files, invoices and payments through its loader."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import RowMapping, select

from exchange.batches import reconciling, rerunning
from exchange.batches.batch import open_batch
from exchange.batches.world import World
from exchange.demo import Parties
from exchange.flows import FLOWS
from exchange.ledger import reference, schema
from formats import stored
from formats.coupa.invoices import InvoiceImport
from formats.documents import Invoice, Supplier
from tests.exchange.parties import SAMPLES, open_parties

BY_FILE = """
[flows.invoices]
deliver = "file"
second_reading = false
[flows.payments]
deliver = "file"
[flows.suppliers]
source = "files"
[flows.purchase_orders]
source = "files"
[flows.receipts]
source = "files"
[flows.ok2pay]
source = "files"
[coupa]"""
DELIVERED = ("01", "06", "08", "13", "15", "29", "30", "31")


@dataclass(frozen=True)
class Day:
    world: World
    parties: Parties
    counts: dict[str, dict[str, Any]]

    def records(self, flow: str) -> list[RowMapping]:
        with self.world.ledger.read() as tx:
            query = select(schema.record).where(schema.record.c.flow == flow).order_by(schema.record.c.id)
            return list(tx.execute(query).mappings())

    def sent(self, folder: str) -> list[RowMapping]:
        with self.world.ledger.read() as tx:
            row = schema.outgoing
            query = select(row).where(row.c.path.startswith(f"Incoming/{folder}/")).order_by(row.c.id)
            return list(tx.execute(query).mappings())

    def folder(self, party: str, path: str) -> Path:
        return self.world.settings.home.parent / "sandbox" / "sftp" / party / path

    def deliver(self, *numbers: str) -> None:
        folder = self.world.settings.home.parent / f"mail-{'-'.join(numbers)}"
        folder.mkdir()
        for path in chosen(*numbers):
            shutil.copy(path, folder)
        self.parties.deliver(folder)

    def run(self, flow: str) -> dict[str, Any]:
        with open_batch(self.world, flow, "test") as batch:
            FLOWS[flow](batch)
        self.counts[flow] = batch.tally().as_json()
        return self.counts[flow]

    def control(self, path: str) -> Any:
        return self.parties._post(path)


def chosen(*numbers: str) -> list[Path]:
    found = sorted((SAMPLES / "lockbox").iterdir())
    return [path for path in found if path.name[:2] in numbers and not path.name.endswith(".expected.json")]


def expected(*numbers: str) -> dict[str, str]:
    """What the twins of the deliveries say: the decision for each invoice number."""
    twins = [json.loads(path.with_name(f"{path.name}.expected.json").read_text()) for path in chosen(*numbers)]
    return {one["number"]: one["decision"] for twin in twins for one in twin["invoices"]}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """The whole day; what it left is looked at by each test."""
    folder = tmp_path_factory.mktemp("by-file") / "demo"
    with open_parties(folder, {"[coupa]": BY_FILE}) as (world, parties):
        made = Day(world, parties, {})
        made.control("exporter/run")
        for flow in ("suppliers", "accounts", "purchase_orders", "receipts"):
            made.run(flow)
        made.deliver(*DELIVERED)
        made.run("invoices")
        parties.approve()
        made.control("exporter/run")
        made.run("ok2pay")
        parties.pay()
        made.run("payments")
        yield made


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Day]:
    """Parties on a day of which nothing has happened yet."""
    with open_parties(tmp_path / "demo", {"[coupa]": BY_FILE}) as (world, parties):
        made = Day(world, parties, {})
        made.control("exporter/run")
        made.run("purchase_orders")
        made.run("receipts")
        yield made


def test_all_sides_agree(day: Day) -> None:
    assert [] == [check.as_json() for check in reconciling.reconcile(day.world) if not check.ok]


def test_orders_and_receipts_of_files_lead_to_the_decisions_of_the_twins(day: Day) -> None:
    decided = {row["number"]: row["decision"] for row in day.records("invoices") if row["decision"] != "duplicate"}
    wanted = {number: decision for number, decision in expected(*DELIVERED).items() if decision != "duplicate"}
    assert wanted | {"RE-20190610/507": "load"} == decided


def test_invoices_of_many_deliveries_go_in_one_file(day: Day) -> None:
    loaded = [row for row in day.records("invoices") if row["state"] == "loaded"]
    assert [(len(loaded), "acknowledged")] == [(sent["records"], sent["state"]) for sent in day.sent("Invoices")]


def test_what_was_to_be_a_draft_is_one_and_the_rest_was_submitted(day: Day) -> None:
    loaded = [row for row in day.records("invoices") if row["state"] == "loaded"]
    statuses = {row["number"]: day.world.partners.coupa.status(int(row["remote_id"])) for row in loaded}
    assert {"draft": ["CS-20243"]} == {
        status: [number for number, one in statuses.items() if one == status]
        for status in set(statuses.values()) - {"approved"}
    }


def test_every_image_lies_beside_its_invoice(day: Day) -> None:
    with_image = [row for row in day.records("invoices") if row["state"] == "loaded" and row["image_sha256"]]
    images = day.parties.totals()["coupa"]["images"]
    assert (len(with_image), sum(day.world.spool.path(row["image_sha256"]).stat().st_size for row in with_image)) == (
        images["count"],
        images["bytes"],
    )


def test_what_was_loaded_and_approved_is_at_the_erp(day: Day) -> None:
    submitted = [row for row in day.records("invoices") if row["state"] == "loaded" and row["decision"] == "load"]
    booked = day.parties.totals()["erp"]["booked"]
    assert (len(submitted), len(submitted)) == (day.counts["ok2pay"]["loaded"], booked["count"])


def test_every_payment_is_booked_through_the_loader(day: Day) -> None:
    paid = day.counts["payments"]
    assert [(paid["read"], "acknowledged")] == [(one["records"], one["state"]) for one in day.sent("InvoicePayments")]
    assert paid["read"] == paid["loaded"] > 0


def test_export_files_are_removed_once_they_are_taken(day: Day) -> None:
    assert [] == [path for path in day.folder("coupa", "Outgoing").rglob("*") if path.is_file()]


def test_a_warning_about_a_supplier_rejects_nobody(day: Day) -> None:
    assert (day.counts["suppliers"]["read"], 0) == (
        day.counts["suppliers"]["loaded"],
        day.counts["suppliers"]["rejected"],
    )


def test_a_supplier_file_leaves_the_bank_account_that_it_has_no_column_for(morning: Day) -> None:
    morning.run("invoices")  # reads the references by REST
    morning.run("suppliers")
    with morning.world.ledger.read() as tx:
        known = [stored.load(Supplier, text) for text in reference.every(tx, "supplier")]
    seed = json.loads((SAMPLES / "coupa" / "seed.json").read_text())["suppliers"]
    ibans = {one["number"]: iban for one in seed if (iban := one.get("custom-fields", {}).get("iban"))}
    assert ibans == {supplier.number: supplier.iban for supplier in known if supplier.iban}


@pytest.mark.parametrize("act", ["put", "file_loads"])
def test_a_batch_killed_on_either_side_of_the_upload_loads_once(
    morning: Day, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    partners = morning.world.partners
    morning.deliver("29", "31")
    with monkeypatch.context() as patched:
        patched.setattr(type(partners.coupa_files if act == "put" else partners.coupa), act, _die)
        with pytest.raises(KeyboardInterrupt):
            morning.run("invoices")
    before = {row["state"] for row in morning.records("invoices")}
    morning.run("invoices")
    loaded = [(row["state"], len(_at_coupa(morning, row))) for row in morning.records("invoices")]
    assert ({"intent"}, [("loaded", 1)] * 2, 1) == (before, loaded, len(morning.sent("Invoices")))


def test_a_batch_killed_before_it_could_note_the_upload_finds_it_in_the_archive(
    morning: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning.deliver("29")
    with monkeypatch.context() as patched:
        patched.setattr("exchange.ledger.outgoing.published", _die)
        with pytest.raises(KeyboardInterrupt):
            morning.run("invoices")
    morning.control("loader/run")
    morning.run("invoices")
    archived = list(morning.folder("coupa", "Archive/Incoming/Invoices").iterdir())
    loads = list(morning.world.partners.coupa.file_loads(archived[0].name))
    assert (["loaded"], 1) == ([row["state"] for row in morning.records("invoices")], len(loads))


def test_an_invoice_that_coupa_refuses_is_held_in_its_words_and_its_neighbour_loads(
    morning: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning.deliver("29", "31")
    with monkeypatch.context() as patched:
        patched.setattr(type(morning.world.partners.coupa_files), "put", _die)
        with pytest.raises(KeyboardInterrupt):
            morning.run("invoices")
    judged = next(row for row in morning.records("invoices") if row["number"] == "TOSL110")
    morning.world.partners.coupa.create_invoice(stored.load(Invoice, judged["document"]))  # by somebody else
    morning.run("invoices")
    told = {
        row["number"]: (row["state"], row["error"], row["remote_id"] is None) for row in morning.records("invoices")
    }
    taken = "Invoice number has already been taken"
    assert {"TOSL110": ("held", taken, True), "INV00001": ("loaded", None, False)} == told


def test_a_result_that_is_late_is_taken_by_the_next_batch(morning: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    morning.deliver("29")
    with monkeypatch.context() as patched:
        patched.setattr(type(morning.world.partners.coupa), "file_loads", lambda *_: iter(()))
        patched.setattr("exchange.batches.loader.FIRST_PAUSE", 9e9)
        first = morning.run("invoices")
    second = morning.run("invoices")
    assert (1, 0, "loaded") == (first["open"], second["read"], morning.records("invoices")[0]["state"])


def test_attachments_travel_with_their_invoice(morning: Day) -> None:
    content = morning.world.settings.home.parent / "with-attachments"
    content.mkdir()
    with zipfile.ZipFile(chosen("14")[0]) as old, zipfile.ZipFile(content / "14.zip", "w") as new:
        (taken,) = InvoiceImport.read(io.TextIOWrapper(old.open("14-coded.csv"), "utf-8", newline=""), "14")
        assert isinstance(taken, Invoice)
        text = io.StringIO(newline="")
        InvoiceImport.write(
            [replace(taken, attachments=("file://papers/table.csv", "https://example.com/terms"))], text
        )
        new.writestr("14-coded.csv", text.getvalue())
        new.writestr(taken.image, old.read(taken.image))
        new.writestr("papers/table.csv", b"a,b\r\n1,2\r\n")
    morning.parties.deliver(content)
    morning.run("invoices")
    (row,) = morning.records("invoices")
    kept = morning.parties.totals()["coupa"]["attachments"]
    assert ("loaded", {"count": 2, "bytes": 10}) == (row["state"], kept)


def test_an_electronic_invoice_is_attached_to_what_was_made_of_it(morning: Day) -> None:
    morning.deliver("29")
    morning.run("invoices")
    (row,) = morning.records("invoices")
    names = morning.world.partners.coupa.attachments(int(row["remote_id"]))
    assert [f"{row['id']:07d}_29-ubl.xml"] == names


def test_a_released_record_goes_in_a_file_of_its_own(morning: Day) -> None:
    morning.deliver("06")
    morning.run("invoices")
    (held,) = morning.records("invoices")
    released = rerunning.release(morning.world, held["id"], "Ann", "the goods are here")
    assert ("held", "loaded", 1) == (held["state"], released["state"], len(morning.sent("Invoices")))


def test_an_exported_invoice_that_cannot_be_read_is_counted_and_not_lost(morning: Day) -> None:
    morning.deliver("29", "31")
    morning.run("invoices")
    morning.parties.approve()
    morning.control("exporter/run")
    (export,) = morning.folder("coupa", "Outgoing/Invoices").iterdir()
    export.write_bytes(export.read_bytes().replace(b'"220.00"', b'"much"'))
    counts = morning.run("ok2pay")
    assert (2, 1, 1) == (counts["read"], counts["loaded"], counts["rejected"])


def _at_coupa(day: Day, row: RowMapping) -> list[Any]:
    return day.world.partners.coupa.find_invoices(row["supplier_number"], row["number"])


def _die(*_: object, **__: object) -> None:
    """What a kill signal does to a batch in the middle of an act."""
    raise KeyboardInterrupt
