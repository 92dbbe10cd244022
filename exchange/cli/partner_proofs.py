"""What `exchange check` proves at the partners: that they answer, know us, and let us do what the flows need."""

import datetime as dt
from collections.abc import Iterator, Sequence

from exchange.cli.proof import Proof, State, attempt, failed
from exchange.coupa.resources import Coupa, open_coupa
from exchange.errors import (
    CoupaRefusedError,
    ExchangeError,
    RemoteError,
    RemoteRefusedError,
    RemoteUnreachableError,
    SettingsError,
)
from exchange.pgp import Keys
from exchange.remotes import Remote, open_remote
from exchange.settings import CoupaFilesSettings, PgpSettings, RemoteSettings, SealedRemoteSettings, Settings

OWN_KEY = "Check own_key_file and its passphrase, which belongs into passphrase_file or the environment."
READS = {
    "core.supplier.read": "suppliers",
    "core.accounting.read": "accounts",
    "core.purchase_order.read": "purchase_orders",
    "core.inventory.receiving.read": "receiving_transactions",
    "core.invoice.read": "invoices",
    "core.common.read": "lookup_values",
    "core.integration.read": "data_file_sources",
}
CODES: dict[str, type[RemoteError]] = {
    "connect": RemoteUnreachableError,
    "host key": RemoteRefusedError,
    "login": RemoteRefusedError,
}
ONLY_THIS_READ = (403, 404)  # any other refusal would be the same for every read
FILES = {
    "suppliers": "Suppliers",
    "purchase_orders": "PurchaseOrders",
    "receipts": "Receipts",
    "accounts": "Accounts",
    "invoice_updates": "InvoiceUpdates",
}


def partners(found: Settings) -> Iterator[Proof]:
    """Prove every partner: connect, log in, list, write, rename, remove; at Coupa one read for each scope."""
    yield from _coupa(found)
    lockbox, erp = found.lockbox, found.erp
    yield from _site("lockbox", lockbox, (lockbox.inbox, lockbox.outbox, lockbox.ack, lockbox.archive))
    papers = (erp.papers,) if found.flows.ok2pay.papers else ()
    yield from _site("erp", erp, (erp.ok2pay, erp.payments, erp.archive, *papers))
    files = found.coupa.files
    folders = _coupa_folders(found, files)
    if files.host or folders:
        yield from _site("coupa files", files, folders)


def _coupa(found: Settings) -> Iterator[Proof]:
    try:
        coupa = open_coupa(found.coupa)
    except SettingsError as error:
        yield failed("coupa", "settings", error, "See [coupa] in the settings file.")
        return
    try:
        yield from _reads(coupa, found.coupa.scopes)
    finally:
        coupa.client.close()


def _reads(coupa: Coupa, scopes: Sequence[str]) -> Iterator[Proof]:
    """Read one object for each scope; stop where every other read would fail in the same way."""
    for scope, kind in READS.items():
        if scope not in scopes:
            yield Proof(
                "coupa", f"read {kind}", State.WARNING, f"{scope} is not asked for", "Add it to [coupa] scopes."
            )
            continue
        try:
            coupa.client.get(f"/api/{kind}", {"limit": "1", "fields": '["id"]'})
        except ExchangeError as error:
            yield failed("coupa", f"read {kind}", error, f"Give the OAuth2 client the scope {scope}.")
            if not (isinstance(error, CoupaRefusedError) and error.status in ONLY_THIS_READ):
                return
        else:
            yield Proof("coupa", f"read {kind}", State.OK, f"{scope} is granted")


def _site(name: str, site: RemoteSettings, folders: Sequence[str]) -> Iterator[Proof]:
    if site.kind == "sftp" and not site.host:
        yield Proof(
            name, "settings", State.WARNING, "no host is set", f"Flows that need the {name} will fail until then."
        )
        return
    if isinstance(site, SealedRemoteSettings):
        yield from _keys(name, site.pgp)
    try:
        remote = open_remote(site, name)
    except SettingsError as error:
        yield failed(name, "settings", error, "`exchange check --show-host-keys HOST` prints the line to pin.")
        return
    try:
        yield from _probes(name, remote, folders)
    finally:
        remote.close()


def _keys(name: str, pgp: PgpSettings) -> Iterator[Proof]:
    """Prove that our keys open and that a certificate of the partner's is valid today."""
    keys = Keys(pgp)
    if pgp.own_key_file:
        yield attempt(name, "pgp key", lambda: f"{pgp.own_key_file} opens" if keys.signer() else "", OWN_KEY)
    if pgp.partner_key_file:
        yield attempt(
            name,
            "pgp certificate",
            lambda: ", ".join(cert.fingerprint for cert in keys.valid(dt.datetime.now(dt.UTC))),
            "Ask the partner for its present certificate and put it into partner_key_file.",
        )


def _probes(name: str, remote: Remote, folders: Sequence[str]) -> Iterator[Proof]:
    for probe in remote.probe(folders):
        state = State.OK if probe.ok else State.FAILED
        code = 0 if probe.ok else CODES.get(probe.name, RemoteError).exit_code
        yield Proof(name, probe.name, state, probe.message, "" if probe.ok else probe.remedy, code)


def _coupa_folders(found: Settings, files: CoupaFilesSettings) -> list[str]:
    """The folders of Coupa's SFTP that the flows use as they are set."""
    flows = found.flows
    leaving = [f"{files.outgoing}/{folder}" for flow, folder in FILES.items() if getattr(flows, flow).source == "files"]
    if flows.ok2pay.source == "files":
        leaving.append(f"{files.outgoing}/Invoices")
    entering = [("Invoices", flows.invoices.deliver), ("InvoicePayments", flows.payments.deliver)]
    return leaving + [f"{files.incoming}/{folder}" for folder, deliver in entering if deliver == "file"]
