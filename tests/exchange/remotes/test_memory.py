"""The remote in memory obeys the law."""

import pytest

from exchange.remotes.law import LawfulRemote
from exchange.remotes.memory import MemoryPlace
from tests.exchange.remotes.law import FOLDERS, Ground, RemoteLaw


class TestMemory(RemoteLaw):
    """Files in a dictionary."""

    @pytest.fixture
    def ground(self) -> Ground:
        place = MemoryPlace("memory", FOLDERS)
        return Ground(LawfulRemote(place), place.files.__setitem__, lambda: place.files)
