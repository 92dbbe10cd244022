"""Faults on demand, in process and over a real socket."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import httpx2
import pytest
import uvicorn

from sandbox.coupa.app import build_app
from sandbox.coupa.seed import load_seed
from sandbox.coupa.settings import SCOPES, Settings
from sandbox.faults import ConnectionCutError, Faults, read_fault
from sandbox.store import Store
from tests.sandbox.office import SEED, Office, bill, grant


@pytest.fixture
def office() -> Office:
    return Office()


def arm(office: Office, kind: str, method: str = "", path: str = "", **rest: float) -> None:
    office.faults.add(read_fault({"kind": kind, "match": {"method": method, "path": path}} | rest))


def test_a_status_is_answered_as_often_as_was_asked(office: Office) -> None:
    arm(office, "status", path="/suppliers", status=503, times=2)
    assert [503, 503, 200] == [office.client.get("/api/suppliers").status_code for _ in range(3)]


def test_a_rule_meets_only_its_method_and_path(office: Office) -> None:
    arm(office, "status", method="POST", path="^/api/invoices$")
    assert 200 == office.client.get("/api/invoices").status_code
    assert 503 == office.client.post("/api/invoices", json=bill()).status_code


def test_a_page_for_humans_is_answered_with_200(office: Office) -> None:
    arm(office, "html_200")
    answer = office.client.get("/api/suppliers")
    assert (200, "text/html") == (answer.status_code, answer.headers["content-type"])


def test_latency_delays_and_answers(office: Office) -> None:
    arm(office, "latency", seconds=0.01)
    assert 200 == office.client.get("/api/suppliers").status_code


def test_tokens_expire_in_the_middle_of_the_work(office: Office) -> None:
    arm(office, "token_expiry", path="/suppliers")
    assert 401 == office.client.get("/api/suppliers").status_code
    office.log_in()
    assert 200 == office.client.get("/api/suppliers").status_code


def test_a_stale_lookup_does_not_see_what_was_just_created(office: Office) -> None:
    office.client.post("/api/invoices", json=bill())
    office.clock.tick(10)
    arm(office, "stale_lookup", seconds=30)
    seen = [len(office.client.get("/api/invoices?invoice_number=INV-1001").json()) for _ in range(2)]
    assert [0, 1] == seen


@pytest.mark.parametrize(("kind", "kept"), [("cut_before_commit", 0), ("cut_after_commit", 1)])
def test_a_cut_leaves_what_was_committed(office: Office, kind: str, kept: int) -> None:
    arm(office, kind, method="POST", path="/invoices")
    with pytest.raises(ConnectionCutError):
        office.client.post("/api/invoices", json=bill())
    assert kept == office.store.count("invoices")


def test_rules_can_be_listed_and_cleared(office: Office) -> None:
    arm(office, "status", times=0)
    assert [503, 503] == [office.client.get("/api/suppliers").status_code for _ in range(2)]
    assert ["status"] == [rule["kind"] for rule in office.faults.rules()]
    office.faults.clear()
    assert 200 == office.client.get("/api/suppliers").status_code


@contextlib.contextmanager
def serving(app: httpx2.ASGITransport | object) -> Iterator[str]:
    """A uvicorn server on a free port of this machine."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize(("kind", "kept"), [("cut_before_commit", 0), ("cut_after_commit", 1)])
def test_a_plain_client_over_a_socket_sees_the_connection_drop(kind: str, kept: int) -> None:
    store, faults = Store(":memory:"), Faults()
    load_seed(store, SEED)
    with serving(build_app(store, Settings(), faults=faults)) as url, httpx2.Client(base_url=url) as client:
        form = grant(scope=" ".join(SCOPES))
        client.headers["Authorization"] = f"Bearer {client.post('/oauth2/token', data=form).json()['access_token']}"
        client.headers["Accept"] = "application/json"
        faults.add(read_fault({"kind": kind, "match": {"method": "POST", "path": "/api/invoices"}}))
        with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
            client.post("/api/invoices", json=bill())
        assert kept == len(client.get("/api/invoices?invoice_number=INV-1001").json())
    store.close()
