"""The rules of reading pages: what can be wrong with a page, a field, or the agreement of data and page."""

from formats.findings import Rule, Severity

PAGE_DAMAGED = Rule(
    "page-damaged", "The file is cut or damaged and cannot be opened as a page", "Ask the sender for the file again."
)
PAGE_TOO_LARGE = Rule(
    "page-too-large",
    "The file has more bytes, pixels or pages than the limits allow",
    "Have it scanned at 200 to 300 dpi and split, or raise the limit in the settings.",
)
PAGE_ENCRYPTED = Rule(
    "page-encrypted", "The PDF needs a password to be opened", "Ask the sender for a copy without a password."
)
PAGE_UNREADABLE = Rule(
    "page-unreadable",
    "No text could be read on the page, or reading took longer than its limit",
    "Look at the page: scan it again if it is blank, upside down or too pale.",
)
PAGE_NOT_AN_INVOICE = Rule(
    "page-not-an-invoice",
    "The page has neither an invoice number nor a total, or calls itself something else",
    "Check whether the right document was sent.",
    Severity.WARNING,
)
FIELD_MISSING = Rule(
    "field-missing",
    "A field that an invoice needs was not found on the pages",
    "Type the value in at the review desk.",
)
FIELD_UNCERTAIN = Rule(
    "field-uncertain",
    "A field was read, but its probability of being right is below the threshold",
    "Compare the value with the marked place on the page.",
    Severity.WARNING,
)
LINES_OPEN = Rule(
    "lines-open",
    "The lines and charges read from the page do not add up to the net total that it prints",
    "Look for a line, charge or discount that was not read, or was read wrong.",
    Severity.WARNING,
)
CHECK_NUMBER = Rule(
    "check-number",
    "The invoice number of the data is not seen on the page",
    "Check whether the image belongs to this invoice.",
    Severity.WARNING,
)
CHECK_DATE = Rule(
    "check-date",
    "The invoice date of the data is not seen on the page",
    "Compare the date with the page.",
    Severity.WARNING,
)
CHECK_SUPPLIER = Rule(
    "check-supplier",
    "The supplier of the data is not seen on the page",
    "Compare the supplier with the letterhead.",
    Severity.WARNING,
)
CHECK_CURRENCY = Rule(
    "check-currency",
    "The currency of the data is not seen on the page, and another one is",
    "Compare the currency with the page.",
    Severity.WARNING,
)
CHECK_TOTAL = Rule(
    "check-total",
    "The total of the data is not seen on the page",
    "Compare the total with the page.",
    Severity.WARNING,
)
CHECK_LINE = Rule(
    "check-line",
    "A line total of the data is not seen on the page",
    "Compare the line with the page.",
    Severity.WARNING,
)
CHECK_NUMBER_CONTRADICTED = Rule(
    "check-number-contradicted",
    "The page shows another invoice number than the data",
    "Check whether the image belongs to this invoice; correct the data or the image.",
)
CHECK_DATE_CONTRADICTED = Rule(
    "check-date-contradicted",
    "The page shows another invoice date than the data",
    "Correct the date or the image.",
)
CHECK_TOTAL_CONTRADICTED = Rule(
    "check-total-contradicted",
    "The page shows another total than the data",
    "Correct the amount or the image.",
)
CHECK_CURRENCY_CONTRADICTED = Rule(
    "check-currency-contradicted",
    "The page names another currency than the data",
    "Correct the currency or the image.",
)
CHECK_IMAGE_SWAPPED = Rule(
    "check-image-swapped",
    "The page shows another invoice: two of number, total and date of the data are not on it",
    "Find the image that belongs to this invoice.",
)
SECOND_READING_MISSING = Rule(
    "second-reading-missing",
    "There was no second, independent reading of the page",
    "Install Tesseract: type `apt-get install tesseract-ocr`.",
    Severity.INFO,
)
CAPTURE_DRIFT = Rule(
    "capture-drift",
    "The supplier's paper is read worse than it used to be, so nothing of it passes by itself",
    "Look at its latest pages, learn what is new, then type `exchange capture reopen SUPPLIER`.",
)

CHECKS: tuple[Rule, ...] = (
    CHECK_NUMBER,
    CHECK_DATE,
    CHECK_SUPPLIER,
    CHECK_CURRENCY,
    CHECK_TOTAL,
    CHECK_LINE,
    CHECK_NUMBER_CONTRADICTED,
    CHECK_DATE_CONTRADICTED,
    CHECK_TOTAL_CONTRADICTED,
    CHECK_CURRENCY_CONTRADICTED,
    CHECK_IMAGE_SWAPPED,
)
OF_PAPER: tuple[Rule, ...] = (PAGE_DAMAGED, PAGE_TOO_LARGE, PAGE_ENCRYPTED, PAGE_UNREADABLE)
RULES: tuple[Rule, ...] = (
    *OF_PAPER,
    PAGE_NOT_AN_INVOICE,
    FIELD_MISSING,
    FIELD_UNCERTAIN,
    LINES_OPEN,
    *CHECKS,
    SECOND_READING_MISSING,
    CAPTURE_DRIFT,
)
