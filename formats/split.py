"""Documents parted into files that Coupa's loader takes: at most 5,000 rows and 8 MB each, no document torn."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

from formats.layout import Layout

T = TypeVar("T")
ROWS: Final = 5_000  # Coupa: rows of one file; header rows are counted too
BYTES: Final = 8_000_000  # Coupa: 8 MB of one CSV or ZIP, in the stricter reading


def split(
    layout: type[Layout[Any]],
    documents: Iterable[T],
    weigh: Callable[[T], int] = lambda _: 0,
    *,
    rows: int = ROWS,
    size: int = BYTES,
) -> Iterator[list[T]]:
    """Yield the documents of each file in turn; ``weigh`` returns the bytes of the images that go with a document.

    A document that is too large by itself stands alone in its file: Coupa will say so.
    """
    head, headers = len(text_of(layout, iter(()))), len(layout.rows)
    file: list[T] = []
    used_rows, used_bytes = headers, head
    for document in documents:
        count, weight = measure(layout, document)
        weight += weigh(document) - head
        if file and (used_rows + count > rows or used_bytes + weight > size):
            yield file
            file, used_rows, used_bytes = [], headers, head
        file.append(document)
        used_rows, used_bytes = used_rows + count, used_bytes + weight
    if file:
        yield file


def measure(layout: type[Layout[Any]], document: object) -> tuple[int, int]:
    """Return the rows of a document, and the bytes of a file with all types of header rows and this document."""
    stream = io.StringIO(newline="")
    totals = layout.write(iter((document,)), stream)
    return totals.rows, len(stream.getvalue().encode())


def text_of(layout: type[Layout[Any]], documents: Iterable[object]) -> bytes:
    """Return a file of documents."""
    stream = io.StringIO(newline="")
    layout.write(documents, stream)
    return stream.getvalue().encode()
