"""Whether a file is whole, told from its first and last bytes: a program may still be writing it."""

import re
from collections.abc import Callable

from formats.delivery import Kind

ZIP_END = b"PK\x05\x06"  # end of central directory record, APPNOTE.TXT §4.3.16
PNG_END = b"IEND\xaeB`\x82"  # PNG §11.2.5
JPEG_END = b"\xff\xd9"  # EOI, ITU-T T.81 §B.1.1.3
TAIL = 66_000  # the ZIP end record and the longest comment behind it


LAST_TAG = re.compile(
    rb"</(?:[\w.-]+:)?(?:Invoice|CreditNote|CrossIndustry(?:Invoice|Document)|cXML|StandardBusinessDocument)\s*>\s*$"
)


def _ends_markup(tail: bytes) -> bool:
    """The root's own end tag stands last: a ``>`` alone may be any tag's."""
    return LAST_TAG.search(tail.rstrip(b"\0")) is not None


ENDS: dict[Kind, Callable[[bytes], bool]] = {
    Kind.ZIP: lambda tail: ZIP_END in tail,
    Kind.PDF: lambda tail: b"%%EOF" in tail[-1024:],
    Kind.PNG: lambda tail: PNG_END in tail[-1024:],
    Kind.JPEG: lambda tail: JPEG_END in tail[-1024:],
    Kind.UBL: _ends_markup,
    Kind.CII: _ends_markup,
    Kind.CXML: _ends_markup,
    Kind.CSV: lambda tail: tail.endswith((b"\n", b"\r")),
}


def is_complete(kind: Kind, tail: bytes) -> bool:
    """Return False when the end of a file shows that more must follow; ``tail`` is its last 66,000 bytes or all."""
    ends = ENDS.get(kind)
    return ends is None or ends(tail)
