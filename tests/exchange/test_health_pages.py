"""The pages that probes and Prometheus ask for, over real HTTP."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from exchange.batches.batch import open_batch
from exchange.errors import CoupaUnreachableError, RemoteUnreachableError, SettingsError
from exchange.latency import timed
from exchange.ledger import controls
from exchange.monitor.server import served
from exchange.monitor.watch import watching
from exchange.settings import HealthSettings
from tests.exchange.desk import Desk, open_desk
from tests.exchange.parties import utc_now


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


@pytest.fixture
def pages(desk: Desk) -> Iterator[httpx2.Client]:
    with (
        served(desk.world, "127.0.0.1:0") as port,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        yield client


def fail_at(desk: Desk, partner: str) -> None:
    error = RemoteUnreachableError("no answer")
    error.partner = partner
    with pytest.raises(RemoteUnreachableError), open_batch(desk.world, "invoices", "test"):
        raise error


def test_a_process_that_answers_is_alive(desk: Desk, pages: httpx2.Client) -> None:
    answer = pages.get("/healthz")
    assert (200, {"alive": True, "owner": desk.world.owner}) == (answer.status_code, answer.json())


def test_it_is_ready_where_nothing_stands_in_the_way(pages: httpx2.Client) -> None:
    answer = pages.get("/readyz")
    assert (200, {"ready": True, "problems": {}}) == (answer.status_code, answer.json())


def test_it_is_not_ready_while_a_partner_is_down(desk: Desk, pages: httpx2.Client) -> None:
    for _ in range(3):
        fail_at(desk, "lockbox")
    answer = pages.get("/readyz")
    assert (503, ["partner lockbox"]) == (answer.status_code, list(answer.json()["problems"]))


def test_it_is_not_ready_while_it_is_stopped(desk: Desk, pages: httpx2.Client) -> None:
    with desk.world.ledger.write() as tx:
        controls.switch(tx, controls.STOP, "upgrade", "anna", utc_now(), active=True)
    assert 503 == pages.get("/readyz").status_code


def test_a_hiccup_of_a_partner_does_not_make_it_unready(desk: Desk, pages: httpx2.Client) -> None:
    fail_at(desk, "lockbox")
    assert 200 == pages.get("/readyz").status_code


def test_prometheus_reads_batches_partners_and_how_long_they_took(desk: Desk, pages: httpx2.Client) -> None:
    fail_at(desk, "erp")
    with open_batch(desk.world, "suppliers", "test"), timed("lockbox"):
        pass
    lines = pages.get("/metrics").text.splitlines()
    expected = [
        'exchange_batches_total{flow="invoices",outcome="failed"} 1.0',
        'exchange_batches_total{flow="suppliers",outcome="done"} 1.0',
        'exchange_partner_up{partner="erp"} 0.0',
        'exchange_partner_up{partner="coupa"} 1.0',
        "exchange_oldest_unprocessed_file_age_seconds 0.0",
        "exchange_stopped 0.0",
    ]
    assert expected == [line for line in expected if line in lines]
    assert any(line.startswith('exchange_partner_seconds_count{partner="lockbox"}') for line in lines)


def test_there_is_no_other_page(pages: httpx2.Client) -> None:
    assert [404, 501] == [pages.get("/").status_code, pages.post("/healthz").status_code]


def test_pages_are_for_this_machine_only() -> None:
    with pytest.raises(ValueError, match="an address of this machine"):
        HealthSettings(listen="0.0.0.0:9464")


def test_an_address_that_is_taken_is_named(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(SettingsError, match=listen), served(desk.world, listen):
            pass


def test_the_textfile_collector_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "node" / "exchange.prom"
    with open_desk(tmp_path, ("[policy]", f'[metrics]\ntextfile = "{path}"\n[policy]')) as desk:
        with pytest.raises(CoupaUnreachableError), open_batch(desk.world, "invoices", "test"):
            raise CoupaUnreachableError
        with watching(desk.world, "serve"):
            pass
    assert 'exchange_batches_total{flow="invoices",outcome="failed"} 1.0' in path.read_text().splitlines()
