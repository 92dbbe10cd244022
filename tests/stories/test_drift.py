"""Drift, from the lockbox to Coupa: a supplier whose paper changed passes by itself again only when somebody looked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.capture.paint import text_pdf
from tests.stories.office import Office, Row, open_office

pytestmark = pytest.mark.story

SUPPLIER = "70008"


def page(number: str, day: int, quantity: int, *, label: str = "Invoice number") -> bytes:
    """A page of a supplier that Coupa knows, for goods that were ordered and received; prices are free of tax."""
    return text_pdf(
        [
            (90, 90, "SellerCompany"),
            (90, 135, "Main street 2, Building 4, 54321 Big city"),
            (90, 180, "VAT no: DK16356706"),
            (820, 90, "INVOICE"),
            (690, 250, f"{label}: {number}"),
            (690, 295, f"Invoice date: {day} February 2026"),
            (690, 340, "PO number: 123"),
            (690, 385, "Currency: DKK"),
            *[
                (left, 600, text)
                for left, text in ((90, "Description"), (640, "Qty"), (800, "Price"), (1040, "Amount"))
            ],
            *[(left, 660, text) for left, text in ((90, "Printing paper"), (640, f"{quantity}"), (800, "1.00"))],
            (1040, 660, f"{quantity}.00"),
            (800, 850, "Subtotal"),
            (1040, 850, f"{quantity}.00"),
            (800, 905, "VAT 0%"),
            (1040, 905, "0.00"),
            (800, 960, "Total"),
            (1040, 960, f"{quantity}.00"),
        ]
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("drift") / "office") as opened:
        yield opened


def receive(office: Office, **pages: bytes) -> dict[str, Row]:
    """Let the lockbox deliver pages, run the flow, and return their records by the names of the files."""
    mail = office.folder / "mail"
    mail.mkdir(exist_ok=True)
    for old in mail.iterdir():
        old.unlink()
    for name, content in pages.items():
        Path(mail, f"{name}.pdf").write_bytes(content)
    office.tell("lockbox/deliver", {"folder": str(mail)})
    office.exchange("run", "invoices")
    sql = "select r.* from record r join file f on f.sha256 = r.sha256 where f.name = ?"
    return {name: office.ledger(sql, f"{name}.pdf")[0] for name in pages}


def test_a_changed_form_closes_automatic_passing_until_a_person_looked(office: Office) -> None:
    changed = {f"changed{one}": page(f"P-20{one}7", 10 + 4 * one, 31 + 17 * one, label="Our sign") for one in range(3)}
    came = receive(office, usual=page("P-1133", 3, 20), **changed)
    assert ("loaded", ["held"] * 3) == (came["usual"]["state"], [came[name]["state"] for name in changed])

    edits = [
        office.json("edit", str(came[name]["id"]), f"number=P-20{one}7", "--why", "it is printed as our sign")
        for one, name in enumerate(changed)
    ]
    assert ["loaded", "loaded", "held"] == [told["record"]["state"] for told in edits]

    held = receive(office, later=page("P-3391", 25, 111))["later"]
    assert ("held", "capture-drift") == (held["state"], held["reasons"])
    shown = office.json("capture", "show")
    told = [(one["supplier_number"], one["why"], one["reviewed_at"]) for one in shown["doubts"]]
    assert [(SUPPLIER, "75% of the last 4 pages were corrected, 5% is usual", None)] == told
    rates = {(one["supplier_number"], one["pages"], one["corrected"]) for one in shown["layouts"]}
    assert {(SUPPLIER, 5, 3)} == rates

    office.exchange("capture", "reopen", SUPPLIER, "--why", "the new form was learned")
    office.exchange("rerun", str(held["batch_id"]), "--only-failed")
    assert {"P-3391": 1, "P-1133": 1} == {one: n for one, n in office.at_coupa().items() if one in {"P-3391", "P-1133"}}
