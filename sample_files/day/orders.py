"""The purchase orders that the pages are matched with, and what was received of them."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """An order line; quantity "" is an amount line, ``received`` and ``invoiced`` are then amounts."""

    text: str
    price: str
    quantity: str = "1"
    received: str = ""
    invoiced: str = "0"
    uom: str = "EA"
    part: str = ""
    account: str = ""

    @property
    def receipt(self) -> str:
        """What was received: all of it unless said otherwise."""
        return self.received or self.quantity or self.price

    @property
    def total(self) -> Decimal:
        """The ordered amount."""
        return Decimal(self.price) * Decimal(self.quantity or "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A purchase order."""

    number: str
    supplier: str
    date: str
    currency: str
    chart: str
    lines: tuple[Ordered, ...]
    status: str = "issued"


def beispiel(number: str, date: str, lines: tuple[Ordered, ...]) -> Order:
    """Return an order with Bei Spiel GmbH."""
    return Order(number=number, supplier="70003", date=date, currency="EUR", chart="ACME EU", lines=lines)


def kedai(number: str, date: str, *lines: Ordered) -> Order:
    """Return an order with Kedai Papan Yew Chuan."""
    return Order(number=number, supplier="80001", date=date, currency="MYR", chart="ACME MY", lines=lines)


DESIGN, BALLOONS, AIR = "Künstlerische Gestaltung", "Luftballon bunt 500 ml", "Heiße Luft"
SERVICES, MATERIALS, RESALE = "1000-6400-100", "1000-5200-100", "1000-5100-200"

ORDERS: tuple[Order, ...] = (
    beispiel("AB321", "2019-05-20", (
        Ordered(text="Design (hours)", price="160.00", quantity="2", uom="HUR", account=SERVICES),
        Ordered(text="Ballons various colors 2000ml", price="0.79", quantity="800", account=MATERIALS),
        Ordered(text="Hot air (litres)", price="0.025", quantity="1600", uom="LTR", account=MATERIALS),
    )),
    beispiel("4500001001", "2017-10-30", (
        Ordered(text=DESIGN, price="158.50", uom="HUR", account=SERVICES),
        Ordered(text=BALLOONS, price="0.79", quantity="400", account=MATERIALS),
        Ordered(text=AIR, price="0.10", quantity="200", uom="LTR", account=MATERIALS),
    )),
    beispiel("4500001002", "2017-04-20", (
        Ordered(text=DESIGN, price="150.00", quantity="5", uom="HUR", account=SERVICES),
        Ordered(text=BALLOONS, price="0.79", quantity="400", account=MATERIALS),
        Ordered(text=AIR, price="0.10", quantity="200", uom="LTR", account=MATERIALS),
    )),
    beispiel("4500001003", "2015-09-20", (
        Ordered(text=DESIGN, price="160.00", uom="HUR", account=SERVICES),
        Ordered(text=BALLOONS, price="0.79", quantity="400", received="300", account=MATERIALS),
        Ordered(text=AIR, price="0.10", quantity="200", uom="LTR", account=MATERIALS),
    )),
    beispiel("4500001004", "2015-05-30", (
        Ordered(text=DESIGN, price="160.00", received="0", uom="HUR", account=SERVICES),
        Ordered(text=BALLOONS, price="0.79", quantity="200", received="0", account=MATERIALS),
        Ordered(text=AIR, price="0.10", quantity="400", received="0", uom="LTR", account=MATERIALS),
    )),
    Order(number="2018-471331", supplier="70001", date="2018-03-01", currency="EUR", chart="ACME EU", lines=(
        Ordered(text="Kunstrasen grün 3m breit", price="3.3333", quantity="3", invoiced="3", uom="MTK", part="KR3M",
                account=MATERIALS),
        Ordered(text="Schweinesteak", price="5.50", quantity="5", invoiced="5", uom="KGM", part="SFK5", account=RESALE),
        Ordered(text="Mineralwasser Medium 12 x 1,0l PET", price="5.49", quantity="20", invoiced="20", part="GTRWA5",
                account=RESALE),
        Ordered(text="Pfand", price="2.77", quantity="20", invoiced="20", part="PFA5", account=RESALE),
    )),
    Order(number="B123456789", supplier="70002", date="2013-08-01", currency="EUR", chart="ACME EU", lines=(
        Ordered(text="Zitronensäure 100ml", price="1.00", quantity="100", invoiced="100", part="ZS997", account=RESALE),
        Ordered(text="Gelierzucker Extra 250g", price="1.45", quantity="50", invoiced="50", part="GZ250",
                account=RESALE),
        Ordered(text="Gelierzucker Extra 250g, Naturalrabatt", price="0.00", quantity="10", invoiced="10",
                part="GZ250", account=RESALE),
        Ordered(text="Bierbrau Pils 20/0500", price="12.00", quantity="15", invoiced="15", part="2031", account=RESALE),
        Ordered(text="Leergutpfand 20 x 0,5l", price="3.10", quantity="15", invoiced="15", part="1805",
                account=RESALE),
        Ordered(text="Mischpalette Joghurt Karton 3 x 20", price="29.10", quantity="2", invoiced="2", part="MP107",
                account=RESALE),
    )),
    Order(number="4500001210", supplier="70002", date="2013-04-02", currency="EUR", chart="ACME EU", lines=(
        Ordered(text="Strom September 2013", price="800.00", quantity="", received="725.00", account="1000-5300-100"),
        Ordered(text="Kommissionierer auf Abruf", price="300.00", quantity="", received="288.75", account=SERVICES),
        Ordered(text="Verbrauchsmaterial", price="60.00", quantity="", received="48.85", account="1000-6200-100"),
    )),
    Order(number="PO445", supplier="70006", date="2017-11-02", currency="EUR", chart="ACME EU", lines=(
        Ordered(text="Nougat de l'Abbaye 250g", price="4.095", quantity="20", part="NOUG250", account=RESALE),
        Ordered(text="Biscuits aux raisins 300g", price="3.20", quantity="15", part="BRAIS300", account=RESALE),
        Ordered(text="Huile d'olive à l'ancienne", price="19.80", quantity="25", uom="LTR", part="HOLANCL",
                account=RESALE),
    )),
    Order(number="ORDER84359", supplier="70007", date="2018-09-25", currency="GBP", chart="ACME UK", lines=(
        Ordered(text="Stahlcoil", price="85.00", quantity="10", part="CO-123/V2A", account="7000-5200-100"),
    )),
    Order(number="123", supplier="70008", date="2013-03-20", currency="DKK", chart="ACME DK", lines=(
        Ordered(text="Printing paper", price="1.00", quantity="1000", part="JB007", account="5000-6200-100"),
        Ordered(text="Parker Pen", price="5.00", quantity="100", part="JB008", account="5000-6200-100"),
        Ordered(text="American Cookies", price="5.00", quantity="500", part="JB009", account="5000-6600-100"),
    )),
    Order(number="Order_9988_x", supplier="70010", date="2013-02-20", currency="SEK", chart="ACME SE", lines=(
        Ordered(text="Road tax, vehicles above 3000 kg", price="2500.00", part="RT3000", account="4000-6500-100"),
        Ordered(text="Road register fee", price="700.00", part="REG", account="4000-6500-100"),
    )),
    Order(number="2252", supplier="ALLENSON0001", date="2010-12-01", currency="USD", chart="ACME US", lines=(
        Ordered(text="Item1", price="100.00", quantity="2", account="3000-5200-100"),
    )),
    Order(number="2253", supplier="ALLENSON0001", date="2010-12-01", currency="USD", chart="ACME US", lines=(
        Ordered(text="Test Item", price="10.00", quantity="2", account="3000-5200-100"),
    )),
    Order(number="3000123", supplier="TRIKES0001", date="2009-04-24", currency="USD", chart="ACME US", lines=(
        Ordered(text="NINTENDO WII GAME CONSOLE + WII FIT BUNDLE + GAMES", price="365.00", account="3000-6600-100"),
    )),
    Order(number="216138", supplier="70020", date="2013-09-02", currency="USD", chart="ACME US", lines=(
        Ordered(text="LGD820_AUSGBK (Smart Phone)", price="331.70", quantity="26080", received="21270",
                invoiced="12290", part="LGD820.AUSGBK", account="3000-5100-200"),
    )),
    kedai("MY-20180101", "2018-04-25", Ordered(text="BATU SIMEN", price="0.23", quantity="1200", part="100211",
                                               account="2000-5200-100")),
    kedai("MY-20180102", "2018-04-25", Ordered(text="PASIR HALUS (D)", price="65.00", part="101870",
                                               account="2000-5200-100")),
    kedai("MY-20180090", "2018-04-10",
          Ordered(text="SIMEN", price="16.50", quantity="8", received="10", part="101756", account="2000-5200-100"),
          Ordered(text="KAPUR AIR (A1)", price="3.00", quantity="5", part="100160", account="2000-5200-100"),
          Ordered(text="PAKU 2 INCI", price="4.00", quantity="20", received="0", part="100377",
                  account="2000-5200-100")),
    kedai("MY-20180110", "2018-05-07", Ordered(text="PASIR HALUS (D)", price="65.00", part="101870",
                                               account="2000-5200-100")),
    Order(number="6500000017", supplier="70009", date="2013-06-01", currency="NOK", chart="ACME NO", lines=(
        Ordered(text="Laptop computer", price="1273.00", quantity="1", part="JB007", account="6000-6200-100"),
    )),
    Order(number="4500001300", supplier="00042", date="2026-10-01", currency="EUR", chart="ACME EU", lines=(
        Ordered(text="Schreibtisch, höhenverstellbar, 160 x 80", price="489.00", quantity="4", received="0",
                account="1000-6200-100"),
    )),
)
