"""One declaration a layout: it reads, writes, checks and documents a flat file."""

from formats.layout.batch import NO_CHILDREN, Batch, Child, Children
from formats.layout.columns import (
    Amount,
    Choice,
    Column,
    Date,
    Flag,
    Integer,
    Keyword,
    Moment,
    Presence,
    Text,
    custom_fields,
    numbered,
    texts,
)
from formats.layout.gathering import Complaint
from formats.layout.layout import Described, Layout
from formats.layout.nested import Nested, flatten, unflatten
from formats.layout.objects import Values, put
from formats.layout.row import Row
from formats.layout.table import Table
from formats.layout.totals import Totals

__all__ = [
    "NO_CHILDREN",
    "Amount",
    "Batch",
    "Child",
    "Children",
    "Choice",
    "Column",
    "Complaint",
    "Date",
    "Described",
    "Flag",
    "Integer",
    "Keyword",
    "Layout",
    "Moment",
    "Nested",
    "Presence",
    "Row",
    "Table",
    "Text",
    "Totals",
    "Values",
    "custom_fields",
    "flatten",
    "numbered",
    "put",
    "texts",
    "unflatten",
]
