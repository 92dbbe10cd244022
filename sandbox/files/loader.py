"""Coupa's CSV loader: it looks into Incoming/<Object>, archives what it finds, then loads it, record by record.

Coupa looks every three to six minutes; the sandbox does every few seconds. It takes every name, in alphanumeric order,
folder by folder, so a file that is still being written there is taken as it is. The file is moved to
Archive/Incoming/<Object> before it is read; a namesake in the archive is replaced (inferred). There is no answer file:
the result is a ``data_file_sources`` object. ``records-count`` counts records, for invoices their header rows, and a
file that could be read is Done even when rows failed (both inferred). Files of more than 8 MB or 5,000 rows fail whole.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sandbox.coupa import setup
from sandbox.coupa.refused import Refused
from sandbox.files.columns import row_types
from sandbox.files.invoice_load import load_invoice
from sandbox.files.invoice_rows import group
from sandbox.files.master_rows import load_account, load_payment, load_receipt, load_supplier
from sandbox.files.parcel import Parcel, open_parcel
from sandbox.files.sheets import Columns, RefusedError, Row, UploadError, read_sheet
from sandbox.store import Json, Store

INCOMING = "Incoming"
ARCHIVE = "Archive/Incoming"

Work = Callable[[Store], bool]
"""Loads one record; True when it is new, False when it changed one."""
Record = tuple[Row, Work]


@dataclass(frozen=True, slots=True)
class Intake:
    """What one folder takes: Coupa's name for the objects, the layout, and how rows become records."""

    source_for: str
    layout: str
    records: Callable[[Sequence[Row], Parcel], tuple[list[Record], list[UploadError]]]


@dataclass(slots=True)
class _Load:
    """How a file went so far."""

    records: int = 0
    created: int = 0
    updated: int = 0
    errors: list[UploadError] = field(default_factory=list)
    failed: bool = False


def _each_row(load: Callable[[Store, Row], bool], rows: Sequence[Row]) -> tuple[list[Record], list[UploadError]]:
    return [(row, _one_row(load, row)) for row in rows], []


def _one_row(load: Callable[[Store, Row], bool], row: Row) -> Work:
    return lambda store: load(store, row)


def _invoices(rows: Sequence[Row], parcel: Parcel) -> tuple[list[Record], list[UploadError]]:
    invoices, strays = group(rows)
    works = [partial(load_invoice, invoice=invoice, members=parcel.members) for invoice in invoices]
    return [(invoice.header, work) for invoice, work in zip(invoices, works, strict=True)], strays


INTAKES: Mapping[str, Intake] = {
    "Accounts": Intake("Account", "accounts-import", lambda rows, _: _each_row(load_account, rows)),
    "InvoicePayments": Intake("Payment", "payments-import", lambda rows, _: _each_row(load_payment, rows)),
    "Invoices": Intake("InvoiceHeader", "invoices-import", _invoices),
    "Receipts": Intake("InventoryTransaction", "receipts-import", lambda rows, _: _each_row(load_receipt, rows)),
    "Suppliers": Intake("Supplier", "suppliers-import", lambda rows, _: _each_row(load_supplier, rows)),
}


def run_loader(store: Store, root: Path) -> list[Json]:
    """Load every file that waits below the SFTP root and return their ``data_file_sources``, in order."""
    return [
        _load_file(store, intake, _archive(path, root / ARCHIVE / folder))
        for folder, intake in INTAKES.items()
        for path in sorted((root / INCOMING / folder).iterdir())
        if path.is_file()
    ]


def _archive(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return path.replace(folder / path.name)


def _load_file(store: Store, intake: Intake, path: Path) -> Json:
    source = store.insert("data_file_sources", _announce(store, intake, path))
    load = _Load()
    try:
        parcel = open_parcel(path.read_bytes())
        rows = read_sheet(parcel.csv, _columns(store, intake))
        _load_records(store, load, *intake.records(rows, parcel))
    except RefusedError as refused:
        load.failed = True
        load.errors += refused.errors
    return store.save("data_file_sources", source | _result(load) | {"end-time": store.stamp()})


def _columns(store: Store, intake: Intake) -> Columns:
    """The columns of a layout, and of invoices the custom fields that are set up."""
    known: dict[str, Sequence[str]] = dict(row_types(intake.layout))
    if intake.layout == "invoices-import":
        known["Invoice"] = (*known["Invoice"], *setup.custom_fields(store, "header"))
        known["Invoice Line"] = (*known["Invoice Line"], *setup.custom_fields(store, "line"))
    return known


def _load_records(store: Store, load: _Load, records: Iterable[Record], strays: Iterable[UploadError]) -> None:
    load.errors += strays
    for row, work in records:
        load.records += 1
        try:
            with store.transaction():
                created = work(store)
        except RefusedError as refused:
            load.errors += refused.errors
        except Refused as refused:
            load.errors += [row.error(field, *messages) for field, messages in refused.errors.items()]
        else:
            load.created += created
            load.updated += not created


def _announce(store: Store, intake: Intake, path: Path) -> Json:
    return {
        "type": "BackgroundCsvFileLoad",
        "source-for": intake.source_for,
        "status": "Loading",
        "file-file-name": path.name,
        "file-file-size": path.stat().st_size,
        "start-time": store.stamp(),
    }


def _result(load: _Load) -> Json:
    summary = f"{load.records} rows processed, creating {load.created} new rows and updating {load.updated} rows."
    return {
        "status": "Failed" if load.failed else "Done",
        "result-text": load.errors[0].messages[0] if load.failed else summary,
        "progress": 100,
        "records-count": load.records,
        "records-created": load.created,
        "records-updated": load.updated,
        "upload-errors-count": len(load.errors),
        "upload-errors": [_upload_error(error) for error in load.errors],
    }


def _upload_error(error: UploadError) -> Json:
    return {
        "type": "UploadRowError",
        "row": error.row,
        "first-column": error.first_column,
        "field-with-error": error.field,
        "value": error.value,
        "field-errors": list(error.messages),
    }
