"""What tests that read our source have in common: nothing is collected while Python parses.

What others left behind may log when it is collected, and a traceback parses too: before 3.11.8 that breaks what is
being parsed (CPython gh-106905).
"""

import gc
from pathlib import Path

import pytest

from tests.architecture.test_nothing_dead import ours
from tests.support.house_rules import forget

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    if gc.isenabled():
        gc.collect()
        gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """After the last one before tests of another folder: a fixture of a package would last until the session ends."""
    if nextitem is None or HERE not in nextitem.path.parents:
        ours.cache_clear()
        forget()
        gc.enable()
