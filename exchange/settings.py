"""Settings: one TOML file, secrets from the environment or from files, checked before anything moves.

Every key carries its own description: `exchange init` writes them as comments, docs/configuration.md is made
from them. An environment variable overrides a key: ``EXCHANGE_COUPA__CLIENT_SECRET`` is ``[coupa] client_secret``.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from exchange.errors import SettingsError

ENVIRONMENT_PREFIX = "EXCHANGE_"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Table(BaseModel):
    """A table of the settings file; a key nobody knows is a mistake, never silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _WithSecrets(Table):
    """A table whose secrets may stand in files of their own: ``password_file`` is read into ``password``."""

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, values: Any) -> Any:  # noqa: ANN401  (whatever the file holds)
        if not isinstance(values, dict):
            return values
        named = {key: value for key, value in values.items() if key.endswith("_file") and key[:-5] in cls.model_fields}
        kept = {key: value for key, value in values.items() if key not in named}
        read = {key[:-5]: _secret(key, value) for key, value in named.items() if key[:-5] not in kept}
        return kept | read  # a secret of the environment wins over the file that the settings name


def _secret(key: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"{key}: cannot read {path}: {error.strerror}") from error


class PgpSettings(_WithSecrets):
    """OpenPGP with a partner: keys are files, nothing is ever asked of a key server."""

    own_key_file: str = Field("", description="our secret key, which decrypts what comes in and signs what goes out")
    former_key_file: str = Field(
        "", description="our secret key until now, which still decrypts while the partner changes over"
    )
    passphrase: SecretStr | None = Field(
        None, description="passphrase of our keys; better as passphrase_file or environment variable"
    )
    partner_key_file: str = Field(
        "", description="the partner's certificate; while keys change, both in one file, the one to encrypt for last"
    )
    encrypt: bool = Field(default=False, description="encrypt and sign every file that goes to the partner")
    required: bool = Field(default=False, description="reject a file that comes in without encryption")
    unsigned: bool = Field(default=False, description="accept an encrypted file without a valid signature")

    @property
    def private(self) -> tuple[str, ...]:
        """The files of our secret keys, the one that signs first."""
        return tuple(key for key in (self.own_key_file, self.former_key_file) if key)

    @model_validator(mode="after")
    def _complete(self) -> "PgpSettings":
        both = self.own_key_file and self.partner_key_file
        if (self.encrypt or self.required) and not both:
            raise ValueError("encrypt and required need own_key_file and partner_key_file")
        return self


class RemoteSettings(_WithSecrets):
    """A place where files lie: a local folder or an SFTP server."""

    kind: Literal["sftp", "local", "memory"] = Field("sftp", description="sftp, or local for a mounted folder")
    path: str = Field("", description="root folder; relative folders below start here")
    host: str = Field("", description="host name of the SFTP server")
    port: int = Field(22, ge=1, le=65535, description="port of the SFTP server")
    user: str = Field("", description="user name")
    password: SecretStr | None = Field(None, description="password; better as password_file or environment variable")
    key_file: str = Field("", description="private key (OpenSSH or PEM); Coupa takes RSA of 2048 bits")
    key_passphrase: SecretStr | None = Field(None, description="passphrase of the private key")
    agent: bool = Field(default=False, description="also try the keys of the SSH agent")
    host_keys: tuple[str, ...] = Field(
        (), description='pinned host keys, "ssh-ed25519 AAAA…" or "SHA256:…"; several while keys are rotated'
    )
    timeout_seconds: float = Field(30, gt=0, description="give up when no byte moved for so long")
    request_bytes: int = Field(
        261120, ge=4096, le=261120, description="bytes in one SFTP request; 32768 suits any server"
    )
    temporary: str = Field("temp", description="a folder the partner does not scan, on the same file system")

    @model_validator(mode="after")
    def _complete(self) -> "RemoteSettings":
        if self.kind == "sftp" and self.host and not self.host_keys:
            raise ValueError(f"host_keys: pin the host key of {self.host}; `exchange check --show-host-keys` prints it")
        if self.kind == "local" and not self.path:
            raise ValueError("path: a local remote needs its folder")
        return self


class SealedRemoteSettings(RemoteSettings):
    """A place where files may lie encrypted."""

    pgp: PgpSettings = Field(PgpSettings(), description="OpenPGP with this partner")


class LockboxSettings(SealedRemoteSettings):
    """The lockbox: master files go to its inbox, invoices come from its outbox, answers go to ack."""

    inbox: str = Field("inbox", description="where the lockbox takes supplier, account and order files")
    outbox: str = Field("outbox", description="where the lockbox leaves invoices")
    ack: str = Field("ack", description="where answers to invoice files go")
    archive: str = Field("archive", description="where invoice files are moved once they are done")
    manifest: bool = Field(default=True, description="lay a manifest behind each master file: count, sums, SHA-256")


class ErpSettings(SealedRemoteSettings):
    """The ERP: Ok2Pay files go in, payment files come out."""

    ok2pay: str = Field("ok2pay", description="where the ERP takes Ok2Pay files")
    papers: str = Field("papers", description="where the ERP takes page images and attachments")
    payments: str = Field("payments", description="where the ERP leaves payment files")
    archive: str = Field("archive", description="where payment files are moved once they are done")
    manifest: bool = Field(default=False, description="lay a manifest behind each Ok2Pay file: count, sums, SHA-256")
    template: str = Field("generic-csv", description="name of a packaged template, or your own .j2 file or folder")
    values: dict[str, str] = Field({}, description="what the template asks for, such as company_code or business_unit")
    payment_layout: str = Field("invoice-payment-import", description="how the ERP writes its payment files")


class CoupaFilesSettings(RemoteSettings):
    """Coupa's own SFTP folders, for flows that go by file."""

    incoming: str = Field("Incoming", description="where Coupa's loader looks")
    outgoing: str = Field("Outgoing", description="where Coupa's exporter leaves files")
    archive: str = Field("Archive/Incoming", description="where the loader moves what it took; it differs by instance")
    temporary: str = Field("Temp", description="a folder the loader does not scan")


class CoupaSettings(_WithSecrets):
    """Coupa's REST API."""

    url: str = Field("", description="https://INSTANCE.coupahost.com")
    client_id: str = Field("", description="OAuth2 client of Setup > Oauth2/OpenID Connect Clients")
    client_secret: SecretStr | None = Field(None, description="its secret; better as client_secret_file or environment")
    scopes: tuple[str, ...] = Field(
        (
            "core.supplier.read",
            "core.accounting.read",
            "core.purchase_order.read",
            "core.purchase_order.write",
            "core.inventory.receiving.read",
            "core.invoice.read",
            "core.invoice.write",
            "core.invoice.create",
            "core.common.read",
            "core.comment.read",
            "core.comment.write",
            "core.integration.read",
            "core.integration.write",
        ),
        description="scopes asked for with the token",
    )
    custom_fields: dict[str, str] = Field({}, description="custom fields by API; column of the invoice file: its name")
    timeout_seconds: float = Field(30, gt=0, description="no byte for so long ends a request")
    deadline_seconds: float = Field(90, gt=0, description="the longest a request may take as a whole")
    reference_minutes: float = Field(15, ge=0, description="read references again when they are older than this")
    unknown_seconds: float = Field(120, gt=0, description="wait so long before an unknown outcome is looked up")
    requests_per_second: float = Field(25, gt=0, description="Coupa's limit; lower it to share the instance")
    burst: int = Field(20, ge=1, description="Coupa's burst queue")
    files: CoupaFilesSettings = Field(CoupaFilesSettings(), description="Coupa's SFTP, where flows go by file")

    @model_validator(mode="after")
    def _waits_long_enough(self) -> "CoupaSettings":
        if self.unknown_seconds <= self.deadline_seconds:
            raise ValueError("unknown_seconds must be above deadline_seconds, or an invoice could be sent twice")
        return self


class DropSettings(Table):
    """A local folder into which people or programs drop invoices."""

    folder: str = Field("", description="the folder; empty means none")
    quiet_seconds: float = Field(5, ge=0, description="a file is complete when it did not change for so long")
    deadline_seconds: float = Field(900, gt=0, description="a file that never completes is quarantined after so long")
    poll_seconds: float = Field(10, gt=0, description="look anyway every so often; events alone are not trusted")


MasterSource = Annotated[
    Literal["rest", "files"], Field(description="rest, or files for Coupa's own export on its SFTP")
]


class MasterFlowSettings(Table):
    """A flow of master data out of Coupa."""

    source: MasterSource = "rest"
    full: bool = Field(default=False, description="send everything each time instead of what changed")
    send_empty: bool = Field(default=False, description="send a file even when nothing changed")
    overlay: Path | None = Field(None, description="your template of the lockbox's file; `exchange formats learn`")


class InvoicesFlowSettings(Table):
    """The flow of invoices into Coupa."""

    deliver: Literal["api", "file"] = Field("api", description="api, or file for Coupa's loader")
    image_required: bool = Field(default=False, description="hold an invoice of a CSV that names no page image")
    second_reading: bool = Field(default=True, description="read critical fields a second time with Tesseract")
    tries: int = Field(5, ge=1, description="a file that fails so often is quarantined")
    overlay: Path | None = Field(None, description="your template of the lockbox's CSV; `exchange formats learn`")
    loader_overlay: Path | None = Field(
        None, description="your template of the CSV for Coupa, with its custom fields (deliver = file)"
    )
    loader_minutes: float = Field(10, gt=0, description="how long to wait for the loader's result (deliver = file)")


class Ok2PayFlowSettings(Table):
    """The flow of approved and voided invoices to the ERP."""

    source: MasterSource = "rest"
    send_empty: bool = Field(default=False, description="send a file even when there is nothing to pay")
    papers: bool = Field(default=False, description="send page image and attachments along (Coupa is asked by REST)")
    overlay: Path | None = Field(None, description="your template of Coupa's export file (source = files)")


class PaymentsFlowSettings(Table):
    """The flow of payments from the ERP into Coupa."""

    deliver: Literal["api", "file"] = Field("api", description="api, or file for Coupa's loader")


class FlowsSettings(Table):
    """How each flow goes."""

    suppliers: MasterFlowSettings = Field(MasterFlowSettings(), description="suppliers to the lockbox")
    accounts: MasterFlowSettings = Field(MasterFlowSettings(), description="GL accounts to the lockbox")
    purchase_orders: MasterFlowSettings = Field(MasterFlowSettings(), description="purchase orders to the lockbox")
    receipts: MasterFlowSettings = Field(MasterFlowSettings(), description="receipts into the reference store")
    invoices: InvoicesFlowSettings = Field(InvoicesFlowSettings(), description="invoices into Coupa")
    invoice_updates: MasterFlowSettings = Field(MasterFlowSettings(), description="status of invoices to the lockbox")
    ok2pay: Ok2PayFlowSettings = Field(Ok2PayFlowSettings(), description="approved invoices to the ERP")
    payments: PaymentsFlowSettings = Field(PaymentsFlowSettings(), description="payments into Coupa")


class LedgerSettings(_WithSecrets):
    """All that is remembered."""

    url: SecretStr | None = Field(
        None,
        description="database; better as url_file if it has a password; none means ledger.sqlite in the home folder",
    )
    lease_seconds: float = Field(300, gt=1, description="how long a claim on a file lasts unless it is renewed")
    dispatch: Literal["here", "workers"] = Field(
        "here", description="who works invoice files: here, the process that found them, or `exchange worker` processes"
    )

    @property
    def told(self) -> str:
        """The URL as it was told, with its password; "" where none was."""
        return self.url.get_secret_value() if self.url else ""

    @model_validator(mode="after")
    def _workers_share(self) -> "LedgerSettings":
        if self.dispatch == "workers" and not self.told.startswith("postgresql"):
            raise ValueError('dispatch: workers need a ledger that they can share: url = "postgresql+psycopg://…"')
        return self


class LimitsSettings(Table):
    """What is too much; each limit guards against damaged or hostile files."""

    file_megabytes: int = Field(
        200, ge=1, description="an inbound file above this is refused unread, and so is one in a ZIP or encrypted"
    )
    zip_members: int = Field(5000, ge=1, description="files in one ZIP")
    zip_megabytes: int = Field(2000, ge=1, description="all files of one ZIP when they are unpacked")
    zip_ratio: int = Field(200, ge=2, description="how many times its size a member may unpack to")
    xml_megabytes: int = Field(20, ge=1, description="one XML invoice with what is embedded in it")
    xml_depth: int = Field(64, ge=16, le=200, description="how deep the elements of an XML invoice may be nested")
    pages: int = Field(300, ge=1, description="pages of one image or PDF")
    page_megapixels: int = Field(100, ge=1, description="pixels of one page")
    page_words: int = Field(20_000, ge=100, description="words of one page; a dense one has a thousand")
    document_words: int = Field(60_000, ge=100, description="words of all pages of one image or PDF")
    reading_seconds: float = Field(300, gt=0, description="pages that are not read after so long stay unread")
    drawing_seconds: float = Field(
        60, gt=0, description="a PDF or a page of it that is not drawn after so long stays so"
    )


class CaptureSettings(Table):
    """How pages are read."""

    engine: Literal["auto", "tiny", "small", "rapid", "tesseract"] = Field(
        "auto",
        description="auto: fast first, a heavier model and Tesseract where a value stays in doubt (RapidOCR and "
        "Tesseract without the extra `fast`); tiny: fast, one reading; small: fast, the heavier model for lines in "
        "doubt, Tesseract for values that stay so; rapid: RapidOCR, always with Tesseract as the second reading; "
        "tesseract: nothing else",
    )


class MetricsSettings(Table):
    """Metrics of the daemon."""

    textfile: str = Field("", description="file for the textfile collector of Prometheus; empty means none")


class HealthSettings(Table):
    """When something is wrong, and where other programs may ask for it."""

    listen: str = Field("", description='where /healthz, /readyz, /metrics are, as "127.0.0.1:9464"; empty means none')
    oldest_file_minutes: float = Field(120, gt=0, description="a file that is not finished after so long is told of")
    late_minutes: float = Field(30, gt=0, description="a flow that did not begin so long after it was due is told of")
    disk_megabytes: int = Field(1024, ge=1, description="less free space than this is told of")

    @field_validator("listen")
    @classmethod
    def _is_loopback(cls, text: str) -> str:
        host, _, port = text.rpartition(":")
        if text and (host.strip("[]") not in LOOPBACK or not port.isdigit()):
            raise ValueError(f"give an address of this machine and a port, such as 127.0.0.1:9464, not {text!r}")
        return text


class AlertsSettings(_WithSecrets):
    """Who is told when something is wrong, and once more when it is right again."""

    webhook: SecretStr | None = Field(None, description="address that gets a JSON POST; better as webhook_file")
    webhook_key: SecretStr | None = Field(None, description="signs each POST: X-Exchange-Signature is its HMAC-SHA256")
    mail_to: tuple[str, ...] = Field((), description="addresses that get an e-mail")
    mail_from: str = Field("", description="address that it comes from")
    smtp_host: str = Field("", description="server that takes the e-mail")
    smtp_port: int = Field(587, ge=1, le=65535, description="its port")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="none sends no password")
    smtp_user: str = Field("", description="user name; empty means no login")
    smtp_password: SecretStr | None = Field(None, description="password; better as smtp_password_file")
    timeout_seconds: float = Field(15, gt=0, description="give up when a server did not answer for so long")

    @field_validator("webhook")
    @classmethod
    def _is_private(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not _is_private(url.get_secret_value()):
            raise ValueError("only https, or http on this machine")
        return url

    @field_validator("mail_to", "mail_from")
    @classmethod
    def _are_addresses(cls, given: tuple[str, ...] | str) -> tuple[str, ...] | str:
        for text in (given,) if isinstance(given, str) else given:
            if text and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", text):
                raise ValueError(f"{text!r} is no address such as ap@house.example")
        return given

    @model_validator(mode="after")
    def _complete(self) -> "AlertsSettings":
        if self.mail_to and not (self.mail_from and self.smtp_host):
            raise ValueError("mail_to: give mail_from and smtp_host as well")
        if self.smtp_user and self.smtp_security == "none":
            raise ValueError("smtp_user: a password is sent under tls or starttls only")
        return self


def _is_private(url: str) -> bool:
    """True for https, and for http that does not leave this machine."""
    address = urlsplit(url)
    return bool(address.hostname) and (
        address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)
    )


class ExtractorSettings(_WithSecrets):
    """A language model of your own, asked about fields that stay in doubt; text leaves this machine only with it."""

    url: str = Field("", description="OpenAI-compatible API such as https://models.acme.example/v1; empty: never asked")
    model: str = Field("", description="its name there")
    key: SecretStr | None = Field(None, description="bearer token; better as key_file or environment variable")
    timeout_seconds: float = Field(60, gt=0, description="go on without an answer after so long")
    characters: int = Field(20000, ge=100, description="send no more of a page than this")

    @model_validator(mode="after")
    def _private(self) -> "ExtractorSettings":
        if self.url and not _is_private(self.url):
            raise ValueError("url: only https, or http on this machine")
        if self.url and not self.model:
            raise ValueError("model: name the model at url")
        return self


class Settings(Table):
    """Everything the exchange must be told."""

    home: Path = Field(Path("exchange-home"), description="where ledger, spool and work files live")
    time_zone: str = Field("UTC", description="zone of the schedules and of business dates, such as Europe/Berlin")
    coupa: CoupaSettings = Field(CoupaSettings(), description="Coupa's REST API")
    lockbox: LockboxSettings = Field(LockboxSettings(), description="the invoice-capture lockbox")
    erp: ErpSettings = Field(ErpSettings(), description="the ERP")
    drop: DropSettings = Field(DropSettings(), description="a local drop folder")
    flows: FlowsSettings = Field(FlowsSettings(), description="how each flow goes")
    ledger: LedgerSettings = Field(LedgerSettings(), description="the ledger database")
    extractor: ExtractorSettings = Field(
        ExtractorSettings(), description="a language model of your own; off by default"
    )
    capture: CaptureSettings = Field(CaptureSettings(), description="how pages are read")
    limits: LimitsSettings = Field(LimitsSettings(), description="what is too much")
    metrics: MetricsSettings = Field(MetricsSettings(), description="metrics of the daemon")
    health: HealthSettings = Field(HealthSettings(), description="when something is wrong")
    alerts: AlertsSettings = Field(AlertsSettings(), description="who is told when something is wrong")
    policy: dict[str, Any] = Field({}, description="tolerances, gates and coding rules; see docs/policy.md")

    @model_validator(mode="after")
    def _lease_outlasts_a_request(self) -> "Settings":
        if self.ledger.lease_seconds <= self.coupa.deadline_seconds:
            raise ValueError("ledger.lease_seconds must be above coupa.deadline_seconds, or nothing could be sent")
        return self

    @property
    def ledger_url(self) -> str:
        """The ledger's database URL."""
        return self.ledger.told or f"sqlite:///{self.home.absolute() / 'ledger.sqlite'}"


def find_settings_file(given: Path | None) -> Path:
    """Return the settings file: as given, else ``$EXCHANGE_CONFIG``, else ``exchange.toml``; SettingsError if none."""
    path = given or Path(os.environ.get("EXCHANGE_CONFIG", "exchange.toml"))
    if not path.is_file():
        raise SettingsError(f"There is no settings file {path}. `exchange init` writes one; --config names another.")
    return path


def load_settings(path: Path) -> Settings:
    """Read and check a settings file, with the environment laid over it; SettingsError names every wrong key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    return check_settings(_overlay(values, os.environ), str(path))


def check_settings(values: dict[str, Any], name: str) -> Settings:
    """Build settings from plain values; SettingsError lists every wrong key of the file ``name``."""
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        wrong = "\n".join(
            f"  {'.'.join(map(str, problem['loc']))}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError(f"{name} is wrong:\n{wrong}") from None


def _overlay(values: dict[str, Any], environment: "os._Environ[str] | dict[str, str]") -> dict[str, Any]:
    """Lay ``EXCHANGE_TABLE__KEY=value`` over the values; secrets come in this way."""
    for variable, text in environment.items():
        if variable.startswith(ENVIRONMENT_PREFIX) and "__" in variable:
            *tables, key = variable.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
            table = values
            for name in tables:
                table = table.setdefault(name, {})
            table[key] = text
    return values
