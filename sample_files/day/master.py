"""Charts of accounts, accounts and the small lists of Coupa's set-up."""

from typing import Any

Json = dict[str, Any]
STAMP = "2026-11-18T06:00:00+00:00"

CHARTS = (("ACME EU", "EUR", "1000"), ("ACME MY", "MYR", "2000"), ("ACME US", "USD", "3000"),
          ("ACME SE", "SEK", "4000"), ("ACME DK", "DKK", "5000"), ("ACME NO", "NOK", "6000"),
          ("ACME UK", "GBP", "7000"))
NATURES = (
    ("5100-200", "Goods for resale"),
    ("5200-100", "Materials"),
    ("5300-100", "Energy"),
    ("6200-100", "Office supplies"),
    ("6300-100", "Purchases by card"),
    ("6400-100", "Services"),
    ("6500-100", "Travel"),
    ("6600-100", "Entertainment"),
    ("9999-000", "Closed in 2015"),
)
TOLERANCES = {
    "quantity-based-line-quantity-percent-tolerance": "0",
    "quantity-based-line-price-percent-tolerance": "2",
    "quantity-based-line-price-amount-tolerance": "5.00",
    "amount-based-line-price-percent-tolerance": "0",
    "extras-amount-tolerance": "50.00",
    "currency-matches-po-currency-boolean-tolerance": True,
    "line-units-of-measure-on-invoice-and-po-match-boolean-tolerance": False,
    "3-way-match-under-receiving-tolerance": "0",
}
CURRENCIES = (("EUR", "Euro", 2), ("MYR", "Malaysian Ringgit", 2), ("USD", "US Dollar", 2), ("SEK", "Swedish Krona", 2),
              ("DKK", "Danish Krone", 2), ("NOK", "Norwegian Krone", 2), ("GBP", "Pound Sterling", 2),
              ("JPY", "Yen", 0))
UOMS = (("EA", "Each"), ("HUR", "Hour"), ("LTR", "Litre"), ("KGM", "Kilogram"), ("MTK", "Square metre"), ("PK", "Pack"),
        ("KWH", "Kilowatt hour"), ("MTR", "Metre"), ("C62", "One"), ("H87", "Piece"))
TAXES = (("V19", "19.0", "DE"), ("V7", "7.0", "DE"), ("V0", "0.0", "DE"), ("TVA20", "20.0", "FR"),
         ("TVA55", "5.5", "FR"), ("GST6", "6.0", "MY"), ("GST0", "0.0", "MY"), ("SE25", "25.0", "SE"),
         ("SE12", "12.0", "SE"), ("SE6", "6.0", "SE"), ("SE0", "0.0", "SE"), ("DK25", "25.0", "DK"),
         ("DK12", "12.0", "DK"), ("NO25", "25.0", "NO"), ("NO15", "15.0", "NO"), ("NO0", "0.0", "NO"),
         ("US0", "0.0", "US"), ("CA825", "8.25", "US"), ("GB20", "20.0", "GB"))
TERMS = (("NET0", 0), ("NET14", 14), ("NET30", 30), ("NET45", 45), ("NET60", 60))
USERS = (("ap.clerk", "Ada", "Payne"), ("buyer.eu", "Bruno", "Kaufmann"), ("buyer.my", "Siti", "Rahman"),
         ("buyer.us", "Dana", "Brooks"), ("controller", "Chris", "Ledger"), ("integration", "Batch", "Exchange"))
CENTRES = (("100", "Administration"), ("200", "Production"), ("0300", "Canteen"))
DEPARTMENTS = ("Finance", "Facilities", "Marketing", "Production", "Canteen")


def dated(thing: Json) -> Json:
    """Add the two dates that every object of Coupa carries."""
    return thing | {"created-at": "2012-01-02T08:00:00+00:00", "updated-at": STAMP}


def account_types() -> list[Json]:
    """Return one chart of accounts for each currency, with its matching tolerances."""
    return [
        dated({"id": number, "name": name, "active": True, "legal-entity-name": name.replace("ACME", "Acme"),
               "currency": {"code": currency}, "dynamic-flag": False, "tolerances": TOLERANCES})
        for number, (name, currency, _) in enumerate(CHARTS, 1)
    ]


def accounts() -> list[Json]:
    """Return the accounts of every chart: company, nature, cost centre."""
    combinations = [(chart, company, nature, name) for chart, _, company in CHARTS for nature, name in NATURES]
    return [account(number, *row) for number, row in enumerate(combinations, 101)]


def account(number: int, chart: str, company: str, nature: str, name: str) -> Json:
    """Return one account."""
    segments = [company, *nature.split("-")]
    place = next(index for index, row in enumerate(CHARTS, 1) if row[0] == chart)
    return dated({
        "id": number, "code": "-".join(segments), "name": name, "active": not nature.startswith("9999"),
        "account-type": {"id": place, "name": chart}, "account-type-id": place,
        **{f"segment-{index}": value for index, value in enumerate(segments, 1)},
    })


def lists() -> Json:
    """Return the small lists."""
    return {
        "payment_terms": [
            dated({"id": number, "code": code, "description": f"{days} days net", "active": True,
                   "days-for-net-payment": days}) for number, (code, days) in enumerate(TERMS, 1)
        ],
        "uoms": [dated({"id": number, "code": code, "name": name, "active": True, "allowable-precision": 6})
                 for number, (code, name) in enumerate(UOMS, 1)],
        "currencies": [dated({"id": number, "code": code, "name": name, "decimals": decimals, "enabled": code != "JPY"})
                       for number, (code, name, decimals) in enumerate(CURRENCIES, 1)],
        "tax_codes": [
            dated({"id": number, "code": code, "description": f"{country} {rate} %", "percentage": rate, "active": True,
                   "country": {"code": country}}) for number, (code, rate, country) in enumerate(TAXES, 1)
        ],
        "lookup_values": [
            dated({"id": number, "name": text, "external-ref-num": code, "external-ref-code": code, "active": True,
                   "lookup": {"id": 1, "name": "Cost centre"}})
            for number, (code, text) in enumerate(CENTRES, 1)
        ],
        "users": [
            dated({"id": number, "login": login, "firstname": first, "lastname": last, "fullname": f"{first} {last}",
                   "email": f"{login}@acme.example", "active": True})
            for number, (login, first, last) in enumerate(USERS, 1)
        ],
        "departments": [
            dated({"id": number, "name": name, "active": True}) for number, name in enumerate(DEPARTMENTS, 1)
        ],
    }
