"""Pages that a person corrects teach the supplier's template, and too many corrections close automatic passing."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exchange.batches import correcting, drifting, rerunning, templates
from exchange.cli import app
from exchange.errors import ExchangeError, NotFoundError, SettingsError
from exchange.ledger import drift, records
from formats.documents import Supplier
from tests.capture.paint import INVOICE, text_pdf
from tests.exchange.desk import Desk, open_desk
from tests.exchange.pages import judge_again, take
from tests.exchange.parties import utc_now

SUPPLIER = Supplier(number="V-100", name="Brightwater Tools Limited", email="accounts@brightwater-tools.co.uk")
UNUSUAL = [text for text in INVOICE if not text[2].startswith("Invoice number")]


def _page(number: str) -> bytes:
    return text_pdf([*UNUSUAL, (690, 250, f"Our sign: {number}")])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that knows the supplier."""
    with open_desk(tmp_path) as opened:
        opened.know(SUPPLIER)
        yield opened


def test_what_a_person_corrects_is_read_from_the_next_page(desk: Desk) -> None:
    record = take(desk, _page("BW-20418"))
    learned = correcting.correct(desk.world, record["id"], {"number": "BW-20418"}, "jo")
    assert ("V-100", ("number",), ()) == (learned.supplier, learned.fields, learned.unseen)
    assert ("", "BW-20419") == (record["number"], take(desk, _page("BW-20419"))["number"])


def test_a_held_record_is_put_right_and_no_longer_missing_anything(desk: Desk) -> None:
    record = take(desk, _page("BW-20418"))
    correcting.correct(desk.world, record["id"], {"number": "BW-20418"}, "jo")
    again = rerunning.rerun(desk.world, record["batch_id"], dry_run=True)[0]
    assert "number" in record["explanation"]
    assert ("BW-20418", False) == (again["number"], "field-missing" in again["reasons"])


def test_a_template_is_a_file_that_people_can_read(desk: Desk) -> None:
    record = take(desk, _page("BW-20418"))
    file = correcting.correct(desk.world, record["id"], {"number": "BW-20418"}, "jo").file
    text = file.read_text(encoding="utf-8")
    assert text.startswith("supplier: V-100\nwords:\n  number:\n  - our sign\nplaces:\n  number:\n    page: 1\n")
    assert text.endswith(f"  day: '{utc_now():%Y-%m-%d}'\n  by: jo\n  fields:\n  - number\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("supplier: V-1\nwords:\n  nummer: [x]\n", r":3: words\.nummer"),
        ("supplier: V-1\ndates: american\n", r":2: dates"),
        (
            "supplier: V-1\nplaces:\n  number: {page: 1, left: 0.9, top: 0.1, right: 0.2, bottom: 0.2}\n",
            r":3: places\.number: left must",
        ),
        ("supplier: V-1\ncurrency: pounds\n", r":2: currency"),
        ("supplier: [\n", r"V-1\.yaml"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "suppliers").mkdir()
    (tmp_path / "suppliers" / "V-1.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=problem):
        templates.load_templates(tmp_path)


def test_numbers_that_differ_only_in_punctuation_have_files_of_their_own(tmp_path: Path) -> None:
    files_ = {templates._file(tmp_path, number).name for number in ("V/1", "V_1", "V.1", "../V_1")}
    assert 4 == len(files_)
    assert {tmp_path / "suppliers"} == {templates._file(tmp_path, "../../x").parent}


@pytest.mark.parametrize(
    "told",
    [{"total": "much"}, {"date": "31.12.2026"}, {"colour": "red"}, {"number": " "}],
    ids=lambda told: next(iter(told)),
)
def test_what_cannot_be_a_value_is_refused(desk: Desk, told: Mapping[str, str]) -> None:
    record = take(desk, _page("BW-20418"))
    with pytest.raises(ExchangeError, match=next(iter(told))):
        correcting.correct(desk.world, record["id"], told, "jo")


def test_a_page_that_is_as_it_was_read_teaches_nothing(desk: Desk) -> None:
    record = take(desk, text_pdf())
    with pytest.raises(ExchangeError, match="nothing to learn"):
        correcting.correct(desk.world, record["id"], {}, "jo")


def _usual(number: str) -> bytes:
    return text_pdf([(left, top, text.replace("BW-20418", number)) for left, top, text in INVOICE])


def _correct_often(desk: Desk) -> None:
    for number in range(3):
        record = take(desk, _usual(f"BW-2041{number}"))
        correcting.correct(desk.world, record["id"], {"po_number": "4500017"}, "jo")


def test_a_supplier_that_is_corrected_often_passes_no_more_until_somebody_looked(desk: Desk) -> None:
    _correct_often(desk)
    assert "capture-drift" in take(desk, _usual("BW-30001"))["reasons"].split()
    drifting.reopen(desk.world, "V-100", "jo", "a new form, and it is learned")
    assert "capture-drift" not in take(desk, _usual("BW-30002"))["reasons"].split()


def test_a_page_that_was_held_for_a_doubt_is_judged_without_it_once_somebody_looked(desk: Desk) -> None:
    _correct_often(desk)
    held = take(desk, _usual("BW-30001"))
    drifting.reopen(desk.world, "V-100", "jo", "a new form, and it is learned")
    again = judge_again(desk, held["sha256"])
    assert [True, False] == ["capture-drift" in record["reasons"].split() for record in (held, again)]


def test_there_is_nothing_to_reopen_without_a_doubt(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="V-100"):
        drifting.reopen(desk.world, "V-100", "jo", "why not")


def test_pages_that_were_neither_loaded_nor_corrected_say_nothing_yet(desk: Desk) -> None:
    record = take(desk, text_pdf())
    with desk.world.ledger.write() as tx:
        assert [] == list(drift.pages(tx, "V-100"))
        records.settle(tx, record["id"], records.LOADED, utc_now())
        assert [record["id"]] == [page["record_id"] for page in drift.pages(tx, "V-100")]


def test_show_lists_layouts_and_doubts(desk: Desk) -> None:
    _correct_often(desk)
    result = CliRunner().invoke(
        app, ["capture", "show", "--json", "--config", str(desk.config)], catch_exceptions=False
    )
    told = json.loads(result.stdout)
    assert [("V-100", 3, 3)] == [(one["supplier_number"], one["pages"], one["corrected"]) for one in told["layouts"]]
    assert [("V-100", None)] == [(one["supplier_number"], one["reviewed_at"]) for one in told["doubts"]]


def test_learn_is_a_command(desk: Desk) -> None:
    record = take(desk, _page("BW-20418"))
    words = ["capture", "learn", str(record["id"]), "--right", "number=BW-20418", "--right", "date=2024-03-17"]
    told = CliRunner().invoke(app, [*words, "--json", "--config", str(desk.config)], catch_exceptions=False)
    assert ["number", "date"] == json.loads(told.stdout)["fields"]
