"""A rival for the ledger, a process of its own: `python -m tests.exchange.rival URL NAME DEED`; it prints what it got.

It says "ready" first and begins when a line comes in, so that several begin together.
"""

import datetime as dt
import json
import sys
from collections.abc import Callable

from exchange.ledger import batches, events, files, records, slots
from exchange.ledger.database import Ledger, open_ledger
from exchange.ledger.events import Event

ROUNDS = 25
LEASE = 300
LONGEST = dt.timedelta(seconds=0.1)


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def claims(ledger: Ledger, name: str) -> list[str]:
    """Claim every open file."""
    with ledger.read() as tx:
        open_files = [row["sha256"] for row in files.unfinished(tx, "invoices")]
    got = []
    for sha256 in open_files:
        with ledger.write() as tx:
            if files.claim(tx, sha256, name, utc_now(), LEASE):
                got.append(sha256)
    return got


def takes(ledger: Ledger, name: str) -> list[str]:
    """Take slots."""
    got = []
    for number in range(ROUNDS):
        with ledger.write() as tx:
            if slots.take(tx, "invoices", f"slot {number}", name, utc_now()):
                got.append(f"slot {number}")
    return got


def owns(ledger: Ledger, name: str) -> list[str]:
    """Write records that want to own business keys."""
    with ledger.write() as tx:
        batch_id = batches.start(tx, "invoices", name, utc_now())
    got = []
    for number in range(ROUNDS):
        values = {"flow": "invoices", "batch_id": batch_id, "business_key": f"key {number}", "payload_hash": "h"}
        with ledger.write() as tx:
            record_id = records.add(tx, values | {"document": "{}"}, utc_now())
            if records.get(tx, record_id)["owned_key"]:
                got.append(f"key {number}")
    return got


def tells(ledger: Ledger, name: str) -> list[str]:
    """Append events."""
    for number in range(ROUNDS):
        with ledger.write() as tx:
            events.append(tx, Event(at=utc_now(), what="told", who=name, detail={"number": number}))
    return []


def clings(ledger: Ledger, name: str) -> list[str]:
    """Claim the first file for a second, say so, and try to write an intent when the next line comes."""
    with ledger.write() as tx:
        row = files.unfinished(tx, "invoices")[0]
        claim = files.claim(tx, row["sha256"], name, utc_now(), 1)
        assert claim is not None
    say("claimed")
    sys.stdin.readline()
    with ledger.write() as tx:
        mine = [record["id"] for record in records.of_file(tx, row["sha256"])]
        allowed = [str(one) for one in mine if records.intend(tx, one, claim, utc_now(), LONGEST)]
        return ["renewed", *allowed] if files.renew(tx, claim, utc_now(), LEASE) else allowed


def struggles(ledger: Ledger, name: str) -> list[str]:
    """Do all that rivals do for the same things."""
    return [thing for deed in (claims, takes, owns, tells) for thing in deed(ledger, name)]


DEEDS: dict[str, Callable[[Ledger, str], list[str]]] = {deed.__name__: deed for deed in (struggles, clings)}


def say(line: str) -> None:
    """Tell the test something."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Do one deed."""
    url, name, deed = sys.argv[1:]
    ledger = open_ledger(url)
    say("ready")
    sys.stdin.readline()
    say(json.dumps(DEEDS[deed](ledger, name)))
    ledger.close()


if __name__ == "__main__":
    main()
