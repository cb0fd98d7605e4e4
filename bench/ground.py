"""What every measurement stands on: one Kafka, one PostgreSQL, one input topic, and contenders as processes."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeVar

import asyncpg
from aiokafka import AIOKafkaProducer

from backbone.ids import partition_of
from backbone.store.migrations import BACKBONE, migrate
from bench.job import INPUT, ITEM_SQL, PARTITIONS, asked
from cli.issuer import AUDIENCE, ISSUER, Issuer
from cli.stack.children import Child, kill, start
from cli.stack.kafka import Kafka
from cli.stack.places import PROJECT, cache
from cli.stack.ports import free_ports
from cli.stack.postgres import Postgres
from cli.stack.topics import Wanted, make_topics

HUDDLE, PLAIN = "Huddle (Faust host)", "Huddle (plain host)"
WORKLIST, NOTES = "Huddle's worklist", "Huddle, with a note in each fact"
BARE, FAST_STREAM, FAUST = "bare aiokafka + asyncpg", "FastStream, batches", "stock Faust"
MODULES = {
    HUDDLE: "huddle",
    PLAIN: "huddle",
    BARE: "bare",
    FAST_STREAM: "fast_stream",
    FAUST: "stock_faust",
}


ALL_MODULES = {**MODULES, WORKLIST: "worklist", NOTES: "notes"}
G = TypeVar("G", bound="Ground")


class Run(NamedTuple):
    """One contender's group, database and output topic."""

    contender: str
    name: str
    database_url: str

    @property
    def output(self) -> str:
        return f"{self.name}.events"


class Ground:
    """Made by `ground()`."""

    def __init__(self, kafka: Kafka, postgres: Postgres, folder: Path) -> None:
        self.kafka = kafka
        self.postgres = postgres
        self.produced = 0
        self.log = folder / "contenders.log"
        self.issuer = Issuer(folder / "issuer")
        self._numbers = count(1)
        self._children: list[Child] = []

    async def open_input(self) -> None:
        await make_topics(self.kafka.brokers, {INPUT: (PARTITIONS, {})})
        await self.new_template("template_bench")
        await self._execute(ITEM_SQL, self.postgres.url("template_bench"))

    async def new_template(self, name: str, *folders: Path) -> None:
        """A database with the runtime's tables and those of the folders' migrations."""
        await self._execute(f"CREATE DATABASE {name}")
        await migrate(self.postgres.url(name), [BACKBONE, *folders])

    async def produce(self, number: int, *, keeps: Callable[[str], bool] | None = None) -> None:
        """The next events of the input, acknowledged."""
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka.bootstrap, linger_ms=5)
        await producer.start()
        for key, value, headers in asked(self.produced, number, keeps=keeps):
            partition = partition_of(key, PARTITIONS)
            await producer.send(INPUT, value, key.encode(), partition, headers=headers)
        await producer.stop()
        self.produced += number

    async def new_run(self, contender: str, template: str = "template_bench") -> Run:
        """An empty database, group and output topic."""
        name = f"bench{next(self._numbers)}"
        wanted: Wanted = {f"{name}.events": (PARTITIONS, {}), f"{name}.dead-letters": (1, {})}
        await make_topics(self.kafka.brokers, wanted)
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return Run(contender, name, self.postgres.url(name))

    def start(self, run: Run, **env: str) -> Child:
        """A process of the contender."""
        settings = {
            "BENCH_NAME": run.name,
            "HUDDLE_ENVIRONMENT": "development",
            "HUDDLE_HOST": "plain" if run.contender == PLAIN else "faust",
            "HUDDLE_DATABASE_URL": run.database_url,
            "HUDDLE_KAFKA": self.kafka.bootstrap,
            "HUDDLE_ID_SECRET": "a secret of the benchmark",
            "HUDDLE_HTTP_PORT": str(free_ports(1)[0]),
            "HUDDLE_OIDC_ISSUER": ISSUER,
            "HUDDLE_OIDC_AUDIENCE": AUDIENCE,
            "HUDDLE_OIDC_JWKS": str(self.issuer.jwks),
            "HUDDLE_PARTITIONS": str(PARTITIONS),
            **env,
        }
        return self.start_beside(
            [sys.executable, "-m", f"bench.peers.{ALL_MODULES[run.contender]}"], settings
        )

    def start_beside(self, command: Sequence[str], settings: Mapping[str, str]) -> Child:
        """A process that ends with the contenders."""
        child = start([*command], self.log, env={**os.environ, **settings}, cwd=PROJECT)
        self._children.append(child)
        return child

    async def finish(self, run: Run) -> None:
        """End the run's processes and drop its database."""
        self.end_processes()
        await self._execute(f"DROP DATABASE {run.name} WITH (FORCE)")

    def end_processes(self) -> None:
        while self._children:
            kill(self._children.pop())

    async def _execute(self, statement: str, url: str | None = None) -> None:
        connection = await asyncpg.connect(url or self.postgres.url())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def open_ground(folder: Path) -> Ground:
    """Everybody is let in, in plain text."""
    return Ground(Kafka(folder / "kafka", cache(), say=print), Postgres(folder / "postgres"), folder)


@contextmanager
def ground(made_in: Callable[[Path], G]) -> Iterator[G]:
    """Starts broker and server, and leaves nothing running."""
    folder = Path(tempfile.mkdtemp(prefix="huddle-bench-"))
    folder.chmod(0o755)
    made = made_in(folder)
    try:
        made.postgres.start()
        made.kafka.start()
        yield made
    finally:
        made.end_processes()
        made.kafka.kill()
        made.postgres.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
