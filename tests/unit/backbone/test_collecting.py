"""A process imports without looking for garbage, and looks for it when it works."""

import gc
from collections.abc import Iterator

import pytest

from backbone.process import COLLECT_AFTER, calm_collector


@pytest.fixture
def usual() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.enable()


@pytest.mark.usefixtures("usual")
def test_a_process_that_begins_to_work_looks_for_garbage_now_and_then() -> None:
    gc.disable()
    calm_collector()
    assert gc.isenabled()
    assert gc.get_threshold()[0] == COLLECT_AFTER
