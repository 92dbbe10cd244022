"""Invoices that Coupa holds already: what the day's documents repeat, credit or go on from."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from day.bill import cents

Json = dict[str, Any]

# One line of the past: description, quantity ("" is an amount), price, order, order line, account
Past = tuple[str, str, str, str, str, str]
STEAK: tuple[Past, ...] = (
    ("Kunstrasen grün 3m breit", "3", "3.3333", "2018-471331", "1", ""),
    ("Schweinesteak", "5", "5.50", "2018-471331", "2", ""),
    ("Mineralwasser Medium 12 x 1,0l PET", "20", "5.49", "2018-471331", "3", ""),
    ("Pfand", "20", "2.77", "2018-471331", "4", ""),
)
GOODS: tuple[Past, ...] = (
    ("Zitronensäure 100ml", "100", "1.00", "B123456789", "1", ""),
    ("Gelierzucker Extra 250g", "50", "1.45", "B123456789", "2", ""),
    ("Gelierzucker Extra 250g, Naturalrabatt", "10", "0.00", "B123456789", "3", ""),
    ("Bierbrau Pils 20/0500", "15", "12.00", "B123456789", "4", ""),
    ("Leergutpfand 20 x 0,5l", "15", "3.10", "B123456789", "5", ""),
    ("Mischpalette Joghurt Karton 3 x 20", "2", "29.10", "B123456789", "6", ""),
)
PHONES: tuple[Past, ...] = (("LGD820_AUSGBK (Smart Phone)", "12290", "331.70", "216138", "1", ""),)

# Supplier, number, date, currency, chart, shipping, misc, its taxes by code, total, lines
REAL = (
    ("70001", "471102", "2018-06-05", "EUR", "ACME EU", "5.80", "-14.73", (("V7", "9.06"), ("V19", "12.24")), "215.07",
     STEAK),
    ("70002", "R87654321012345", "2013-08-06", "EUR", "ACME EU", "3.00", "-11.21", (("V19", "61.07"), ("V7", "8.93")),
     "518.99", GOODS),
    ("70020", "20498113", "2013-11-29", "USD", "ACME US", "0.00", "0.00", (("US0", "0.00"),), "4076593.00", PHONES),
)

# Earlier invoices of the suppliers that are not new: supplier, number, date, amount, account
EARLIER = (
    ("70003", "RE-20130411/501", "2013-04-11", "112.00", "1000-6400-100"),
    ("70006", "FA-2017-0007", "2017-09-18", "96.00", "1000-5100-200"),
    ("70007", "47110398", "2018-06-30", "425.00", "7000-5200-100"),
    ("70008", "TOSL097", "2013-01-15", "1250.00", "5000-6200-100"),
    ("70010", "INVOICE_test_5", "2012-05-14", "2900.00", "4000-6500-100"),
    ("70009", "TOSL071", "2012-11-30", "750.00", "6000-6200-100"),
    ("70011", "1198820", "2017-09-20", "640.00", "4000-6300-100"),
    ("70012", "AAZ881", "2007-08-02", "410.00", "4000-6500-100"),
    ("80001", "CS00010877", "2018-03-02", "132.00", "2000-5200-100"),
    ("80002", "CSA31207", "2017-03-20", "84.00", "2000-6200-100"),
    ("80004", "7801C220", "2017-06-12", "38.10", "2000-5100-200"),
    ("80005", "00011402", "2018-01-19", "210.00", "2000-6600-100"),
    ("80006", "CR 1801/0044", "2018-01-08", "27.50", "2000-6200-100"),
    ("80007", "CS 21870", "2017-11-03", "14.00", "2000-5200-100"),
    ("80008", "01-118860", "2018-07-21", "46.00", "2000-5200-100"),
    ("80009", "CS01041120", "2018-02-27", "33.90", "2000-6600-100"),
    ("80010", "MT161201803010012", "2018-03-01", "21.00", "2000-6600-100"),
    ("80011", "PS8418031120", "2018-03-11", "44.60", "2000-6600-100"),
    ("80012", "B611020", "2018-02-14", "120.00", "2000-6600-100"),
    ("80013", "CS00009931", "2018-02-02", "25.40", "2000-6600-100"),
    ("ALLENSON0001", "INV00000", "2010-11-02", "75.00", "3000-5200-100"),
    ("TRIKES0001", "3377", "2009-03-03", "49.00", "3000-6600-100"),
)
# One earlier invoice coded in two ways teaches no account: supplier, number, date, total, lines
UNDECIDED = (
    ("80003", "CS-18802", "2017-12-05", "30.00", (
        ("Stamp pad", "", "18.00", "", "", "2000-6200-100"), ("Calendar", "", "12.00", "", "", "2000-6600-100"))),
    ("80014", "CS00003811", "2018-11-30", "58.00", (
        ("Drive belt", "", "40.00", "", "", "2000-5200-100"), ("Repair", "", "18.00", "", "", "2000-6400-100"))),
    ("80015", "000-071133", "2018-01-15", "61.00", (
        ("Cake", "", "35.00", "", "", "2000-6600-100"), ("Meeting room", "", "26.00", "", "", "2000-6400-100"))),
)
CURRENCY = {"1000": ("EUR", "ACME EU"), "2000": ("MYR", "ACME MY"), "3000": ("USD", "ACME US"),
            "4000": ("SEK", "ACME SE"), "5000": ("DKK", "ACME DK"), "7000": ("GBP", "ACME UK"),
            "6000": ("NOK", "ACME NO")}


def invoices(suppliers: Mapping[str, Json], order_lines: Mapping[tuple[str, str], Json]) -> Iterator[Json]:
    """Yield the history in REST shape, ids from 9001, all approved and exported."""
    past = [*REAL, *(earlier(*row) for row in EARLIER), *(undecided(*row) for row in UNDECIDED)]
    for number, row in enumerate(past, 9001):
        yield invoice(number, row, suppliers[row[0]], order_lines)


def earlier(supplier: str, number: str, date: str, amount: str, account: str) -> tuple[Any, ...]:
    """Return an earlier coded invoice as a row of REAL, without tax."""
    currency, chart = CURRENCY[account[:4]]
    line = ("Earlier delivery", "", amount, "", "", account)
    return (supplier, number, date, currency, chart, "0.00", "0.00", (), amount, (line,))


def undecided(supplier: str, number: str, date: str, total: str, lines: tuple[Past, ...]) -> tuple[Any, ...]:
    """Return a coded Malaysian invoice as a row of REAL, without tax."""
    return (supplier, number, date, "MYR", "ACME MY", "0.00", "0.00", (), total, lines)


def invoice(number: int, row: tuple[Any, ...], supplier: Json, order_lines: Mapping[tuple[str, str], Json]) -> Json:
    """Return one approved and exported invoice."""
    _, invoice_number, date, currency, chart, shipping, misc, taxes, total, lines = row
    moment = f"{date}T12:00:00+00:00"
    return {
        "id": number, "invoice-number": invoice_number, "invoice-date": date, "document-type": "Invoice",
        "is-credit-note": False, "status": "approved", "exported": True, "last-exported-at": moment, "paid": True,
        "supplier": {key: supplier[key] for key in ("id", "number", "name")}, "currency": {"code": currency},
        "account-type": {"name": chart}, "payment-term": {"code": "NET30"}, "line-level-taxation": False,
        "shipping-amount": shipping, "handling-amount": "0.00", "misc-amount": misc,
        "tax-lines": [{"type": "TaxLine", "code": code, "amount": amount} for code, amount in taxes],
        "supplier-total": total, "gross-total": total, "total-with-taxes": total,
        "invoice-lines": [invoice_line(number * 100 + place, place, line, currency, chart, order_lines)
                          for place, line in enumerate(lines, 1)],
        "created-at": moment, "updated-at": moment,
    }


def invoice_line(
    identity: int, place: int, line: Past, currency: str, chart: str, order_lines: Mapping[tuple[str, str], Json]
) -> Json:
    """Return one line, tied to its order line where it has one."""
    text, quantity, price, order, order_line, account = line
    made: Json = {"id": identity, "line-num": place, "description": text, "price": price, "status": "matched",
                  "type": "InvoiceQuantityLine" if quantity else "InvoiceAmountLine", "quantity": quantity or None,
                  "currency": {"code": currency}}
    if not order:
        return made | {"account": {"code": account, "account-type": {"name": chart}}, "total": price}
    ordered = order_lines[order, order_line]
    total = str(cents(Decimal(quantity) * Decimal(price)))
    return made | {"order-header-num": order, "order-line-num": order_line, "order-line-id": ordered["id"],
                   "po-number": order, "uom": ordered.get("uom"), "account": ordered["account"], "total": total}
