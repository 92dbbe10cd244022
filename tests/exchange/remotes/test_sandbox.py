"""The SFTP remote obeys the law on the sandbox's server too, which is not OpenSSH, and logs in with a password."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.remotes import Remote, open_remote
from tests.exchange.remotes.grounds import ground_on, make_folders
from tests.exchange.remotes.law import Ground, RemoteLaw
from tests.exchange.sandbox import Sandbox, running_sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


class TestSandbox(RemoteLaw):
    """Files on asyncssh."""

    @pytest.fixture
    def ground(self, sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Ground]:
        root = sandbox.state / "sftp" / "lockbox" / f"law-{abs(hash(request.node.name))}"
        make_folders(root)
        remote = open_remote(sandbox.remote("lockbox", path=f"/{root.name}"), "lockbox")
        yield ground_on(root, remote)
        remote.close()


@pytest.fixture
def remote(sandbox: Sandbox) -> Iterator[Remote]:
    opened = open_remote(sandbox.remote("lockbox", timeout_seconds=1), "lockbox")
    yield opened
    opened.close()
    sandbox.control("faults", method="DELETE")


@pytest.mark.parametrize("kind", ["cut", "rename-answer-lost", "stall"])
def test_a_file_is_placed_once_in_spite_of(sandbox: Sandbox, remote: Remote, kind: str) -> None:
    sandbox.control("faults", {"party": "lockbox", "kind": kind, "times": 1, "seconds": 3})
    remote.put(io.BytesIO(kind.encode()), f"inbox/{kind}.csv", temporary="temp")
    inbox = Path(sandbox.state / "sftp" / "lockbox")
    assert kind.encode() == (inbox / "inbox" / f"{kind}.csv").read_bytes()
    assert [] == list((inbox / "temp").iterdir())
