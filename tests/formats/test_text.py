"""Encodings: each has one outcome."""

import io

import pytest

from formats.text import CHUNK, decode, readable

UMLAUT = "Müller\r\nGroß\n"


def outcome(content: bytes) -> tuple[str, list[str]]:
    """The text, and the findings as they are printed."""
    decoded = decode(content, "x.csv")
    return decoded.stream.read(), [str(finding) for finding in decoded.findings]


def test_utf_8_is_taken_as_it_is_with_its_line_breaks() -> None:
    assert (UMLAUT, []) == outcome(UMLAUT.encode())


def test_a_byte_order_mark_is_dropped_and_told() -> None:
    assert (UMLAUT, ["x.csv:1: the byte order mark was dropped [text-bom]"]) == outcome(UMLAUT.encode("utf-8-sig"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_utf_16_and_32_with_a_mark_are_taken_with_a_warning(encoding: str) -> None:
    told = f"x.csv:1: not UTF-8: read as {encoding.upper()} [text-encoding]"
    assert (UMLAUT, [told]) == outcome(UMLAUT.encode(encoding))


def test_windows_1252_is_taken_with_a_warning_that_names_the_first_line() -> None:
    text = "Name\n" + UMLAUT
    assert (text, ["x.csv:2: not UTF-8: read as Windows-1252 [text-encoding]"]) == outcome(text.encode("cp1252"))


def test_a_mixture_of_encodings_is_refused() -> None:
    text, findings = outcome("Müller\n".encode() + "Müller\n".encode("cp1252"))
    assert ("", ["x.csv:2: neither UTF-8 nor Windows-1252 throughout [text-mixed]"]) == (text, findings)


def test_bytes_that_mean_nothing_in_windows_1252_are_refused() -> None:
    assert ["x.csv:1: neither UTF-8 nor Windows-1252 throughout [text-mixed]"] == outcome(b"a\x81b")[1]


def test_nul_characters_are_refused_with_their_line() -> None:
    assert ["x.csv:2: a NUL character: padding, or UTF-16 without its mark [text-nul]"] == outcome(b"a\nb\0c")[1]


def test_a_cut_utf_16_file_is_refused() -> None:
    assert ["x.csv: the file is not UTF-16, as its first bytes say [text-mixed]"] == outcome(
        "ab".encode("utf-16")[:-1]
    )[1]


def test_a_character_may_lie_across_two_pieces_of_the_file() -> None:
    text = "x" * (CHUNK - 1) + "ü"
    assert (text, []) == outcome(text.encode())


def test_a_stream_is_read_from_where_it_stands() -> None:
    stream = io.BytesIO(b"skip,this\nName\n")
    stream.seek(10)
    decoded = decode(stream, "x.csv")
    assert ("Name\n", True) == (decoded.stream.read(), readable(decoded))


def test_an_empty_file_is_empty_text() -> None:
    assert ("", []) == outcome(b"")
