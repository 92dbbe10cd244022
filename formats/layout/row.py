"""What a layout's author writes: one class for each type of row, one line for each of its columns."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from formats.layout.columns import Column, Keyword
from formats.layout.objects import Values

Links = tuple[Any, ...]


class Row:
    """One type of rows: its columns in the template's order, and the part of a document that each row becomes.

    ``makes`` is the dataclass of that part; None makes a mapping of text, for rows that documents have no field for.
    ``record`` names the ``to`` or ``link`` of the column that findings are filed under. An overlay sets ``order``, in
    which the columns are written, and ``origin``, the type of rows that it is laid over.
    """

    keyword: ClassVar[str] = ""
    synonyms: ClassVar[tuple[str, ...]] = ()
    makes: ClassVar[type | None] = None
    record: ClassVar[str] = "document"
    fields: ClassVar[tuple[Column, ...]] = ()
    order: ClassVar[tuple[Column, ...]] = ()
    origin: ClassVar["type[Row] | None"] = None

    @classmethod
    def derive(cls, values: Values, others: Sequence[dict[str, str]]) -> None:
        """Make fields that take several columns: changes ``values`` (by field) in place, a list for each column."""

    @classmethod
    def spread(cls, parts: Sequence[Any], values: Values) -> None:
        """The way back: adds to ``values`` the columns that are not simply a field of the part."""

    @classmethod
    def unfold(cls, document: Any) -> Sequence[tuple[Links, Any]]:  # noqa: ANN401  (the layout knows its document)
        """Return this type's rows of a document when it is written: what each refers to, and its part."""
        raise TypeError(f"{cls.__name__} does not say which rows a document has: {document!r}")

    @classmethod
    def links(cls) -> tuple[str, ...]:
        """Return what the rows refer to, in the order of columns; the order of the tuples that ``unfold`` makes."""
        return tuple(column.link for column in cls.fields if column.link)

    @classmethod
    def declared(cls) -> "type[Row]":
        """Return the type of rows as the layout's author knows it."""
        return cls.origin or cls

    @classmethod
    def written(cls) -> tuple[Column, ...]:
        """Return the columns of a file, in its order."""
        return tuple(column for column in cls.order or cls.fields if not column.dropped)

    @classmethod
    def template(cls) -> Iterator[Column]:
        """Yield the columns that Coupa's own template has, including its literal."""
        return (column for column in cls.fields if not column.extra)

    @classmethod
    def keyed(cls) -> bool:
        """True when the first column is the row type."""
        return bool(cls.fields) and isinstance(cls.fields[0], Keyword)
