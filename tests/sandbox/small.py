"""A seed small enough to read: one supplier, one order of ten toners, one account; and files around it."""

import csv
import io
import zipfile
from pathlib import Path

from sandbox.store import Json
from sandbox.world import World

SEED: Json = {
    "currencies": [{"id": 1, "code": "EUR", "decimals": 2}],
    "uoms": [{"id": 1, "code": "EA", "name": "Each"}],
    "tax_codes": [{"id": 1, "code": "V19", "percentage": "19.0", "active": True}],
    "payment_terms": [{"id": 1, "code": "NET30", "days-for-net-payment": 30}],
    "account_types": [{"id": 1, "name": "ACME EU", "active": True, "currency": {"code": "EUR"}}],
    "accounts": [
        {"id": 1, "code": "01-100", "segment-1": "01", "segment-2": "100", "account-type": {"name": "ACME EU"}},
        {"id": 2, "code": "01-200", "segment-1": "01", "segment-2": "200", "account-type": {"name": "ACME EU"}},
    ],
    "suppliers": [
        {"id": 7, "name": "Acme, Inc.", "number": "V-007", "status": "active", "payment-term": {"code": "NET30"}},
        {"id": 8, "name": "Bolt GmbH", "number": "V-008", "status": "active"},
    ],
    "purchase_orders": [
        {
            "id": 4711,
            "po-number": "4711",
            "supplier": {"number": "V-007"},
            "currency": {"code": "EUR"},
            "payment-term": {"code": "NET30"},
            "order-lines": [
                {
                    "id": 1,
                    "line-num": "1",
                    "description": 'Toner 3" black,\nlarge',
                    "price": "50.00",
                    "quantity": "10",
                    "uom": {"code": "EA"},
                    "source-part-num": "TN-1",
                    "account": {"code": "01-100", "account-type": {"name": "ACME EU"}},
                }
            ],
        }
    ],
}

HEADER = (
    "Invoice,Invoice Number*,Supplier Number,Invoice Date*,Submit For Approval?,Line Level Taxation*,"
    "Chart of Accounts*,Currency"
)
LINE = (
    "Invoice Line,Invoice Number*,Line Number,Description*,Price*,Quantity,Unit of Measure*,"
    "PO Number,PO Line Number,Account Code"
)


def invoice_csv(*rows: str, header: str = HEADER, line: str = LINE, others: tuple[str, ...] = ()) -> bytes:
    """Return an import file: the schema rows, then the rows."""
    return "\r\n".join([header, line, *others, *rows, ""]).encode()


def toner(number: str, *, submit: str = "Yes", quantity: str = "2") -> tuple[str, str]:
    """Return the two rows of an invoice over toners at 50.00 from order 4711."""
    return (
        f"Invoice,{number},V-007,2026-03-01,{submit},No,ACME EU,EUR",
        f"Invoice Line,{number},1,Toner,50.00,{quantity},EA,4711,1,",
    )


def zipped(**members: bytes) -> bytes:
    """Return a ZIP; ``x_csv`` names the member ``x.csv``."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


def load(world: World, name: str, content: bytes, folder: str = "Invoices") -> Json:
    """Drop a file into an incoming folder, run the loader and return the file's result."""
    (world.sites["coupa"].root / "Incoming" / folder / name).write_bytes(content)
    (result,) = world.load()
    return result


def messages(result: Json) -> list[str]:
    """Return all messages of a result's upload errors."""
    return [message for error in result["upload-errors"] for message in error["field-errors"]]


def rows(path: Path) -> list[list[str]]:
    """Return the rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))
