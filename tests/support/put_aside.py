"""Clinics of real processes that are put aside as they stand: courses that begin alike go on from copies of one."""

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

from cli.stack.kafka import Kafka
from cli.stack.places import cache
from cli.stack.postgres import Postgres
from schemas.services import NAMES
from tests.support.journeys.courses import Change, Table, configured, go_on
from tests.support.journeys.play import Play
from tests.support.local_clinic import PATIENCE_SECONDS, LocalClinic, local_clinic
from tests.support.submissions import PRACTICE


class Aside(NamedTuple):
    """A clinic whose processes and broker have ended in order. `now` is where its clock stood."""

    folder: Path
    now: str


class PutAside:
    """Clinics at which the table was played up to some of its times; who first asks for one makes it."""

    def __init__(self, table: Table, times: Sequence[str], postgres: Postgres, playground: Path) -> None:
        """`times`: of the table, those up to which many courses are alike."""
        self._table = table
        self._times = ("", *sorted(times))
        self._postgres = postgres
        self._playground = playground
        self._aside: dict[str, Aside] = {}
        self._numbers = count(1)

    @asynccontextmanager
    async def until(self, until: str = "", *changes: Change) -> AsyncIterator[Play]:
        """A clinic at which the table was played until then; what the clinic's folder says may be other from the time
        on up to which it is a copy."""
        since = max(each for each in self._times if each <= until)
        async with self._clinic(await self._at(since), changes) as clinic:
            yield await go_on(await play_at(clinic), self._table.lines(), until, since)

    async def _at(self, time: str) -> Aside | None:
        """One at which the table was played until then; None where nothing was."""
        if time and time not in self._aside:
            since = self._times[self._times.index(time) - 1]
            async with self._clinic(await self._at(since)) as clinic:
                await go_on(await play_at(clinic), self._table.lines(), time, since)
                clinic.end()
            self._aside[time] = Aside(clinic.system.kafka.home.parent, clinic.now)
        return self._aside.get(time)

    @asynccontextmanager
    async def _clinic(
        self, aside: Aside | None, changes: Sequence[Change] = ()
    ) -> AsyncIterator[LocalClinic]:
        """That one goes on, or one begins."""
        folder = self._playground / f"{self._table.name}-{next(self._numbers)}"
        if aside:
            shutil.copytree(aside.folder / "kafka" / "data", folder / "kafka" / "data")
        (folder / "config").mkdir(parents=True)
        config = configured(self._table, folder / "config", changes)
        kafka = Kafka(folder / "kafka", cache())
        try:
            kafka.start()
            start, copied = (aside.now, aside.folder) if aside else (self._table.start, None)
            async with local_clinic(
                kafka, self._postgres, folder, NAMES, start, copied, HUDDLE_CONFIG_DIR=str(config)
            ) as clinic:
                yield clinic
        finally:
            kafka.stop(PATIENCE_SECONDS)


async def play_at(clinic: LocalClinic) -> Play:
    """Who is not staff is known; what was told before is remembered."""
    clinic.known_as("pcp", "referrer", PRACTICE)
    play = Play(clinic)
    for told in await play.every("referral.patient_registered"):
        clinic.known_as("patient", "patient", told.subject)
    return play
