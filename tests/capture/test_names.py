"""Names of senders: what is printed in a letterhead or a footer, in the legal forms of many countries."""

import pytest

from capture.fields.names import folded_name, printed_name
from capture.reader import read
from tests.capture.conftest import NO_ENGINES, opened
from tests.capture.paint import INVOICE, text_pdf

NAMELESS = [text for text in INVOICE if text[2] not in {"Brightwater Tools Ltd", "accounts@brightwater-tools.co.uk"}]


@pytest.mark.parametrize(
    "name",
    ["Luz del Norte S.A.", "Sonne e.K.", "Ceske svetlo a.s.", "De Vries B.V.", "Rossi S.r.l.", "Kowalski Sp. z o.o."],
)
def test_a_name_is_found_in_the_footer_by_its_legal_form(name: str) -> None:
    footer = (90, 1680, f"{name} - Main street 3, 28013 Madrid")
    assert name == read(opened(text_pdf([*NAMELESS, footer])), (), NO_ENGINES).invoice.supplier_name


def test_the_last_point_belongs_to_the_legal_form_and_not_to_a_sentence() -> None:
    assert ["Luz S.A.", "Nordlicht AG"] == [printed_name("Luz S.A."), printed_name("Nordlicht AG.")]


@pytest.mark.parametrize(("one", "other"), [("Acme s.r.o.", "ACME S.R.O"), ("Acme AG", "Acme Aktiengesellschaft")])
def test_names_are_the_same_whatever_their_legal_form_looks_like(one: str, other: str) -> None:
    assert folded_name(one) == folded_name(other)
