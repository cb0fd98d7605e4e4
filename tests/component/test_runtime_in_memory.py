"""The runtime's suite on the store in memory."""

import pytest

from tests.support.births_suite import *  # noqa: F403
from tests.support.effects_suite import *  # noqa: F403
from tests.support.effects_suite import sample_system
from tests.support.memory_system import MemorySystem
from tests.support.parking_suite import *  # noqa: F403
from tests.support.positions_suite import *  # noqa: F403
from tests.support.runtime_suite import *  # noqa: F403


@pytest.fixture
def system() -> MemorySystem:
    return sample_system(None)
