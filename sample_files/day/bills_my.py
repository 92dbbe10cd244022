"""The bills of the Malaysian receipts (ICDAR 2019 SROIE), as printed; GST was 6 % until 31 May 2018, then 0 %."""

from day.bill import Bill, Charge, Line, Sender, Share, Tax

KEDAI = Sender("80001", "KEDAI PAPAN YEW CHUAN", "000781500416", "MYR", "ACME MY")


def sender(number: str, name: str, tax_id: str = "") -> Sender:
    """Return a Malaysian supplier."""
    return Sender(number, name, tax_id, "MYR", "ACME MY")


def gst(amount: str, basis: str) -> tuple[Tax, ...]:
    """Return GST at 6 %, or at 0 % where the amount is nothing."""
    rate = "0" if amount == "0.00" else "6"
    return (Tax(amount=amount, rate=rate, code=f"GST{rate}", basis=basis),)


TWO_ORDERS = Bill(
    number="CS00012389", sender=KEDAI, date="2018-05-02", total="361.46", image="CS00012389.jpg",
    taxes=gst("20.46", "341.00"),
    lines=(Line(text="BATU SIMEN", price="0.23", quantity="1200", part="100211", order="MY-20180101",
                order_line="1"),
           Line(text="PASIR HALUS (D)", price="65.00", part="101870", order="MY-20180102", order_line="1")),
)
MORE_THAN_ORDERED = Bill(
    number="CS00011904", sender=KEDAI, date="2018-04-17", total="190.80", image="CS00011904.jpg",
    taxes=gst("10.80", "180.00"),
    lines=(Line(text="SIMEN", price="16.50", quantity="10", part="101756", order="MY-20180090", order_line="1"),
           Line(text="KAPUR AIR (A1)", price="3.00", quantity="5", part="100160", order="MY-20180090",
                order_line="2")),
)
IMAGE_MISSING = Bill(
    number="CS00012658", sender=KEDAI, date="2018-05-11", total="68.90", image="CS00012658.jpg",
    taxes=gst("3.90", "65.00"),
    lines=(Line(text="PASIR HALUS (D)", price="65.00", part="101870", order="MY-20180110", order_line="1"),),
)
CODED = Bill(
    number="CSA34539", sender=sender("80002", "K STATIONERY & OFFICE SUPPLIES", "001506648064"),
    date="2017-07-15", total="148.00", image="CSA34539.jpg",
    taxes=gst("8.38", "139.62"),
    lines=(Line(text="NAME CARD", price="139.62", shares=(Share(account="2000-6200-100", amount="99.62"),
                                                          Share(account="2000-6600-100", amount="40.00"))),),
)
NOT_CODED = Bill(
    number="CS-20243", sender=sender("80003", "LIAN HING STATIONERY SDN BHD", "002139201536"),
    date="2018-03-27", total="12.00", image="CS-20243.jpg",
    taxes=gst("0.68", "11.32"),
    lines=(Line(text="F/Castell 187057-75 Tack-It 75g White (new)", price="5.66", quantity="2"),),
)
TAX_RATES = Bill(
    number="7828F715", sender=sender("80004", "GARDENIA BAKERIES (KL) SDN BHD", "000381399040"),
    date="2017-08-28", total="41.44", image="7828F715.jpg",
    lines=(Line(text="O.C. WHITE", price="2.13", quantity="3", account="2000-5100-200", tax="0.00", rate="0",
                code="GST0"),
           Line(text="WHOLEMEAL", price="2.78", quantity="5", account="2000-5100-200", tax="0.00", rate="0",
                code="GST0"),
           Line(text="O.C JUMBO", price="2.97", quantity="-2", account="2000-5100-200", tax="0.00", rate="0",
                code="GST0"),
           Line(text="DELICIA-B/SCOTCH", price="3.72", quantity="3", account="2000-5100-200", tax="0.67", rate="6",
                code="GST6"),
           Line(text="CR-CHOCLT", price="0.72", quantity="20", account="2000-5100-200", tax="0.86", rate="6",
                code="GST6")),
)
CHARGES = Bill(
    number="00012916", sender=sender("80005", "THREE STOOGES", "001661886464"),
    date="2018-03-12", total="343.95", image="00012916.jpg",
    taxes=gst("19.47", "324.50"),
    lines=(Line(text="HH GUINESS 12 GLASSES", price="150.00", account="2000-6600-100"),
           Line(text="HH TIGER 12 GLASSES", price="145.00", account="2000-6600-100")),
    charges=(Charge(kind="InvoiceHandlingCharge", amount="29.50", text="SERVICE CHARGE 10%"),
             Charge(kind="InvoiceMiscCharge", amount="-0.02", text="ROUNDING ADJ")),
)
WRONG_PAGE = Bill(
    number="CR 1805/0201", sender=sender("80006", "C W KHOO HARDWARE SDN BHD", "000549584896"),
    date="2018-05-04", total="19.00", image="CR18050201.jpg",
    taxes=gst("1.08", "17.93"), misc="-0.01",
    lines=(Line(text="2032 'ENERGIZER' BATTERY (PC)", price="6.40", uom="PK", account="2000-6200-100"),
           Line(text="9V 'ENERGIZER' BATTERY(522BP1G)", price="11.53", uom="PK", account="2000-6200-100")),
)
SACKS = Bill(
    number="CS 24399", sender=sender("80007", "LIM SENG THO HARDWARE TRADING", "001269075968"),
    date="2018-02-09", total="7.00", image="CS24399.jpg",
    taxes=gst("0.40", "6.60"),
    lines=(Line(text="BEG GUNI", price="0.66", quantity="10", account="2000-5200-100"),),
)
BAD_DATE = Bill(
    number="01-143008", sender=sender("80008", "ABC HO TRADING"),
    date="2019-13-09", total="31.00", image="01-143008.jpg",
    taxes=gst("0.00", "31.00"),
    lines=(Line(text="Plastic", price="15.50", quantity="2", account="2000-5200-100"),),
)
GROCERIES = Bill(
    number="CS01076695", sender=sender("80009", "PASARAYA CINWA SDN BHD", "000931172352"),
    date="2018-06-15", total="14.20", image="CS01076695.jpg",
    taxes=gst("0.00", "14.20"),
    lines=(Line(text="YELLOW ROCK SUGAR 250G", price="2.50", account="2000-6600-100"),
           Line(text="GREEN BEAN 280G", price="2.80", account="2000-6600-100"),
           Line(text="ROYAL UMBRELLA BERAS WANGI 1KG", price="8.90", account="2000-6600-100")),
)
TEA = Bill(
    number="MT161201805120055", sender=sender("80010", "DE LUXE CIRCLE FRESH MART SDN BHD", "001507647488"),
    date="2018-05-12",
    total="12.00", image="MT161201805120055.jpg",
    taxes=gst("0.68", "11.32"),
    lines=(Line(text="Heaven & Earth Ayataka Green Tea 1.5L", price="4.72", account="2000-6600-100"),
           Line(text="Konnyaku 10g", price="3.30", quantity="2", account="2000-6600-100")),
)
LUNCH = Bill(
    number="PS8418065765", sender=sender("80011", "THE TOAST F&B SDN BHD", "002069884928"),
    date="2018-06-16", total="28.15", image="PS8418065765.jpg",
    taxes=gst("0.00", "28.15"),
    lines=(Line(text="MONGOLIA CHICKEN", price="9.40", account="2000-6600-100"),
           Line(text="BUTTER KAYA", price="2.35", account="2000-6600-100"),
           Line(text="MEE HUN KUEY", price="8.00", account="2000-6600-100"),
           Line(text="NESLO (ICE)", price="4.25", account="2000-6600-100"),
           Line(text="HONEY RED TEA (ICE)", price="4.15", account="2000-6600-100")),
)
CAKE = Bill(
    number="B656954", sender=sender("80012", "VERBENA CONFECTIONERY SDN BHD", "001837056000"),
    date="2018-05-12", total="75.70", image="B656954.jpg",
    taxes=gst("4.28", "71.42"),
    lines=(Line(text='8" PANDAN KAYA CAKE and pastries', price="71.42", account="2000-6600-100"),),
)
NOODLES = Bill(
    number="CS00014769", sender=sender("80013", "LEMON TREE RESTAURANT JTJ FOODS SDN BHD", "001085747200"),
    date="2018-06-01",
    total="10.30", image="CS00014769.jpg",
    taxes=gst("0.00", "10.30"),
    lines=(Line(text="205 - Mee Mamak", price="9.80", account="2000-6600-100"),
           Line(text="X1 - SKY JUICE", price="0.50", account="2000-6600-100")),
)
