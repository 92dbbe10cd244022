"""Wrong words on the command line: each is told in a sentence, with a documented exit code."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exchange.cli import app, main
from exchange.cli.partner_proofs import CODES
from exchange.errors import NotFoundError


def test_a_flow_that_nobody_knows_is_a_mistake_of_the_command_line(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["batches", "--flow", "nope", "--config", str(tmp_path)])
    assert (2, True) == (told.exit_code, "purchase_orders" in told.output)


def test_a_list_of_less_than_one_batch_is_a_mistake_of_the_command_line(tmp_path: Path) -> None:
    assert 2 == CliRunner().invoke(app, ["batches", "--limit", "0", "--config", str(tmp_path)]).exit_code


def test_one_rule_is_explained() -> None:
    told = CliRunner().invoke(app, ["rules", "po-unknown", "--json"])
    assert ["po-unknown"] == [rule["id"] for rule in json.loads(told.output)]


def test_a_rule_that_nobody_knows_is_not_found() -> None:
    told = CliRunner().invoke(app, ["rules", "po-unknwon"])
    assert "There is no rule po-unknwon. `exchange rules` lists them." == str(told.exception)
    assert isinstance(told.exception, NotFoundError)


@pytest.mark.parametrize(("probe", "code"), [("connect", 21), ("host key", 22), ("login", 22)])
def test_check_ends_with_the_code_that_a_run_would_end_with(probe: str, code: int) -> None:
    assert code == CODES[probe].exit_code


@pytest.mark.parametrize("arguments", [["init", "--folder", "/proc/nope"], ["rules", "nope"]])
def test_what_goes_wrong_is_one_sentence_and_never_a_traceback(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["exchange", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert (True, 1, True) == (told.startswith("exchange: "), told.count("\n"), ended.value.code in (1, 3))
