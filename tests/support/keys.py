"""Patients' keys in tests, and everything that a database says of somebody."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from backbone.masters import MasterKeysTold
from backbone.store.keys import SCHEMA, PostgresKeys, keys_at
from cli.stack.programs import run
from tests.support.databases import Databases

MASTER = "first:" + "A" * 43 + "="
HEX = re.compile(rb"\\\\x([0-9a-f]+)")


@asynccontextmanager
async def keys_in(databases: Databases, master: str = MASTER) -> AsyncIterator[PostgresKeys]:
    """In a database of their own."""
    async with keys_at(await databases.new("keys", SCHEMA), MasterKeysTold(master)) as keys:
        yield keys


async def dumped(url: str, file: Path) -> bytes:
    """What a backup of the database holds, as text, with its bytes as they are."""
    await asyncio.to_thread(run, "pg_dump", url, ["--data-only", f"--file={file}"])
    return readable(file.read_bytes())


def readable(dump: bytes) -> bytes:
    """With its bytes as they are."""
    return dump + b"".join(bytes.fromhex(found.decode()) for found in HEX.findall(dump))
