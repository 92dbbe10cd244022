"""How numbers and names are compared."""

import pytest

from formats.documents import Invoice
from formats.normalise import business_key, normalise_number, supplier_key


@pytest.mark.parametrize(
    ("written", "compared"),
    [("inv-007/A", "INV007A"), (" 007 ", "007"), ("ＩＮＶ１", "INV1"), ("№ 5", "NO5"), ("", "")],
)
def test_numbers_are_capitals_letters_and_digits_and_leading_zeros_live(written: str, compared: str) -> None:
    assert compared == normalise_number(written)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Acmé, Inc.", "acme"),
        ("ACME  GmbH & Co. KG", "acme gmbh and"),
        ("S.A.P. AG", "sap"),
        ("NA", "na"),
        ("AG", "ag"),
        ("Ltd Co", "ltd"),
        ("Smith & Sons Limited", "smith and sons"),
    ],
)
def test_names_lose_case_accents_and_trailing_legal_forms_but_never_everything(written: str, compared: str) -> None:
    assert compared == supplier_key(written)


def test_the_business_key_is_supplier_number_and_kind() -> None:
    invoice = Invoice(number="inv-1", date=None, currency="", supplier_number=" v-42 ")
    unknown = Invoice(number="inv|1", date=None, currency="", supplier_name="Acme | Inc", is_credit_note=True)
    assert ["V-42|INV1|INV", "acme|INV1|CRN"] == [business_key(invoice), business_key(unknown)]
