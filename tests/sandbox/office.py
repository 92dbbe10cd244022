"""A Coupa small enough to read, with a clock that stands still and a client that is logged in."""

import copy
import datetime as dt
from typing import Any

from starlette.testclient import TestClient

from sandbox.coupa import domain
from sandbox.coupa.app import build_app
from sandbox.coupa.seed import load_seed
from sandbox.coupa.settings import SCOPES, Settings
from sandbox.faults import Faults
from sandbox.store import Json, Store

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
PDF = b"%PDF-1.7\n% a scan of one page\n"
UK = {"name": "ACME UK"}

SEED: Json = {
    "currencies": [
        {"id": 1, "code": "GBP", "name": "Pound Sterling", "decimals": 2, "enabled": True},
        {"id": 2, "code": "EUR", "name": "Euro", "decimals": 2, "enabled": True},
        {"id": 3, "code": "DEM", "name": "Deutsche Mark", "decimals": 2, "enabled": False},
    ],
    "uoms": [{"id": 1, "code": "EA", "name": "Each"}, {"id": 2, "code": "BX", "name": "Box"}],
    "payment_terms": [{"id": 1, "code": "NET30", "days-for-net-payment": 30}],
    "tax_codes": [{"id": 1, "code": "VAT20", "percentage": "20.0"}],
    "account_types": [
        {
            "id": 1,
            "name": "ACME UK",
            "currency": {"code": "GBP"},
            "tolerances": {
                "quantity-based-line-price-percent-tolerance": "5",
                "quantity-based-line-quantity-over-invoiced-quantity-tolerance": "0",
                "amount-based-line-price-over-invoiced-amount-tolerance": "0",
                "currency-matches-po-currency-boolean-tolerance": True,
                "extras-shipping-amount-tolerance": "100",
            },
        },
    ],
    "accounts": [
        {"id": 1, "name": "Office supplies", "segment-1": "01", "segment-2": "6200", "account-type": UK},
        {"id": 2, "name": "Closed", "segment-1": "01", "segment-2": "9999", "active": False, "account-type": UK},
    ],
    "users": [{"id": 1, "login": "clerk", "email": "clerk@acme.example", "fullname": "Ada Clerk"}],
    "suppliers": [
        {"id": 1, "number": "V-0042", "name": "Toner Ltd", "invoice-matching-level": "2-way"},
        {"id": 2, "number": "V-0043", "name": "Paper GmbH", "invoice-matching-level": "3-way"},
        {"id": 3, "number": "V-0044", "name": "Watched Inc", "hold-invoices-for-ap-review": True},
        {"id": 4, "number": "V-0045", "name": "Gone SA", "status": "inactive"},
    ],
    "purchase_orders": [
        {
            "id": 4711,
            "po-number": "4711",
            "supplier": {"number": "V-0042"},
            "currency": {"code": "GBP"},
            "order-lines": [
                {
                    "id": 55,
                    "line-num": "1",
                    "description": "Toner",
                    "price": "52.50",
                    "quantity": "10",
                    "uom": {"code": "EA"},
                    "source-part-num": "TN-1",
                    "account": {"code": "01-6200"},
                },
                {"id": 56, "line-num": "2", "description": "Service", "price": "400.00", "source-part-num": "SV-1"},
            ],
        },
        {
            "id": 4712,
            "po-number": "4712",
            "supplier": {"number": "V-0043"},
            "currency": {"code": "GBP"},
            "order-lines": [
                {
                    "id": 57,
                    "line-num": "1",
                    "description": "A4",
                    "price": "4.00",
                    "quantity": "5",
                    "uom": {"code": "BX"},
                }
            ],
        },
        {
            "id": 4713,
            "po-number": "4713",
            "status": "closed",
            "supplier": {"number": "V-0042"},
            "currency": {"code": "GBP"},
            "order-lines": [
                {
                    "id": 58,
                    "line-num": "1",
                    "description": "Old",
                    "price": "1.00",
                    "quantity": "1",
                    "uom": {"code": "EA"},
                }
            ],
        },
    ],
}


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now

    def tick(self, seconds: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(seconds=seconds)


class Office:
    """A seeded store, the application over it, and a logged-in client that asks for JSON."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.clock = Clock()
        self.faults = Faults()
        self.store = Store(":memory:", self.clock)
        load_seed(self.store, copy.deepcopy(SEED))
        app = build_app(self.store, settings or Settings(burst=10**9), self.clock, self.faults)
        self.client = TestClient(app, "http://coupa.test", follow_redirects=False)
        self.client.headers = {"Accept": "application/json"}
        self.log_in()

    def log_in(self, scope: str = " ".join(sorted(SCOPES))) -> None:
        """Get a token and send it from now on."""
        answer = self.client.post("/oauth2/token", data=grant(scope=scope))
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def submitted(self, **changes: Any) -> Json:
        """Return an invoice that was created and submitted."""
        return domain.submit(self.store, domain.create_draft(self.store, bill(**changes))["id"])


def grant(**changes: str) -> dict[str, str]:
    """Return the form of a token request."""
    return {
        "grant_type": "client_credentials",
        "client_id": "exchange",
        "client_secret": "sandbox-secret",
        "scope": "core.invoice.read",
    } | changes


def toner(**changes: Any) -> Json:
    """Return a line over two toners of order 4711."""
    return {
        "description": "Toner black",
        "price": "52.50",
        "quantity": "2",
        "uom": {"code": "EA"},
        "order-header-num": "4711",
        "order-line-num": "1",
    } | changes


def paper(quantity: str, **changes: Any) -> Json:
    """Return a line over boxes of paper of order 4712, which is matched three ways."""
    return {
        "description": "A4",
        "price": "4.00",
        "quantity": quantity,
        "uom": {"code": "BX"},
        "order-header-num": "4712",
        "order-line-num": "1",
    } | changes


def unbacked(**changes: Any) -> Json:
    """Return an amount line without an order."""
    return {"description": "Flowers", "price": "30.00", "account": {"code": "01-6200"}} | changes


def bill(*lines: Json, **changes: Any) -> Json:
    """Return the payload of an invoice over two toners; ``changes`` are attributes with underscores."""
    payload: Json = {
        "invoice-number": "INV-1001",
        "invoice-date": "2026-03-01",
        "supplier": {"number": "V-0042"},
        "currency": {"code": "GBP"},
        "account-type": {"name": "ACME UK"},
        "line-level-taxation": False,
        "invoice-lines": list(lines) or [toner()],
    }
    return payload | {name.replace("_", "-"): value for name, value in changes.items()}
