"""The rules that flat files, ZIP deliveries and their names are held to; docs/rules.md is made from them."""

from formats.findings import Rule, Severity

WARNING, INFO = Severity.WARNING, Severity.INFO

TEXT_BOM = Rule("text-bom", "The file begins with a byte order mark", "Do nothing: the mark was dropped.", INFO)
TEXT_ENCODING = Rule("text-encoding", "The file is not UTF-8", "Send UTF-8 without a byte order mark.", WARNING)
TEXT_MIXED = Rule("text-mixed", "The file mixes encodings, so its text cannot be trusted", "Send UTF-8 throughout.")
TEXT_NUL = Rule("text-nul", "The file has NUL characters", "Send text without padding, in UTF-8.")

PGP_WRONG_KEY = Rule(
    "pgp-wrong-key",
    "The file is encrypted for another key",
    "Send the partner the certificate of the key that stands in the settings, and have the file sent again.",
)
PGP_SIGNATURE = Rule(
    "pgp-signature",
    "The encrypted file has no valid signature of the partner",
    "Have it signed with a key that is valid and pinned in partner_key_file; the original is kept.",
)
PGP_EXPIRED = Rule(
    "pgp-expired",
    "The partner's certificate has expired or was revoked, so its signature proves nothing",
    "Put the partner's present certificate into partner_key_file and have the file sent again.",
)
PGP_DAMAGED = Rule("pgp-damaged", "The encrypted file is cut or damaged", "Have it sent again; the original is kept.")
PGP_REQUIRED = Rule(
    "pgp-required",
    "The file is not encrypted although the partner agreed to",
    "Have it encrypted and signed, or take `required` out of the settings.",
)
PGP_NO_KEY = Rule(
    "pgp-no-key",
    "The file is encrypted and the settings name no key for whoever left it",
    "Set own_key_file in [lockbox.pgp] or [erp.pgp]; into the drop folder, put files that are not encrypted.",
)
PGP_TOO_LARGE = Rule(
    "pgp-too-large",
    "The encrypted file unpacks to more than is allowed",
    "Send several smaller files, or raise limits.file_megabytes; the original is kept.",
)

CSV_EMPTY = Rule("csv-empty", "The file has no header row", "Send a header, even when there are no records.")
CSV_UNCLOSED_QUOTE = Rule(
    "csv-unclosed-quote",
    "A quote is misplaced or never closed",
    "Close every quote, and double the quotes inside a field.",
)
CSV_FIELD_SIZE = Rule(
    "csv-field-size", "A field is larger than 128 KiB", "Close the quotes; send long text as an attachment."
)
CSV_WIDTH = Rule(
    "csv-width", "A row has more or fewer fields than its header", "Quote the fields that hold the delimiter."
)
CSV_COLUMN_UNKNOWN = Rule(
    "csv-column-unknown",
    "The layout has no such column",
    "Check the spelling, or add the column to the overlay.",
    WARNING,
)
CSV_COLUMN_MISSING = Rule(
    "csv-column-missing", "A column without which nothing can be read is missing", "Add the column."
)
CSV_COLUMN_EXPECTED = Rule(
    "csv-column-expected", "A column that the template marks as required is missing", "Add the column.", WARNING
)
CSV_COLUMN_REPEATED = Rule("csv-column-repeated", "A column stands twice in the header", "Keep one of the two.")
CSV_ROW_TYPE = Rule(
    "csv-row-type",
    "The row's type is unknown or has no header row",
    "Use the row types of the layout, each with its header row.",
)
CSV_ROW_IGNORED = Rule(
    "csv-row-ignored",
    "Coupa's file has a type of rows that is not read",
    "Do nothing: these rows are not needed.",
    WARNING,
)
CSV_ORPHAN_ROW = Rule(
    "csv-orphan-row", "The row belongs to no document of the file", "Send the document's header row before its rows."
)
CSV_RECORD_REPEATED = Rule("csv-record-repeated", "The file has the same document twice", "Send the document once.")
CSV_TOO_MANY_ROWS = Rule(
    "csv-too-many-rows", "There are too many rows before the documents are complete", "Group the rows by document."
)
CSV_TRAILER = Rule("csv-trailer", "The trailer's count or sum is not the file's", "Send the complete file again.")

VALUE_REQUIRED = Rule("value-required", "A value is needed", "Fill in the cell.")
VALUE_NUMBER = Rule(
    "value-number", "The value is not a plain number", "Write digits and at most one decimal point, without grouping."
)
VALUE_DATE = Rule("value-date", "The value is not a date", "Write YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SS+HH:MM.")
VALUE_FLAG = Rule("value-flag", "The value is neither yes nor no", "Write Yes or No.")
VALUE_CHOICE = Rule(
    "value-choice", "The value is not one of those allowed", "Use one of the values that the message lists."
)
VALUE_TOO_LONG = Rule("value-too-long", "The value does not fit its column", "Shorten the value.")
VALUE_FORMULA = Rule(
    "value-formula",
    "A spreadsheet would run the text as a formula",
    "Check who wrote it, and never open the file in a spreadsheet.",
    WARNING,
)
VALUE_DROPPED = Rule(
    "value-dropped",
    "The document has no place for this column",
    "Do nothing, unless the value matters: it was not read.",
    WARNING,
)
SEGMENT_GAP = Rule(
    "account-segment-gap", "An account's segments have a gap", "Fill the segments from the first one on."
)

ZIP_DAMAGED = Rule("zip-damaged", "The archive is damaged", "Send the archive again.")
ZIP_ENCRYPTED = Rule("zip-encrypted", "The archive is encrypted", "Send the archive without a password.")
ZIP_NESTED = Rule("zip-nested", "The archive contains an archive", "Put all files into one archive.")
ZIP_TOO_LARGE = Rule("zip-too-large", "The archive unpacks to more than is allowed", "Split the archive.")
ZIP_TOO_MANY = Rule("zip-too-many", "The archive has too many files", "Split the archive.")
ZIP_UNSAFE_NAME = Rule("zip-unsafe-name", "A name in the archive is unsafe", "Use plain relative file names.")
ZIP_REPEATED_NAME = Rule("zip-repeated-name", "A name stands twice in the archive", "Give each file a name of its own.")
ZIP_NO_CSV = Rule(
    "zip-no-csv",
    "The archive has not exactly one data file at its top, nor e-invoices instead",
    "Put exactly one CSV at the top of the archive, or e-invoices with their pages and no CSV.",
)
DELIVERY_NAME_UNSAFE = Rule(
    "delivery-name-unsafe",
    "The file's name is unsafe",
    "Name the file with letters, digits, hyphens, underscores and points only.",
)
DELIVERY_TOO_LARGE = Rule(
    "delivery-too-large",
    "The file is larger than is allowed",
    "Send several smaller files, or raise limits.file_megabytes.",
)
DELIVERY_KIND_UNKNOWN = Rule(
    "delivery-kind-unknown",
    "The file is of no kind that can be read",
    "Send CSV, ZIP, cXML, UBL, CII, PDF, TIFF, PNG or JPEG.",
)
IMAGE_MISSING = Rule(
    "image-missing",
    "The invoice names an image or attachment that was not sent",
    "Send the file along, or leave its name out.",
)
IMAGE_UNUSED = Rule(
    "image-unused",
    "A file of the delivery belongs to no invoice",
    "Name the file in the data of its invoice, or leave it out.",
    WARNING,
)

RULES: tuple[Rule, ...] = tuple(value for value in list(vars().values()) if isinstance(value, Rule))
