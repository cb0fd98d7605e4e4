"""Other courses of a journey: its table up to a time, at any kind of clinic, then whatever the course is about."""

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from tests.support.configuring import change
from tests.support.journeys import journey_2, journey_3
from tests.support.journeys.line import Line
from tests.support.journeys.play import Play
from tests.support.memory_clinic import MemoryClinic
from tests.support.services import ALL
from tests.support.submissions import PRACTICE

Change = tuple[str, str, str]
"""Of the clinic's folder: a file, what stands there, what shall stand there."""
Make = Callable[..., Awaitable[Play]]
"""`make(until, *changes)`: a clinic at which the table was played until then, or that stands on the morning of the
referral."""
WITHOUT_REVIEW: Change = ("opioid.toml", "mdt_review = 90", 'mdt_review = "off"')


class Table(NamedTuple):
    """`clinic_folder` makes what the journey asks of the clinic's settings, in an empty folder."""

    name: str
    start: str
    clinic_folder: Callable[[Path], Path]
    lines: Callable[[], Iterable[Line]]


JOURNEY_2 = Table("journey-2", journey_2.START, journey_2.clinic_folder, journey_2.lines)
JOURNEY_3 = Table("journey-3", journey_3.START, journey_3.clinic_folder, journey_3.lines)


def configured(table: Table, folder: Path, changes: Iterable[Change]) -> Path:
    """The folder of the table's clinic, with changes."""
    made = table.clinic_folder(folder)
    for file, old, new in changes:
        change(made / file, old, new)
    return made


def in_memory(table: Table, folder: Path) -> Make:
    async def make(until: str = "", *changes: Change) -> Play:
        clinic = MemoryClinic(table.start, ALL, {}, config=configured(table, folder, changes))
        clinic.known_as("pcp", "referrer", PRACTICE)
        return await go_on(Play(clinic), table.lines(), until)

    return make


async def go_on(play: Play, lines: Iterable[Line], until: str, since: str = "") -> Play:
    """What people do from then on and before `until`. What follows from it is not compared, and who was called is
    forgotten."""
    for line in sorted(lines, key=lambda line: line.at):
        if since <= line.at < until:
            await play.clinic.at(line.at)
            if line.does:
                await line.does(play)
    await play.clinic.called()
    return play
