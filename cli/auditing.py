"""Who read what is kept as a chain a day (docs/adr/0029): the ends of the chains, to be kept elsewhere, and whether all
records are as they were made."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import typer

from backbone.clock import WallClock
from backbone.store.accesses import Accesses, Head, PostgresAccesses, broken_at
from cli.addressed import databases
from cli.database import connected
from cli.forgetting import first_day_of_reads
from cli.standing import end

ENDED, OPEN = "ended", "open"


class Kept(NamedTuple):
    """Where a day's chain ended; of a day that was not over, so far."""

    day: date
    service: str
    end: Head
    is_over: bool

    def line(self) -> str:
        state = ENDED if self.is_over else OPEN
        return f"{self.day} {self.service} {self.end.number} {self.end.head.hex()} {state}"

    @classmethod
    def read(cls, line: str) -> "Kept":
        """Raises ValueError."""
        day, service, number, head, state = line.split()
        if state not in (ENDED, OPEN):
            raise ValueError(f"neither {ENDED} nor {OPEN}: {state}")
        return cls(date.fromisoformat(day), service, Head(int(number), bytes.fromhex(head)), state == ENDED)


class Checked(NamedTuple):
    """A service's days: how many records and days there are, and a sentence for each day that is broken."""

    service: str
    records: int
    days: int
    broken: Sequence[str]

    def lines(self) -> Iterator[str]:
        yield f"{self.service}: {self.records} records of {self.days} days, {len(self.broken)} days broken"
        yield from (f"  {each}" for each in self.broken)


async def heads(urls: Mapping[str, str], since: date, today: date) -> Sequence[Kept]:
    """Of every service and day, by service and day."""
    found = []
    for service, url in urls.items():
        async with opened(url) as accesses:
            days = [day for day in await accesses.days() if day >= since]
            found += [Kept(day, service, await accesses.end(day), day < today) for day in days]
    return found


async def verify(
    urls: Mapping[str, str], kept: Iterable[Kept] = (), since: date = date.min
) -> Sequence[Checked]:
    """Every day by its chain's end in the database, and by those that were kept elsewhere. What was kept of days before
    `since` says nothing: their records may be gone by right."""
    ends: dict[str, list[Kept]] = {service: [] for service in urls}
    for each in kept:
        if each.day >= since:
            ends.get(each.service, []).append(each)
    found = []
    for service, url in urls.items():
        async with opened(url) as accesses:
            found.append(await checked(service, accesses, ends[service]))
    return found


async def checked(service: str, accesses: Accesses, kept: Sequence[Kept]) -> Checked:
    records, broken = 0, []
    days = {*await accesses.days(), *(each.day for each in kept)}
    for day in sorted(days):
        rows, now = await accesses.on(day), await accesses.end(day)
        records += len(rows)
        ends = [Kept(day, service, now, is_over=True), *(each for each in kept if each.day == day)]
        for each in ends:
            place = broken_at(day, rows if each.is_over else rows[: each.end.number], each.end)
            if place is not None:
                by = "the chain" if each is ends[0] else f"the end that was kept, record {each.end.number}"
                broken.append(f"{day}: record {place} is not as it was made, by {by}")
                break
    return Checked(service, records, len(days), broken)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Accesses]:
    async with connected(url) as connection:

        @asynccontextmanager
        async def the_same() -> AsyncIterator[Any]:
            yield connection

        yield PostgresAccesses(the_same)


def read_kept(file: Path) -> Sequence[Kept]:
    """Ends the command where it is no list of ends."""
    try:
        return [Kept.read(line) for line in file.read_text().splitlines() if line]
    except (OSError, ValueError) as error:
        raise end(f"{file} is no list of `huddle audit heads`: {error}") from None


def show_heads(since: str) -> None:
    try:
        first = date.fromisoformat(since) if since else date.min
    except ValueError:
        raise end(f"{since} is no day: YYYY-MM-DD.") from None
    with databases() as urls:
        for each in asyncio.run(heads(urls, first, WallClock().now().date())):
            typer.echo(each.line())


def show_verified(file: Path | None) -> None:
    """Ends the command with code 1 where a day is broken."""
    kept = read_kept(file) if file else ()
    with databases() as urls:
        found = asyncio.run(verify(urls, kept, first_day_of_reads()))
    for each in found:
        for line in each.lines():
            typer.echo(line)
    if any(each.broken for each in found):
        raise typer.Exit(1)
