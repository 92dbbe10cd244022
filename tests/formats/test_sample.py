"""Test data made up from a layout's declaration."""

import io

import pytest
from typer.testing import CliRunner

from exchange.cli import app
from formats import sample
from formats.catalogue import LAYOUTS
from formats.erp import payments
from formats.examine import examine
from formats.overlay import lay_over, load

ALL = {**LAYOUTS, **payments.LAYOUTS}


def made(name: str, records: int = 3, seed: int = 0) -> str:
    stream = io.StringIO(newline="")
    sample.write(ALL[name], stream, records, seed)
    return stream.getvalue()


@pytest.mark.parametrize("name", ALL)
def test_test_data_breaks_no_rule_of_its_layout(name: str) -> None:
    found = examine(io.BytesIO(made(name).encode()), name, ALL[name])
    assert (3, []) == (found.totals.records, [str(finding) for finding in found.findings])


def test_the_same_seed_makes_the_same_file_and_another_one_another() -> None:
    first, again, other = made("invoice-import"), made("invoice-import"), made("invoice-import", seed=1)
    assert (True, False) == (first == again, first == other)


def test_nothing_but_headers_is_a_file_too() -> None:
    assert 2 == made("invoice-import", records=0).count("\r\n")


def test_a_customers_own_template_has_test_data_as_well() -> None:
    text = "layout: supplier-import\ndelimiter: ';'\nrows:\n  row:\n    custom: [{name: Plant, required: true}]\n"
    layout, stream = lay_over(load(text, "own")), io.StringIO(newline="")
    sample.write(layout, stream, 2)
    found = examine(io.BytesIO(stream.getvalue().encode()), "own", layout)
    assert (2, [], True) == (found.totals.records, list(found.findings), '"Plant"' in stream.getvalue())


def test_the_command_writes_it() -> None:
    told = CliRunner().invoke(app, ["formats", "sample", "account-import", "--records", "2"])
    assert (0, 3) == (told.exit_code, len(told.stdout.splitlines()))


def test_a_layout_that_nobody_knows_is_not_found() -> None:
    told = CliRunner().invoke(app, ["formats", "sample", "nonsense"])
    assert "There is no layout 'nonsense'" in str(told.exception)
