"""The commands of `exchange capture`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PIL import Image
from typer.testing import CliRunner

from capture.paper import Words
from capture.words import Word
from exchange.batches.remembering import Remembered
from exchange.cli import app
from formats.findings import Box
from tests.capture.paint import INVOICE, text_pdf

LABEL: dict[str, Any] = {
    "supplier_name": "Brightwater Tools Ltd",
    "invoice_number": "BW-20418",
    "invoice_date": "2024-03-17",
    "po_number": "4500017",
    "currency": "GBP",
    "subtotal": 605,
    "tax": 121,
    "total": 726,
}

UBL = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <b:ID>N-1</b:ID><b:IssueDate>2024-01-02</b:IssueDate>%s</Invoice>"""
UBL_LINE = """<a:InvoiceLine><b:InvoicedQuantity>%s</b:InvoicedQuantity>
  <a:Price><b:PriceAmount currencyID="EUR">%s</b:PriceAmount></a:Price>
  <b:LineExtensionAmount currencyID="EUR">%s</b:LineExtensionAmount>
  <a:Item><b:Name>%s</b:Name></a:Item></a:InvoiceLine>"""


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Twelve labelled invoices of four forms, every fourth with a wrong label."""
    lines = []
    for number in range(12):
        texts = [(left, top, text.replace("20418", f"{20418 + number}")) for left, top, text in INVOICE]
        (tmp_path / f"{number}.pdf").write_bytes(text_pdf(texts))
        fields = LABEL | {"invoice_number": f"BW-{20418 + number - (number % 4 == 0)}"}
        lines.append(
            json.dumps({"id": f"i{number}", "file": f"{number}.pdf", "fields": fields, "layout": f"{number % 4}"})
        )
    (tmp_path / "truth.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def _run(*words: object) -> Any:
    return CliRunner().invoke(app, ["capture", *map(str, words)], catch_exceptions=False)


def test_evaluating_tells_how_honest_the_shipped_model_is(labelled: Path) -> None:
    told = json.loads(_run("evaluate", labelled, "--json").stdout)
    measures = told["measures"]
    assert {"known senders, shipped model": 3, "no master, shipped model": 3} == {
        name: one["wrong"] for name, one in measures.items()
    }
    assert 96 == measures["known senders, shipped model"]["samples"]


def test_a_fitted_model_is_saved_with_its_day_and_what_it_was_fitted_on(labelled: Path) -> None:
    told = ("--fit", "--save", labelled / "model.json", "--date", "2026-03-01", "--description", "twelve drills")
    result = _run("evaluate", labelled, *told, "--picture", labelled / "curves.png")
    saved = json.loads((labelled / "model.json").read_text(encoding="utf-8"))
    assert ("2026-03-01", "twelve drills", 108) == (saved["date"], saved["fitted"], saved["samples"])
    assert "held out: risk and coverage" in result.stdout
    with Image.open(labelled / "curves.png") as picture:
        assert "PNG" == picture.format


def test_a_damaged_label_is_named_with_its_line(labelled: Path) -> None:
    with (labelled / "truth.jsonl").open("a", encoding="utf-8") as file:
        file.write("{}\n")
    with pytest.raises(Exception, match=r"truth\.jsonl:13: "):
        _run("evaluate", labelled)


def test_a_page_is_recognised_once_and_then_remembered(tmp_path: Path) -> None:
    class Once:
        name = "once"
        words: ClassVar[list[Words]] = [(Word("drill", Box(0.1, 0.2, 0.3, 0.4), 0.5, "once", 3),)]

        def read(self, picture: Image.Image, page: int) -> Words:
            return self.words.pop() if picture and page else ()

    picture = Image.new("RGB", (8, 8), "white")
    first = Remembered(Once(), tmp_path).read(picture, 3)
    assert first == Remembered(Once(), tmp_path).read(picture, 3)


def test_files_are_read_into_one_line_each(labelled: Path) -> None:
    result = _run("read", labelled / "0.pdf", labelled / "1.pdf", "--predictions", labelled / "read.jsonl")
    lines = [json.loads(line) for line in (labelled / "read.jsonl").read_text(encoding="utf-8").splitlines()]
    assert ("", ["0", "1"], 0) == (result.stdout, [line["id"] for line in lines], result.exit_code)
    lines_of_items = lines[1]["fields"].pop("line_items")
    assert LABEL | {"invoice_number": "BW-20419"} == lines[1]["fields"]
    assert {"description": "Masonry bit set", "quantity": 10.0, "unit_price": 12.5, "amount": 125.0} == lines_of_items[
        1
    ]
    assert [True, True] == [line["needs_review"] for line in lines]


def test_a_note_among_the_lines_of_an_e_invoice_is_no_line(tmp_path: Path) -> None:
    texts = {"Food": ("0", "0.00", "0.00"), "Olive oil": ("2", "4.50", "9.00"), "Sample": ("1", "0.00", "0.00")}
    (tmp_path / "notes.xml").write_text(UBL % "".join(UBL_LINE % (*numbers, name) for name, numbers in texts.items()))
    _run("read", tmp_path / "notes.xml", "--predictions", tmp_path / "read.jsonl")
    lines = json.loads((tmp_path / "read.jsonl").read_text(encoding="utf-8"))["fields"]["line_items"]
    assert ["Olive oil", "Sample"] == [line["description"] for line in lines]


def test_several_processes_read_the_same_in_the_same_order_and_a_file_that_is_no_document_goes_to_review(
    labelled: Path,
) -> None:
    (labelled / "noise.bin").write_bytes(b"no document")
    paths = [labelled / name for name in ("1.pdf", "noise.bin", "0.pdf", "1.pdf", "0.pdf", "1.pdf", "0.pdf", "1.pdf")]
    for processes, name in ((1, "one.jsonl"), (2, "two.jsonl")):
        _run("read", *paths, "--processes", str(processes), "--predictions", labelled / name)
    one, two = (
        [{**json.loads(line), "seconds": 0} for line in (labelled / name).read_text(encoding="utf-8").splitlines()]
        for name in ("one.jsonl", "two.jsonl")
    )
    assert one == two
    assert ["1", "noise", "0"] == [prediction["id"] for prediction in two[:3]]
    assert (True, None) == (two[1]["needs_review"], two[1]["fields"]["total"])


def test_a_process_that_only_reads_does_not_load_all_commands() -> None:
    heavy = {"exchange.cli", "sqlalchemy", "scipy", "pandas", "paramiko"}
    code = "import sys, exchange.__main__, exchange.batches.predicting; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set() == heavy & set(done.stdout.split())
