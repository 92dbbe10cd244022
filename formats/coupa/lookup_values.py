"""Lookup values: segments of accounts and custom drop-downs (Coupa: Lookup Import, Lookup Values Export)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from formats.findings import Source
from formats.layout import Flag, Integer, Moment, Table, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupValue:
    """One value of a lookup; ``number`` is the segment itself where the lookup feeds accounts."""

    name: str
    lookup: str
    number: str = ""
    code: str = ""
    description: str = ""
    parent_code: str = ""
    chart_of_accounts: str = ""
    active: bool = True
    id: int | None = None
    updated_at: dt.datetime | None = None
    other: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False)


class LookupValueImport(Table[LookupValue]):
    """The loader knows a value by its external reference."""

    name = "lookup-value-import"
    makes = LookupValue
    fields = (
        Text("Name*", 255, to="name", filled=True),
        Flag("Active", to="active", blank=True),
        Text("Lookup*", to="lookup", filled=True),
        Text("Description", 255, to="description"),
        Text("External Ref Num", 255, to="number"),
        Text("External Ref Code", 255, to="code"),
        Text("Chart of Accounts", to="chart_of_accounts"),
        Text("Parent External Ref Code", to="parent_code"),
        Text("Default"),
    )


class LookupValueExport(Table[LookupValue]):
    """Coupa's standard export."""

    name = "lookup-value-export"
    trusted = True
    makes = LookupValue
    fields = (
        Integer("Id", to="id"),
        Moment("Created Date"),
        Moment("Last Updated Date", to="updated_at"),
        Text("External Ref Code", 255, to="code"),
        Text("External Ref Num", 255, to="number"),
        Text("Name", 255, to="name"),
        Text("Description", 255, to="description"),
        Integer("Lookup ID"),
        Text("Lookup Name", to="lookup"),
        Text("Parent External Ref Code", to="parent_code"),
        Integer("Parent ID"),
        Integer("Depth"),
        Flag("Active", to="active", blank=True),
        Text("Account Type ID"),
        Text("Account Type Name", to="chart_of_accounts"),
    )
