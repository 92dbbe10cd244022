"""OAuth 2 client credentials (RFC 6749 §4.4) at POST /oauth2/token, and Bearer tokens (RFC 6750).

Coupa: Set Up an OpenID Connect Client (address, form, 86399 seconds). [I]: a client must ask for its scopes by name;
credentials may also come as HTTP Basic; tokens are forgotten when the sandbox restarts. OpenAPI prints
``/oauth2/access_tokens``: the guide's ``/oauth2/token`` was followed, which products use.
"""

import datetime as dt
import hmac
import secrets
from dataclasses import dataclass

from sandbox.coupa.settings import Settings
from sandbox.store import Clock


@dataclass(frozen=True, slots=True)
class Token:
    """An access token: who may do what until when."""

    text: str
    client: str
    scopes: frozenset[str]
    expires: dt.datetime


class GrantRefused(Exception):  # noqa: N818  # an answer, not a fault
    """A token was refused: HTTP status and the error code of RFC 6749 §5.2."""

    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.code = code


class Tokens:
    """The tokens that were granted."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._granted: dict[str, Token] = {}

    def grant(self, client: str, secret: str, grant_type: str, scope: str) -> Token:
        """Grant a token for scopes separated by spaces; GrantRefused when client, grant or scope is wrong."""
        known = self._settings.clients.get(client, "")
        if not known or not hmac.compare_digest(known.encode(), secret.encode()):
            raise GrantRefused(401, "invalid_client", "Client authentication failed.")
        if grant_type != "client_credentials":
            raise GrantRefused(400, "unsupported_grant_type", "Only client_credentials is supported.")
        scopes = frozenset(scope.split())
        if not scopes or not scopes <= self._settings.scopes:
            raise GrantRefused(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")
        expires = self._clock() + dt.timedelta(seconds=self._settings.token_seconds)
        token = Token(secrets.token_hex(32), client, scopes, expires)
        self._granted[token.text] = token
        return token

    def seconds(self, token: Token) -> int:
        """Return for how many more seconds a token lives."""
        return int((token.expires - self._clock()).total_seconds())

    def check(self, header: str) -> Token | None:
        """Return the token of an Authorization header while it lives, else None."""
        kind, _, text = header.partition(" ")
        token = self._granted.get(text.strip()) if kind.casefold() == "bearer" else None
        return token if token and self._clock() < token.expires else None

    def expire(self) -> None:
        """Let every token expire at once."""
        self._granted.clear()
