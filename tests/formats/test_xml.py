"""Documents from strangers are read without fetching, expanding or trusting anything."""

import io

import pytest

from formats.findings import Finding
from formats.xml import Limits, Node, parse, xpath

CXML = "http://xml.cXML.org/schemas/cXML/1.2.020/InvoiceDetail.dtd"


def outcome(content: str, limits: Limits | None = None) -> str:
    result = parse(io.BytesIO(content.encode()), "f.xml", limits)
    return result.rule.id if isinstance(result, Finding) else result.name


def root(content: str) -> Node:
    result = parse(io.BytesIO(content.encode()), "f.xml")
    assert isinstance(result, Node)
    return result


def test_a_cut_document_is_damaged_at_its_line() -> None:
    finding = parse(io.BytesIO(b"<a>\n<b>\n</a>"), "f.xml")
    assert isinstance(finding, Finding)
    assert (finding.rule.id, finding.source.line) == ("xml-damaged", 3)


@pytest.mark.parametrize("content", ["", "<a>\0</a>", '<?xml version="1.0" encoding="nonsense"?><a/>'])
def test_what_is_not_xml_is_damaged(content: str) -> None:
    assert outcome(content) == "xml-damaged"


def test_cxml_may_name_its_own_dtd() -> None:
    assert outcome(f'<!DOCTYPE cXML SYSTEM "{CXML}"><cXML/>') == "cXML"


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        f'<!DOCTYPE cXML SYSTEM "{CXML}" [<!ENTITY x "y">]><cXML/>',
        f'<!DOCTYPE cXML SYSTEM "{CXML}" [<!ENTITY % x SYSTEM "http://127.0.0.1:9/">%x;]><cXML/>',
    ],
)
def test_every_other_document_type_is_refused(content: str) -> None:
    assert outcome(content) == "xml-doctype"


@pytest.mark.parametrize("use", ["<a>&e9;</a>", '<a b="&e9;"/>'])
def test_a_billion_laughs_are_refused(use: str) -> None:
    laughs = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    assert outcome(f'<!DOCTYPE a [<!ENTITY e0 "{"ha" * 50}">{laughs}]>{use}') == "xml-doctype"


@pytest.mark.parametrize("depth", [65, 300])
def test_deep_nesting_is_refused(depth: int) -> None:
    assert outcome("<a>" * depth + "</a>" * depth) == "xml-too-deep"


def test_a_file_beyond_the_limit_is_refused() -> None:
    assert outcome("<a>" + "x" * 100 + "</a>", Limits(size=100)) == "xml-too-large"


def test_a_huge_text_is_refused() -> None:
    assert outcome("<a>" + "x" * 10_500_000 + "</a>") == "xml-too-large"


def test_paths_ignore_namespaces() -> None:
    assert root('<a xmlns="one"><x:b xmlns:x="two">here</x:b></a>').text("b") == "here"


def test_the_place_of_each_of_many_siblings_is_the_trees_own_path() -> None:
    lines = "".join(f"<Line><ID>{number}</ID></Line>" for number in range(12))
    root = parse(
        io.BytesIO(f"<Invoice xmlns='urn:a'><Only/>{lines}<b:Line xmlns:b='urn:b'/></Invoice>".encode()), "a.xml"
    )
    assert isinstance(root, Node)
    nodes = list(root.all("Line"))
    assert [xpath(node.element) for node in nodes if node.element is not None] == [node.source.column for node in nodes]


def test_a_path_leads_past_a_first_element_that_lacks_the_second() -> None:
    root = parse(io.BytesIO(b"<I><Party/><Party><Name>A</Name></Party><Party><Name>B</Name></Party></I>"), "a.xml")
    assert isinstance(root, Node)
    assert ("A", ["A", "B"]) == (root.text("Party/Name"), [node.text() for node in root.all("Party/Name")])


def test_a_bad_number_is_a_finding_that_names_line_and_path() -> None:
    node = root("<a>\n<b>1</b>\n<b>1,00</b></a>")
    assert next(iter([b.number() for b in node.all("b")][1:])) is None
    assert [str(finding) for finding in node.findings] == ["f.xml:3 /a/b[2]: '1,00' is not a number [xml-number]"]


@pytest.mark.parametrize("text", ["2026-03-01", "20260301", "2026-03-01T23:59:59-08:00", "2026-03-01Z"])
def test_a_date_is_the_calendar_day_that_is_written(text: str) -> None:
    assert str(root(f"<a>{text}</a>").date()) == "2026-03-01"


@pytest.mark.parametrize("text", ["2026-02-30", "01.03.2026", "202603011"])
def test_what_is_not_a_date_is_a_finding(text: str) -> None:
    node = root(f"<a>{text}</a>")
    assert node.date() is None
    assert [finding.rule.id for finding in node.findings] == ["xml-date"]


@pytest.mark.parametrize("more", ["", "<f/>" * 100], ids=["few children", "many children"])
def test_a_row_of_texts_is_what_each_path_says(more: str) -> None:
    line = f"<l><a> 1 </a><b><c/><c>2</c><d><e>3</e></d></b><b><c>4</c><g>5</g></b><m>x<n>y</n></m>{more}</l>"
    paths = ("a", "b/c", "b/d/e", "b/g", "m", "m/n", "o", "o/p", "f")
    nodes = list(root(f"<r>{line}<l><b><g>6</g></b></l>{line}</r>").all("l"))
    whole, short = ["1", "", "3", "5", "xy", "y", "", "", ""], ["", "", "", "6", "", "", "", "", ""]
    assert [whole, short, whole] == [node.row(paths) for node in nodes]
    assert [whole, short, whole] == [[node.text(path) for path in paths] for node in nodes]
