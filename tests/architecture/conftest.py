"""What tests that read our source have in common."""

import gc
from collections.abc import Iterator

import pytest

from tests.architecture.test_nothing_dead import ours
from tests.support.house_rules import forget


@pytest.fixture(autouse=True, scope="package")
def nothing_is_collected_while_python_parses() -> Iterator[None]:
    """What others left behind may log when it is collected, and a traceback parses too: before 3.11.8 that breaks what
    is being parsed (CPython gh-106905)."""
    gc.collect()
    gc.disable()
    yield
    ours.cache_clear()
    forget()
    gc.enable()
