"""How a process with a host ends: in seconds, with its code and one sentence, whatever the broker does."""

import asyncio
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from backbone.errors import Retryable
from backbone.log.hosts.bounds import Bounds
from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.topics import make_topics
from tests.support.hosting import write

ENDING_SECONDS = 5.0
Start = Callable[[str, str], Awaitable[Process]]


@pytest.fixture(params=["plain", "faust"])
def host(request) -> str:
    return request.param


@pytest.fixture
async def start(host) -> AsyncIterator[Start]:
    """Starts a process with the host; what is left of it is killed."""
    started: list[Process] = []

    async def begin(bootstrap: str, topic: str) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.host_process",
            host,
            bootstrap,
            topic,
            stdout=PIPE,
            stderr=PIPE,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture
async def broker() -> AsyncIterator[Kafka]:
    """A broker that the test may take away."""
    folder = Path(tempfile.mkdtemp(prefix="huddle-ending-", dir="/tmp"))
    broker = Kafka(folder / "kafka", cache())
    broker.start()
    yield broker
    broker.kill()
    shutil.rmtree(folder, ignore_errors=True)


async def serving(start: Start, kafka: Kafka, topic: str) -> Process:
    """A process that has handled a record."""
    await make_topics(kafka.brokers, {topic: (2, {})})
    await write(kafka, topic, range(1))
    process = await start(kafka.bootstrap, topic)
    assert process.stdout is not None
    async with asyncio.timeout(30):
        assert await process.stdout.readline() == b"1\n"
    return process


async def test_a_question_that_was_under_way_when_a_host_ended_leaves_no_connection(kafka):
    bounds = Bounds(kafka.brokers)
    asking = asyncio.ensure_future(bounds.ends([("nowhere", 0)]))
    await asyncio.sleep(0.001)
    await bounds.close()
    with pytest.raises(Retryable):
        await asking
    with pytest.raises(Retryable):
        await bounds.ends([("nowhere", 0)])
    assert bounds._consumer is None


async def test_it_ends_in_seconds_when_told_to(start, kafka, unique):
    process = await serving(start, kafka, f"{unique}.events")
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(ENDING_SECONDS):
        _, said = await process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in said


async def test_a_broker_gone_neither_floods_the_log_nor_holds_up_the_end(start, broker):
    process = await serving(start, broker, "gone.events")
    broker.kill()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(process.wait(), 5)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(ENDING_SECONDS):
        _, said = await process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in said
    assert len(said.splitlines()) < 20


async def test_a_missing_broker_ends_it_with_one_sentence(start):
    process = await start("127.0.0.1:1", "x.events")
    async with asyncio.timeout(60):
        _, said = await process.communicate()
    assert process.returncode == 1
    last = said.decode().splitlines()[-1]
    assert last.startswith("No Kafka broker answers")
    assert b"Traceback" not in said
