"""A real sshd for all tests of the remotes."""

from collections.abc import Iterator

import pytest

from tests.exchange import sshd


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sshd.Sshd]:
    """A running OpenSSH server with an Ed25519 and an RSA host key."""
    if not sshd.HERE:
        pytest.skip("NOT TESTED: the SFTP remote needs OpenSSH's sshd and ssh-keygen (apt install openssh-server)")
    with sshd.running_sshd(tmp_path_factory.mktemp("sshd")) as running:
        yield running
