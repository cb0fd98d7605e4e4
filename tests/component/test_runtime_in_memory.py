"""The runtime's suite on the store in memory."""

import pytest

from tests.support.memory_system import MemorySystem
from tests.support.runtime_suite import *  # noqa: F403
from tests.support.runtime_suite import START
from tests.support.sample import SAMPLE


@pytest.fixture
def system() -> MemorySystem:
    return MemorySystem(START, {SAMPLE: {}})
