"""What becomes of odd files: each kind of oddity has one outcome, told by `exchange validate`.

docs/odd-files.md has the same list.
"""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from formats.examine import examine
from tests.stories import small

PAGE = Path(__file__).parents[2] / "docs" / "odd-files.md"

HEAD = "Invoice,Invoice Number*,Supplier Number,Supplier Name,Invoice Date*,Line Level Taxation*,Chart of Accounts*\n"
LINE = "Invoice Line,Invoice Number*,Supplier Number,Line Number,Description*,Price*,Quantity,Unit of Measure*\n"
ROWS = {
    "A": "Invoice,A,V-1,Müller,2026-03-01,No,ACME\n",
    "A1": "Invoice Line,A,V-1,1,Toner,5.00,2,EA\n",
    "B": "Invoice,B,V-1,Müller,2026-03-01,No,ACME\n",
    "B1": "Invoice Line,B,V-1,1,Paper,7.00,2,EA\n",
}
PAYMENTS = "Supplier Number,Invoice Number,Check Amount Paid\nV-1,A,1.50\nV-1,B,2.00\n"
UBL = small.UBL.format(number="R-1", day="2026-03-01", net="100.00", count=1)


def invoices(**changes: str) -> str:
    """A file of two invoices with some of its rows changed."""
    return HEAD + LINE + "".join((ROWS | changes).values())


def cell(column: str, text: str) -> bytes:
    """The file with another cell in the second invoice or its line."""
    row, header = ("B", HEAD) if column in HEAD else ("B1", LINE)
    cells = ROWS[row].rstrip("\n").split(",")
    cells[header.rstrip("\n").split(",").index(column)] = text
    return invoices(**{row: ",".join(cells) + "\n"}).encode()


def packed(*members: tuple[str, bytes], damage: Callable[[bytes], bytes] = bytes) -> bytes:
    """A ZIP with the file of two invoices and more members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("invoices.csv", invoices().encode()), *members):
            archive.writestr(name, content)
    return damage(stream.getvalue())


def encrypted(content: bytes) -> bytes:
    """The archive with the flag that says so in its directory and its first member."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:6] + b"\x01\x00" + content[8:at] + b"\x01\x00" + content[at + 2 :]


def wrong_sum(content: bytes) -> bytes:
    """The archive with another checksum in its directory."""
    at = content.index(b"PK\x01\x02") + 16
    return content[:at] + bytes(4) + content[at + 4 :]


def xml(before: str, after: str) -> bytes:
    return UBL.replace(before, after, 1).encode()


DOCTYPE = '<!DOCTYPE Invoice [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
BOMB = '<!DOCTYPE Invoice [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
DEEP = "<a>" * 300 + "</a>" * 300
START = '<Invoice xmlns="urn:oasis'

ODD: dict[str, tuple[bytes, int, str]] = {
    # a text file: quotes and columns
    "60 a quote that is never closed": (
        invoices(B1='Invoice Line,B,V-1,1,"Paper,7.00,2,EA\n').encode(),
        1,
        "csv-unclosed-quote",
    ),
    "60 a quote inside an unquoted or behind a quoted text": (
        invoices(B1='Invoice Line,B,V-1,1,"Pap"er,7.00,2,EA\n').encode(),
        1,
        "csv-unclosed-quote",
    ),
    "61 a row with too few fields": (invoices(B1="Invoice Line,B,V-1,1,Paper\n").encode(), 1, "csv-width"),
    "61 a row with too many fields": (invoices(B1="Invoice Line,B,V-1,1,Paper,7.00,2,EA,x\n").encode(), 1, "csv-width"),
    "61 a column that nobody knows": (
        invoices()
        .replace("Chart of Accounts*", "Chart of Accounts*,Colour", 1)
        .replace(",ACME\n", ",ACME,red\n")
        .encode(),
        2,
        "csv-column-unknown",
    ),
    "61 a column twice": (invoices().replace("Supplier Name", "Supplier Number", 1).encode(), 2, "csv-column-repeated"),
    "61 the header row again": (invoices(B=HEAD + ROWS["B"]).encode(), 2, "value-date value-flag"),
    # encodings
    "62 a byte order mark": (invoices().encode("utf-8-sig"), 2, "text-bom"),
    "62 UTF-16 with its mark": (invoices().encode("utf-16"), 2, "text-encoding"),
    "62 UTF-16 without its mark": (invoices().encode("utf-16-le"), 0, "text-nul"),
    "62 Windows-1252": (invoices().encode("cp1252"), 2, "text-encoding"),
    "62 UTF-8 and Windows-1252 mixed": (invoices().encode() + ROWS["A"].encode("cp1252"), 0, "text-mixed"),
    "62 NUL characters": (invoices(A1=ROWS["A1"].replace("Toner", "To\0ner")).encode(), 0, "text-nul"),
    # line breaks
    "63 lines that end in CR": (invoices().replace("\n", "\r").encode(), 2, ""),
    "63 CR, LF and CRLF mixed": (
        invoices(
            A="Invoice,A,V-1,Müller,2026-03-01,No,ACME\r\n", B="Invoice,B,V-1,Müller,2026-03-01,No,ACME\r"
        ).encode(),
        2,
        "",
    ),
    "63 a line break inside quotes": (cell("Description*", '"Paper,\r\nwhite"'), 2, ""),
    # values
    "64 a text such as NA, NULL, None, nan or -": (cell("Supplier Name", "NA"), 2, ""),
    "64 a text with leading zeros, 1E5 or 12345678901234567891": (
        cell("Supplier Name", "0012345678901234567891E5"),
        2,
        "",
    ),
    "64 a number such as 1E5, nan, NA or -": (cell("Price*", "1E5"), 1, "value-number"),
    "64 1.234,56 as a number": (cell("Price*", '"1.234,56"'), 1, "value-number"),
    "64 (5.00) as a number": (cell("Price*", "(5.00)"), 1, "value-number"),
    "64 more digits than Coupa keeps": (cell("Price*", "0.300000000000000000001"), 1, "value-too-long"),
    "64 02/03/2026 as a date": (cell("Invoice Date*", "02/03/2026"), 1, "value-date"),
    "65 a text that begins with =, +, -, @ or a tab": (cell("Description*", '"=HYPERLINK(""x"")"'), 2, "value-formula"),
    "66 a trailer with another number of rows": ((PAYMENTS + "Trailer,3,3.50\n").encode(), 2, "csv-trailer"),
    "66 a trailer with another sum": ((PAYMENTS + "Trailer,2,3.60\n").encode(), 2, "csv-trailer"),
    "an empty file": (b"", 0, "delivery-kind-unknown"),
    # XML
    "67 an external entity": (xml(START, DOCTYPE + START), 0, "xml-doctype"),
    "67 entities that grow (a bomb)": (xml(START, BOMB + START), 0, "xml-doctype"),
    "67 other bytes than the encoding that is declared": (
        xml("SellerCompany", "Müller").decode().encode("cp1252"),
        0,
        "xml-damaged",
    ),
    "67 elements nested beyond 64": (xml("<cbc:ID>", DEEP + "<cbc:ID>"), 0, "xml-too-deep"),
    "67 another namespace": (xml(START, '<Invoice xmlns="urn:oasys'), 0, "xml-namespace"),
    "67 XML that was cut": (UBL[:1500].encode(), 0, "xml-damaged"),
    # ZIP
    "68 a member that leads out of the archive": (packed(("../x.pdf", b"%PDF-1")), 0, "zip-unsafe-name"),
    "68 a member that unpacks to 200 times its size (a bomb)": (packed(("x.pdf", bytes(8 << 20))), 0, "zip-too-large"),
    "68 an archive in the archive": (packed(("x.zip", b"PK\x03\x04")), 0, "zip-nested"),
    "68 an encrypted archive": (packed(damage=encrypted), 0, "zip-encrypted"),
    "68 an archive that was cut": (packed(damage=lambda content: content[:-30]), 0, "zip-damaged"),
    "68 a wrong checksum": (packed(damage=wrong_sum), 0, "zip-damaged"),
    "68 two data files at the top": (packed(("more.csv", invoices().encode())), 0, "zip-no-csv"),
    "68 a file that no invoice names": (packed(("x.pdf", b"%PDF-1")), 2, "image-unused"),
}
WORDS = {
    0: "the file is refused",
    1: "the invoice is refused, the others are read",
    2: "read",
}


@pytest.mark.parametrize("odd", ODD)
def test_each_oddity_has_one_outcome(odd: str) -> None:
    content, records, rule = ODD[odd]
    found = examine(io.BytesIO(content), "odd")
    assert (records, set(rule.split())) == (
        found.totals.records,
        {one.rule.id for one in found.findings} - {"csv-column-expected"},
    )


def test_the_page_lists_every_oddity_with_its_outcome() -> None:
    rows = re.findall(
        r"^\| (\d\d|) ?\| ([^|]+) \| ([^|]+) \| ([^|]*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    listed = {
        f"{no} {what}".strip(): (outcome, re.findall(r"\[`([\w-]+)`\]", rules)) for no, what, outcome, rules in rows
    }
    assert {what: (WORDS[records], rule.split()) for what, (_, records, rule) in ODD.items()} == listed


def test_every_test_that_the_page_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE.read_text(encoding="utf-8"))
    root = PAGE.parents[1]
    assert [] == [test for file, test in named if f"def {test}(" not in (root / file).read_text(encoding="utf-8")]
    assert named
