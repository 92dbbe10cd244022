"""Deliveries: known by content, opened with suspicion."""

import io
import stat
import struct
import zipfile
from dataclasses import replace

import pytest

from formats.delivery import Delivery, Kind, Limits, check_name, identify, open_zip
from formats.documents import Invoice
from formats.findings import Finding

CSV = b'"Invoice","Invoice Number*"\r\n"Invoice","A"\r\n'
UBL = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
TIFF = b"II*\0" + bytes(60)


def archive(*members: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """A ZIP of names and contents."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as packed:
        for name, content in members:
            packed.writestr(name, content)
    stream.seek(0)
    return stream


def refusal(stream: io.BytesIO, limits: Limits | None = None) -> str:
    """The finding with which an archive is refused."""
    found = open_zip(stream, "d.zip", limits)
    assert isinstance(found, Finding)
    return str(found)


def opened(stream: io.BytesIO) -> Delivery:
    """The delivery in an archive."""
    found = open_zip(stream, "d.zip")
    assert isinstance(found, Delivery), str(found)
    return found


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04rest", Kind.ZIP),
        (b"%PDF-1.7", Kind.PDF),
        (b"\r\n\r\n%PDF-1.4", Kind.PDF),
        (b"II*\0", Kind.TIFF),
        (b"MM\0*", Kind.TIFF),
        (b"\x89PNG\r\n\x1a\n", Kind.PNG),
        (b"\xff\xd8\xff\xe0", Kind.JPEG),
        (CSV, Kind.CSV),
        ("Name\n".encode("utf-16"), Kind.CSV),
        (b'<?xml version="1.0"?><!DOCTYPE cXML SYSTEM "x"><cXML payloadID="1">', Kind.CXML),
        (b'\xef\xbb\xbf<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">', Kind.UBL),
        (b'<!-- <cXML> --><ubl:CreditNote xmlns:ubl="urn:oasis:names:specification:ubl:x">', Kind.UBL),
        ('<?xml version="1.0"?><rsm:CrossIndustryInvoice xmlns:rsm="u">'.encode("utf-16"), Kind.CII),
        (b"<?xml version='1.0'?>\n<!--" + b"terms " * 2000 + b"-->\n<x:CrossIndustryInvoice>", Kind.CII),
        (b'<!DOCTYPE cXML [<!ENTITY a "b">]><cXML>', Kind.CXML),
        (b"<!--" * 10_000, Kind.UNKNOWN),
        (b"<html><body>", Kind.UNKNOWN),
        (b"\x7fELF\x02", Kind.UNKNOWN),
        (b"", Kind.UNKNOWN),
    ],
)
def test_a_file_is_known_by_its_content(head: bytes, kind: Kind) -> None:
    assert kind is identify(head)


def test_the_csv_at_the_top_and_the_images_it_names_are_found() -> None:
    delivery = opened(archive(("in.csv", CSV), ("A.TIF", TIFF), ("more/b.pdf", b"%PDF-1.4"), ("c.png", b"x")))
    invoice = Invoice(
        number="A", date=None, currency="", image="a.tif", attachments=("file://more/b.pdf", "http://x/y")
    )
    assert ("in.csv", CSV) == (delivery.csv_name, delivery.csv)
    assert [] == list(delivery.missing(invoice))
    assert TIFF == delivery.member("a.tif")
    assert ["d.zip/c.png: no invoice names it [image-unused]"] == [str(finding) for finding in delivery.unused()]


def test_an_image_of_an_invoice_that_cannot_be_read_is_not_unused() -> None:
    delivery = opened(archive(("in.csv", CSV + b'"Invoice","B","five","b.tif"\r\n'), ("b.tif", TIFF)))
    assert [] == list(delivery.unused())


def test_an_image_that_was_not_sent_is_a_finding_of_its_invoice() -> None:
    delivery = opened(archive(("in.csv", CSV)))
    invoice = Invoice(number="A", date=None, currency="", image="a.tif", attachments=("just text", "file://b.pdf"))
    assert [("A", "'a.tif' is not in d.zip"), ("A", "'file://b.pdf' is not in d.zip")] == [
        (finding.record, finding.message) for finding in delivery.missing(invoice)
    ]
    assert delivery.member("a.tif") is None


def test_a_name_that_differs_in_case_from_two_members_is_not_guessed() -> None:
    delivery = opened(archive(("in.csv", CSV), ("A.tif", TIFF), ("a.TIF", TIFF)))
    assert delivery.member("a.tif") is None


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "/etc/passwd", "a/../../b", "C:\\x", "a\\b", ".hidden", "a\nb", "a\u202etxt.exe", "x/./y", "a\0b"],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    entry = zipfile.ZipInfo("in.csv")
    entry.filename = entry.orig_filename = name
    assert "[zip-unsafe-name]" in refusal(archive((entry, CSV)))


def test_a_link_is_refused() -> None:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "d.zip/link: it is a link [zip-unsafe-name]" == refusal(archive(("in.csv", CSV), (entry, b"/etc/passwd")))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive(("in.csv", CSV), ("b.tif", bytes(20 << 20)))
    assert "d.zip/b.tif: it unpacks to more than 200 times its size [zip-too-large]" == refusal(bomb)
    assert "[zip-too-large]" in refusal(archive(("in.csv", CSV)), Limits(total=10))
    assert "[zip-too-large]" in refusal(archive(("in.csv", CSV)), Limits(member=10))
    assert "[zip-too-many]" in refusal(archive(("in.csv", CSV), ("b", b"")), Limits(members=1))


@pytest.mark.parametrize("large", [False, True], ids=["common", "with the larger record"])
def test_a_directory_that_would_fill_the_memory_is_not_read(large: bool) -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 30
    told = 1 if large else len(directory)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 30, 30, len(directory), 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(directory), 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 30, 30, told, 0, 0)
    content = directory + (record + locator if large else b"") + end
    assert f"d.zip: its directory has {len(directory)} bytes [zip-too-many]" == refusal(
        io.BytesIO(content), Limits(members=1)
    )


def test_an_archive_in_the_archive_is_refused_but_an_office_document_is_not() -> None:
    inner = archive(("x", b"y")).getvalue()
    office = archive(("[Content_Types].xml", b"<Types/>")).getvalue()
    assert "d.zip/a.tif: it is an archive itself [zip-nested]" == refusal(archive(("in.csv", CSV), ("a.tif", inner)))
    assert opened(archive(("in.csv", CSV), ("a.xlsx", office)))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused() -> None:
    assert "[zip-repeated-name]" in refusal(archive(("in.csv", CSV), ("a.tif", TIFF), ("a.tif", TIFF)))


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(archive(("in.csv", CSV)).getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "d.zip/in.csv: it is encrypted [zip-encrypted]" == refusal(io.BytesIO(bytes(content)))


@pytest.mark.parametrize("length", [0, 10, 60, -30])
def test_a_cut_archive_is_damaged(length: int) -> None:
    content = archive(("in.csv", CSV), ("a.tif", TIFF)).getvalue()
    assert "[zip-damaged]" in refusal(io.BytesIO(content[:length]))


def test_a_wrong_checksum_is_damage() -> None:
    content = archive(("in.csv", CSV), compression=zipfile.ZIP_STORED).getvalue()
    assert "[zip-damaged]" in refusal(io.BytesIO(content.replace(b'"A"', b'"B"')))


def test_an_archive_needs_one_data_file_at_its_top() -> None:
    assert "d.zip: one CSV is wanted at the top, found: none [zip-no-csv]" == refusal(archive(("x/in.csv", CSV)))
    assert "found: a.csv, b.csv [zip-no-csv]" in refusal(archive(("a.csv", CSV), ("b.csv", CSV)))


def test_e_invoices_stand_for_the_csv_each_with_the_page_of_its_name() -> None:
    delivery = opened(archive(("a.xml", UBL), ("A.pdf", b"%PDF-1.7"), ("b.xml", UBL), ("note.txt", b"\1")))
    assert (("a.xml", "b.xml"), "A.pdf", "") == (delivery.einvoices, delivery.beside("a.xml"), delivery.beside("b.xml"))
    assert "other.pdf" == opened(archive(("a.xml", UBL), ("other.pdf", b"%PDF-1.7"))).beside("a.xml")
    assert () == opened(archive(("in.csv", CSV), ("a.xml", UBL))).einvoices


def test_what_archivers_add_by_themselves_is_passed_over() -> None:
    delivery = opened(archive(("in.csv", CSV), ("__MACOSX/._in.csv", b"\0"), (".DS_Store", b"\0")))
    assert [] == list(delivery.unused())


@pytest.mark.parametrize("name", ["Invoices_20261122.zip", "scan 1.tif", "Müller.pdf", "a" * 255])
def test_plain_names_are_safe(name: str) -> None:
    assert check_name(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../x",
        "a/b",
        "a\\b",
        ".x",
        "x\r\ny",
        "x\u202ey",
        "ü" * 128,
        "u\u0308",
        "con.csv",
        "a ",
        "~x",
        "x\udcff",
        "a:b",
    ],
)
def test_names_that_attack_or_confuse_are_findings(name: str) -> None:
    found = check_name(name)
    assert found is not None
    assert "delivery-name-unsafe" == found.rule.id
    assert str(found).isascii()


def test_an_invoice_without_names_asks_for_nothing() -> None:
    invoice = Invoice(number="A", date=None, currency="")
    delivery = opened(archive(("in.csv", CSV)))
    assert [] == [*delivery.missing(invoice), *delivery.missing(replace(invoice, attachments=("note",)))]
