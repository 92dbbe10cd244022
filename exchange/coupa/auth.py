"""OAuth2 client credentials: a token, renewed before it ends (Coupa: set up an OpenID Connect client)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from exchange.coupa.pacing import Clock
from exchange.errors import CoupaUnreachableError

FRESH_PART = 5 / 6  # Coupa advises to renew a token of 24 hours after about 20
DEFAULT_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and the moment from which another is fetched."""

    text: str
    renew_at: float


class Tokens:
    """The token of one client, fetched by ``ask`` when it is needed and shared by all threads."""

    def __init__(self, ask: Callable[[], object], clock: Clock) -> None:
        self._ask, self._clock = ask, clock
        self._lock = threading.Lock()
        self._token: Token | None = None

    def current(self, refused: str = "") -> str:
        """Return a token that is fresh and not the one that was ``refused``."""
        with self._lock:
            token = self._token
            if token is None or token.text == refused or self._clock.monotonic() >= token.renew_at:
                token = self._token = self._fetch()
            return token.text

    def _fetch(self) -> Token:
        asked_at = self._clock.monotonic()
        answer = self._ask()
        text = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(text, str) or not text:
            raise CoupaUnreachableError("Coupa's answer to the login has no access_token; nothing was sent")
        return Token(text, asked_at + FRESH_PART * _seconds(answer))


def _seconds(answer: object) -> float:
    said = answer.get("expires_in") if isinstance(answer, dict) else None
    try:
        return float(str(said))
    except ValueError:
        return DEFAULT_SECONDS
