"""Readers of topics leave nothing open, whenever they are given up."""

import asyncio
import gc
import warnings
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest

from backbone.brokers import Brokers
from cli.reading import reader
from simulator.ledger import read_topics
from tests.support.readers import read_all


async def read_beginning(bootstrap: str, topic: str) -> None:
    async with reader(Brokers(bootstrap), topic, beginning=True):
        pass


async def read_facts(bootstrap: str, topic: str) -> None:
    await read_topics(bootstrap, [topic])


@pytest.mark.parametrize("read", [read_all, read_beginning, read_facts])
async def test_a_reader_that_is_given_up_while_it_connects_leaves_nothing_open(
    kafka, read: Callable[[str, str], Coroutine[Any, Any, Any]]
):
    reading = asyncio.ensure_future(read(kafka.bootstrap, "nowhere"))
    await asyncio.sleep(0)
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    del reading
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ResourceWarning)
        gc.collect()
    assert [str(each.message) for each in said if "Unclosed" in str(each.message)] == []
