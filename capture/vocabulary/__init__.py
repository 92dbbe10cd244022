"""The words that invoices use, as data: labels, column headings, and parts of names and addresses."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def vocabulary(name: str) -> Mapping[str, Any]:
    """The vocabulary of that name."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
