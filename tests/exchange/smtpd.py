"""A small mail server of its own thread: SMTP as RFC 5321 has it, STARTTLS, a login, and refusals on demand."""

import base64
import datetime as dt
import email
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "exchange", "secret word"


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it took in ``mails``; while ``refusing``, it takes nothing. With a certificate it asks for a login."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Session)
        self.mails: list[EmailMessage] = []
        self.receivers: list[str] = []
        self.refusing = False
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if certificate else None
        if self.tls and certificate:
            self.tls.load_cert_chain(certificate)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.known, self.secure = self.server.tls is None, False
        self._say("220 mail.test")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            verb, _, rest = line.partition(" ")
            act = getattr(self, f"_{verb.lower()}", None)
            if verb.upper() == "QUIT":
                self._say("221 bye")
                return
            self._say("502 unknown") if act is None else act(rest)

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _ehlo(self, _: str) -> None:
        more = (
            ["250-STARTTLS"] if self.server.tls and not self.secure else ["250-AUTH PLAIN"] if self.server.tls else []
        )
        self._say("250-mail.test", *more, "250 8BITMIME")

    def _starttls(self, _: str) -> None:
        assert self.server.tls is not None
        self._say("220 go on")
        self.request: Any = self.server.tls.wrap_socket(self.request, server_side=True)
        self.setup()
        self.secure = True

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def _auth(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.rsplit(maxsplit=1)[-1]).decode().split("\0")
        self.known = self.secure and (user, password) == (USER, PASSWORD)
        self._say("235 welcome" if self.known else "535 no")

    def _mail(self, _: str) -> None:
        self._say("250 ok" if self.known and not self.server.refusing else "451 try again later")

    def _rcpt(self, rest: str) -> None:
        self.server.receivers.append(rest)
        self._say("250 ok")

    def _rset(self, _: str) -> None:
        self._say("250 ok")

    def _data(self, _: str) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.mails.append(email.message_from_bytes(b"".join(lines), policy=default))
        self._say("250 taken")


@contextmanager
def mail_server(port: int = 0, certificate: Path | None = None) -> Iterator[MailServer]:
    """Run a mail server until the block ends."""
    with MailServer(port, certificate) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "mail.pem"
    path.write_bytes(key.private_bytes(*pem) + made.public_bytes(serialization.Encoding.PEM))
    return path
