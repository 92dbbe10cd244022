"""Labels: what introduces a value, however it is printed."""

import pytest

from capture.labels import Kind, find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Invoice No: 7", [Kind.NUMBER]),
        ("lnvoice N0", [Kind.NUMBER]),
        ("Bi11#: V001", [Kind.NUMBER]),
        ("SUB T0TAL", [Kind.NET]),
        ("TaxInvoice", [Kind.NUMBER]),
        ("R E C H N U N G", [Kind.NUMBER]),
        ("Due date 1.2.2024", [Kind.DUE]),
        ("Date d'échéance", [Kind.DUE]),
        ("Rechnung Nr. 7 vom 1.2.2024", [Kind.NUMBER, Kind.DATE]),
        ("Summe netto", [Kind.NET]),
        ("Summe inkl. USt", [Kind.TOTAL]),
        ("Total (excl. VAT)", [Kind.NET]),
        ("Total VAT", [Kind.TAX]),
        ("Fälligkeit", [Kind.DUE]),
        ("Do zapłaty", [Kind.PAYABLE]),
        ("Datum vystavení", [Kind.DATE]),
        ("Beløb ekskl. moms", [Kind.NET]),
        ("Maksettava yhteensä", [Kind.PAYABLE]),
        ("Fatura n.º 12", [Kind.NUMBER]),
        ("Suma y sigue", [Kind.CARRIED]),
        ("subtotals", []),
        ("Beleq-Nr", [Kind.NUMBER]),
        ("Belegsummen", []),
    ],
)
def test_the_longest_label_wins(text: str, expected: list[Kind]) -> None:
    assert expected == [label.kind for label in find(text)]


def test_a_label_knows_its_place() -> None:
    label = find("my PO number 4500017")[0]
    assert "PO number" == "my PO number 4500017"[label.start : label.end]
