"""The lockbox: it scans letters, drops invoices into its outbox and finds our answers in ack/."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

FOLDERS = ("inbox", "outbox", "ack", "archive", "temp")
_NOT_MAIL = (".expected.json", "README.md")


def deliver(folder: Path, root: Path) -> list[str]:
    """Copy the files of a folder, in order of name, into the outbox below the root; return their names.

    Each is written under temp/ and renamed, so nobody sees half a file; a name already there is replaced.
    Notes (README.md) and the twins that say what is expected (``X.expected.json``) stay at home.
    """
    mail = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.endswith(_NOT_MAIL))
    for letter in mail:
        temporary = root / "temp" / letter.name
        shutil.copyfile(letter, temporary)
        os.replace(temporary, root / "outbox" / letter.name)  # noqa: PTH105  (a rename inside one file system)
    return [letter.name for letter in mail]


def acknowledgements(root: Path) -> list[dict[str, Any]]:
    """Return the answers found so far, by name: each with its size, and its content where it is JSON."""
    return [_answer(path) for path in sorted((root / "ack").iterdir()) if path.is_file()]


def contents(root: Path) -> dict[str, list[str]]:
    """Return the names of the files in every folder of the lockbox."""
    return {folder: sorted(path.name for path in (root / folder).iterdir() if path.is_file()) for folder in FOLDERS}


def _answer(path: Path) -> dict[str, Any]:
    answer: dict[str, Any] = {"name": path.name, "size": path.stat().st_size}
    if path.suffix == ".json":
        try:
            answer["content"] = json.loads(path.read_bytes())
        except ValueError as error:
            answer["unreadable"] = str(error)
    return answer
