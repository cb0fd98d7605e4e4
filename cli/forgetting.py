"""Records of reads that are older than anybody may ask for: how many there are, and, by the owner, their end."""

import asyncio
from collections.abc import Mapping
from datetime import date

import typer

from backbone.clock import WallClock
from backbone.store.retention import forget_reads, old_reads, reads_begin
from cli.addressed import databases
from cli.composition import config_dir
from cli.database import connected
from config.files import ClinicFiles
from config.loading import load


def first_day_of_reads() -> date:
    """By the version of the clinic's rules that applies today."""
    now = WallClock().now()
    return reads_begin(load(config_dir(), ClinicFiles).at(now).retention, now.date())


def show_overdue(*, apply: bool) -> None:
    begin = first_day_of_reads()
    with databases() as urls:
        for line in asyncio.run(overdue(urls, begin, apply=apply)):
            typer.echo(line)


async def overdue(urls: Mapping[str, str], begin: date, *, apply: bool) -> list[str]:
    """A line for each service. `apply`: they are deleted, a day at a time."""
    lines = []
    for service, url in urls.items():
        async with connected(url) as connection:
            days = await old_reads(connection, begin)
            for day in days if apply else ():
                await forget_reads(connection, day)
        what = "deleted" if apply else "to be deleted"
        lines.append(f"{service}: {sum(days.values())} records of {len(days)} days before {begin} {what}")
    return lines
