"""Grounds for the law on folders of this machine."""

from collections.abc import Mapping
from pathlib import Path

from exchange.remotes import Remote
from tests.exchange.remotes.law import FOLDERS, Ground


def make_folders(root: Path) -> None:
    """Make the folders of the law."""
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True)


def ground_on(root: Path, remote: Remote) -> Ground:
    """Return the ground of a remote whose files lie below a folder of this machine."""

    def lay(path: str, content: bytes) -> None:
        (root / path).write_bytes(content)

    def files() -> Mapping[str, bytes]:
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    return Ground(remote, lay, files)
