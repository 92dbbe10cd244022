"""`python -m tests.fuzz TARGET FOLDER [libFuzzer options]`: fuzz one reader, guided by coverage (needs atheris)."""

import hashlib
import logging
import sys
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit(
        "Fuzzing guided by coverage needs atheris, which has wheels for Linux:  .venv/bin/pip install atheris\n"
        "Without it, tests/fuzz/test_readers.py changes the same files at random."
    )

ROOMS = ["formats", "capture", "exchange.pgp", "zipfile", "csv", "email", "base64"]

with atheris.instrument_imports(include=ROOMS):
    from tests.fuzz.seeds import seeds
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Feed the reader until the time is over, or until it raises, hangs or takes too much memory."""
    target, folder, *options = sys.argv[1:]
    logging.disable()
    Path(folder).mkdir(parents=True, exist_ok=True)
    for content in seeds(target):
        (Path(folder) / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)
    read = TARGETS[target]

    def once(content: bytes) -> None:
        read(content)

    atheris.Setup([sys.argv[0], folder, *options], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
