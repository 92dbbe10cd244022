"""A file that is still being written is told from its end."""

import pytest

from formats.complete import is_complete
from formats.delivery import Kind


@pytest.mark.parametrize(
    ("kind", "whole", "cut"),
    [
        (Kind.ZIP, b"PK\x03\x04...PK\x05\x06" + bytes(18), b"PK\x03\x04..."),
        (Kind.PDF, b"%PDF-1.7 ...\n%%EOF\n", b"%PDF-1.7 ..."),
        (Kind.PNG, b"\x89PNG....IEND\xaeB`\x82", b"\x89PNG...."),
        (Kind.JPEG, b"\xff\xd8...\xff\xd9", b"\xff\xd8..."),
        (Kind.UBL, b"<Invoice></Invoice>\n", b"<Invoice>ab"),
        (Kind.CSV, b'"a","b"\r\n', b'"a","b'),
    ],
)
def test_the_end_tells_whether_more_must_follow(kind: Kind, whole: bytes, cut: bytes) -> None:
    assert (True, False) == (is_complete(kind, whole), is_complete(kind, cut))
