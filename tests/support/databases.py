"""A database for each test, cloned from a template in milliseconds."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import asyncpg

from backbone.store.migrations import BACKBONE, migrate
from cli.stack.places import SUPERUSER
from cli.stack.postgres import Postgres

RUNS = "who_runs"
"""The role that runs a service in tests: it may what `grants.sql` lets it."""


class Databases:
    """Templates by name, made once."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._templates: set[str] = set()
        self._numbers = count(1)
        self._made: list[str] = []

    @contextmanager
    def of_a_file(self) -> Iterator["Databases"]:
        """What is made within goes again: hundreds of databases are so many files that to delete them all in the end
        takes minutes."""
        yield self
        asyncio.run(self._drop())

    async def _drop(self) -> None:
        connection = await asyncpg.connect(self._postgres.url())
        while self._made:
            await connection.execute(f"DROP DATABASE {self._made.pop()} WITH (FORCE)")
        await connection.close()

    async def new(self, name: str, extra: str = "", folders: Sequence[Path] = ()) -> str:
        """The URL of a new database with the runtime's tables, the folders' migrations and the extra statements."""
        template = f"template_{name}"
        if template not in self._templates:
            await self._execute(f"CREATE DATABASE {template}")
            await migrate(self._postgres.url(template), [BACKBONE, *folders])
            if extra:
                connection = await asyncpg.connect(self._postgres.url(template))
                await connection.execute(extra)
                await connection.close()
            self._postgres.create_role(RUNS)
            await migrate(self._postgres.url(template), [BACKBONE, *folders], RUNS)
            self._templates.add(template)
        database = f"{name}_{next(self._numbers)}"
        self._made.append(database)
        await self._execute(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._postgres.url(database)

    @staticmethod
    def as_who_runs(url: str) -> str:
        """The same database, for the role that runs."""
        return url.replace(f"//{SUPERUSER}@", f"//{RUNS}@")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self._postgres.url())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
