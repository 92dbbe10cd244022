"""What the lockbox delivers on the day, in the order of the names, and what is to become of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from day import bills_eu as eu
from day import bills_my as my
from day import broken
from day.bill import Bill
from day.coupa_csv import invoices
from day.expected import DRAFT, DUPLICATE, HOLD, LOAD, REJECT, Expected, of, refused
from day.originals import original
from day.packing import packed


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file of the lockbox: its name, how it is made, what is expected, and the findings about the file."""

    name: str
    content: Callable[[], bytes]
    shows: str
    expected: tuple[Expected, ...]
    findings: tuple[str, ...] = ()

    def twin(self) -> dict[str, Any]:
        """Return the twin."""
        outcomes = [outcome.as_json() for outcome in self.expected]
        return {"file": self.name, "shows": self.shows, "invoices": outcomes, "findings": list(self.findings)}


def zipped(name: str, bill: Bill, page: str, shows: str, decision: str, *reasons: str) -> Delivery:
    """Return a ZIP with one bill and its page; the CSV has the ZIP's name."""
    def content() -> bytes:
        return packed({f"{name[:-4]}.csv": invoices(bill), bill.image: original(page)})

    return Delivery(name, content, shows, (of(bill, decision, *reasons),))


def bare(name: str, page: str, shows: str, outcome: Expected) -> Delivery:
    """Return a file that comes as it is."""
    return Delivery(name, lambda: original(page), shows, (outcome,))


def sums(number: str, supplier: str, total: str, currency: str, decision: str, *reasons: str) -> Expected:
    """Return the outcome of an electronic invoice."""
    return Expected(number=number, supplier=supplier, total=total, currency=currency, decision=decision,
                    reasons=reasons)


MATCHED: tuple[Delivery, ...] = (
    zipped("01-three-way-match.zip", eu.ORDER_AB321, "text_053.pdf",
           "Order, receipt and invoice agree", LOAD),
    zipped("02-within-tolerance.zip", eu.WITHIN_TOLERANCE, "text_035.pdf",
           "160.00 an hour where 158.50 was ordered: inside 2 % and 5.00 alike", LOAD, "within-tolerance"),
    zipped("03-price-too-high.zip", eu.DEARER, "text_051.pdf",
           "160.00 an hour where 150.00 was ordered", HOLD, "price-above-tolerance"),
    zipped("04-more-than-received.zip", eu.MORE_THAN_RECEIVED, "hybrid_065.pdf",
           "400 balloons billed and ordered, 300 received", HOLD, "quantity-above-received"),
    zipped("05-more-than-ordered.zip", my.MORE_THAN_ORDERED, "sroie_603.jpg",
           "10 bags of cement billed and delivered, 8 ordered", HOLD, "quantity-above-ordered"),
    zipped("06-goods-not-received.zip", eu.NOTHING_RECEIVED, "hybrid_071.pdf",
           "Nothing of the order was received", HOLD, "goods-not-received"),
    zipped("07-already-billed.zip", eu.BILLED_BEFORE, "text_067.pdf",
           "A second invoice on an order line that 471102 billed in full", HOLD, "already-billed"),
    zipped("08-duplicate.zip", eu.ORDER_AB321, "text_053.pdf",
           "The invoice of 01 once more in another ZIP", DUPLICATE, "duplicate-exact"),
    zipped("09-duplicate-other-punctuation.zip", eu.PUNCTUATED, "scan_036_clean300.jpg",
           "The invoice of 02, its number keyed as RE 20171118-506", DUPLICATE, "duplicate-exact"),
    zipped("10-duplicate-look-alike.zip", eu.LOOK_ALIKE, "scan_054_mild300.jpg",
           "The invoice of 01 scanned again; O and I were read where 0 and 1 are printed", HOLD, "duplicate-suspected"),
    zipped("11-unknown-order.zip", eu.UNKNOWN_ORDER, "scan_088_clean200.jpg",
           "Order 4500009999 does not exist", HOLD, "po-unknown"),
    zipped("12-unknown-supplier.zip", eu.UNKNOWN_SUPPLIER, "text_021.pdf",
           "No such supplier in Coupa, and another one has the same tax number", HOLD, "supplier-unknown"),
    zipped("13-two-orders.zip", my.TWO_ORDERS, "sroie_606.jpg", "Two orders on one invoice", LOAD),
    zipped("14-coded.zip", my.CODED, "sroie_417.jpg", "No order, coded to two accounts that share the line", LOAD),
    zipped("15-not-coded.zip", my.NOT_CODED, "sroie_625.jpg", "Neither order nor account", DRAFT, "account-missing"),
    zipped("16-credit-note.zip", eu.CREDIT_NOTE, "text_043.pdf",
           "Credits goods of R87654321012345; two tax rates", LOAD),
    zipped("17-services-freight-discount.zip", eu.AMOUNT_LINES, "scan_091_fax200.tif",
           "Amount lines of a service order, two on one order line; freight and discount; a fax as image", LOAD),
    zipped("18-tax-by-line-and-returns.zip", my.TAX_RATES, "sroie_335.jpg",
           "0 % and 6 % by line, two loaves taken back, coded", LOAD),
    zipped("19-charges.zip", my.CHARGES, "sroie_040.jpg", "Service charge and rounding as charges, coded", LOAD),
    zipped("20-large-amount.zip", eu.PHONES, "gcp_invoice1.pdf",
           "Matches, but 2,978,666.00 dollars are for a controller", HOLD, "amount-gate"),
)
DAMAGED: tuple[Delivery, ...] = (
    Delivery("21-image-missing.zip", lambda: packed({"21-image-missing.csv": invoices(my.IMAGE_MISSING)}),
             "The CSV names an image that is not in the ZIP", (of(my.IMAGE_MISSING, HOLD, "image-missing"),),
             ("image-missing",)),
    zipped("22-image-of-another-invoice.zip", my.WRONG_PAGE, "sroie_458.jpg",
           "The page belongs to KFA Supply, CS0032277 over 11.60", HOLD, "image-doubtful"),
    Delivery("23-three-invoices-one-bad.zip", broken.one_bad, "Three invoices in one CSV, the second dated 2019-13-09",
             (of(my.SACKS, LOAD), of(my.BAD_DATE, REJECT, "value-date"), of(my.GROCERIES, LOAD)), ("value-date",)),
    Delivery("24-unclosed-quote.zip", broken.unclosed,
             "A quote in a line of the first invoice never closes; the second invoice is good",
             (of(my.LUNCH, REJECT, "csv-unclosed-quote"), of(my.TEA, LOAD)), ("csv-unclosed-quote",)),
    Delivery("25-windows-1252-and-too-wide.csv", broken.wide,
             "Written in Windows-1252; an unquoted comma gives the second invoice's header a field too many",
             (of(eu.CARD, LOAD), of(eu.FLIGHT, REJECT, "csv-width")), ("csv-width", "text-encoding")),
    Delivery("26-path-traversal.zip", broken.attack,
             "Members that try to leave the folder: refused whole, although the invoice inside is real",
             (refused("26-path-traversal.zip", "zip-unsafe-name"),), ("zip-unsafe-name",)),
    Delivery("27-$(touch pwned);rm -rf ~&'.zip", broken.hostile_name,
             "A name made for a careless shell around a good invoice; no shell ever sees it", (of(my.NOODLES, LOAD),)),
)
FAX = {"supplier": "Bei Spiel GmbH", "number": "RE-20201121/508", "date": "2020-11-21", "po_number": "AB321",
       "currency": "EUR", "net_total": "496.00", "tax_total": "75.04", "total": "571.04"}
RECEIPT = {"supplier": "NADEJE PRESTIGE SDN BHD", "number": "000-074020", "date": "2018-02-22", "currency": "MYR",
           "tax_total": "2.21", "total": "39.00"}
NO_CURRENCY = {"supplier": "SOON HUAT MACHINERY ENTERPRISE", "number": "CS00004040", "date": "2019-01-11",
               "total": "327.00"}
ELECTRONIC: tuple[Delivery, ...] = (
    bare("28-factur-x.pdf", "hybrid_038.pdf", "Factur-X inside a PDF; 201.00 were paid in advance, which the ERP nets",
         sums("FA-2017-0010", "70006", "671.15", "EUR", LOAD)),
    bare("29-ubl.xml", "cen_ubl-tc434-example4.xml", "UBL, Danish crowns, two tax rates",
         sums("TOSL110", "70008", "4675.00", "DKK", LOAD)),
    bare("30-cii.xml", "cen_CII_example7.xml",
         "CII, Swedish crowns, outside the scope of tax; two suppliers have nearly the same name",
         sums("INVOICE_test_7", "70010", "3200.00", "SEK", LOAD)),
    Delivery("31-cxml-two-orders.xml", broken.two_orders, "cXML over two orders",
             (sums("INV00001", "ALLENSON0001", "220.00", "USD", LOAD),)),
    Delivery("32-cxml-wrong-tax.xml", broken.wrong_tax,
             "cXML with shipping and handling; 8.25 % of 365.00 are 30.11, it states 8.00",
             (sums("3492", "TRIKES0001", "408.00", "USD", HOLD, "tax-differs"),)),
    bare("33-fax.tif", "scan_087_fax300.tif", "A fax without any data: everything is read from the page",
         Expected(number="RE-20201121/508", supplier="70003", total="571.04", currency="EUR", decision=LOAD,
                  reads=FAX)),
    bare("34-receipt.jpg", "sroie_161.jpg",
         "A scanned receipt without any data; prices include tax, no account is known",
         Expected(number="000-074020", supplier="80015", total="39.00", currency="MYR", decision=HOLD,
                  reasons=("lines-missing",), reads=RECEIPT)),
    bare("35-ubl-loaded-before.xml", "corpus_EN16931_Rabatte.ubl.xml",
         "471102 of 5 June 2018 is in Coupa already, where it came by another way",
         sums("471102", "70001", "215.07", "EUR", DUPLICATE, "duplicate-exact")),
    bare("36-number-used-again.xml", "corpus_EN16931_Einfach.cii.xml",
         "471102 once more, but of 5 March and over 529.87: another invoice under a used number",
         sums("471102", "70001", "529.87", "EUR", HOLD, "duplicate-suspected")),
    bare("37-ubl-does-not-add-up.xml", "cen_ubl-tc434-example2.xml",
         "2 laptops at 1273.00 are not 1273.00, and order 123 is SellerCompany's",
         sums("TOSL108", "70009", "1801.78", "NOK", HOLD, "po-other-supplier", "total-line")),
    bare("38-other-bank-account.pdf", "hybrid_083.pdf",
         "Matches, but the money is to go to an account that the supplier master does not have",
         sums("47110815", "70007", "1021.91", "GBP", HOLD, "bank-changed")),
    bare("39-receipt-without-currency.jpg", "sroie_006.jpg", "A scanned receipt on which no currency is printed",
         Expected(number="CS00004040", supplier="80014", total="327.00", currency="", decision=HOLD,
                  reasons=("currency-missing",), reads=NO_CURRENCY)),
)
DELIVERIES: tuple[Delivery, ...] = (*MATCHED, *DAMAGED, *ELECTRONIC)
