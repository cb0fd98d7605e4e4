"""What operations staff type about patients' keys (docs/security.md): the commands, and what they say."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import asyncpg
import typer
from pydantic import Field, PostgresDsn

from backbone.errors import Fatal, Outage
from backbone.settings import MasterSettings, Settings
from backbone.store.keys import PostgresKeys, keys_at, make_table
from backbone.store.resealing import seal_what_is_readable
from backbone.store.sealing import seals_of
from backbone.told import read
from cli.addressed import chosen
from cli.database import connected
from cli.standing import end

ERASED = "SELECT lane_key::text, max(recorded_at) FROM journal WHERE type = 'referral.patient_erased.v1' GROUP BY 1"


class Named(MasterSettings):
    """Where keys are, and what opens them."""

    keys_url: PostgresDsn
    master_keys: str

    @property
    def keys(self) -> AbstractAsyncContextManager[PostgresKeys]:
        assert self.masters is not None
        return keys_at(str(self.keys_url), self.masters)


class Erased(Named):
    """And who knows of whom keys must be gone."""

    database_url: PostgresDsn = Field(description="of referral")


N = TypeVar("N", bound=Named)


def done(work: Any) -> Any:
    """Ends the command with a sentence where it can't be."""
    try:
        return asyncio.run(work)
    except (Fatal, Outage, OSError, ValueError, asyncpg.PostgresError) as error:
        raise end(str(error)) from None


def named(shape: type[N]) -> N:
    try:
        return read(shape)
    except Fatal as error:
        raise end(str(error)) from None


def make(roles: Sequence[str]) -> None:
    done(make_table(str(named(Named).keys_url), roles))
    typer.echo(f"The table of keys is there, for {', '.join(roles) or 'whoever owns it'}.")


def rotate() -> None:
    told = named(Named)
    count = done(_rotate(told.keys))
    typer.echo(f"{count} keys were wrapped again: all are by the first of HUDDLE_MASTER_KEYS now.")


async def _rotate(held: AbstractAsyncContextManager[PostgresKeys]) -> int:
    async with held as keys:
        return await keys.wrap_again()


def seal(service: str | None) -> None:
    for each in chosen(service):
        typer.echo(f"{each.service.name}: {done(_seal(each.settings))} rows were sealed")


async def _seal(settings: Settings) -> int:
    if settings.keys_url is None:
        raise ValueError("Nothing can be sealed without HUDDLE_KEYS_URL and HUDDLE_MASTER_KEYS.")
    async with seals_of(settings) as seals, connected(str(settings.database_url)) as connection:
        return await seal_what_is_readable(connection, seals)


def destroy_again() -> None:
    told = named(Erased)
    count = done(_destroy_again(told.keys, str(told.database_url)))
    typer.echo(f"{count} keys were destroyed once more.")


async def _destroy_again(held: AbstractAsyncContextManager[PostgresKeys], referral: str) -> int:
    async with held as keys, connected(referral) as connection:
        erased = await connection.fetch(ERASED)
        return sum([await keys.destroy([patient], at) for patient, at in erased])
