"""Fixtures of all levels. Kafka and PostgreSQL start when a test first asks for them, once a session."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.postgres import Postgres
from tests.support import effort, performed
from tests.support.databases import Databases
from tests.support.sample import SAMPLE_SQL

effort.register()
settings.load_profile("test")
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # httpx looks for it at each request: a millisecond
NEW_THINGS = 50_000
"""How many are made between two looks: a request makes hundreds, and nearly all of them go by themselves."""
gc.disable()  # what is imported and collected stays: to look through it again and again is half a minute


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(performed.Looking())


def pytest_collection_finish() -> None:
    """From here on only what tests make is looked through, and not each time that some of it is new."""
    gc.freeze()
    gc.set_threshold(NEW_THINGS)
    gc.enable()


LONGEST_FIRST = ("e2e", "chaos", "integration", "browser")
"""Whole files go to one process each: if a long one begins last, the other process waits for it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first; what looks at what other tests saw, runs last."""
    items.sort(key=order)


def order(item: pytest.Item) -> int:
    if item.path.name == "test_readmes.py":
        return len(LONGEST_FIRST) + 1
    level = item.path.relative_to(Path(__file__).parent).parts[0]
    return LONGEST_FIRST.index(level) if level in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.fixture(scope="session")
def playground() -> Iterator[Path]:
    """A folder that every user can reach, because PostgreSQL does not run as root."""
    folder = Path(tempfile.mkdtemp(prefix="huddle-tests-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(playground: Path) -> Iterator[Postgres]:
    """One PostgreSQL server for the session."""
    server = Postgres(playground / "postgres", durable=False)
    server.start()
    yield server
    server.stop("immediate")


@pytest.fixture(scope="session")
def kafka(playground: Path, request: pytest.FixtureRequest) -> Iterator[Kafka]:
    """One Kafka broker for the session."""
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    broker = Kafka(playground / "kafka", cache(), say=reporter.write_line if reporter else lambda _: None)
    broker.start()
    yield broker
    broker.kill()
    gc.collect()  # what aiokafka leaves in fenced producers speaks up here, not after the summary


@pytest.fixture
def empty_kafka(playground: Path, unique: str) -> Iterator[Kafka]:
    """A broker that nobody has written to: a whole clinic takes in every fact there is."""
    broker = Kafka(playground / f"kafka-{unique}", cache())
    broker.start()
    yield broker
    broker.kill()
    shutil.rmtree(broker.home)


@pytest.fixture(scope="session")
def templates(postgres: Postgres) -> Databases:
    """Made once."""
    return Databases(postgres)


@pytest.fixture(scope="module")
def databases(templates: Databases) -> Iterator[Databases]:
    """Makes databases by cloning a template."""
    with templates.of_a_file() as databases:
        yield databases


@pytest.fixture
async def sample_database(databases: Databases) -> str:
    """The URL of a new database with the runtime's tables and the sample service's."""
    return await databases.new("sample", SAMPLE_SQL)


_numbers = count(1)


@pytest.fixture
def unique() -> str:
    """A name that no other test of the session has."""
    return f"t{os.getpid()}-{next(_numbers)}"
