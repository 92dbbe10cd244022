"""The bills of the European pages: ZUGFeRD's and Factur-X's published examples, as printed."""

from day.bill import Bill, Line, Sender, Tax

EURO, KRONA = ("EUR", "ACME EU"), ("SEK", "ACME SE")
LIEFERANT = Sender("70001", "Lieferant GmbH", "DE123456789", *EURO)
MUSTER = Sender("70002", "MUSTERLIEFERANT GMBH", "DE123456789", *EURO)
BEISPIEL = Sender("70003", "Bei Spiel GmbH", "DE136695976", *EURO)
THERAPIST = Sender("", "Physiotherapeutin", "DE136695976", *EURO)
CARDS = Sender("70011", "Kort- & Finanstjänster AB", "", *KRONA)
FLIGHTS = Sender("70012", "Nettoresor AB", "SE123456789001", *KRONA)
LG = Sender("70020", "LG Electronics MobileComm U.S.A., Inc.", "", "USD", "ACME US")


def beispiel(order: str) -> tuple[Line, ...]:
    """Return the three lines of Bei Spiel GmbH's German invoices."""
    return (
        Line(text="Künstlerische Gestaltung (Stunde)", price="160.00", uom="HUR", order=order, order_line="1",
             tax="11.20", rate="7", code="V7"),
        Line(text="Luftballon: Bunt, ca. 500ml", price="0.79", quantity="400", order=order, order_line="2",
             tax="60.04", rate="19", code="V19"),
        Line(text="Heiße Luft pro Liter", price="0.10", quantity="200", uom="LTR", order=order, order_line="3",
             tax="3.80", rate="19", code="V19"),
    )


ORDER_AB321 = Bill(
    number="RE-20190610/507", date="2019-06-10", total="571.04", image="RE-20190610-507.pdf", sender=BEISPIEL,
    lines=(
        Line(text="Design (hours): Of a sample invoice", price="160.00", uom="HUR", order="AB321", order_line="1",
             tax="11.20", rate="7", code="V7"),
        Line(text="Ballons: various colors, ~2000ml", price="0.79", quantity="400", order="AB321", order_line="2",
             tax="60.04", rate="19", code="V19"),
        Line(text="Hot air „heiße Luft“ (litres)", price="0.025", quantity="800", uom="LTR", order="AB321",
             order_line="3", tax="3.80", rate="19", code="V19"),
    ),
)
WITHIN_TOLERANCE = Bill(
    number="RE-20171118/506", date="2017-11-18", total="571.04", image="RE-20171118-506.pdf",
    lines=beispiel("4500001001"), sender=BEISPIEL,
)
DEARER = Bill(
    number="RE-20170509/505", date="2017-05-09", total="571.04", image="RE-20170509-505.pdf",
    lines=beispiel("4500001002"), sender=BEISPIEL,
)
MORE_THAN_RECEIVED = Bill(
    number="RE-20151008/504", date="2015-10-08", total="571.04", image="RE-20151008-504.pdf",
    lines=beispiel("4500001003"), sender=BEISPIEL,
)
NOTHING_RECEIVED = Bill(
    number="RE-20150613/503", date="2015-06-13", total="406.82", image="RE-20150613-503.pdf", sender=BEISPIEL,
    lines=(
        Line(text="Künstlerische Gestaltung (Stunde)", price="160.00", uom="HUR", order="4500001004", order_line="1",
             tax="11.20", rate="7", code="V7"),
        Line(text="Luftballon: Bunt, ca. 500ml", price="0.79", quantity="200", order="4500001004", order_line="2",
             tax="30.02", rate="19", code="V19"),
        Line(text="Heiße Luft pro Liter", price="0.10", quantity="400", uom="LTR", order="4500001004",
             order_line="3", tax="7.60", rate="19", code="V19"),
    ),
)
UNKNOWN_ORDER = Bill(
    number="RE-20140703/502", date="2014-07-03", total="571.04", image="RE-20140703-502.jpg",
    lines=beispiel("4500009999"), sender=BEISPIEL,
)
PUNCTUATED = Bill(
    number="RE 20171118-506", date="2017-11-18", total="571.04", image="scan_506.jpg",
    lines=beispiel("4500001001"), sender=BEISPIEL,
)
LOOK_ALIKE = Bill(
    number="RE-2O19O6I0/507", date="2019-06-10", total="571.04", image="scan_507.jpg",
    lines=ORDER_AB321.lines, sender=BEISPIEL,
)
BILLED_BEFORE = Bill(
    number="471113", sender=LIEFERANT, date="2018-06-13", total="23.54", image="471113.pdf",
    lines=(Line(text="Schweinesteak", price="5.50", quantity="4", uom="KGM", part="SFK5", order="2018-471331",
                order_line="2"),),
    taxes=(Tax(amount="1.54", rate="7", code="V7", basis="22.00"),),
)
UNKNOWN_SUPPLIER = Bill(
    number="R18-31", sender=THERAPIST, date="2018-10-03", total="380.00", image="R18-31.pdf",
    lines=(Line(text="Physiotherapie", price="26.00", quantity="10", account="1000-6400-100"),
           Line(text="Hausbesuch", price="12.00", quantity="10", account="1000-6400-100")),
    taxes=(Tax(amount="0.00", rate="0", code="V0", basis="380.00"),),
)
CREDIT_NOTE = Bill(
    number="RK21012345", date="2013-09-16", total="8.79", image="RK21012345.pdf", original="R87654321012345",
    original_date="2013-08-06", misc="-0.23", note="Gutschrift gemäß Reklamation REKLA-2013-235", sender=MUSTER,
    lines=(Line(text="Zitronensäure 100ml", price="1.00", quantity="5", part="ZS997", order="B123456789",
                order_line="1"),
           Line(text="Gelierzucker Extra 250g", price="1.45", quantity="2", part="GZ250", order="B123456789",
                order_line="2")),
    taxes=(Tax(amount="0.92", rate="19", code="V19", basis="4.85"),
           Tax(amount="0.20", rate="7", code="V7", basis="2.82")),
)
AMOUNT_LINES = Bill(
    number="KR87654321012", date="2013-10-06", total="1256.70", image="KR87654321012.tif", shipping="15.00",
    misc="-21.55", sender=MUSTER,
    lines=(Line(text="Wirkarbeit HT", price="520.00", quantity="", order="4500001210", order_line="1"),
           Line(text="Ökosteuer Lieferant", price="205.00", quantity="", order="4500001210", order_line="1"),
           Line(text="Kommissionierer 1250032 D. Muster", price="288.75", quantity="", order="4500001210",
                order_line="2"),
           Line(text="FALTENBEUTEL 16X6X28 CM", price="36.75", quantity="", part="FB05", order="4500001210",
                order_line="3"),
           Line(text="Kopierpapier A4", price="12.10", quantity="", part="KOP05", order="4500001210",
                order_line="3")),
    taxes=(Tax(amount="200.65", rate="19", code="V19", basis="1056.05"),),
)
CARD = Bill(
    number="1234567", sender=CARDS, date="2017-11-20", total="1100.00",
    lines=(Line(text="Interbetbutik24", price="280.00", account="4000-6300-100"),
           Line(text="Parkeringsbolaget", price="75.00", quantity="4", uom="HUR", account="4000-6500-100"),
           Line(text="Avtalsbutiken", price="5.00", quantity="4", account="4000-6300-100"),
           Line(text="Kanalbåt", price="400.00", account="4000-6500-100"),
           Line(text="Prenumeration", price="50.00", quantity="2", account="4000-6300-100")),
    taxes=(Tax(amount="0.00", rate="0", code="SE0", basis="1100.00"),),
)
FLIGHT = Bill(
    number="ABC123", sender=FLIGHTS, date="2007-11-05", total="1094.86",
    lines=(Line(text="Arvode flygbokning", price="150.00", account="4000-6500-100"),
           Line(text="Flygbiljett", price="856.00", account="4000-6500-100")),
    taxes=(Tax(amount="37.50", rate="25", code="SE25", basis="150.00"),
           Tax(amount="51.36", rate="6", code="SE6", basis="856.00")),
)
PHONES = Bill(
    number="20517440", sender=LG, date="2013-12-30", total="2978666.00", image="20517440.pdf",
    lines=(Line(text="LGD820_AUSGBK (Smart Phone)", price="331.70", quantity="8980", part="LGD820.AUSGBK",
                order="216138", order_line="1"),),
    taxes=(Tax(amount="0.00", rate="0", code="US0", basis="2978666.00"),),
)
