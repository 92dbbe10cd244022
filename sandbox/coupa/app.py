"""The sandbox's Coupa as one ASGI application: /oauth2/token and /api/..., behind the faults that were asked for."""

import base64
import binascii
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from sandbox.coupa import invoice_routes, other_routes
from sandbox.coupa.limits import Bucket
from sandbox.coupa.resources import RESOURCES, reading, writing
from sandbox.coupa.rest import Api
from sandbox.coupa.settings import Settings
from sandbox.coupa.tokens import GrantRefused, Tokens
from sandbox.faults import FaultLayer, Faults
from sandbox.store import Clock, Store, utc_now


class Coupa(Starlette):
    """A Starlette whose outermost layer executes faults; ``faults`` is where the control face puts them."""

    def __init__(self, api: Api, faults: Faults, beside: Sequence[BaseRoute]) -> None:
        self.api = api
        self.faults = faults
        super().__init__(routes=[*beside, *_routes(api)])

    def build_middleware_stack(self) -> ASGIApp:
        """Put the faults around everything, so that they can cut the server's own connection."""
        return FaultLayer(super().build_middleware_stack(), self.faults, self.api.tokens.expire)


def build_app(
    store: Store,
    settings: Settings,
    clock: Clock = utc_now,
    faults: Faults | None = None,
    beside: Sequence[BaseRoute] = (),
) -> Coupa:
    """Build the application to be given to the server itself: mounted in another one, faults cannot cut a connection.

    ``clock`` drives token expiry and the rate limit, ``faults`` may be shared, ``beside`` are routes of other faces
    (the control face), which no fault touches.
    """
    api = Api(store, settings, Tokens(settings, clock), Bucket(settings.rate, settings.burst, clock))
    return Coupa(api, faults or Faults(), beside)


def _routes(api: Api) -> list[Route]:
    lists = [route for resource in RESOURCES for route in reading(api, resource)]
    masters = [route for resource in RESOURCES if resource.writable for route in writing(api, resource)]
    return [_token_route(api.tokens), *lists, *masters, *invoice_routes.routes(api), *other_routes.routes(api)]


def _token_route(tokens: Tokens) -> Route:
    async def token(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=20) as form:
            given = {name: str(value) for name, value in form.items()}
        client, secret = _credentials(request.headers.get("authorization", ""), given)
        try:
            granted = tokens.grant(client, secret, given.get("grant_type", ""), given.get("scope", ""))
        except GrantRefused as refused:
            return JSONResponse({"error": refused.code, "error_description": str(refused)}, refused.status)
        seconds = tokens.seconds(granted)
        answer = {
            "access_token": granted.text,
            "token_type": "bearer",
            "expires_in": seconds,
            "scope": " ".join(sorted(granted.scopes)),
        }
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    return Route("/oauth2/token", token, methods=["POST"])


def _credentials(header: str, given: dict[str, str]) -> tuple[str, str]:
    """Read the client from the form, or from HTTP Basic."""
    kind, _, text = header.partition(" ")
    if kind.casefold() != "basic":
        return given.get("client_id", ""), given.get("client_secret", "")
    try:
        client, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client, secret
