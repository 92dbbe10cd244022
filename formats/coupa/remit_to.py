"""Where suppliers are paid: remit-to addresses (Coupa: Remit-To Addresses Import and Export)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from formats.documents import Address
from formats.findings import Source
from formats.layout import Flag, Integer, Table, Text, texts


@dataclass(frozen=True, slots=True, kw_only=True)
class RemitTo:
    """An address to which a supplier is paid; ``code`` is its key within the supplier."""

    supplier_number: str
    code: str
    name: str = ""
    id: int | None = None
    active: bool = True
    address: Address = Address()  # noqa: RUF009  (it is frozen)
    tax_number: str = ""
    tax_country: str = ""
    other: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False)


class RemitToImport(Table[RemitTo]):
    """The loader knows an address by supplier and code."""

    name = "remit-to-import"
    makes = RemitTo
    record = "code"
    fields = (
        Text("Name", 255, to="name"),
        Integer("Id", to="id"),
        Flag("Active", to="active", blank=True),
        Text("Line1", 255, to="address.street1"),
        Text("Line2", 255, to="address.street2"),
        *texts(255, "Line3", "Line4"),
        Text("City", 255, to="address.city"),
        Text("State", 255, to="address.state"),
        Text("State ISO Code", 255),
        Text("Postal Code", 255, to="address.postal_code"),
        Text("Country Code", to="address.country"),
        Text("Attention"),
        Text("Address Type"),
        Text("Supplier Number", to="supplier_number"),
        Text("Remit To Code", 255, to="code", filled=True),
        Text("Tax Number", to="tax_number"),
        Text("Tax Country Code", to="tax_country"),
        Text("Local Tax Number", 255),
        Text("External Src Ref", 255),
        Text("External Src Name", 255),
    )


class RemitToExport(Table[RemitTo]):
    """The same addresses as Coupa exports them."""

    name = "remit-to-export"
    trusted = True
    makes = RemitTo
    record = "code"
    fields = (
        Text("Name", 255, to="name"),
        Integer("Id", to="id"),
        Text("Supplier Number", to="supplier_number"),
        Text("Remit To Code", 255, to="code"),
        Text("Line 1", 255, to="address.street1"),
        Text("Line 2", 255, to="address.street2"),
        Text("City", 255, to="address.city"),
        Text("State", 255, to="address.state"),
        Text("Postal Code", 255, to="address.postal_code"),
        Text("Country Code", to="address.country"),
        Text("Attention", 255),
        Flag("Active", to="active", blank=True),
        Text("VAT Number", 255, to="tax_number"),
        Text("VAT Country Code", to="tax_country"),
        Text("Local Tax Number", 255),
        Text("Tax Numbers"),
        Text("Tax Countries"),
    )
