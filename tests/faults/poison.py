"""Content that means no good: it is answered with what is wrong with it, and the letters beside it are loaded."""

import io
import struct
import zipfile
import zlib

from tests.faults.letters import HEADER, LINE, SUPPLIER, Letter, letters
from tests.faults.stage import Run
from tests.faults.trials import Strike

NUMBER = "NUMBER"
HUGE = 20_000  # pixels each way
DOCTYPE = """<?xml version="1.0"?><!DOCTYPE Invoice [{}]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&evil;</Invoice>"""
LAUGHS = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def poisoned(name: str, content: bytes) -> Strike:
    """Return the strike of one bad letter among the good ones; it must be answered, and nothing else may suffer."""

    def strike(run: Run) -> bool:
        bad = Letter(f"bad{run.stage.runs}-{name}", content.replace(NUMBER.encode(), _number(run)), {}, submitted=False)
        run.deliver(bad)
        code = run.go("invoices")
        run.settle("invoices")
        answers = [*run.stage.at("lockbox/ack").glob(f"{bad.name}*.json")]
        for folder in ("ack", "archive"):
            for path in run.stage.at(f"lockbox/{folder}").glob(f"*{bad.name}*"):
                path.unlink()
        return (code, len(answers), "Traceback" in run.said()) == (0, 1, False)

    return strike


def _number(run: Run) -> bytes:
    return f"P{run.stage.runs:05d}".encode()


def csv(price: str = "1.00", description: str = "CARD", total: str = "1.00", more: str = "") -> str:
    """Return a file of one coded invoice."""
    head = f'"Invoice","{NUMBER}",{SUPPLIER},"","2026-10-02","Yes","No","ACME MY","MYR","{total}"{more}\r\n'
    line = f'"Invoice Line","{NUMBER}",{SUPPLIER},"1","{description}","{price}","1","EA","2000-6200-100"{more}\r\n'
    return HEADER + LINE + head + line


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Return an archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def png(width: int, height: int) -> bytes:
    """Return the head of a picture of so many pixels, and hardly any of them."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(64)))]
    chunks = [_chunk(*part) for part in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


UBL = letters(0)[1].content.replace(b"E00000", NUMBER.encode())
BAD = {
    (60, "unclosed quote"): ("quote.csv", csv().replace('"CARD"', '"CARD').encode()),
    (61, "surplus column"): ("surplus.csv", csv(more=',"surplus","columns"').encode()),
    (61, "repeated header"): ("header.csv", (HEADER + csv()).encode()),
    (61, "too few columns"): ("short.csv", (HEADER + LINE + f'"Invoice","{NUMBER}"\r\n').encode()),
    (62, "UTF-16"): ("utf16.csv", b"\xff\xfe" + csv().encode("utf-16-le")),
    (62, "NUL in a cell"): ("nul.csv", csv(description="CA\0RD").encode()),
    (63, "mixed line ends"): (
        "ends.csv",
        csv(description="CA\nRD").replace("\r\n", "\r", 1).encode(),
    ),
    (64, "an amount that is none"): ("amount.csv", csv(price="1E5", total="NA").encode()),
    (65, "cells that are formulas"): ("formula.csv", csv(description="=cmd|' /C calc'!A0").encode()),
    (66, "control total that is wrong"): ("total.csv", csv(total="99.00").encode()),
    (67, "XML with an external entity"): (
        "xxe.xml",
        DOCTYPE.format('<!ENTITY evil SYSTEM "file:///etc/passwd">').encode(),
    ),
    (67, "XML bomb"): ("laughs.xml", DOCTYPE.format(LAUGHS + '<!ENTITY evil "&e9;">').encode()),
    (67, "XML nested deeply"): ("deep.xml", b"<a>" * 5000 + b"</a>" * 5000),
    (67, "XML in another namespace"): ("space.xml", UBL.replace(b":Invoice-2", b":Invoice-3")),
    (67, "XML cut off"): ("cut.xml", UBL[: len(UBL) // 2]),
    (68, "ZIP with a name that climbs"): ("climbs.zip", zipped(("../../climbs.csv", csv().encode()))),
    (68, "ZIP bomb"): ("bomb.zip", zipped(("bomb.csv", bytes(200_000_000)))),
    (68, "ZIP in a ZIP"): ("nested.zip", zipped(("inner.zip", zipped(("a.csv", csv().encode()))))),
    (68, "ZIP cut off"): ("cut.zip", zipped(("a.csv", csv().encode()))[:-40]),
    (69, "picture cut off"): ("cut.png", png(100, 100)),
    (69, "picture of a gigapixel"): ("huge.png", png(HUGE, HUGE)),
    (69, "text that says it is a picture"): ("text.tif", b"this is no picture"),
}
"""By number and name: how the file is called, and what is in it."""
