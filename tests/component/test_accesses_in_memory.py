"""The record of reads in the store in memory."""

import pytest

from backbone.store.memory import MemoryStore
from tests.support.accesses_suite import *  # noqa: F403


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()
