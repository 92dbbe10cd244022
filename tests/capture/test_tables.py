"""Tables: which rows are goods, which only look like it, and what taxes of several rates add up to."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from capture.evidence import Reading
from capture.reader import read
from tests.capture.conftest import NO_ENGINES, opened
from tests.capture.paint import text_pdf

PLACES = (90, 560, 720, 880, 1040)
HEADING = ("Description", "Qty", "Unit price", "VAT", "Amount")
HEAD = (
    (90, 90, "Brightwater Tools Ltd"),
    (690, 250, "Invoice number: BW-20418"),
    (690, 295, "Invoice date: 17 March 2024"),
    (690, 340, "Currency: EUR"),
)
GOODS = (("Cordless drill", "4", "120.00", "20", "480.00"), ("Masonry bits", "10", "12.50", "5", "125.00"))
TWO_RATES = (
    ("", "", "Net amount", "", "605.00"),
    ("", "VAT", "480.00", "20", "96.00"),
    ("", "VAT", "125.00", "5", "6.25"),
    ("", "", "Total", "", "707.25"),
)

Row = Sequence[str]


def page(*rows: Row, first: int = 600, places: Sequence[int] = PLACES) -> list[tuple[int, int, str]]:
    """Rows of cells, one below the other; an empty cell is not printed."""
    return [
        (left, first + 50 * number, text)
        for number, row in enumerate(rows)
        for left, text in zip(places, row, strict=False)
        if text
    ]


def reading_of(*rows: Row, places: Sequence[int] = PLACES, beside: Sequence[tuple[int, int, str]] = ()) -> Reading:
    texts = [*HEAD, *page(*rows, places=places), *beside]
    return read(opened(text_pdf(texts)), (), NO_ENGINES)


def lines_of(reading: Reading) -> list[tuple[str, str]]:
    return [(line.description, str(line.net)) for line in reading.invoice.lines]


SOLD = [("Cordless drill", "480.00"), ("Masonry bits", "125.00")]


def test_taxes_of_two_rates_are_added_where_no_sum_of_them_is_printed() -> None:
    invoice = reading_of(HEADING, *GOODS, *TWO_RATES).invoice
    rates = [(tax.rate, tax.amount) for tax in invoice.taxes]
    assert ([(Decimal(20), Decimal("96.00")), (Decimal(5), Decimal("6.25"))], Decimal("102.25")) == (
        rates,
        invoice.tax_total,
    )


@pytest.mark.parametrize(
    "row",
    [
        ("VAT (S)", "20", "480.00", "", "96.00"),
        ("", "20", "480.00", "", "96.00"),
        ("IBAN DE88 2008 0000 0970 3757 00", "", "", "", ""),
        ("Carried forward", "1", "605.00", "", "605.00"),
    ],
    ids=["tax with its rate", "tax without a word", "bank account", "sum carried over"],
)
def test_a_row_that_sells_nothing_is_no_line_though_its_numbers_multiply(row: Row) -> None:
    assert SOLD == lines_of(reading_of(HEADING, *GOODS, row))


def test_a_price_in_whole_units_of_money_is_not_rounded_to_fit() -> None:
    remark = ("Deposit", "100", "3", "", "320.00")
    assert SOLD == lines_of(reading_of(HEADING, *GOODS, *TWO_RATES, remark))


def test_a_table_of_services_has_two_columns() -> None:
    rows = (("Description", "Amount"), ("Site survey", "400.00"), ("Written report", "205.00"), ("Total", "605.00"))
    reading = reading_of(*rows, places=(90, 1040))
    assert [("Site survey", "400.00"), ("Written report", "205.00")] == lines_of(reading)


def test_what_is_not_taxed_is_a_part_of_the_total_where_it_is_summed_apart() -> None:
    sums = (
        ("Total 6% supplies (excl. GST)", "", "", "", "25.56"),
        ("GST", "", "", "", "1.53"),
        ("Total 6% supplies (incl. GST)", "", "", "", "27.09"),
        ("Total 0% supplies", "", "", "", "14.35"),
        ("Total payable", "", "", "", "41.44"),
    )
    assert Decimal("41.44") == reading_of(*sums).invoice.total


def test_sums_that_close_by_themselves_win_over_those_that_a_charge_explains() -> None:
    sums = (
        ("Net amount", "Freight", "VAT", "Rate", "Total"),
        ("321.40", "3.00", "61.07", "19.0", "382.47"),
        ("127.59", "127.59", "8.93", "7.0", "136.52"),
        ("448.99", "3.00", "70.00", "", "518.99"),
    )
    evidence = reading_of(*sums, places=(90, 350, 560, 800, 1040)).evidence
    seen = [evidence[name].raw for name in ("net_total", "tax_total", "total")]
    assert ["448.99", "70.00", "518.99"] == seen


def test_a_note_under_a_line_belongs_to_it_and_is_no_line() -> None:
    rows = (HEADING, GOODS[0], ("with two batteries",), GOODS[1])
    assert [("Cordless drill with two batteries", "480.00"), SOLD[1]] == lines_of(reading_of(*rows))


def test_what_climbs_the_margin_does_not_end_a_description() -> None:
    rows = (HEADING, GOODS[0], ("with two batteries",), GOODS[1])
    stamp = [(5, 672, "v1")]
    places = (140, *PLACES[1:])
    assert "Cordless drill with two batteries" == lines_of(reading_of(*rows, places=places, beside=stamp))[0][0]


def test_a_heading_split_above_and_below_the_others_is_one_heading() -> None:
    rows = (("", "", "Unit"), ("Description", "Qty", "", "Disc.", "Amount"), ("", "", "price"))
    sold = ("Cordless drill", "4", "120.00", "10%", "432.00")
    line = reading_of(*rows, sold).invoice.lines[0]
    assert (Decimal(4), Decimal(108), Decimal(432)) == (line.quantity, line.price, line.net)


def test_the_imprint_in_the_footer_names_the_sender_that_no_letterhead_names() -> None:
    texts = [*HEAD[1:], *page(HEADING, *GOODS), (90, 1690, "Harbour Fittings · 12 Quay Street · Bristol BS1 4ST")]
    assert "Harbour Fittings" == read(opened(text_pdf(texts)), (), NO_ENGINES).invoice.supplier_name


@pytest.mark.parametrize(
    ("text", "currency"),
    [("incl. a discount of Rs -40.00", "INR"), ("Ask Rs Patil", "")],
)
def test_a_currency_written_in_small_letters_counts_beside_an_amount(text: str, currency: str) -> None:
    texts = [*HEAD[:3], *page(HEADING, *GOODS), (90, 1000, text)]
    assert currency == read(opened(text_pdf(texts)), (), NO_ENGINES).invoice.currency
