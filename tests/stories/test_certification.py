"""Coupa's certification scenarios, by their numbers, each by REST and by file.

Coupa: Invoicing Platform Integration, integration scenarios 1 to 10; ERP Integration, scenarios 4.1 to 4.9 and 5.1.
One sandbox a way; the invoices of all scenarios come in one delivery.
"""

import csv
import datetime as dt
import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import RowMapping, select

from exchange.batches.batch import open_batch
from exchange.batches.world import World
from exchange.demo import Parties
from exchange.flows import FLOWS
from exchange.ledger import schema
from formats.coupa.approved import InvoiceUpdates
from formats.coupa.invoices import InvoiceImport
from formats.coupa.purchase_orders import PurchaseOrderExport
from formats.documents import Charge, ChargeKind, Invoice, InvoiceLine, TaxLine
from formats.findings import Finding
from formats.overlay import lay_over, load
from tests.exchange.parties import SAMPLES, open_parties

pytestmark = pytest.mark.story

OWN = """layout: invoice-import
rows:
  Invoice:
    custom: [{name: Batch ID}]
  Invoice Line:
    custom: [{name: Project}]
"""
EXPORTED = """layout: invoice-export
rows:
  Header:
    custom: [{name: batch-id}]
  Line:
    custom: [{name: project}]
"""
CUSTOM_FIELDS = [
    {"on": "header", "prompt": "Batch ID", "name": "batch-id"},
    {"on": "line", "prompt": "Project", "name": "project"},
]
REST = """
[flows.invoices]
second_reading = false
overlay = "{own}"
[flows.ok2pay]
papers = true
[coupa.custom_fields]
"Batch ID" = "batch-id"
Project = "project"
[erp.values]
custom_fields = "batch-id, project"
[coupa]"""
FILES = """
[flows.suppliers]
source = "files"
[flows.purchase_orders]
source = "files"
[flows.receipts]
source = "files"
[flows.invoices]
deliver = "file"
second_reading = false
overlay = "{own}"
loader_overlay = "{own}"
[flows.invoice_updates]
source = "files"
[flows.ok2pay]
source = "files"
papers = true
overlay = "{exported}"
[flows.payments]
deliver = "file"
[erp.values]
custom_fields = "batch-id, project"
[coupa]"""
BACKED = "RE-20190610/507"
ATTACHED = b"a,b\r\n1,2\r\n"
MANY = 51  # one more than a page of Coupa's REST API


def line(number: int, price: str, quantity: str | None = "1", taxes: tuple[TaxLine, ...] = ()) -> InvoiceLine:
    amount = Decimal(quantity) if quantity else None
    code = "2000-6200-100"
    return InvoiceLine(
        number=number,
        description=f"Card {number}",
        price=Decimal(price),
        quantity=amount,
        uom="EA" if quantity else "",
        account_code=code,
        taxes=taxes,
    )


def invoice(
    number: str, *lines: InvoiceLine, taxes: tuple[TaxLine, ...] = (), charges: tuple[Charge, ...] = ()
) -> Invoice:
    made = Invoice(
        number=number,
        date=dt.date(2017, 7, 15),
        currency="MYR",
        chart_of_accounts="ACME MY",
        submit=True,
        lines=lines,
        taxes=taxes,
        charges=charges,
        line_level_taxation=any(one.taxes for one in lines),
        supplier_number="80002",
        supplier_name="K STATIONERY & OFFICE SUPPLIES",
    )
    return replace(made, control_total=made.computed_total)


def tax(amount: str, rate: str = "6", code: str = "GST6") -> TaxLine:
    return TaxLine(amount=Decimal(amount), rate=Decimal(rate), code=code)


SENT = {
    "unbacked": invoice("C3-UNBACKED", line(1, "31.00", "2")),
    "header tax": replace(
        invoice("C4-HEADERTAX", replace(line(1, "100.00"), other={"Project": "P-7"}), taxes=(tax("6.00"),)),
        other={"Batch ID": "0042"},
    ),
    "services": invoice(
        "C5-SERVICES",
        line(1, "250.00", None, (tax("15.00"),)),
        charges=(Charge(kind=ChargeKind.SHIPPING, amount=Decimal("12.50")),),
    ),
    "multiple taxes": invoice(
        "C6-TAXES", line(1, "70.00", "1", (tax("4.20"),)), line(2, "9.00", "1", (tax("0.00", "0", "GST0"),))
    ),
    "attachments": replace(
        invoice("C7-ATTACHED", line(1, "17.00")), attachments=("file://papers/table.csv", "https://example.com/terms")
    ),
    "void": invoice("C9-VOID", line(1, "63.00")),
}  # fmt: skip
CROWD = {f"M{number:03}-{number * 7919 % 997}": Decimal(number) + Decimal("0.37") for number in range(1, MANY + 1)}


@dataclass
class Day:
    world: World
    parties: Parties
    by_file: bool

    def folder(self, party: str, path: str) -> Path:
        return self.world.settings.home.parent / "sandbox" / "sftp" / party / path

    def run(self, flow: str) -> None:
        if self.by_file:
            self.parties._post("exporter/run")
        with open_batch(self.world, flow, "test") as batch:
            FLOWS[flow](batch)

    def updates(self) -> dict[str, list[str]]:
        """The status of each invoice as the lockbox was told of it, one after the other."""
        told: dict[str, list[str]] = {}
        for path in sorted(self.folder("lockbox", "inbox").glob("InvoiceUpdates*.csv")):
            with path.open(newline="", encoding="utf-8") as stream:
                found = [one for one in InvoiceUpdates.read(stream, path.name) if not isinstance(one, Finding)]
            for one in found:
                told.setdefault(one.number, []).append(one.status)
        return told

    def record(self, number: str) -> RowMapping:
        with self.world.ledger.read() as tx:
            row = schema.record
            found = select(row).where(row.c.flow == "invoices", row.c.number == number).order_by(row.c.id)
            return tx.execute(found.limit(1)).mappings().one()

    def at_coupa(self, number: str) -> Invoice:
        record = self.record(number)
        assert "loaded" == record["state"], (record["explanation"], record["error"])
        return self.world.partners.coupa.invoice(int(record["remote_id"]))

    def posted(self) -> list[dict[str, str]]:
        """The rows of all posting files, with the file that they stand in."""
        rows: list[dict[str, str]] = []
        for path in sorted(self.folder("erp", ".").rglob("*.csv")):
            if "payments" not in path.parts:
                with path.open(newline="", encoding="utf-8") as stream:
                    rows += list(csv.DictReader(stream))
        return rows

    def postings(self, number: str) -> list[dict[str, str]]:
        return [row for row in self.posted() if row.get("InvoiceNumber") == number]


def delivery(folder: Path) -> None:
    """Lay ready what the lockbox delivers."""
    folder.mkdir()
    crowd = [invoice(number, line(1, str(amount))) for number, amount in CROWD.items()]
    text = io.StringIO(newline="")
    lay_over(load(OWN, "own")).write([one for one in [*SENT.values(), *crowd] if not one.attachments], text)
    (folder / "00-certification.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    text = io.StringIO(newline="")
    InvoiceImport.write([SENT["attachments"]], text)
    with zipfile.ZipFile(folder / "01-attached.zip", "w") as archive:
        archive.writestr("attached.csv", text.getvalue())
        archive.writestr("papers/table.csv", ATTACHED)
    for path in sorted((SAMPLES / "lockbox").glob("*.zip")):
        if path.name[:2] in ("01", "16"):
            shutil.copy(path, folder)


def take_back(folder: Path, loaded: Invoice) -> None:
    """Lay ready the row by which the lockbox voids an invoice: its number, its supplier and the status."""
    shutil.rmtree(folder)
    folder.mkdir()
    text = "Invoice,Invoice Number*,Supplier Number,Status\r\nInvoice Line,Invoice Number*,Price*\r\n"
    text += f"Invoice,{loaded.number},{loaded.supplier_number},Voided\r\n"
    text += f"Invoice,C9-NEVER-SENT,{loaded.supplier_number},Voided\r\n"
    (folder / "02-void.csv").write_text(text, encoding="utf-8", newline="")


@pytest.fixture(scope="module", params=["rest", "files"])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder = tmp_path_factory.mktemp(request.param) / "demo"
    own, exported = (folder.parent / name for name in ("own.yaml", "exported.yaml"))
    own.write_text(OWN, encoding="utf-8")
    exported.write_text(EXPORTED, encoding="utf-8")
    by_file = request.param == "files"
    settings = (FILES if by_file else REST).format(own=own, exported=exported)
    with open_parties(folder, {"[coupa]": settings}) as (world, parties):
        made = Day(world, parties, by_file)
        parties._post("coupa/setup", {"invoice-updates": True, "custom-fields": CUSTOM_FIELDS})
        for flow in ("suppliers", "accounts", "purchase_orders", "receipts"):
            made.run(flow)
        delivery(folder / "mail")
        parties.deliver(folder / "mail")
        made.run("invoices")
        parties.approve()
        made.run("invoice_updates")
        made.run("ok2pay")
        take_back(folder / "mail", SENT["void"])
        parties.deliver(folder / "mail")
        made.run("invoices")
        made.run("invoice_updates")
        made.run("ok2pay")
        parties.pay()
        made.run("payments")
        yield made


def test_scenario_1_the_lockbox_gets_the_purchase_orders(day: Day) -> None:
    numbers = set()
    for path in day.folder("lockbox", "inbox").glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as stream:
            if stream.readline().startswith('"type"'):
                stream.seek(0)
                numbers |= {one.number for one in PurchaseOrderExport.read(stream, "x") if not isinstance(one, Finding)}
    assert "AB321" in numbers


def test_scenario_2_a_backed_invoice_refers_to_its_order_line_by_line(day: Day) -> None:
    assert [("AB321", "1"), ("AB321", "2"), ("AB321", "3")] == [
        (one.po_number, one.po_line_number) for one in day.at_coupa(BACKED).lines
    ]


def test_scenario_3_an_unbacked_invoice_has_its_accounts(day: Day) -> None:
    [one] = day.at_coupa("C3-UNBACKED").lines
    assert ("2000-6200-100", Decimal(62)) == (one.account_code, one.net)


def test_scenario_4_tax_of_the_header(day: Day) -> None:
    loaded = day.at_coupa("C4-HEADERTAX")
    assert (False, Decimal(6), ["GST6"]) == (
        loaded.line_level_taxation,
        loaded.tax_total,
        [one.code for one in loaded.taxes],
    )


def test_scenario_4_custom_fields_of_head_and_line(day: Day) -> None:
    loaded = day.at_coupa("C4-HEADERTAX")
    assert ({"batch-id": "0042"}, {"project": "P-7"}) == (loaded.other, loaded.lines[0].other)


def test_scenario_5_service_lines_tax_by_line_and_charges(day: Day) -> None:
    loaded = day.at_coupa("C5-SERVICES")
    assert (None, Decimal(250), Decimal(15)) == (loaded.lines[0].quantity, loaded.lines[0].net, loaded.tax_total)
    assert [(ChargeKind.SHIPPING, Decimal("12.50"))] == [(one.kind, one.amount) for one in loaded.charges]
    assert Decimal("277.50") == loaded.total


def test_scenario_6_several_taxes(day: Day) -> None:
    taxes = [(one.code, one.amount) for part in day.at_coupa("C6-TAXES").lines for one in part.taxes]
    assert [("GST6", Decimal("4.20")), ("GST0", Decimal(0))] == taxes


def test_scenario_7_attachments_arrive_with_their_invoice(day: Day) -> None:
    assert day.at_coupa("C7-ATTACHED").number
    names = day.world.partners.coupa.attachments(int(day.record("C7-ATTACHED")["remote_id"]))
    assert any(name.endswith("table.csv") for name in names)


def test_scenario_8_a_credit_note_names_the_invoice_that_it_corrects(day: Day) -> None:
    [credit] = [one for one in _loaded(day) if one.is_credit_note]
    assert credit.original_number
    assert credit.signed_total < 0


def test_scenario_9_an_invoice_that_was_loaded_can_be_voided(day: Day) -> None:
    assert "voided" == day.at_coupa("C9-VOID").status
    answer = next(day.folder("lockbox", "ack").glob("02-void*.csv")).read_text(encoding="utf-8")
    assert '"Invoice","C9-VOID","80002","voided"' in answer


def test_scenario_9_what_was_never_loaded_is_not_voided_and_not_loaded_either(day: Day) -> None:
    record = day.record("C9-NEVER-SENT")
    assert ("held", "void-refused", None) == (record["state"], record["reasons"], record["remote_id"])


def test_scenario_10_the_status_of_each_invoice_comes_back(day: Day) -> None:
    told = day.updates()
    assert (["approved"], ["approved", "voided"]) == (told["C3-UNBACKED"], told["C9-VOID"])


def test_scenario_4_1_a_backed_invoice_is_posted(day: Day) -> None:
    assert [] != day.postings(BACKED)


@pytest.mark.parametrize(
    ("scenario", "name"),
    [
        ("4.2", "unbacked"),
        ("4.4", "services"),
        ("4.5", "multiple taxes"),
    ],
)
def test_scenarios_4_2_4_4_and_4_5_are_posted_to_the_cent(day: Day, scenario: str, name: str) -> None:
    sent = SENT[name]
    assert [] != day.postings(sent.number), scenario
    booked = _booked(day, sent.number)
    assert sent.total == booked


def test_scenario_4_3_custom_fields_reach_the_erp(day: Day) -> None:
    [row] = day.postings("C4-HEADERTAX")
    assert ("0042", "P-7") == (row["batch-id"], row["project"])
    assert SENT["header tax"].total == _booked(day, "C4-HEADERTAX")


def test_scenario_4_6_attachments_reach_the_erp_under_the_names_that_their_posting_says(day: Day) -> None:
    [row] = day.postings("C7-ATTACHED")
    [name] = row["Attachments"].split(";")
    assert name.endswith("table.csv")
    assert ATTACHED == (day.folder("erp", "papers") / name).read_bytes()


def test_scenario_4_7_a_credit_memo_is_posted_as_what_the_supplier_owes(day: Day) -> None:
    [credit] = [one for one in _loaded(day) if one.is_credit_note]
    assert credit.signed_total == _booked(day, credit.number)


def test_scenario_4_8_a_void_is_posted_once_more_and_comes_to_nothing(day: Day) -> None:
    with day.world.ledger.read() as tx:
        row = schema.record
        found = select(row.c.amount).where(row.c.flow == "ok2pay", row.c.number == "C9-VOID").order_by(row.c.id)
        assert [Decimal(63), Decimal(-63)] == list(tx.execute(found).scalars())


def test_scenario_4_9_more_than_fifty_invoices_are_posted_each_once(day: Day) -> None:
    with day.world.ledger.read() as tx:
        row = schema.record
        found = list(tx.execute(select(row.c.number).where(row.c.flow == "ok2pay", row.c.state == "loaded")).scalars())
    assert sorted(CROWD) == sorted(number for number in found if number in CROWD)


def test_scenario_5_1_what_the_erp_paid_is_paid_at_coupa(day: Day) -> None:
    record = day.record("C3-UNBACKED")
    payments = day.world.partners.coupa.payments(int(record["remote_id"]))
    assert [Decimal(62)] == [one.amount for one in payments]


def _loaded(day: Day) -> list[Invoice]:
    with day.world.ledger.read() as tx:
        row = schema.record
        query = select(row.c.remote_id).where(row.c.flow == "invoices", row.c.state == "loaded")
        found = list(tx.execute(query.where(row.c.number.not_in(list(CROWD)))).scalars())
    return [day.world.partners.coupa.invoice(int(one)) for one in found if one]


def _booked(day: Day, number: str) -> Decimal:
    with day.world.ledger.read() as tx:
        row = schema.record
        found = select(row.c.amount).where(row.c.flow == "ok2pay", row.c.number == number)
        return Decimal(tx.execute(found).scalars().one())
