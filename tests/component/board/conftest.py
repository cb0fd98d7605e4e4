"""The front door for the tests of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.front_door import FrontDoor, front_door


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[FrontDoor]:
    async with front_door(tmp_path) as found:
        yield found
