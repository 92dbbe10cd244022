"""What the capture tests share: engines, papers and a supplier master."""

import pytest

from capture.engines import Engines, available
from capture.pages import open_document
from capture.paper import Paper
from formats.documents import Supplier
from tests.capture.paint import painted, saved, text_pdf

NO_ENGINES = Engines(None)
SUPPLIERS = (
    Supplier(number="V-100", name="Brightwater Tools Limited", email="accounts@brightwater-tools.co.uk"),
    Supplier(number="V-200", name="Northgate Services plc"),
    Supplier(number="V-300", name="Brightwood Timber Ltd"),
)


def opened(data: bytes, name: str = "scan") -> Paper:
    """The paper in the bytes, which must open."""
    paper = open_document(data, name)
    assert isinstance(paper, Paper), paper
    return paper


@pytest.fixture(scope="session")
def engines() -> Engines:
    """The engines of this machine, made once."""
    return available(threads=1)


@pytest.fixture
def printed() -> Paper:
    """The painted invoice as a PDF with text."""
    return opened(text_pdf(), "printed.pdf")


@pytest.fixture(scope="session")
def scanned() -> Paper:
    """The painted invoice as a scan, read once for all tests."""
    return opened(saved(painted(), "PNG"), "scanned.png")
