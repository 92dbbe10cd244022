"""What is printed in other countries: whole invoices, VAT ids of every EU state, currencies, dates and amounts."""

import datetime as dt
from decimal import Decimal

import pytest

from capture.fields.currency import currencies
from capture.fields.marked import Marked
from capture.fields.tax_ids import tax_ids
from capture.lines import sheet
from capture.paper import Page, Paper, PaperKind, Words
from capture.reader import read
from capture.values import amounts, dates
from capture.words import split
from formats.findings import Box
from tests.capture.conftest import NO_ENGINES

HUNGARIAN = """
Szerszám Kft
Számla sorszáma: SZ-2023/118
Számla kelte: 2023. március 17.
Fizetési határidő: 2023. 04. 16.
Rendelésszám: R-5512
Nettó összesen: 10 000 Ft
ÁFA 27%: 2 700 Ft
Fizetendő összesen: 12 700 Ft
"""
ROMANIAN = """
Unelte Carpați S.R.L.
Factura nr. 204417
Data facturii: 17 martie 2023
Data scadenței: 16.04.2023
Comanda nr. C-5512
Total fără TVA 1.000,00 lei
TVA 19% 190,00 lei
Total de plată 1.190,00 lei
"""
CROATIAN = """
Alati Jadran d.o.o.
Broj računa: 118/1/1
Datum izdavanja: 17. ožujka 2023.
Datum dospijeća: 16.04.2023.
Broj narudžbe: N-5512
Ukupno bez PDV 1.000,00 EUR
PDV 25% 250,00 EUR
Za platiti 1.250,00 EUR
"""
SLOVENE = """
Orodje Alpe d.o.o.
Račun št. 2023-118
Datum izdaje: 17.03.2023
Rok plačila: 16.04.2023
Številka naročila: N-5512
Skupaj brez DDV 1.000,00 EUR
DDV 22% 220,00 EUR
Skupaj za plačilo 1.220,00 EUR
"""
SLOVAK = """
Nástroje Tatry s.r.o.
Faktúra č. 2023118
Dátum vystavenia: 17.03.2023
Dátum splatnosti: 16.04.2023
Číslo objednávky: O-5512
Základ dane 1 000,00 EUR
DPH 20% 200,00 EUR
Celkom k úhrade 1 200,00 EUR
"""
LITHUANIAN = """
UAB Baltijos įrankiai
Sąskaita faktūra Nr. BAL-118
Sąskaitos data: 2023-03-17
Apmokėti iki: 2023-04-16
Užsakymo Nr. U-5512
Suma be PVM 1 000,00 EUR
PVM suma 21% 210,00 EUR
Iš viso mokėti 1 210,00 EUR
"""
TURKISH = """
Anadolu Aletleri A.Ş.
Fatura No: ABC2023000118
Fatura Tarihi: 17.03.2023
Vade Tarihi: 16.04.2023
Sipariş No: S-5512
Ara Toplam 1.000,00 TL
KDV %20 200,00 TL
Ödenecek Tutar 1.200,00 TL
"""
GREEK = """
Εργαλεία Αιγαίου Α.Ε.
Αριθμός τιμολογίου: 118-23
Ημερομηνία έκδοσης: 17 Μαρτίου 2023
Ημερομηνία λήξης: 16/04/2023
Αριθμός παραγγελίας: P-5512
Καθαρή αξία 1.000,00 €
ΦΠΑ 24% 240,00 €
Πληρωτέο ποσό 1.240,00 €
"""
BULGARIAN = """
Инструменти Балкан ООД
Фактура № 0000000118
Дата на издаване: 17.03.2023 г.
Падеж: 16.04.2023
Номер на поръчка: P-5512
Данъчна основа 1 000,00 лв
ДДС 20% 200,00 лв
Сума за плащане 1 200,00 лв
"""


def words(lines: list[str]) -> Words:
    """The lines as an engine would read them, one below the other."""
    boxes = [Box(0.1, 0.05 + 0.03 * row, 0.1 + 0.011 * len(line), 0.065 + 0.03 * row) for row, line in enumerate(lines)]
    return tuple(one for line, box in zip(lines, boxes, strict=True) for one in split(line, box, 1.0, "textlayer", 1))


def marked(line: str) -> Marked:
    return Marked(sheet([(words([line]), 0.7)]))


@pytest.mark.parametrize(
    ("text", "number", "order", "currency", "tax", "total"),
    [
        (HUNGARIAN, "SZ-2023/118", "R-5512", "HUF", "2700", "12700"),
        (ROMANIAN, "204417", "C-5512", "RON", "190.00", "1190.00"),
        (CROATIAN, "118/1/1", "N-5512", "EUR", "250.00", "1250.00"),
        (SLOVENE, "2023-118", "N-5512", "EUR", "220.00", "1220.00"),
        (SLOVAK, "2023118", "O-5512", "EUR", "200.00", "1200.00"),
        (LITHUANIAN, "BAL-118", "U-5512", "EUR", "210.00", "1210.00"),
        (TURKISH, "ABC2023000118", "S-5512", "TRY", "200.00", "1200.00"),
        (GREEK, "118-23", "P-5512", "EUR", "240.00", "1240.00"),
        (BULGARIAN, "0000000118", "P-5512", "BGN", "200.00", "1200.00"),
    ],
    ids=["hu", "ro", "hr", "sl", "sk", "lt", "tr", "el", "bg"],
)
def test_invoices_of_more_countries_are_read(
    text: str, number: str, order: str, currency: str, tax: str, total: str
) -> None:
    lines = text.strip().splitlines()
    page = Page(1, 0.7, lambda: pytest.fail("nothing needs to be drawn"), lambda: words(lines))
    reading = read(Paper("page.pdf", PaperKind.PDF, b"", (page,)), (), NO_ENGINES)
    invoice, printed = reading.invoice, {name: one.value for name, one in reading.chosen.items()}
    assert (number, dt.date(2023, 3, 17), order) == (invoice.number, invoice.date, printed.get("po_number"))
    assert (currency, Decimal(tax), Decimal(total)) == (invoice.currency, printed["tax_total"], printed["total"])
    assert (dt.date(2023, 4, 16), lines[0]) == (invoice.due_date, invoice.supplier_name)


@pytest.mark.parametrize(
    "printed",
    [
        *("ATU13585627", "BE 0428.759.497", "BG175074752", "CY10259033P", "CZ 25123891", "DE 136 695 976"),
        *("DK 13 58 56 28", "EE100931558", "EL 094259216", "ES B-58378431", "FI 2077474-0", "FR 40 303 265 045"),
        *("HR33392005961", "HU12892312", "IE6433435OA", "IT 00743110157", "LT119511515", "LU 150 274 42"),
        *("LV40003521600", "MT11679112", "NL 0044.95.445.B01", "PL 856-734-62-15", "PT 501 964 843", "RO18547290"),
        *("SE 556188-8404 01", "SI50223054", "SK2022749619", "GB 980 7806 84", "XI980780684", "CHE-107.787.577 MWST"),
    ],
)
def test_a_vat_id_is_read_as_its_country_prints_it(printed: str) -> None:
    for before in ("", "VAT ", "BTW "):
        found = [one.value for one in tax_ids(marked(f"{before}{printed}")) if one.score == 1.0]
        assert ["".join(filter(str.isalnum, printed))] == found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Összesen 12 345 Ft", "HUF"),
        ("Total 1.234,50 lei", "RON"),
        ("Toplam 1.234,50 TL", "TRY"),
        ("Total 100.00 TRY", "TRY"),
        ("SFr. 12.50", "CHF"),
        ("Total 1 234,50 kr", "SEK"),
        ("Total 1.234,50 kr CVR 13585628", "DKK"),
        ("Sum 1 234,50 kr NO 995 525 828 MVA", "NOK"),
        ("NT$ 1,200", "TWD"),
        ("S/ 12.00", "PEN"),
        ("Total QAR 12.00", "QAR"),
    ],
)
def test_a_currency_is_read_as_its_country_prints_it(line: str, expected: str) -> None:
    assert expected == max(currencies(marked(line)), key=lambda one: one.score).value


@pytest.mark.parametrize("line", ["Please try again", "Try our new 3 in 1", "per kr"])
def test_a_word_that_looks_like_a_currency_is_none(line: str) -> None:
    assert [] == list(currencies(marked(line)))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "17 martie 2024",
            "2024. március 17.",
            "17 Μαρτίου 2024",
            "17. ožujka 2024",
            "17. marec 2024",
            "17 mart 2024",
        ),
        *("17 kovo 2024", "2024 m. kovo 17 d.", "17. märts 2024", "17 марта 2024", "17·03·2024", "2024年3月17日"),
    ],
)
def test_a_date_is_read_as_its_country_prints_it(text: str) -> None:
    assert [dt.date(2024, 3, 17)] == [found.value for found in dates(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12,34,567.00", "1234567.00"),
        ("1`234.56", "1234.56"),
        ("1.234,-", "1234"),
        ("CHF 1'234.–", "1234"),
        ("$ 1,234.56 CR", "-1234.56"),
        ("1,234.56CR", "-1234.56"),
    ],
)
def test_an_amount_is_read_as_its_country_prints_it(text: str, expected: str) -> None:
    assert [Decimal(expected)] == [found.value for found in amounts(text)]
