"""`exchange formats` and `exchange validate` as a customer types them."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from exchange.cli import app
from exchange.errors import FindingsError
from formats.overlay import load

HEAD = '"Invoice","Invoice Number*","Supplier Number","Invoice Date*","Currency","Region"\n'
LINE = '"Invoice Line","Invoice Number*","Description*","Price*","Unit of Measure*"\n'
GOOD = '"Invoice","A","V-1","2026-03-01","EUR","North"\n"Invoice Line","A","Toner","5.00","EA"\n'
BAD = '"Invoice","B","V-1","01/03/2026","EUR",""\n"Invoice Line","B","Toner","five","EA"\n'


def run(*arguments: object) -> Result:
    """What a command prints, and its exit code."""
    return CliRunner().invoke(app, [str(one) for one in arguments])


def written(folder: Path, text: str, name: str = "invoices.csv") -> Path:
    """A file in a folder."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_layout_is_listed() -> None:
    names = [row["name"] for row in json.loads(run("formats", "list", "--json").stdout)]
    assert {"invoice-import", "invoice-export", "account-import", "receipt-export"} <= set(names)


def test_a_layout_is_shown_column_by_column() -> None:
    columns = json.loads(run("formats", "show", "invoice-import", "--json").stdout)
    wanted = {"row": "Invoice", "position": 2, "column": "Invoice Number*", "type": "string(40)", "required": True}
    assert wanted | {"note": "number"} == columns[1]
    assert "decimal(46,20)" in run("formats", "show", "invoice-import").stdout


def test_a_layout_that_is_not_known_is_an_error() -> None:
    assert 3 == getattr(run("formats", "show", "hats").exception, "exit_code", None)


def test_a_good_file_is_good_and_its_sums_are_told(tmp_path: Path) -> None:
    result = run("validate", written(tmp_path, HEAD + LINE + GOOD))
    assert 0 == result.exit_code
    assert "invoice-import: good; 1 document, 5.00 EUR" in result.stdout
    assert "[csv-column-unknown]" in result.stdout


def test_what_is_wrong_with_a_file_is_told_by_line_column_and_rule(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + LINE + GOOD + BAD)
    result = run("validate", path, "--jsonl")
    told = json.loads(result.stdout)
    errors = [(one["line"], one["column"], one["rule"], one["record"]) for one in told["findings"] if one["line"] > 2]
    assert [(5, "Invoice Date", "value-date", "B"), (6, "Price", "value-number", "B")] == errors
    assert (FindingsError.exit_code, "invoice-import", 1) == (result.exit_code, told["format"], told["documents"])
    assert ["value-date", "value-number"] == [rule for rule in told["fired"] if rule.startswith("value-")]
    assert isinstance(run("formats", "check", path).exception, FindingsError)


def test_a_marked_file_has_what_is_wrong_beside_each_row(tmp_path: Path) -> None:
    run("validate", written(tmp_path, HEAD + LINE + GOOD + BAD), "--marked", tmp_path / "marked")
    rows = (tmp_path / "marked" / "invoices.csv").read_text(encoding="utf-8").splitlines()
    assert '"Invoice Line","A","Toner","5.00","EA",""' == rows[3]
    assert "\"Price: 'five' is not a number [value-number]\"" in rows[5]


def test_every_file_of_a_folder_is_looked_at_by_its_content(tmp_path: Path) -> None:
    written(tmp_path, HEAD + LINE + GOOD, "one.txt")
    written(tmp_path, "<Hat/>", "two.csv")
    told = json.loads(run("validate", tmp_path, "--json").stdout)
    assert [("invoice-import", True), ("unknown", False)] == [(one["format"], one["good"]) for one in told]


def test_a_template_of_ones_own_is_learned_and_kept_to(tmp_path: Path) -> None:
    template = written(tmp_path, HEAD + LINE, "template.csv")
    learned = run("formats", "learn", template).stdout
    overlay = written(tmp_path, learned, "overlay.yaml")
    assert "Region" == load(learned, "overlay.yaml").rows["Invoice"].custom[0].name
    assert "csv-column-unknown" not in run("validate", template, "--overlay", overlay).stdout
    names = [one["column"] for one in json.loads(run("formats", "show", "", "--overlay", overlay, "--json").stdout)]
    assert ["Invoice", "Invoice Number*", "Supplier Number", "Invoice Date*", "Currency", "Region"] == names[:6]


def test_an_overlay_that_is_wrong_is_named_by_its_line(tmp_path: Path) -> None:
    overlay = written(tmp_path, "layout: invoice-import\nhat: red\n", "overlay.yaml")
    told = str(run("formats", "show", "invoice-import", "--overlay", overlay).exception)
    assert told.startswith(f"{overlay}:2: hat: ")


EXPORT = (
    '"type","id","invoice-number","invoice-date","status","total","currency","supplier-number","supplier-name"\n'
    '"type","invoice-id","id","line-num","description","price","quantity","total"\n'
    '"Header","7","INV-7","2026-03-01","approved","10.00","EUR","V-1","Acme"\n'
    '"Line","7","8","1","Toner","5.00","2","10.00"\n'
)


def test_a_posting_file_is_seen_before_anything_is_sent(tmp_path: Path) -> None:
    result = run("formats", "preview", written(tmp_path, EXPORT), "--template", "generic-csv")
    assert "INV-7" in result.stdout


def test_a_template_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    result = run("formats", "preview", written(tmp_path, EXPORT), "--template", "hats")
    assert 3 == getattr(result.exception, "exit_code", None)
