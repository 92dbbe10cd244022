"""Templates: what one supplier's paper does that others do not."""

import datetime as dt

import pytest

from capture.evidence import Reading
from capture.labels import Kind
from capture.reader import read
from capture.templates import Place, Template
from formats.findings import Box
from tests.capture.conftest import NO_ENGINES, SUPPLIERS, opened
from tests.capture.paint import INVOICE, text_pdf

STRANGE = [text for text in INVOICE if not text[2].startswith(("Invoice number", "Invoice date", "Currency"))]
CODE, DAY = (690, 250, "Our sign BW-20418"), (690, 295, "03/04/2024")


def _read(template: Template, *more: tuple[int, int, str]) -> Reading:
    return read(opened(text_pdf([*STRANGE, *more])), SUPPLIERS, NO_ENGINES, {"V-100": template})


def test_words_of_a_supplier_introduce_its_values() -> None:
    assert "" == _read(Template(), CODE).invoice.number
    assert "BW-20418" == _read(Template(words={"our sign": Kind.NUMBER}), CODE).invoice.number


def test_a_value_that_nothing_introduces_is_found_by_its_place() -> None:
    template = Template(places={"number": Place(1, Box(690 / 1240, 250 / 1754, 870 / 1240, 285 / 1754))})
    reading = _read(template, (690, 250, "BW-20418"))
    assert ("BW-20418", "template") == (reading.invoice.number, reading.evidence["number"].reason)


@pytest.mark.parametrize(("month_first", "month"), [(True, 3), (False, 4), (None, 4)])
def test_a_supplier_has_its_own_order_of_day_and_month(month_first: bool | None, month: int) -> None:
    date = _read(Template(month_first=month_first), DAY).invoice.date
    assert dt.date(2024, month, 7 - month) == date


def test_a_currency_that_is_not_printed_comes_from_the_template() -> None:
    reading = _read(Template(currency="GBP"))
    assert ("GBP", "template") == (reading.invoice.currency, reading.evidence["currency"].engine)


def test_the_template_of_another_supplier_does_nothing() -> None:
    other = read(opened(text_pdf([*STRANGE, CODE])), SUPPLIERS, NO_ENGINES, {"V-200": Template(currency="GBP")})
    assert "" == other.invoice.currency


def test_the_same_form_has_the_same_layout_however_many_lines_it_has() -> None:
    longer = [*INVOICE, (90, 770, "Bolts"), (640, 770, "1"), (800, 770, "0.00"), (1040, 770, "0.00")]
    layouts = [read(opened(text_pdf(texts)), SUPPLIERS, NO_ENGINES).layout for texts in (INVOICE, longer, STRANGE)]
    assert layouts[0] == layouts[1] != layouts[2]
