"""Master documents out of Coupa: read by REST or from its export files, remembered, and sent on where they changed."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TextIO

from sqlalchemy import Connection

from exchange.batches import inbound, outbound
from exchange.batches.batch import Batch
from exchange.batches.findings import write_findings
from exchange.batches.inbound import Folder, Work
from exchange.batches.overlays import load_layout
from exchange.coupa.resources import Coupa
from exchange.killpoints import Point, reached
from exchange.ledger import batches, files, reference
from exchange.ledger.records import DUPLICATE, LOADED, REJECTED
from exchange.ledger.reference import Entry
from exchange.settings import MasterFlowSettings
from formats import stored
from formats.documents import Document
from formats.findings import Finding, Severity
from formats.layout import Layout, Totals
from formats.layout.totals import worth
from formats.split import split
from formats.text import decode

SENT = "sent "
OVERLAP = dt.timedelta(minutes=5)  # Coupa stamps a change before its transaction can be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """How one kind of master document is read, remembered and written.

    ``fetch`` reads from the REST API what changed since a moment; ``layout`` reads and writes the flat file;
    ``folder`` is its place under Coupa's Outgoing; ``entry`` says how a document is looked up later. ``from_file``
    puts right what an export file says in another way; ``unsaid`` are the fields that it has no column for. A document
    is sent again when its ``essence`` changed.
    """

    name: str
    folder: str
    layout: Any
    fetch: Callable[[Coupa, dt.datetime | None], Iterable[Document | Finding]]
    entry: Callable[[Document], Entry]
    from_file: Callable[[Document], Document] = lambda document: document
    unsaid: tuple[str, ...] = ()
    essence: Callable[[Document], Document] = lambda document: document


@dataclass(slots=True)
class Found:
    """What a source had: documents, findings, how far it was read, and the files it came from."""

    documents: list[Document] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    read_until: dt.datetime | None = None
    works: list[Work] = field(default_factory=list)

    def take(self, result: Document | Finding) -> None:
        """Keep a result as what it is."""
        if isinstance(result, Finding):
            self.findings.append(result)
        else:
            self.documents.append(result)


def flow_settings(batch: Batch) -> MasterFlowSettings:
    """Return the settings of the master flow that runs."""
    settings: MasterFlowSettings = getattr(batch.world.settings.flows, batch.flow)
    return settings


def read(batch: Batch, master: Master) -> Found:
    """Read what changed: from the REST API since the watermark, or from the export files that lie ready."""
    batch.world.progress.step(f"reading {master.name.lower()} from Coupa")
    return _read_files(batch, master) if flow_settings(batch).source == "files" else _read_rest(batch, master)


def _read_rest(batch: Batch, master: Master) -> Found:
    now = batch.now()
    with batch.world.ledger.read() as tx:
        mark = batches.read_watermark(tx, batch.flow)
    since = None if flow_settings(batch).full or mark is None else mark - OVERLAP
    found = Found(read_until=now)
    for result in master.fetch(batch.world.partners.coupa, since):
        found.take(result)
    return found


def _read_files(batch: Batch, master: Master) -> Found:
    inbound.collect(batch, export_folder(batch, master))
    found = Found()
    for work in inbound.unfinished(batch):
        found.works.append(work)
        for result in _documents(batch, master, work):
            found.take(result if isinstance(result, Finding) else _completed(batch, master, result))
    return found


def _completed(batch: Batch, master: Master, document: Document) -> Document:
    """The document with what the store knows of it and the export file has no column for."""
    arrived = master.from_file(document)
    place = master.entry(arrived)
    with batch.world.ledger.read() as tx:
        text = reference.get(tx, place.kind, place.key) if master.unsaid else None
    known = stored.load(type(arrived), text) if text else arrived
    return replace(arrived, **{name: getattr(known, name) for name in master.unsaid})


def _documents(batch: Batch, master: Master, work: Work) -> Iterator[Document | Finding]:
    with batch.world.spool.open(work.sha256) as stream:
        decoded = decode(stream, work.name)
        yield from decoded.findings
        yield from master.layout.read(decoded.stream, work.name)


def export_folder(batch: Batch, master: Master) -> Folder:
    """Return the folder where Coupa's exporter leaves this kind; the consumer removes what it took."""
    return Folder("coupa", f"{batch.world.settings.coupa.files.outgoing}/{master.folder}")


def send_changes(batch: Batch, master: Master, found: Found) -> None:
    """Write what the lockbox does not know yet into a file, and remember all of it, in one transaction."""
    fresh = _changed(batch, master, found.documents)
    settings = flow_settings(batch)
    parcel = _write(batch, master, fresh) if fresh or settings.send_empty else None
    with batch.world.ledger.write() as tx:
        _remember(batch, tx, master, found)
        reference.put(tx, (_sent(master, document) for document in fresh), batch.now())
        if parcel:
            for part in parcel:
                outbound.prepare(batch, tx, part)
    reached(Point.MASTERS_WRITTEN)
    _count(batch, found, fresh)


def remember(batch: Batch, master: Master, found: Found) -> None:
    """Keep documents in the reference store, in one transaction with how far the source was read."""
    with batch.world.ledger.write() as tx:
        _remember(batch, tx, master, found)
    _count(batch, found, found.documents)


def _remember(batch: Batch, tx: Connection, master: Master, found: Found) -> None:
    reference.put(tx, map(master.entry, found.documents), batch.now())
    write_findings(batch, tx, found.findings)
    if found.read_until:
        batches.set_watermark(tx, batch.flow, found.read_until, batch.id)
    for work in found.works:
        files.release(tx, work.claim, files.DONE)
    batch.event(tx, "masters read", kind=master.name, documents=len(found.documents), findings=len(found.findings))


def _changed(batch: Batch, master: Master, documents: list[Document]) -> list[Document]:
    if flow_settings(batch).full:
        return documents
    latest = list({master.entry(document).key: document for document in documents}.values())
    with batch.world.ledger.read() as tx:
        sent = [reference.get(tx, SENT + master.name, master.entry(document).key) for document in latest]
    return [document for document, hash_ in zip(latest, sent, strict=True) if hash_ != _hash(master, document)]


def _sent(master: Master, document: Document) -> Entry:
    return Entry(kind=SENT + master.name, key=master.entry(document).key, document=_hash(master, document))


def _hash(master: Master, document: Document) -> str:
    return hashlib.sha256(stored.dump(master.essence(document)).encode()).hexdigest()


def _write(batch: Batch, master: Master, documents: list[Document]) -> list[outbound.Parcel]:
    """The files, each as large as Coupa itself takes one, and behind each its manifest."""
    batch.world.progress.step(f"writing {len(documents)} {master.name.lower()} for the lockbox")
    layout = load_layout(flow_settings(batch).overlay, master.layout.name)
    groups = list(split(layout, documents)) or [[]]
    parts = enumerate(groups, 1 if len(groups) > 1 else 0)
    return [parcel for part, group in parts for parcel in _write_part(batch, master, layout, group, part)]


def _write_part(
    batch: Batch, master: Master, layout: type[Layout[Any]], documents: list[Document], part: int
) -> list[outbound.Parcel]:
    """A file and, behind it, the manifest with which the lockbox can prove that it has all of it."""
    folder = batch.world.settings.lockbox.inbox
    name = outbound.file_name(batch, master.name, "csv", part)

    def write(stream: TextIO) -> Totals:
        return layout.write(documents, stream)

    kept, totals = outbound.keep_text(batch, write)
    money = {currency: str(amount) for currency, amount in totals.money.items()}
    made = outbound.Parcel(remote="lockbox", path=f"{folder}/{name}", kept=kept, records=totals.records, totals=money)
    return outbound.with_manifest(batch, made, totals.rows)


def _count(batch: Batch, found: Found, fresh: list[Document]) -> None:
    """Documents that the lockbox knows already count as duplicates, unreadable ones as rejected."""
    sent = {id(document) for document in fresh}
    for document in found.documents:
        currency, amount = worth(document) or ("", None)
        batch.counts.take(currency, amount)
        batch.counts.settle(LOADED if id(document) in sent else DUPLICATE, currency, amount)
    errors = [finding for finding in found.findings if finding.severity is Severity.ERROR]
    broken = len({finding.record or str(finding.source) for finding in errors})
    batch.counts.take(times=broken)
    batch.counts.settle(REJECTED, times=broken)


def tidy(batch: Batch, master: Master) -> None:
    """Remove the export files that were taken, as Coupa asks its consumers to."""
    if flow_settings(batch).source == "files":
        inbound.tidy(batch, export_folder(batch, master))
