"""Fixtures of the formats room."""

import io

import pytest

from tests.formats.files import docstring


@pytest.fixture
def doc(request: pytest.FixtureRequest) -> io.StringIO:
    """The test's docstring, as an open file."""
    return docstring(request.function)
