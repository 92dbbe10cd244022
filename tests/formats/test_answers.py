"""What goes with a file: the manifest before it, the acknowledgement after it."""

import json
from decimal import Decimal

import pytest

from formats.acknowledgement import Acknowledgement, Answer, Remark
from formats.manifest import Manifest
from tests.formats.files import opened, rows


def test_a_manifest_comes_back_with_exact_amounts() -> None:
    manifest = Manifest(name="s.csv", sha256="ab", size=7, records=2, rows=3, money={"EUR": Decimal("0.10")})
    assert manifest == Manifest.load(manifest.dump())
    assert "0.10" == json.loads(manifest.dump())["money"]["EUR"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"money": {"EUR": "x"}}', '{"money": {}, "more": 1}'])
def test_what_is_no_manifest_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="no manifest"):
        Manifest.load(text)


REMARK = Remark(rule="value-number", message="'five' is not a number", line=5, column="Price", remedy="Digits only")
ANSWER = Acknowledgement(
    file="d.zip",
    sha256="ab",
    answers=(
        Answer(number="A", outcome="loaded", supplier_number="V-1", currency="EUR", amount=Decimal("1.50")),
        Answer(number="B", outcome="loaded", supplier_number="V-1", currency="EUR", amount=Decimal("2.50")),
        Answer(number="C", outcome="rejected", remarks=(REMARK,)),
    ),
)


def test_an_acknowledgement_counts_every_invoice_once_and_names_the_place_of_each_fault() -> None:
    stream = opened("")
    ANSWER.write(stream)
    _, *lines = rows(stream.getvalue())
    assert [
        ["File", "d.zip", "", "", "", ""],
        ["Total", "2", "", "loaded", "EUR", "4.00"],
        ["Total", "1", "", "rejected", "", "0"],
        ["Invoice", "A", "V-1", "loaded", "EUR", "1.50"],
        ["Invoice", "B", "V-1", "loaded", "EUR", "2.50"],
        ["Invoice", "C", "", "rejected", "", ""],
        ["Remark", "C", "", "", "", ""],
    ] == [line[:6] for line in lines]
    assert ["5", "Price", "value-number", "'five' is not a number", "Digits only"] == lines[-1][6:]


def test_the_json_twin_says_the_same() -> None:
    told = json.loads(ANSWER.dump())
    assert {"loaded": 2, "rejected": 1} == told["counts"]
    assert {"outcome": "loaded", "currency": "EUR", "amount": "4.00"} in told["totals"]
    assert 5 == told["answers"][2]["remarks"][0]["line"]
