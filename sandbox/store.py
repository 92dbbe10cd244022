"""Keep the other parties' state on disk: objects in the shape of Coupa's REST answers, and the bytes of images.

One SQLite file in WAL mode, one writer: every method takes the same lock, so threads and coroutines may share a Store,
but a ``transaction()`` must not span an ``await``. Amounts are strings inside the bodies. Kinds are the REST paths:
``suppliers``, ``purchase_orders``, ``invoices``, ``receiving_transactions`` and so on.
"""

import datetime as dt
import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], dt.datetime]

KEYS: Mapping[str, str] = {
    "accounts": "code",
    "currencies": "code",
    "data_file_sources": "file-file-name",
    "integrations": "code",
    "invoices": "invoice-number",
    "lookup_values": "external-ref-num",
    "payment_terms": "code",
    "purchase_orders": "po-number",
    "suppliers": "number",
    "tax_codes": "code",
    "uoms": "code",
    "users": "login",
}

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  kind TEXT NOT NULL, id INTEGER NOT NULL, number TEXT COLLATE NOCASE, supplier_id INTEGER, status TEXT,
  exported INTEGER, created_at TEXT, updated_at TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS objects_number ON objects (kind, number);
CREATE INDEX IF NOT EXISTS objects_updated ON objects (kind, updated_at);
CREATE INDEX IF NOT EXISTS objects_status ON objects (kind, status);
CREATE TABLE IF NOT EXISTS links (kind TEXT NOT NULL, id INTEGER NOT NULL, order_line_id INTEGER NOT NULL,
  PRIMARY KEY (order_line_id, kind, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_owner ON links (kind, id);
CREATE TABLE IF NOT EXISTS sequences (name TEXT PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS blobs (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, content BLOB NOT NULL);
"""


def utc_now() -> dt.datetime:
    """Return the present moment in UTC."""
    return dt.datetime.now(dt.UTC)


def stamp(moment: dt.datetime) -> str:
    """Write a moment as Coupa does: ISO 8601 to the second, with its offset."""
    return moment.isoformat(timespec="seconds")


def as_utc(text: object) -> str | None:
    """Bring an ISO date or datetime to one comparable form in UTC; None where it is not one.

    A bare date is midnight UTC, as Coupa's API reads it.
    """
    try:
        moment = dt.datetime.fromisoformat(str(text))
        return stamp((moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC))
    except (TypeError, ValueError, OverflowError):
        return None


class Store:
    """The state of the sandbox: objects by kind and id, links from documents to order lines, and blobs."""

    def __init__(self, path: Path | str, clock: Clock = utc_now) -> None:
        self.clock = clock
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything inside, or nothing; inner transactions join the outer one."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth == 1:
                    self._db.execute("BEGIN IMMEDIATE")
                yield
                if self._depth == 1:
                    self._db.execute("COMMIT")
            except BaseException:
                if self._depth == 1 and self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    def stamp(self) -> str:
        """Write the present moment as Coupa does."""
        return stamp(self.clock())

    def get(self, kind: str, number: int) -> Json | None:
        """Return the object with this id, or None."""
        return next(self.rows(kind, "id = ?", (number,)), None)

    def by_number(self, kind: str, number: str, supplier_id: int | None = None) -> Json | None:
        """Return the first object with this natural key (see KEYS; compared without regard to case), or None."""
        if supplier_id is None:
            return next(self.rows(kind, "number = ?", (number,)), None)
        return next(self.rows(kind, "number = ? AND supplier_id = ?", (number, supplier_id)), None)

    def rows(
        self, kind: str, clause: str = "1", values: Sequence[object] = (), tail: str = "ORDER BY id"
    ) -> Iterator[Json]:
        """Yield the objects of a kind that meet a clause over the columns of ``objects``, by id unless told otherwise.

        ``clause`` and ``tail`` are SQL written by the sandbox; whatever a client sent belongs into ``values``.
        """
        sql = f"SELECT body FROM objects WHERE kind = ? AND ({clause}) {tail}"  # noqa: S608  # never a client's text
        with self._lock:
            found = self._db.execute(sql, (kind, *values)).fetchall()
        return (json.loads(body) for (body,) in found)

    def linked(self, kind: str, order_line_id: int) -> list[Json]:
        """Return the orders that have an order line, or the invoices or receipts that name it, by id."""
        clause = "id IN (SELECT id FROM links WHERE links.kind = objects.kind AND order_line_id = ?)"
        return list(self.rows(kind, clause, (order_line_id,)))

    def count(self, kind: str) -> int:
        """Return how many objects of a kind there are."""
        with self._lock:
            row = self._db.execute("SELECT count(*) FROM objects WHERE kind = ?", (kind,)).fetchone()
        return int(row[0])

    def next_id(self, name: str) -> int:
        """Return the next number of a sequence: of a kind, or of inner objects such as ``order-lines``."""
        with self.transaction():
            self._reserve(name, None)
            return int(self._db.execute("SELECT last FROM sequences WHERE name = ?", (name,)).fetchone()[0])

    def reserve(self, name: str, number: int) -> int:
        """Move a sequence past a number that came from outside, and return the number."""
        with self.transaction():
            self._reserve(name, number)
        return number

    def insert(self, kind: str, body: Json) -> Json:
        """Store a new object and return it with ``id``, ``created-at`` and ``updated-at``.

        Values that are already there are kept (a seed brings its own ids and dates); ValueError if the id is taken.
        """
        with self.transaction():
            number = body.get("id") or self.next_id(kind)
            if self.get(kind, number):
                raise ValueError(f"{kind} {number} exists")
            self._reserve(kind, number)
            now = self.stamp()
            dated = {"created-at": now, "updated-at": now} | {k: v for k, v in body.items() if v is not None}
            whole = {"id": number} | body | {"created-at": dated["created-at"], "updated-at": dated["updated-at"]}
            self._write(kind, whole)
            return whole

    def save(self, kind: str, body: Json, *, touch: bool = True) -> Json:
        """Store an existing object again; ``updated-at`` moves unless ``touch`` is False."""
        whole = body | {"updated-at": self.stamp()} if touch else body
        with self.transaction():
            self._write(kind, whole)
        return whole

    def delete(self, kind: str, number: int) -> None:
        """Remove an object; removing what is gone is no error."""
        with self.transaction():
            self._db.execute("DELETE FROM objects WHERE kind = ? AND id = ?", (kind, number))
            self._db.execute("DELETE FROM links WHERE kind = ? AND id = ?", (kind, number))

    def put_blob(self, content: bytes) -> str:
        """Store bytes and return their sha256; the same bytes are stored once."""
        digest = hashlib.sha256(content).hexdigest()
        with self.transaction():
            self._db.execute("INSERT OR IGNORE INTO blobs VALUES (?, ?, ?)", (digest, len(content), content))
        return digest

    def blob(self, sha256: str) -> bytes | None:
        """Return stored bytes by their sha256, or None."""
        with self._lock:
            row = self._db.execute("SELECT content FROM blobs WHERE sha256 = ?", (sha256,)).fetchone()
        return bytes(row[0]) if row else None

    def _reserve(self, name: str, number: int | None) -> None:
        """Move a sequence on: by one, or past a number that came from outside."""
        self._db.execute("INSERT OR IGNORE INTO sequences VALUES (?, 0)", (name,))
        step = "last + 1" if number is None else f"max(last, {int(number)})"
        self._db.execute(f"UPDATE sequences SET last = {step} WHERE name = ?", (name,))  # noqa: S608  # an integer

    def _write(self, kind: str, body: Json) -> None:
        row = (kind, body["id"], *_columns(kind, body), json.dumps(body, ensure_ascii=False))
        self._db.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._db.execute("DELETE FROM links WHERE kind = ? AND id = ?", (kind, body["id"]))
        for line in set(_order_lines(kind, body)):
            self._db.execute("INSERT INTO links VALUES (?, ?, ?)", (kind, body["id"], line))


def _columns(kind: str, body: Json) -> tuple[object, ...]:
    exported = body.get("exported")
    return (
        _text(body.get(KEYS.get(kind, "name"))),
        (body.get("supplier") or {}).get("id"),
        _text(body.get("status")),
        None if exported is None else int(exported),
        as_utc(body.get("created-at")),
        as_utc(body.get("updated-at")),
    )


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) else None


def _order_lines(kind: str, body: Json) -> Iterator[int]:
    match kind:
        case "purchase_orders":
            yield from (line["id"] for line in body.get("order-lines") or ())
        case "invoices":
            lines = body.get("invoice-lines") or ()
            yield from (line["order-line-id"] for line in lines if line.get("order-line-id"))
        case "receiving_transactions":
            yield from filter(None, [(body.get("order-line") or {}).get("id")])
