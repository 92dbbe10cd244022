"""Learning templates from corrections, and telling when a supplier's paper has changed."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from capture.drift import Read, shift
from capture.labels import Kind
from capture.learning import Value, learn
from capture.masking import mask
from capture.reader import read
from capture.reading import first_reading
from capture.templates import Template
from tests.capture.conftest import NO_ENGINES, SUPPLIERS, opened
from tests.capture.paint import INVOICE, text_pdf

BARE = [text for text in INVOICE if not text[2].startswith(("Invoice number", "Invoice date", "Currency"))]
STRANGE = [*BARE, (690, 250, "Our sign: BW-20418"), (690, 295, "Written"), (900, 295, "03/04/2024")]


def _learn(**right: Value) -> Template:
    marked = first_reading(opened(text_pdf(STRANGE)), None)[0]
    return learn(marked, right, Template()).template


def test_the_words_before_a_right_value_are_learned() -> None:
    assert {"our sign": Kind.NUMBER} == _learn(number="BW-20418").words


def test_the_words_beside_a_right_value_are_learned() -> None:
    assert Kind.DATE == _learn(date=dt.date(2024, 3, 4)).words["written"]


@pytest.mark.parametrize(("date", "month_first"), [(dt.date(2024, 3, 4), True), (dt.date(2024, 4, 3), False)])
def test_the_order_of_day_and_month_is_learned(date: dt.date, month_first: bool) -> None:
    assert month_first is _learn(date=date).month_first


def test_words_that_every_supplier_uses_are_not_learned_again() -> None:
    assert {} == _learn(total=Decimal("726.00")).words


def test_a_currency_that_is_not_printed_becomes_the_default() -> None:
    assert "CHF" == _learn(currency="CHF").currency


def test_a_value_that_is_not_on_the_page_teaches_nothing_and_is_named() -> None:
    lesson = learn(first_reading(opened(text_pdf(STRANGE)), None)[0], {"number": "ZZ-1"}, Template())
    assert (Template(), ("number",)) == (lesson.template, lesson.unseen)


def test_what_was_learned_from_one_page_reads_the_next() -> None:
    template = _learn(number="BW-20418", date=dt.date(2024, 3, 4), currency="GBP")
    following = [(left, top, text.replace("20418", "20555").replace("03/04", "05/06")) for left, top, text in STRANGE]
    reading = read(opened(text_pdf(following)), SUPPLIERS, NO_ENGINES, {"V-100": template}).invoice
    assert ("BW-20555", dt.date(2024, 5, 6), "GBP") == (reading.number, reading.date, reading.currency)


RIGHT, WRONG = Read(corrected=False, confidence=0.95), Read(corrected=True, confidence=0.95)


def test_a_correction_now_and_then_is_as_usual() -> None:
    assert "" == shift([WRONG if number % 20 == 0 else RIGHT for number in range(200)])


def test_three_corrections_in_a_row_are_a_change() -> None:
    assert "corrected" in shift([RIGHT] * 50 + [WRONG] * 3)


def test_confidence_that_falls_is_a_change() -> None:
    assert "0.95 to 0.70" in shift([RIGHT] * 40 + [Read(corrected=False, confidence=0.7)] * 10)


def test_as_usual_is_rarely_taken_for_a_change() -> None:
    """Two hundred suppliers of a hundred pages each, one in fifty corrected."""
    chance = random.Random(5)
    told = [shift([WRONG if chance.random() < 0.02 else RIGHT for _ in range(100)]) for _ in range(200)]
    assert sum(map(bool, told)) < 10


def test_nothing_is_known_of_a_supplier_without_pages() -> None:
    assert "" == shift([])


PRIVATE = (
    "Pay to GB82 WEST 1234 5698 7654 32, VAT DE123456789, ask jo.doe@acme.example. Total 1,234.50 EUR of 17.03.2024"
)


def test_accounts_tax_ids_and_addresses_are_masked_and_amounts_are_not() -> None:
    masked = mask(PRIVATE)
    assert "Pay to [IBAN-1], VAT [TAX-1], ask [MAIL-1]. Total 1,234.50 EUR of 17.03.2024" == masked.text
    assert PRIVATE == masked.reveal(masked.text)


def test_the_same_value_has_the_same_mark() -> None:
    assert "[MAIL-1] [MAIL-2] [MAIL-1]" == mask("a@b.example c@d.example a@b.example").text
