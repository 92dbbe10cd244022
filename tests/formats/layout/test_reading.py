"""How flat files are read: by name, strictly by value, each fault with one outcome."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import TextIO, cast

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from formats.catalogue import LAYOUTS
from formats.coupa.accounts import AccountImport
from formats.coupa.invoices import InvoiceImport
from formats.coupa.payments import InvoicePaymentImport
from formats.coupa.suppliers import SupplierImport
from formats.findings import Finding
from formats.layout import Amount, Text, cells, gathering
from formats.layout.heading import Place, place
from tests.formats.files import opened, read, rows, split, to_csv, write

HEAD = '"Invoice","Invoice Number*","Supplier Number","Invoice Date*","Line Level Taxation*","Chart of Accounts*"\n'
LINE = '"Invoice Line","Invoice Number*","Supplier Number","Line Number","Description*","Price*","Unit of Measure*"\n'


def test_columns_are_found_by_name_whatever_their_order_case_stars_and_invisible_characters(doc: io.StringIO) -> None:
    """
    SUPPLIER NUMBER,\u200bname,Payment Method*
    0042,Acme,invoice
    """
    [supplier] = SupplierImport.read(doc, "s.csv")
    assert not isinstance(supplier, Finding)
    assert ("0042", "Acme") == (supplier.number, supplier.name)


def test_an_unknown_column_is_a_warning_and_its_cells_are_kept(doc: io.StringIO) -> None:
    """
    Name*,Supplier Number,Payment Method*,Region
    Acme,1,invoice,North
    """
    [supplier], findings = split(SupplierImport.read(doc, "s.csv"))
    assert {"Region": "North"} == supplier.other
    assert ["s.csv:1 Region: is not a column of this layout [csv-column-unknown]"] == findings


def test_a_missing_column_without_which_nothing_can_be_read_is_an_error_once_and_for_each_row(doc: io.StringIO) -> None:
    """
    Supplier Number,Payment Method*
    1,invoice
    """
    assert (
        [],
        [
            "s.csv:1 Name: is missing, and no row can be read without it [csv-column-missing]",
            "s.csv:2 Name: a value is needed [value-required]",
        ],
    ) == split(SupplierImport.read(doc, "s.csv"))


def test_a_repeated_column_is_a_finding(doc: io.StringIO) -> None:
    """
    Name*,Payment Method*,Name
    Acme,invoice,Bolt
    """
    _, findings = split(SupplierImport.read(doc, "s.csv"))
    assert ["s.csv:1 Name: stands twice in the header [csv-column-repeated]"] == findings


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_recognised_by_the_header(delimiter: str) -> None:
    text = to_csv([["Name*", "Payment Method*"], ["Acme, Inc.; | Bolt", "invoice"]], delimiter=delimiter)
    [supplier], findings = read(SupplierImport, text)
    assert ("Acme, Inc.; | Bolt", []) == (supplier.name, findings)


@pytest.mark.parametrize("name", ["NA", "NULL", "None", "nan", "-", "#N/A", "00123", "1E5", "12345678901234567891"])
def test_text_stays_text(name: str) -> None:
    [supplier], findings = read(SupplierImport, to_csv([["Name*", "Payment Method*"], [name, "invoice"]]))
    assert (name, []) == (supplier.name, findings)


@pytest.mark.parametrize(
    "cell", ["1_000", "NaN", "1E5", "1,234.56", "1.234,56", "(5.00)", "$5", "٣", "0x1F", "Infinity"]
)
def test_what_is_not_a_plain_number_is_refused(cell: str) -> None:
    header = ["Supplier Number", "Invoice Number", "Check Amount Paid"]
    documents, findings = read(InvoicePaymentImport, to_csv([header, ["V-1", "INV-1", cell]]))
    assert ([], [f"x.csv:2 Check Amount Paid: {cell!r} is not a number [value-number]"]) == (documents, findings)


@pytest.mark.parametrize("cell", ["02/03/2026", "2026-02-30", "20260302", "2026-W10-1", "2026-03-02T10:00:00", "today"])
def test_what_is_not_a_date_of_the_standard_form_is_refused(cell: str) -> None:
    header = ["Supplier Number", "Invoice Number", "Check Payment Date"]
    documents, findings = read(InvoicePaymentImport, to_csv([header, ["V-1", "INV-1", cell]]))
    assert ([], [f"x.csv:2 Check Payment Date: {cell!r} is not a date [value-date]"]) == (documents, findings)


def test_of_a_moment_the_day_as_written_counts() -> None:
    header = ["Supplier Number", "Invoice Number", "Check Payment Date"]
    [payment], _ = read(InvoicePaymentImport, to_csv([header, ["V-1", "INV-1", "2026-03-02T23:30:00-08:00"]]))
    assert "2026-03-02" == str(payment.date)


@pytest.mark.parametrize(("cell", "decimals"), [("1.23456", True), ("1.23450000", False), ("-0.1234", False)])
def test_more_decimals_than_the_column_keeps_are_refused_unless_they_are_zeros(cell: str, decimals: bool) -> None:
    header = ["Supplier Number", "Invoice Number", "Check Amount Paid"]
    _, findings = read(InvoicePaymentImport, to_csv([header, ["V-1", "INV-1", cell]]))
    wanted = [f"x.csv:2 Check Amount Paid: {cell} has more than 4 decimals [value-too-long]"] if decimals else []
    assert wanted == findings


@pytest.mark.parametrize("cell", ["=1+1", "@cmd", "+cmd|x", "-2+3"])
def test_a_cell_that_a_spreadsheet_would_run_is_kept_with_a_warning(cell: str) -> None:
    [supplier], findings = read(SupplierImport, to_csv([["Name*", "Payment Method*"], [cell, "invoice"]]))
    assert (cell, [f"x.csv:2 Name: {cell!r} begins like a formula [value-formula]"]) == (supplier.name, findings)


@pytest.mark.parametrize("cell", ["+44 20 7946-0018", "-5.00", "-"])
def test_phone_numbers_and_negative_numbers_are_no_formulas(cell: str) -> None:
    _, findings = read(SupplierImport, to_csv([["Name*", "Payment Method*", "DUNS"], ["Acme", "invoice", cell]]))
    assert [] == findings


def test_a_blank_cell_is_refused_among_thousands_that_never_repeat() -> None:
    names = [f"Firm {number}" for number in range(2_000)]
    names[1_900] = " "
    _, findings = read(SupplierImport, to_csv([["Name*", "Payment Method*"], *([name, "invoice"] for name in names)]))
    assert ["x.csv:1902 Name: a value is needed [value-required]"] == findings


CELLS = st.one_of(
    st.sampled_from(["", " ", "-", "=A1", "+49 30", "-x", "0", "-1.50", "1.", ".5", "1|2", "1_0", "1E3", "NaN", " x "]),
    st.sampled_from(["\xa0=A1", "\u2003@x", "\x1f-x", "a\0=b", "a \0", "\t=A1"]),
    st.from_regex(r"\A[0-9]{1,4}\.[0-9]{0,6}\Z"),
    st.text(max_size=12),
)
PLACES = [
    place(row, column, 0, layout.trusted)
    for layout in LAYOUTS.values()
    for row in layout.rows
    for column in row.fields
    if isinstance(column, Text | Amount)
]


@given(st.sampled_from(PLACES), st.lists(CELLS, min_size=1, max_size=5))
def test_cells_converted_in_bulk_are_what_each_cell_is_by_itself(where: Place, cells: list[str]) -> None:
    together = where.bulk(cells)
    event("in bulk" if together else "closely")
    if together is not None:
        assert list(map(where.memo.convert, cells)) == together


def test_text_that_is_too_long_is_refused() -> None:
    _, findings = read(SupplierImport, to_csv([["Name*", "Payment Method*"], ["x" * 101, "invoice"]]))
    assert ["x.csv:2 Name: 101 characters, 100 are allowed [value-too-long]"] == findings


def test_a_choice_is_taken_in_any_case_and_spelled_as_the_layout_does() -> None:
    text = to_csv([["Name*", "Payment Method*", "Status"], ["Acme", "INVOICE", "Active"], ["Bolt", "cash", ""]])
    [supplier], findings = read(SupplierImport, text)
    assert ("invoice", "active") == (supplier.payment_method, supplier.status)
    assert 1 == len(findings)
    assert findings[0].startswith("x.csv:3 Payment Method: 'cash' is none of")


def test_a_row_with_surplus_or_missing_fields_is_refused_and_the_next_is_read(doc: io.StringIO) -> None:
    """
    Name*,Payment Method*
    Acme,invoice,surplus
    Bolt
    Cork,invoice
    Dust,invoice,,
    """
    documents, findings = split(SupplierImport.read(doc, "s.csv"))
    assert ["Cork", "Dust"] == [supplier.name for supplier in documents]
    assert [
        "s.csv:2: 3 fields, the header has 2 [csv-width]",
        "s.csv:3: 1 fields, the header has 2 [csv-width]",
    ] == findings


def test_a_head_with_surplus_fields_is_one_finding_and_keeps_its_rows() -> None:
    torn = '"Invoice","A","Acme, Inc.","V-1","2026-03-01","No","ACME"\n'
    documents, findings = read(InvoiceImport, HEAD + LINE + torn + line("A", "1") + invoice("B") + line("B", "1"))
    assert ["B"] == [document.number for document in documents]
    assert ["x.csv:3: 7 fields, the header has 6 [csv-width]"] == findings


def test_line_breaks_may_be_mixed_and_stand_inside_quotes() -> None:
    text = 'Name*,Payment Method*,Content Groups\r\nAcme,invoice,"a\r\nb"\nBolt,invoice,\r\nCork,cash,'
    documents, findings = read(SupplierImport, text)
    assert ["a\r\nb", None] == [supplier.other.get("Content Groups") for supplier in documents]
    assert findings[0].startswith("x.csv:5 Payment Method: ")


def test_a_quote_that_is_never_closed_is_a_finding_that_names_its_lines() -> None:
    documents, findings = read(SupplierImport, 'Name*,Payment Method*\nAcme,invoice\n"Bolt,invoice\nCork,invoice\n')
    assert ["Acme"] == [supplier.name for supplier in documents]
    assert [
        "x.csv:3: a quote is misplaced or never closed; lines 3 to 4 cannot be read [csv-unclosed-quote]"
    ] == findings


def test_after_a_broken_quote_the_next_line_is_read() -> None:
    documents, findings = read(SupplierImport, 'Name*,Payment Method*\n"Ac"me,invoice\nBolt,invoice\n')
    assert (["Bolt"], 1) == ([supplier.name for supplier in documents], len(findings))


def test_an_empty_file_is_a_finding() -> None:
    wanted: tuple[list[object], list[str]] = ([], ["x.csv: the file has no header row [csv-empty]"])
    assert wanted == read(SupplierImport, "") == read(InvoiceImport, "\n\n")


def test_an_account_with_a_gap_in_its_segments_is_refused() -> None:
    header = ["Active*", "Chart of Accounts*", "Segment 1*", "Segment 2", "Segment 3"]
    made = [["1", "ACME", "01", "", "300"], ["Yes", "ACME", "01", "200", ""]]
    [account], findings = read(AccountImport, to_csv([header, *made]))
    assert "01-200" == account.code
    assert ["x.csv:2 Segment 2: is blank, and a later segment is not [account-segment-gap]"] == findings


def test_segments_are_told_by_their_names_whatever_their_order_and_gaps_are_seen() -> None:
    header = ["Active*", "Chart of Accounts*", "Segment 2", "Segment 1*"]
    [account], _ = read(AccountImport, to_csv([header, ["1", "ACME", "200", "01"]]))
    assert "01-200" == account.code
    _, findings = read(AccountImport, to_csv([[*header[:2], "Segment 1*", "Segment 3"], ["1", "ACME", "01", "300"]]))
    assert ["x.csv:2 Segment 2: is blank, and a later segment is not [account-segment-gap]"] == findings


def test_a_trailer_is_compared_with_the_file() -> None:
    header = ["Supplier Number", "Invoice Number", "Check Amount Paid"]
    good = to_csv([header, ["V-1", "A", "1.50"], ["V-1", "B", "2.00"], ["Trailer", "2", "3.50"]])
    wrong = good.replace('"3.50"', '"3.60"')
    assert [] == read(InvoicePaymentImport, good)[1]
    assert ["x.csv:4: 3.60 is neither records (2) nor rows (2) nor sum (3.50) [csv-trailer]"] == read(
        InvoicePaymentImport, wrong
    )[1]


def invoice(number: str, date: str = "2026-03-01") -> str:
    """An Invoice row."""
    return f'"Invoice","{number}","V-1","{date}","No","ACME"\n'


def line(number: str, position: str, price: str = "5.00") -> str:
    """An Invoice Line row."""
    return f'"Invoice Line","{number}","V-1","{position}","Toner","{price}","EA"\n'


def test_an_invoice_with_a_bad_row_is_not_yielded_and_the_others_are() -> None:
    text = HEAD + LINE + invoice("A") + line("A", "1") + line("A", "2", "five") + invoice("B") + line("B", "1")
    results = list(InvoiceImport.read(opened(text), "x.csv"))
    documents, findings = split(results)
    assert ["B"] == [document.number for document in documents]
    assert ["x.csv:5 Price: 'five' is not a number [value-number]"] == findings
    assert ["A"] == [result.record for result in results if isinstance(result, Finding)]


def test_rows_may_be_ordered_by_type() -> None:
    text = HEAD + LINE + invoice("A") + invoice("B") + line("B", "1") + line("A", "1") + line("B", "2")
    documents, findings = read(InvoiceImport, text)
    assert ([("A", 1), ("B", 2)], []) == ([(document.number, len(document.lines)) for document in documents], findings)


def test_a_long_grouped_file_is_handed_out_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "WINDOW", 2)
    monkeypatch.setattr(cells, "SIZE", 1)
    text = HEAD + LINE + invoice("A") + line("A", "1") + invoice("B") + line("B", "1") + invoice("C") + line("A", "2")
    documents, findings = read(InvoiceImport, text)
    assert ["A", "B", "C"] == [document.number for document in documents]
    assert ["x.csv:8: 'A' has no open document [csv-orphan-row]"] == findings


def test_a_row_without_its_invoice_is_a_finding_under_the_number_it_names() -> None:
    results = list(InvoiceImport.read(opened(HEAD + LINE + line("X", "1")), "x.csv"))
    assert [("csv-orphan-row", "X")] == [(item.rule.id, item.record) for item in results if isinstance(item, Finding)]


def test_the_same_number_of_two_suppliers_makes_two_invoices() -> None:
    other = invoice("A").replace("V-1", "V-2") + line("A", "1").replace("V-1", "V-2")
    documents, findings = read(InvoiceImport, HEAD + LINE + invoice("A") + other + line("A", "1"))
    assert ([("V-1", 1), ("V-2", 1)], []) == ([(d.supplier_number, len(d.lines)) for d in documents], findings)


def test_the_same_invoice_twice_in_a_grouped_file_is_two_documents_for_the_judge_of_duplicates() -> None:
    documents, findings = read(InvoiceImport, HEAD + LINE + (invoice("A") + line("A", "1")) * 2)
    assert ([("A", 1), ("A", 1)], []) == ([(d.number, len(d.lines)) for d in documents], findings)


def test_two_heads_whose_rows_cannot_be_told_apart_are_refused() -> None:
    documents, findings = read(InvoiceImport, HEAD + LINE + invoice("A") + invoice("A") + line("A", "1"))
    assert [] == documents
    assert "x.csv:4: also in line 3 [csv-record-repeated]" in findings


def test_an_unknown_row_type_spoils_its_invoice_only() -> None:
    text = HEAD + LINE + invoice("A") + line("A", "1") + '"Invoice Lnie","A"\n' + invoice("B") + line("B", "1")
    documents, findings = read(InvoiceImport, text)
    assert ["B"] == [document.number for document in documents]
    assert ["x.csv:5: 'Invoice Lnie' is no row type of this layout [csv-row-type]"] == findings


BROKEN = '"Invoice Line","{}","V-1","2","To"ner","5.00","EA"\n'


def refused(text: str) -> tuple[list[str], list[str]]:
    """The numbers of the invoices that are read, and the records of the findings."""
    results = list(InvoiceImport.read(opened(text), "x.csv"))
    documents = [result.number for result in results if not isinstance(result, Finding)]
    return documents, [result.record for result in results if isinstance(result, Finding)]


def test_a_broken_quote_in_a_grouped_file_spoils_the_invoice_before_it_only() -> None:
    text = invoice("A") + line("A", "1") + invoice("B") + BROKEN.format("B") + invoice("C") + line("C", "1")
    assert (["A", "C"], ["", "B"]) == refused(HEAD + LINE + text)


def test_a_broken_quote_in_a_file_ordered_by_type_spoils_all_that_may_have_lost_a_row() -> None:
    text = invoice("A") + invoice("B") + line("A", "1") + BROKEN.format("B") + line("B", "1")
    assert ([], ["", "A", "B"]) == refused(HEAD + LINE + text)
    assert ([], ["", "A", "B"]) == refused(HEAD + LINE + invoice("A") + invoice("B") + BROKEN.format("A"))


def test_no_in_the_credit_note_column_is_refused_because_coupa_would_take_it_for_yes() -> None:
    text = '"Invoice","Invoice Number*","Is Credit Note"\n"Invoice","A","No"\n"Invoice","B",""\n"Invoice","C","X"\n'
    documents, findings = read(InvoiceImport, text)
    assert [("B", False), ("C", True)] == [(document.number, document.is_credit_note) for document in documents]
    assert any("would be taken for yes" in finding for finding in findings)


def test_every_field_is_quoted_and_lines_end_in_cr_lf() -> None:
    documents, _ = read(InvoiceImport, HEAD + LINE + invoice("A") + line("A", "1"))
    written = write(InvoiceImport, documents)
    assert 4 == written.count("\r\n") == len(rows(written))
    assert all(text.startswith('"') and text.endswith('"') for text in written.splitlines())


def test_only_row_types_that_are_needed_have_a_header_row() -> None:
    documents, _ = read(InvoiceImport, HEAD + LINE + invoice("A") + line("A", "1"))
    assert ["Invoice", "Invoice Line"] == [row[0] for row in rows(write(InvoiceImport, documents))[:2]]


def test_what_does_not_fit_is_told_before_it_is_sent() -> None:
    [document], _ = read(InvoiceImport, HEAD + LINE + invoice("A") + line("A", "1"))
    long = replace(document, number="A" * 41)
    assert ["41 characters, 40 are allowed"] == [finding.message for finding in InvoiceImport.check([long])][:1]


def test_a_million_rows_are_not_held_in_memory() -> None:
    """A reader that is asked for one document has taken no more of the file than it holds."""
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        yield from (HEAD, LINE)
        while True:
            taken += 1
            yield invoice(f"I{taken}")
            yield line(f"I{taken}", "1")

    first = next(iter(InvoiceImport.read(cast("TextIO", endless()), "x.csv")))
    assert not isinstance(first, Finding)
    assert taken < gathering.WINDOW + 2 * cells.SIZE
