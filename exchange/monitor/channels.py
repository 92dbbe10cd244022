"""Channels: how people are told. A webhook gets JSON that chat programs show as it is; mail goes by SMTP."""

import datetime as dt
import hashlib
import hmac
import json
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any, Protocol

import httpx2

from exchange.settings import AlertsSettings

WEBHOOK, MAIL = "webhook", "mail"
SIGNATURE = "X-Exchange-Signature"


class NotToldError(Exception):
    """A channel did not take a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What people are told; ``id`` is the same when it is told again, so that a receiver can know it."""

    id: str
    what: str
    topic: str
    text: str
    since: dt.datetime
    ended_at: dt.datetime | None = None

    @property
    def subject(self) -> str:
        """The message in a line."""
        return f"[exchange] {'over' if self.ended_at else 'wrong'}: {self.topic}"

    @property
    def body(self) -> str:
        """The message in full."""
        lasted = f"\nIt was so from {_moment(self.since)} to {_moment(self.ended_at)}." if self.ended_at else ""
        return f"{'It is over' if self.ended_at else 'Since ' + _moment(self.since)}: {self.text}{lasted}"

    def as_json(self) -> dict[str, Any]:
        """Return the message as plain values; ``text`` is what chat programs show."""
        ended = self.ended_at.isoformat() if self.ended_at else None
        told = {"id": self.id, "what": self.what, "topic": self.topic, "message": self.text}
        return told | {"since": self.since.isoformat(), "ended_at": ended, "text": f"{self.subject}\n{self.body}"}


class Channel(Protocol):
    """A way to tell people."""

    def tell(self, message: Message) -> None:
        """Hand a message over; NotToldError when it was not taken."""


def channels(settings: AlertsSettings) -> dict[str, Channel]:
    """Return the channels that are configured, by name."""
    found: dict[str, Channel] = {}
    if settings.webhook:
        found[WEBHOOK] = Webhook(settings, settings.webhook.get_secret_value())
    if settings.mail_to:
        found[MAIL] = Mail(settings)
    return found


@dataclass(frozen=True, slots=True)
class Webhook:
    """POSTs JSON to an address, signed when there is a key; a redirect is not followed."""

    settings: AlertsSettings
    url: str

    def tell(self, message: Message) -> None:
        """Hand a message over; NotToldError unless the answer is 2xx."""
        body = json.dumps(message.as_json(), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.id, **self._signature(body)}
        try:
            with httpx2.Client(timeout=self.settings.timeout_seconds, trust_env=False) as client:
                status = client.post(self.url, content=body, headers=headers).status_code
        except httpx2.HTTPError as error:
            raise NotToldError(f"the webhook did not answer: {type(error).__name__}") from error
        if not httpx2.codes.is_success(status):
            raise NotToldError(f"the webhook answered {status}")

    def _signature(self, body: bytes) -> dict[str, str]:
        if self.settings.webhook_key is None:
            return {}
        key = self.settings.webhook_key.get_secret_value().encode()
        return {SIGNATURE: f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"}


@dataclass(frozen=True, slots=True)
class Mail:
    """Sends an e-mail by SMTP, under TLS unless the settings say otherwise."""

    settings: AlertsSettings

    def tell(self, message: Message) -> None:
        """Hand a message over; NotToldError when the server refused it for any of its receivers."""
        try:
            with self._session() as session:
                if self.settings.smtp_user:
                    password = self.settings.smtp_password
                    session.login(self.settings.smtp_user, password.get_secret_value() if password else "")
                refused = session.send_message(self._mail(message))
        except (smtplib.SMTPException, OSError) as error:
            raise NotToldError(f"the mail server did not take it: {error}") from error
        if refused:
            raise NotToldError(f"the mail server did not take it for {', '.join(refused)}")

    def _session(self) -> smtplib.SMTP:
        to, seconds = (self.settings.smtp_host, self.settings.smtp_port), self.settings.timeout_seconds
        if self.settings.smtp_security == "tls":
            return smtplib.SMTP_SSL(*to, timeout=seconds, context=ssl.create_default_context())
        session = smtplib.SMTP(*to, timeout=seconds)
        if self.settings.smtp_security == "starttls":
            try:
                session.starttls(context=ssl.create_default_context())
            except BaseException:
                session.close()
                raise
        return session

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = Address(addr_spec=self.settings.mail_from)
        mail["To"] = [Address(addr_spec=address) for address in self.settings.mail_to]
        mail["Subject"] = " ".join(message.subject.split())
        mail["Message-ID"] = f"<{message.id}@exchange.invalid>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body + "\n")
        return mail


def _moment(at: dt.datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""
