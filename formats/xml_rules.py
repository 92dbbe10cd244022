"""The rules of XML documents, electronic invoices and invoice arithmetic."""

from formats.findings import Rule, Severity

DAMAGED = Rule(
    "xml-damaged", "The XML is not well formed", "Ask the sender for the file again; it was cut or badly written."
)
DOCTYPE = Rule(
    "xml-doctype",
    "The XML declares a document type that is not allowed",
    "Have the sender leave it out: only cXML's own DOCTYPE is taken, without entities or declarations.",
)
TOO_DEEP = Rule(
    "xml-too-deep", "The XML is nested too deeply", "Ask the sender what it is: no invoice is nested so deeply."
)
TOO_LARGE = Rule("xml-too-large", "The XML is too large", "Have the sender split the file or leave out attachments.")
NAMESPACE = Rule(
    "xml-namespace",
    "The root element is of no known invoice format",
    "Send UBL 2.1 Invoice or CreditNote, UN/CEFACT CII, ZUGFeRD or a cXML InvoiceDetailRequest.",
)
MIME = Rule(
    "xml-mime", "The multipart message has no XML part", "Send the cXML document as the first part of the message."
)
NUMBER = Rule("xml-number", "The text is not a number", "Write amounts with a point and without thousands separators.")
DATE = Rule("xml-date", "The text is not a date", "Write dates in the form that the format prescribes.")
MISSING = Rule(
    "einvoice-missing-field",
    "A mandatory field of the electronic invoice is missing",
    "Read the value from the picture, or ask the supplier for a corrected invoice.",
)
NO_LINES = Rule(
    "einvoice-no-lines",
    "The electronic invoice has no lines",
    "Take the lines from the picture; profiles MINIMUM and BASIC WL carry none.",
    Severity.WARNING,
)
NEGATIVE_INVOICE = Rule(
    "einvoice-negative-invoice",
    "A negative invoice was read as a credit note",
    "Do nothing: the amounts are positive now and the document is a credit note.",
    Severity.INFO,
)
NEGATIVE_CREDIT_NOTE = Rule(
    "einvoice-negative-credit-note",
    "A credit note with a negative total was read with positive amounts",
    "Check that the supplier means a credit and not the reversal of one.",
    Severity.WARNING,
)
ATTACHMENT = Rule(
    "einvoice-attachment-damaged",
    "An embedded attachment cannot be decoded",
    "Ask the supplier for the attachment.",
    Severity.WARNING,
)
LINE_TOTAL = Rule(
    "total-line",
    "A line's total is not quantity times price",
    "Compare the line with the picture; correct quantity, price or total.",
)
LINE_ROUNDED = Rule(
    "total-line-rounded",
    "A line's total differs from quantity times price by no more than the rounding of the price",
    "Do nothing: the line's total counts.",
    Severity.INFO,
)
NET_TOTAL = Rule(
    "total-net", "The net total is not the sum of lines and charges", "Look for a missing line, allowance or charge."
)
TAX_TOTAL = Rule(
    "total-tax", "A tax amount is not its basis times its rate", "Correct the tax amount, its basis or its rate."
)
CONTROL_TOTAL = Rule(
    "total-control",
    "The stated total is not lines plus charges plus tax",
    "Find the number that was misread, or ask the supplier for a corrected invoice.",
)
MINOR_UNITS = Rule(
    "amount-minor-units",
    "An amount has more decimals than its currency",
    "Round the amount to the currency's smallest unit.",
    Severity.WARNING,
)
EN16931 = Rule(
    "en16931",
    "The e-invoice breaks a business rule of EN 16931, Peppol BIS Billing or XRechnung",
    "Tell the supplier which rule it is, since others may refuse the invoice; it is loaded all the same.",
    Severity.WARNING,
)
EN16931_UNCHECKED = Rule(
    "en16931-unchecked",
    "The business rules of EN 16931 were not checked",
    "Install the extra `einvoice`; where it is there, the invoice has too many lines for the time that is allowed.",
    Severity.INFO,
)
CXML_DOCTYPE = Rule(
    "cxml-doctype",
    "The cXML names no document type that Coupa takes",
    "Have the sender name InvoiceDetail.dtd of cXML 1.2; Coupa's cXML inbox takes nothing else.",
    Severity.WARNING,
)
CXML_CONTENT = Rule(
    "cxml-content",
    "An element of the cXML has a part too few, too many or out of order",
    "Have the sender correct it: Coupa's cXML inbox would refuse it. Here it is read all the same.",
    Severity.WARNING,
)
CXML_ATTRIBUTE_MISSING = Rule(
    "cxml-attribute-missing",
    "An element of the cXML lacks an attribute that it must have",
    "Have the sender add it: Coupa's cXML inbox would refuse it. Here it is read all the same.",
    Severity.WARNING,
)
CXML_ATTRIBUTE_VALUE = Rule(
    "cxml-attribute-value",
    "An attribute of the cXML has a value that it cannot have",
    "Have the sender use one of the values that the message lists. Here it is read all the same.",
    Severity.WARNING,
)
TEMPLATE = Rule(
    "erp-template",
    "The ERP template cannot be rendered",
    "Correct the template at the line named.",
)
UNBALANCED = Rule(
    "erp-unbalanced",
    "The invoice cannot be posted: its parts do not add up to its total",
    "Correct the invoice before it is sent to the ERP.",
)

RULES: tuple[Rule, ...] = (
    DAMAGED,
    DOCTYPE,
    TOO_DEEP,
    TOO_LARGE,
    NAMESPACE,
    MIME,
    NUMBER,
    DATE,
    MISSING,
    NO_LINES,
    NEGATIVE_INVOICE,
    NEGATIVE_CREDIT_NOTE,
    ATTACHMENT,
    LINE_TOTAL,
    LINE_ROUNDED,
    NET_TOTAL,
    TAX_TOTAL,
    CONTROL_TOTAL,
    MINOR_UNITS,
    EN16931,
    EN16931_UNCHECKED,
    CXML_DOCTYPE,
    CXML_CONTENT,
    CXML_ATTRIBUTE_MISSING,
    CXML_ATTRIBUTE_VALUE,
    TEMPLATE,
    UNBALANCED,
)
