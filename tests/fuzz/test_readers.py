"""Whatever bytes a stranger sends, a reader answers with documents and findings, and never fails."""

import io
import zipfile
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats.catalogue import LAYOUTS
from formats.layout import Layout
from tests.formats.files import to_csv
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS, read_csv, read_zip

EDITS = 6
TOKENS = (
    *(
        b'"',
        b'""',
        b"\0",
        b"\r",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x1a",
        b"\xed\xa0\x80",
        b"'",
        b",,,,",
        b"\xe2\x80\xae",
    ),
    *(b"NaN", b"1e999", b"-", b"=1+1", b"9999-99-99", b"99999999999999999999", b"%s%n", b"0x10", b"\xd9\xa3", b"EUR"),
    *(
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"&a;",
        b"<![CDATA[",
        b"]]>",
        b"<Invoice>",
        b"</Invoice>",
        b"xmlns=''",
        b"<a>" * 70,
    ),
    *(b"PK\x01\x02", b"PK\x05\x06", b"../", b"\xff" * 4, b"\0" * 4, b"endobj", b"stream", b"/Type /Page", b"IDAT"),
)
HOSTILE = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        "=1+1",
        "@SUM(A1)",
        "+49 30 1",
        "-1",
        "NaN",
        "1e5",
        "1.234,56",
        "00",
        "\u202e",
        "9" * 40,
        "Yes",
        "2024-02-30",
        "a\nb",
        "\0",
    ]
)
NAMES = st.sampled_from(
    ["a.csv", "b.tif", "../x", "/x", "C:\\x", "con", "a\nb", "x/" * 60 + "y", "é", "e\u0301", " ", "a.zip"]
)
patient = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def changed(draw: st.DrawFn, originals: Sequence[bytes]) -> bytes:
    """A file that was a good one until somebody cut it, wrote over it, or put something in."""
    content = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, EDITS))):
        first, last = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        within = draw(st.sampled_from([content[first:last], b""]) | st.sampled_from(TOKENS) | st.binary(max_size=8))
        last = draw(st.sampled_from([first, last, min(len(content), first + len(within))]))
        content = content[:first] + within + content[last:]
    return content


@pytest.mark.parametrize("target", TARGETS)
@patient
@given(data=st.data())
def test_a_reader_answers_whatever_was_done_to_a_file(target: str, data: st.DataObject) -> None:
    content = data.draw(changed(seeds(target)) | st.binary(max_size=200))
    assert isinstance(TARGETS[target](content), list)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@settings(patient, max_examples=8)
@given(pool=st.lists(HOSTILE, min_size=1, max_size=9), seed=st.integers(0, 1 << 32))
def test_a_layout_reads_whatever_stands_in_its_cells(layout: type[Layout[Any]], pool: list[str], seed: int) -> None:
    rows, chance = [], Random(seed)
    for row in layout.rows:
        names = [column.name for column in row.fields]
        first = [row.keyword] if row.keyed() else []
        rows += [names, *([*first, *chance.choices(pool, k=len(names) - len(first))] for _ in range(3))]
    assert isinstance(read_csv(to_csv(rows).encode(errors="surrogatepass")), list)


@patient
@given(
    members=st.lists(st.tuples(NAMES, st.sampled_from([*seeds("csv")[:20], b"", b"x", *seeds("zip")[:2]])), max_size=4)
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_is_read_whatever_its_members_are_called(members: list[tuple[str, bytes]]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in members:
            entry = zipfile.ZipInfo("x")
            entry.filename = entry.orig_filename = name
            packed.writestr(entry, content)
    assert read_zip(stream.getvalue())
