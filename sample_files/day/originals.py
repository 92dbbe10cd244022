"""Where every original comes from, under which licence, and what was changed in it."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "originals"
CORPUS, SROIE, CEN = "ZUGFeRD/corpus", "zzzDavid/ICDAR-2019-SROIE", "ConnectingEurope/eInvoicing-EN16931"
APACHE, CC_BY, EUPL, MIT = "Apache-2.0", "CC BY 4.0", "EUPL-1.2", "MIT"
NO_XML = "embedded XML removed"
AS_IS = "nothing"


@dataclass(frozen=True, slots=True)
class Original:
    """A file of ``originals/``: the repository and path it was published at, its licence, what we changed."""

    name: str
    repository: str
    path: str
    licence: str
    changed: str
    shows: str

    @property
    def content(self) -> bytes:
        """The bytes."""
        return (FOLDER / self.name).read_bytes()


def corpus(name: str, path: str, changed: str, shows: str) -> Original:
    """Return a document of the ZUGFeRD corpus."""
    return Original(name, CORPUS, path, APACHE, changed, shows)


def receipt(number: str, shows: str, *, a4: bool = False) -> Original:
    """Return a receipt of SROIE; the A4 pages were resampled."""
    changed = "page resampled to 200 dpi grey JPEG" if a4 else AS_IS
    return Original(f"sroie_{number}.jpg", SROIE, f"data/img/{number}.jpg", CC_BY, changed, shows)


MUSTANG = "MustangGnuaccountingBeispielRE-"
ORIGINALS: tuple[Original, ...] = (
    corpus("text_053.pdf", f"ZUGFeRDv2/fail/Mustangproject/{MUSTANG}20190610_507b.pdf", NO_XML,
           "Bei Spiel GmbH, RE-20190610/507, order AB321"),
    corpus("scan_054_mild300.jpg", f"ZUGFeRDv2/correct/Mustangproject/{MUSTANG}20190610_507.pdf",
           "rendered and degraded as a 300 dpi scan", "the same invoice, as a scan"),
    corpus("scan_087_fax300.tif", f"ZUGFeRDv2/correct/Mustangproject/{MUSTANG}20201121_508.pdf",
           "rendered and degraded as a 300 dpi fax", "Bei Spiel GmbH, RE-20201121/508, order AB321"),
    corpus("text_035.pdf", f"ZUGFeRDv2/fail/Mustangproject/{MUSTANG}20171118_506.pdf", NO_XML,
           "Bei Spiel GmbH, RE-20171118/506"),
    corpus("scan_036_clean300.jpg", "ZUGFeRDv2/fail/MustangRE-20171118_506_ZUGFeRD1and2.pdf",
           "rendered as a 300 dpi scan", "the same invoice, as a scan"),
    corpus("text_051.pdf", "ZUGFeRDv1/fail/Mustangproject/fail3.pdf", NO_XML, "Bei Spiel GmbH, RE-20170509/505"),
    corpus("hybrid_065.pdf", f"ZUGFeRDv1/correct/Mustangproject/{MUSTANG}20151008_504.pdf", AS_IS,
           "Bei Spiel GmbH, RE-20151008/504; its XML dates it 2014, its page 2015"),
    corpus("hybrid_071.pdf", f"ZUGFeRDv1/correct/Mustangproject/{MUSTANG}20150613_503.pdf", AS_IS,
           "Bei Spiel GmbH, RE-20150613/503; its XML (571.04) disagrees with its page (406.82)"),
    corpus("scan_088_clean200.jpg", f"ZUGFeRDv1/correct/Mustangproject/{MUSTANG}20140703_502.pdf",
           "rendered as a 200 dpi scan", "Bei Spiel GmbH, RE-20140703/502"),
    corpus("text_067.pdf", "ZUGFeRDv2/correct/symtrax/Beispiele/EN16931/zugferd_2p1_EN16931_2_Teilrechnung.pdf",
           NO_XML, "Lieferant GmbH, 471113, order 2018-471331"),
    corpus("text_021.pdf", "ZUGFeRDv2/correct/intarsys/EN16931/zugferd_2p0_EN16931_Physiotherapeut.pdf", NO_XML,
           "Physiotherapeutin, R18-31"),
    corpus("text_043.pdf", "ZUGFeRDv1/correct/Intarsys/ZUGFeRD_1p0_EXTENDED_Rechnungskorrektur.pdf", NO_XML,
           "MUSTERLIEFERANT GMBH, credit note RK21012345"),
    corpus("scan_091_fax200.tif", "ZUGFeRDv1/correct/Intarsys/ZUGFeRD_1p0_EXTENDED_Kostenrechnung.pdf",
           "rendered and degraded as a 200 dpi fax",
           "MUSTERLIEFERANT GMBH, KR87654321012: services, freight, discount"),
    corpus("hybrid_038.pdf", "ZUGFeRDv2/fail/FNFE-factur-x-examples/Facture_FR_EN16931.pdf", AS_IS,
           "Au bon moulin, FA-2017-0010, order PO445, Factur-X"),
    corpus("hybrid_083.pdf", "ZUGFeRDv2/correct/symtrax/Beispiele/EXTENDED/zugferd_2p1_EXTENDED_Fremdwaehrung.pdf",
           AS_IS, "Rohstoff AG Salzgitter, 47110815, pounds, to be paid to another party"),
    corpus("corpus_EN16931_Rabatte.ubl.xml", "XML-Rechnung/UBL/EN16931_Rabatte.ubl.xml", AS_IS,
           "Lieferant GmbH, 471102 of 5 June 2018, UBL"),
    corpus("corpus_EN16931_Einfach.cii.xml", "XML-Rechnung/CII/EN16931_Einfach.cii.xml", AS_IS,
           "Lieferant GmbH, 471102 of 5 March 2018, CII"),
    Original("cen_ubl-tc434-example4.xml", CEN, "ubl/examples/ubl-tc434-example4.xml", EUPL, AS_IS,
             "SellerCompany, TOSL110, order 123, UBL, crowns"),
    Original("cen_ubl-tc434-example2.xml", CEN, "ubl/examples/ubl-tc434-example2.xml", EUPL, AS_IS,
             "Salescompany ltd., TOSL108: line 1 is not quantity times price"),
    Original("cen_CII_example7.xml", CEN, "cii/examples/CII_example7.xml", EUPL, AS_IS,
             "The Sellercompany Incorporated, INVOICE_test_7, order Order_9988_x, CII, crowns"),
    Original("cen_BIS_Billing_30-Inkopskort.xml", CEN, "test/testfiles/BIS_Billing_30-Inkopskort.xml", EUPL,
             "its values were typed into a CSV", "Kort- & Finanstjänster AB, 1234567"),
    Original("cen_BIS_Billing_30-Resor_Bokning.xml", CEN, "test/testfiles/BIS_Billing_30-Resor_Bokning.xml", EUPL,
             "its values were typed into a CSV", "Nettoresor AB, ABC123"),
    Original("cxml_invoice_backed_by_multiple_pos.xml", "officeluv/cxml",
             "spec/fixtures/invoice_backed_by_multiple_pos.xml", MIT,
             "sender's identity; NetAmount 0 set to the 220.00 that it bills", "INV00001, two orders, cXML"),
    Original("cxml_invoice_taxes_at_total.xml", "officeluv/cxml", "spec/fixtures/invoice_taxes_at_total.xml", MIT,
             "sender's identity; order 123 set to 3000123",
             "3492: shipping, handling, and a tax that is not its rate, cXML"),
    Original("gcp_invoice1.pdf", "GoogleCloudPlatform/document-ai-samples", "sample_invoices/invoice1.pdf", APACHE,
             AS_IS, "LG Electronics MobileComm U.S.A., 20517440, order 216138"),
    receipt("606", "Kedai Papan Yew Chuan, CS00012389"),
    receipt("603", "Kedai Papan Yew Chuan, CS00011904"),
    receipt("417", "K Stationery & Office Supplies, CSA34539"),
    receipt("625", "Lian Hing Stationery, CS-20243"),
    receipt("335", "Gardenia Bakeries (KL), 7828F715"),
    receipt("040", "Three Stooges, order 00012916"),
    receipt("458", "KFA Supply, CS0032277"),
    receipt("109", "Lim Seng Tho Hardware Trading, CS 24399"),
    receipt("005", "ABC Ho Trading, 01-143008"),
    receipt("161", "Nadeje Prestige, 000-074020, tax included in the prices"),
    receipt("006", "Soon Huat Machinery Enterprise, CS00004040, prints no currency"),
    receipt("530", "Pasaraya Cinwa, CS01076695", a4=True),
    receipt("434", "De Luxe Circle Fresh Mart, MT161201805120055", a4=True),
    receipt("531", "The Toast F&B, PS8418065765", a4=True),
    receipt("435", "Verbena Confectionery, B656954", a4=True),
    receipt("529", "Lemon Tree Restaurant, CS00014769 of 1 June 2018 (printed 6/1/2018, stamped Jun/2018 01)", a4=True),
    *(
        Original(f"adventureworks/{name}.csv", "olafusimichael/AdventureWorksCSV", path, MIT,
                 "excerpt, columns renamed", shows)
        for name, path, shows in (
            ("vendors", "Purchasing vVendorWithAddresses.csv", "30 vendors"),
            ("po_headers", "Purchasing PurchaseOrderHeader.csv", "20 orders"),
            ("po_lines", "Purchasing PurchaseOrderDetail.csv", "their lines"),
            ("receipts", "Purchasing PurchaseOrderDetail.csv", "what was received of them"),
        )
    ),
)
BY_NAME = {original.name: original for original in ORIGINALS}


def original(name: str) -> bytes:
    """Return the bytes of an original; only listed ones may be used."""
    return BY_NAME[name].content
