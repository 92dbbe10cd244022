"""What the tests of the exchange share: one PostgreSQL a run, and the databases that a ledger may lie on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.exchange import postgres


@pytest.fixture(autouse=True)
def _logs_of_no_other_test() -> None:
    """The command line sends logs to the standard error of its time, which a later test finds closed."""
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A running PostgreSQL."""
    with postgres.started() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty ledger, on either database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.fresh()
