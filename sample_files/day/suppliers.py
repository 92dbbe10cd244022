"""The suppliers Coupa knows that morning: those whose pages arrive, with the numbers printed on them, and others."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
STAMP = "2026-11-18T06:00:00+00:00"

# Number, name, tax id, street, city, postal code, country, IBAN, matching level
PRINTED = (
    ("70001", "Lieferant GmbH", "DE123456789", "Lieferantenstraße 20", "München", "80333", "DE", "", "3-way"),
    ("70002", "MUSTERLIEFERANT GMBH", "DE123456789", "BAHNHOFSTRASSE 99", "MUSTERHAUSEN", "99199", "DE", "", "3-way"),
    ("70003", "Bei Spiel GmbH", "DE136695976", "Ecke 12", "Stadthausen", "12345", "DE",
     "DE88200800000970375700", "3-way"),
    ("70004", "Verkehrsbetriebe GmbH", "DE123456789", "Musterstraße 3", "Berlin", "12345", "DE",
     "DE12123456789012345678", "3-way"),
    ("70006", "Au bon moulin", "FR11999999998", "1242 chemin de l'olive", "Malaucène", "84340", "FR",
     "FR2012421242124212421242124", "3-way"),
    ("70007", "Rohstoff AG Salzgitter", "DE123456789", "Marktstr. 153", "Salzgitter", "38226", "DE",
     "DE75512108001245126199", "3-way"),
    ("70008", "SellerCompany", "DK16356706", "Main street 2, Building 4", "Big city", "54321", "DK",
     "DK1212341234123412", "3-way"),
    ("70009", "Salescompany ltd.", "NO123456789MVA", "Main street 34", "Big city", "303", "NO",
     "NO9386011117947", "2-way"),
    ("70010", "The Sellercompany Incorporated", "", "Main street 2, Building 4", "Big city", "54321", "SE",
     "SE1212341234123412", "3-way"),
    ("70011", "Kort- & Finanstjänster AB", "", "Box 1", "Stockholm", "11111", "SE", "", "none"),
    ("70012", "Nettoresor AB", "SE123456789001", "Genvägen 9", "Lilleby", "97531", "SE", "", "none"),
    ("70020", "LG Electronics MobileComm U.S.A., Inc.", "", "Post Office Box #100402", "Pasadena", "91189-0402",
     "US", "", "3-way"),
    ("80001", "KEDAI PAPAN YEW CHUAN", "000781500416", "LOT 276 JALAN BANTING", "DENGKIL, SELANGOR", "43800", "MY",
     "", "3-way"),
    ("80002", "K STATIONERY & OFFICE SUPPLIES", "001506648064", "NO.9, JALAN MANIS 3, TAMAN SEGAR", "KUALA LUMPUR",
     "56100", "MY", "", "none"),
    ("80003", "LIAN HING STATIONERY SDN BHD", "002139201536", "NO.32 & 33, JALAN SR 1/9, SEKSYEN 9",
     "SERI KEMBANGAN, SELANGOR", "43300", "MY", "", "none"),
    ("80004", "GARDENIA BAKERIES (KL) SDN BHD", "000381399040", "Lot 3, Jalan Pelabur 23/1", "Shah Alam, Selangor",
     "40300", "MY", "", "none"),
    ("80005", "THREE STOOGES", "001661886464", "109, SS21/1A, DAMANSARA UTAMA", "PETALING JAYA", "47400", "MY", "",
     "none"),
    ("80006", "C W KHOO HARDWARE SDN BHD", "000549584896", "NO.50, JALAN PBS 14/11", "BUKIT SERDANG", "43300", "MY",
     "", "none"),
    ("80007", "LIM SENG THO HARDWARE TRADING", "001269075968", "No 7, Simpang Off Batu Village", "Kuala Lumpur",
     "51200", "MY", "", "none"),
    ("80008", "ABC HO TRADING", "", "No.2&4, JALAN HARMONI 3/2", "JOHOR BAHRU, JOHOR", "81100", "MY", "", "none"),
    ("80009", "PASARAYA CINWA SDN BHD", "000931172352", "NO.6, 8, 10 & 12 JALAN PERMAS 4/3", "JOHOR BAHRU, JOHOR",
     "81750", "MY", "", "none"),
    ("80010", "DE LUXE CIRCLE FRESH MART SDN BHD", "001507647488", "No. 89&91, Jalan Utama", "Skudai, Johor",
     "81300", "MY", "", "none"),
    ("80011", "THE TOAST F&B SDN BHD", "002069884928", "LOT 2110&2111 JALAN PERMAS UTARA", "JOHOR BAHRU, JOHOR",
     "81750", "MY", "", "none"),
    ("80012", "VERBENA CONFECTIONERY SDN BHD", "001837056000", "1, Jalan Sutera Tanjung 8/4", "Skudai, JB", "81300",
     "MY", "", "none"),
    ("80013", "LEMON TREE RESTAURANT JTJ FOODS SDN BHD", "001085747200", "No 3, Jalan Permas 10/8", "Masai, Johor",
     "81750", "MY", "", "none"),
    ("80014", "SOON HUAT MACHINERY ENTERPRISE", "002116837376", "NO.53 JALAN PUTRA 1, TAMAN SRI PUTRA",
     "JOHOR BAHRU, JOHOR", "81200", "MY", "", "none"),
    ("80015", "NADEJE PRESTIGE SDN BHD", "000182431744", "LOT NO.:G1.116A, NO.3, JALAN PJS 11/15",
     "BANDAR SUNWAY, PETALING JAYA", "47500", "MY", "", "none"),
    ("00042", "Müller & Söhne, Büroausstattung", "", "Hauptstraße 1", "Köln", "50667", "DE", "", "3-way"),
    ("00000042", "Mueller und Soehne", "", "Hafenstr. 42", "Hamburg", "20457", "DE", "", "3-way"),
    ("NA", "NA", "", "1 Null Island Way", "Windhoek", "9000", "NA", "", "3-way"),
    ("70030", 'Joe "Quick" Smith, Plumbing', "", "12 High Street", "Leeds", "LS1 4DY", "GB", "", "2-way"),
    ("70031", "=SUM(A1:A9) Ltd", "", "1 Formula Court", "London", "EC1A 1BB", "GB", "", "2-way"),
    ("70032", "None", "", "9 Void Lane", "Dublin", "D02 XY45", "IE", "", "none"),
    ("70033", "Société Générale d'Électricité", "", "3 rue de l'Église", "Lyon", "69001", "FR", "", "3-way"),
)
INACTIVE = {"70032", "JEFFSSP0001"}
ON_HOLD = {"70031"}
DUNS = {"ALLENSON0001": "080464531", "TRIKES0001": "117485239"}


def suppliers(originals: Path) -> Iterator[Json]:
    """Yield every supplier in REST shape, ids from 1001."""
    rows = [*PRINTED, *others(originals / "adventureworks" / "vendors.csv")]
    for number, row in enumerate(rows, 1001):
        yield supplier(number, *row)


def others(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the vendors of AdventureWorks as rows of PRINTED."""
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            place = (row["address"], f"{row['city']}, {row['state']}", row["postal_code"], "US")
            yield (row["account_number"], row["name"], "", *place, "", "3-way")


def supplier(identity: int, number: str, name: str, tax_id: str, *rest: str) -> Json:
    """Return one supplier; its IBAN stands in a custom field and on its remit-to address."""
    street, city, postal_code, country, iban, level = rest
    address = {"id": identity + 10000, "name": name, "street1": street, "city": city, "postal-code": postal_code,
               "country": {"code": country}}
    remit = address | {"id": identity + 20000, "remit-to-code": f"R-{number}", "active": True}
    return {
        "id": identity, "number": number, "name": name, "display-name": name, "account-number": number,
        "status": "inactive" if number in INACTIVE else "active", "on-hold": number in ON_HOLD,
        "hold-invoices-for-ap-review": False, "tax-id": tax_id, "duns": DUNS.get(number, ""),
        "invoice-matching-level": level, "payment-method": "invoice", "payment-term": {"code": "NET30"},
        "primary-address": address, "remit-to-addresses": [remit], "allow-cxml-invoicing": number in DUNS,
        "cxml-invoice-supplier-domain": "DUNS" if number in DUNS else "",
        "cxml-invoice-supplier-identity": DUNS.get(number, ""), "custom-fields": {"iban": iban},
        "created-at": "2012-01-02T08:00:00+00:00", "updated-at": STAMP,
    }
