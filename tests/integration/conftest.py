"""What tests of the runtime against real Kafka and PostgreSQL have in common."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def garbage_speaks_up() -> Iterator[None]:
    """Futures that aiokafka leaves in ended producers are logged when they are collected.

    Later that would be at any moment, also while Python parses: its traceback parses too, and before 3.11.8 that breaks
    what was being parsed (CPython gh-106905).
    """
    yield
    gc.collect()
