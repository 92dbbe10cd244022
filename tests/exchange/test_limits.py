"""How much of a stranger's file is read: each limit is a setting, and what exceeds it a finding with a rule."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from PIL import Image

from capture.engines import Engines
from exchange.batches import names, reading
from exchange.batches.batch import open_batch
from exchange.batches.world import World
from exchange.remotes.base import Entry
from exchange.settings import LimitsSettings
from formats import delivery
from formats.findings import Finding
from tests.capture.paint import saved, text_pdf
from tests.exchange.desk import open_desk

CSV = b'"Invoice","Invoice Number*"\r\n"Invoice","A"\r\n'
MEGA = 1_000_000
UBL = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">%s</Invoice>'
WORDS = text_pdf([(90, 60 + 40 * row, "word " * 12) for row in range(20)])
PAGES = saved(Image.new("1", (9, 9)), "TIFF", save_all=True, append_images=[Image.new("1", (9, 9))])


def archive(*members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, member in enumerate((CSV, *members)):
            packed.writestr(f"{number}.{'csv' if number == 0 else 'tif'}", member)
    return stream.getvalue()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        desk.world.engines = Engines(first=None, second=None)
        yield desk.world


@pytest.mark.parametrize(
    ("limit", "most", "content", "rule"),
    [
        ("zip_members", 1, archive(b""), "zip-too-many"),
        ("zip_megabytes", 1, archive(bytes(MEGA // 2), bytes(MEGA // 2)), "zip-too-large"),
        ("zip_ratio", 2, archive(bytes(2 * MEGA)), "zip-too-large"),
        ("file_megabytes", 1, archive(bytes(MEGA + 1)), "zip-too-large"),
        ("xml_megabytes", 1, UBL % (b" " * MEGA), "xml-too-large"),
        ("xml_depth", 16, UBL % (b"<a>" * 16 + b"</a>" * 16), "xml-too-deep"),
        ("pages", 1, PAGES, "page-too-large"),
        ("page_megapixels", 1, saved(Image.new("1", (1001, 1000)), "PNG"), "page-too-large"),
        ("page_words", 100, WORDS, "page-too-large"),
        ("document_words", 100, WORDS, "page-too-large"),
        ("reading_seconds", 1e-9, WORDS, "page-unreadable"),
        ("drawing_seconds", 1e-9, WORDS, "page-unreadable"),
    ],
)
def test_what_exceeds_a_limit_is_a_finding(world: World, limit: str, most: float, content: bytes, rule: str) -> None:
    limits = LimitsSettings.model_validate({limit: most})
    world.settings = world.settings.model_copy(update={"limits": limits})
    with open_batch(world, "invoices", "test") as batch:
        read = list(reading.read(batch, delivery.identify(content), io.BytesIO(content), "stranger"))
    found = [one for result in read for one in ((result,) if isinstance(result, Finding) else result.findings)]
    assert rule in [finding.rule.id for finding in found]


def test_a_file_above_the_limit_is_never_fetched() -> None:
    entry = Entry(name="a.csv", size=MEGA + 1, mtime=0, is_file=True)
    found = names.refusal(entry, MEGA)
    assert "delivery-too-large" == (found and found.rule.id)
