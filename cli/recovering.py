"""What operations staff type after something was lost (docs/runbook.md): the commands, and what they say."""

import asyncio
from datetime import timedelta
from pathlib import Path

import typer
from aiokafka.errors import KafkaError

from backbone.clock import WallClock
from backbone.engine.engine import Engine
from backbone.errors import Retryable
from backbone.log.republish import Republished, republish
from backbone.model import Service
from backbone.settings import Settings
from backbone.store.postgres import prepare
from backbone.store.sealing import seals_of
from cli import positions
from cli.across import across
from cli.addressed import chosen, databases
from cli.backup import backup, restore
from cli.composition import service_of
from cli.database import connected
from cli.reconciling import reconcile
from cli.stack.errors import StackError
from cli.standing import end
from schemas.services import NAMES

KEPT_DAYS = 30
"""Readers remember what they handled for a week longer (EVT-07)."""


def show_positions(service: str | None) -> None:
    """A line for each partition that is not read, and a count. Ends with code 1 where there is one."""
    wrong = 0
    for each in chosen(service):
        found = _places(each.service, each.settings)
        strange = [place for place in found if place.why]
        typer.echo(f"{each.service.name}: {len(found)} positions, {len(strange)} not read")
        for place in strange:
            typer.echo(f"  {place}")
        wrong += len(strange)
    if wrong:
        typer.echo("huddle positions reset lets these begin with the first record that the log has.")
        raise typer.Exit(1)


def reset_positions(service: str | None) -> None:
    for each in chosen(service):
        settings = each.settings
        wrong = [place for place in _places(each.service, settings) if place.why]
        asyncio.run(positions.reset(settings, wrong))
        typer.echo(f"{each.service.name}: {len(wrong)} positions begin anew")


def republish_told(service: str | None) -> None:
    for each in chosen(service):
        done = asyncio.run(_republished(each.service, each.settings))
        typer.echo(f"{each.service.name}: {done.facts} facts and {done.values} values go to Kafka once more")


async def _republished(service: Service, settings: Settings) -> Republished:
    now = WallClock().now()
    engine = Engine(service, None, b"", settings.partitions)
    async with seals_of(settings) as seals, connected(str(settings.database_url)) as connection:
        await prepare(connection)
        return await republish(connection, engine, now - timedelta(days=settings.retention_days), now, seals)


def reconcile_told(service: str | None) -> None:
    """Names each fact that others have heard and this database does not know."""
    for each in chosen(service):
        try:
            found = asyncio.run(reconcile(each.service, each.settings))
        except KafkaError as error:
            raise end(f"Kafka does not answer: {error}") from None
        typer.echo(f"{each.service.name}: {found.told} facts in Kafka, {len(found.unknown)} not known here")
        for fact in found.unknown:
            typer.echo(f"  {fact.fact_id} {fact.type} number {fact.sequence} of {fact.aggregate_id}")
        if found.twice:
            typer.echo(
                f"  {found.twice} numbers stand for two facts: they were given again before this was asked"
            )


def make_backup(folder: Path) -> None:
    try:
        with databases() as urls:
            sizes = asyncio.run(backup(urls, folder))
    except StackError as error:
        raise end(str(error)) from None
    for name, size in sizes.items():
        typer.echo(f"{name}: {size / 1_000_000:.1f} MB")
    typer.echo(f"{folder} holds patients' data as it is: keep it where only few can read it.")


def restore_backup(folder: Path, service: str | None) -> None:
    if service not in (None, *NAMES):
        raise end(f"There is no service {service!r}. There are: {', '.join(NAMES)}.")
    try:
        with databases() as urls:
            at = asyncio.run(restore(urls, folder, [service] if service else NAMES))
    except StackError as error:
        raise end(str(error)) from None
    typer.echo(f"{service or 'All databases'} as of {at:%Y-%m-%d %H:%M:%S} UTC.")
    typer.echo("Before it is started: huddle reconcile. Then huddle verify --across (docs/runbook.md).")


def verify_across() -> bool:
    """Prints what each service told each other. Has it all arrived?"""
    since = WallClock().now() - timedelta(days=KEPT_DAYS)
    with databases() as urls:
        found = asyncio.run(across([service_of(name) for name in NAMES], urls, since))
    for each in found:
        for line in each.lines():
            typer.echo(line)
    return not any(each.missing for each in found)


def _places(service: Service, settings: Settings) -> list[positions.Place]:
    try:
        return list(asyncio.run(positions.places(service, settings)))
    except Retryable as error:
        raise end(f"Kafka does not answer: {error}") from None
