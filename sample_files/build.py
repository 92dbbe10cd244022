"""Build the business day from the originals: deliveries, twins, Coupa's seed and the tables of README.md.

    python sample_files/build.py [--into FOLDER]

Needs nothing but Python. Running it twice gives identical bytes; a test compares them with what is committed.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from day.deliveries import DELIVERIES
from day.originals import FOLDER
from day.readme import filled
from day.seed import as_json, seed

HERE = Path(__file__).parent


def build(into: Path) -> None:
    """Write everything that is made, below ``into``."""
    for folder in ("lockbox", "coupa"):
        (into / folder).mkdir(parents=True, exist_ok=True)
    for delivery in DELIVERIES:
        (into / "lockbox" / delivery.name).write_bytes(delivery.content())
        (into / "lockbox" / f"{delivery.name}.expected.json").write_bytes(as_json(delivery.twin()))
    (into / "coupa" / "seed.json").write_bytes(as_json(seed(FOLDER)))
    text = filled((HERE / "README.md").read_text(encoding="utf-8"))
    (into / "README.md").write_text(text, encoding="utf-8", newline="\n")


def main(arguments: Sequence[str]) -> None:
    """Build the day where the command line says."""
    parser = argparse.ArgumentParser(description="Build the sample day from the originals.")
    parser.add_argument("--into", type=Path, default=HERE, help="the folder to write to (default: beside this file)")
    build(parser.parse_args(arguments).into)


if __name__ == "__main__":
    main(sys.argv[1:])
