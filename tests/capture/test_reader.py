"""Reading: the fields of a printed and of a scanned invoice, with evidence."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest
from PIL import Image

from capture.engines import Engines
from capture.evidence import Reading
from capture.fields.supplier import Directory
from capture.limits import Limits
from capture.paper import Paper
from capture.reader import read
from formats.documents import Supplier
from tests.capture.conftest import NO_ENGINES, SUPPLIERS, opened
from tests.capture.paint import INVOICE, painted, saved, text_pdf


def rules(reading: Reading) -> set[str]:
    return {finding.rule.id for finding in reading.findings}


def headline(reading: Reading) -> tuple[object, ...]:
    invoice = reading.invoice
    return invoice.number, invoice.date, invoice.currency, invoice.supplier_number, invoice.total, len(invoice.lines)


EXPECTED = ("BW-20418", dt.date(2024, 3, 17), "GBP", "V-100", Decimal("726.00"), 2)


def test_a_printed_invoice_is_read_without_an_engine(printed: Paper) -> None:
    assert EXPECTED == headline(read(printed, SUPPLIERS, NO_ENGINES))


@pytest.mark.parametrize("limits", [Limits(words=10), Limits(all_words=10)])
def test_words_beyond_a_limit_are_not_read_and_that_is_said(printed: Paper, limits: Limits) -> None:
    reading = read(replace(printed, limits=limits), SUPPLIERS, NO_ENGINES)
    assert ("", True) == (reading.invoice.number, "page-too-large" in rules(reading))


def test_a_scanned_invoice_is_read(scanned: Paper, engines: Engines) -> None:
    assert EXPECTED == headline(read(scanned, SUPPLIERS, engines))


def test_lines_carry_quantity_price_and_order(printed: Paper) -> None:
    lines = read(printed, SUPPLIERS, NO_ENGINES).invoice.lines
    seen = [(line.description, line.quantity, line.price, line.net, line.po_number) for line in lines]
    assert [
        ("Cordless drill 18 V", Decimal(4), Decimal("120.00"), Decimal("480.00"), "4500017"),
        ("Masonry bit set", Decimal(10), Decimal("12.50"), Decimal("125.00"), "4500017"),
    ] == seen


def test_taxes_carry_rate_and_basis(printed: Paper) -> None:
    taxes = read(printed, SUPPLIERS, NO_ENGINES).invoice.taxes
    assert [Decimal("121.00")] == [tax.amount for tax in taxes]


def test_a_discount_in_percent_leaves_the_net_price() -> None:
    heading, cell = (930, 600, "Disc."), (930, 660, "10%")
    swap = {"480.00": "432.00", "605.00": "557.00", "121.00": "111.40", "726.00": "668.40"}
    texts = [(left, top, swap.get(text, text)) for left, top, text in INVOICE]
    line = read(opened(text_pdf([*texts, heading, cell])), SUPPLIERS, NO_ENGINES).invoice.lines[0]
    assert (Decimal(4), Decimal(108), Decimal(432)) == (line.quantity, line.price, line.net)


def test_lines_go_on_over_the_page_break(engines: Engines) -> None:
    first = [text for text in INVOICE if text[1] < 800]
    header = [text for text in INVOICE if text[1] == 600]
    more = [(90, 660, "Tool bag"), (640, 660, "2"), (800, 660, "40.00"), (1040, 660, "80.00")]
    pages = [painted(first), painted([*header, *more])]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    lines = read(opened(data), SUPPLIERS, Engines(engines.first)).invoice.lines
    assert [Decimal("480.00"), Decimal("125.00"), Decimal("80.00")] == [line.net for line in lines]


def test_the_due_date_is_not_the_invoice_date(printed: Paper) -> None:
    assert dt.date(2024, 4, 16) == read(printed, SUPPLIERS, NO_ENGINES).invoice.due_date


def test_evidence_points_at_the_place(printed: Paper) -> None:
    evidence = read(printed, SUPPLIERS, NO_ENGINES).evidence["total"]
    assert (1, "726.00", "textlayer") == (evidence.page, evidence.raw, evidence.engine)
    assert 0.8 < evidence.box.left < evidence.box.right < 1


def test_a_clean_invoice_of_a_known_supplier_needs_nobody(printed: Paper) -> None:
    reading = read(printed, SUPPLIERS, NO_ENGINES)
    assert set() == rules(reading)
    assert reading.confidence > 0.9


def test_an_unknown_supplier_is_read_by_name_and_is_uncertain(printed: Paper) -> None:
    reading = read(printed, (), NO_ENGINES)
    assert "Brightwater Tools Ltd" == reading.invoice.supplier_name
    assert {"field-uncertain"} == rules(reading)


def test_a_missing_number_is_a_finding() -> None:
    paper = opened(text_pdf([text for text in INVOICE if not text[2].startswith(("Invoice number", "INVOICE"))]))
    assert "field-missing" in rules(read(paper, SUPPLIERS, NO_ENGINES))


def test_a_page_without_number_and_total_is_no_invoice() -> None:
    paper = opened(text_pdf([(90, 90, "Dear Sir or Madam,"), (90, 150, "thank you for your letter.")]))
    assert "page-not-an-invoice" in rules(read(paper, SUPPLIERS, NO_ENGINES))


def test_a_blank_page_is_unreadable(engines: Engines) -> None:
    paper = opened(saved(Image.new("RGB", (800, 1000), "white"), "PNG"))
    assert "page-unreadable" in rules(read(paper, SUPPLIERS, engines))


def test_sums_that_do_not_close_lower_the_confidence() -> None:
    wrong = opened(text_pdf([*INVOICE[:-1], (1040, 960, "999.99")]))
    right = opened(text_pdf())
    confidences = [read(paper, SUPPLIERS, NO_ENGINES).evidence["total"].confidence for paper in (wrong, right)]
    assert confidences[0] < confidences[1]


def test_a_tax_that_the_total_contradicts_is_not_sure_even_where_the_lines_add_up() -> None:
    misprinted = [(left, top, text.replace("121.00", "112.00")) for left, top, text in INVOICE]
    reading = read(opened(text_pdf(misprinted)), SUPPLIERS, NO_ENGINES)
    assert reading.evidence["net_total"].confidence > 0.95 > reading.evidence["tax_total"].confidence


def test_taxes_at_several_rates_are_summed_however_their_labels_stand() -> None:
    several = [text for text in INVOICE if text[1] not in {905, 960}]
    several += [(800, 905, "8% VAT:"), (1040, 905, "10.00"), (800, 960, "VAT 20%:"), (1040, 960, "96.00")]
    several += [(800, 1015, "Total"), (1040, 1015, "711.00")]
    assert Decimal("106.00") == read(opened(text_pdf(several)), SUPPLIERS, NO_ENGINES).chosen["tax_total"].value


def test_an_invoice_without_lines_is_a_finding() -> None:
    paper = opened(text_pdf([text for text in INVOICE if not 590 < text[1] < 800]))
    assert "field-missing" in rules(read(paper, SUPPLIERS, NO_ENGINES))


def test_lines_that_do_not_add_up_are_a_finding() -> None:
    paper = opened(text_pdf([text for text in INVOICE if text[1] != 715]))
    assert {"lines-open"} == rules(read(paper, SUPPLIERS, NO_ENGINES))


@pytest.mark.parametrize(
    ("supplier", "reason"),
    [
        (Supplier(number="V-1", name="Other", tax_id="GB 980 7806 84"), "tax id"),
        (Supplier(number="V-1", name="Other", iban="GB82 WEST 1234 5698 7654 32"), "IBAN"),
        (Supplier(number="V-1", name="Other", website="https://www.brightwater-tools.co.uk/shop"), "domain"),
        (Supplier(number="V-1", name="BRIGHTWATER TOOLS LTD."), "name"),
        (Supplier(number="V-1", name="Brightwater Tool Limited"), "name like"),
    ],
)
def test_a_supplier_is_found_by_what_is_printed(supplier: Supplier, reason: str) -> None:
    more = [(90, 1600, "VAT no. GB980780684"), (90, 1650, "IBAN GB82 WEST 1234 5698 7654 32")]
    reading = read(opened(text_pdf([*INVOICE, *more])), (*SUPPLIERS[1:], supplier), NO_ENGINES)
    assert "V-1" == reading.invoice.supplier_number
    assert reading.evidence["supplier"].reason.startswith(reason)


def test_amounts_of_a_credit_note_become_positive() -> None:
    signed = {"480.00": "-480.00", "125.00": "-125.00", "605.00": "-605.00", "121.00": "-121.00", "726.00": "-726.00"}
    signed |= {"4": "-4", "10": "-10", "INVOICE": "CREDIT NOTE"}
    paper = opened(text_pdf([(left, top, signed.get(text, text)) for left, top, text in INVOICE]))
    invoice = read(paper, SUPPLIERS, NO_ENGINES).invoice
    assert (True, Decimal("726.00"), Decimal("605.00")) == (invoice.is_credit_note, invoice.total, invoice.net_total)


def test_a_page_on_its_head_is_turned(engines: Engines) -> None:
    paper = opened(saved(painted().rotate(180), "PNG"))
    assert "BW-20418" == read(paper, SUPPLIERS, engines).invoice.number


def test_without_tesseract_the_missing_second_reading_is_said(scanned: Paper, engines: Engines) -> None:
    reading = read(scanned, SUPPLIERS, Engines(engines.first, None, "apt-get install tesseract-ocr"))
    assert "second-reading-missing" in rules(reading)


@pytest.mark.parametrize("directory", [SUPPLIERS, Directory.of(SUPPLIERS)])
def test_a_directory_may_be_passed_for_the_master(printed: Paper, directory: Directory) -> None:
    assert ("V-100",) == read(printed, directory, NO_ENGINES).supplier_candidates[:1]


def test_an_invoice_inside_the_pdf_wins_over_the_print() -> None:
    xml = (
        b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
        b'xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
        b"<b:ID>EMBEDDED-1</b:ID><b:IssueDate>2024-01-02</b:IssueDate></Invoice>"
    )
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        document.attachments["factur-x.xml"] = xml
        document.save(stream)
    assert "EMBEDDED-1" == read(opened(stream.getvalue()), SUPPLIERS, NO_ENGINES).invoice.number


FRENCH = """
Imprimerie Lavigne SARL
Facture n° 562044 du 02 juillet 2023
N° de commande : CMD-7781
Total HT 1 240,00 €
TVA 20 % 248,00 €
Total TTC 1 488,00 €
"""
DUTCH = """
Van Dijk Kantoor B.V.
Factuurnummer: 993548900
Factuurdatum: 04-12-2023
Ordernummer: 55120
Subtotaal € 100,00
21% btw € 21,00
Totaal € 121,00
"""
SPANISH = """
Talleres Ibarra S.L.
Factura Nº: 2023/0012
Fecha: 12/03/2023
Base imponible 100,00 EUR
IVA 21% 21,00 EUR
Total factura 121,00 EUR
"""
GERMAN = """
Kessler Metallbau GmbH
Rechnungs-Nr.: 2023-0815
Rechnungsdatum: 7. Mai 2023
Fällig am 21.05.2023
Ihre Bestellung: 4711-99
Nettobetrag 1.200,00 EUR
zzgl. 19 % MwSt. 228,00 EUR
Rechnungsbetrag 1.428,00 EUR
"""
AMERICAN = """
Acorn Supply Co.
Invoice # INV-00991
Date: 03/20/2023
P.O. Number: PO-5512
Sub Total $1,000.00
Sales Tax (8.25%) $82.50
Amount Due $1,082.50
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FRENCH, ("562044", dt.date(2023, 7, 2), "EUR", "1488.00", "248.00", "CMD-7781")),
        (DUTCH, ("993548900", dt.date(2023, 12, 4), "EUR", "121.00", "21.00", "55120")),
        (SPANISH, ("2023/0012", dt.date(2023, 3, 12), "EUR", "121.00", "21.00", "")),
        (GERMAN, ("2023-0815", dt.date(2023, 5, 7), "EUR", "1428.00", "228.00", "4711-99")),
        (AMERICAN, ("INV-00991", dt.date(2023, 3, 20), "USD", "1082.50", "82.50", "PO-5512")),
    ],
)
def test_invoices_of_other_countries_are_read(text: str, expected: tuple[object, ...]) -> None:
    lines = [(90, 90 + 60 * row, line) for row, line in enumerate(text.strip().splitlines())]
    reading = read(opened(text_pdf(lines)), (), NO_ENGINES)
    invoice, order = reading.invoice, reading.evidence.get("po_number")
    taxes = str(invoice.tax_total), order.raw if order else ""
    assert expected == (invoice.number, invoice.date, invoice.currency, str(invoice.total), *taxes)
