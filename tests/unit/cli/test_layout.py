"""What is shown fits the terminal, with whole words, and says which zone its times are of."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import httpx
import pytest
from rich.console import Console

from cli.layout import counted, wrapped
from cli.report import headline, picture, say
from cli.times import shown
from cli.views import queue_table
from schemas.queue import QueueItem
from simulator.chart import Chart
from simulator.clinic import Clinic
from simulator.clock_driver import next_tick
from simulator.desk import Desk
from simulator.roles.messages import Telephones
from simulator.world import World

WIDTHS = (40, 80, 120)
CLINIC = ZoneInfo("America/New_York")
THURSDAY = datetime(2027, 1, 7, 13, 30, tzinfo=CLINIC)


def row(number: int, item_type: str) -> dict[str, object]:
    return {
        "item_id": f"{number:08}-0000-4000-8000-000000000000",
        "number": number,
        "queue": "occupational_therapy",
        "item_type": item_type,
        "priority": "routine",
        "status": "waiting",
        "subject_type": "referral",
        "subject_id": "11111111-0000-4000-8000-000000000000",
        "patient_id": "22222222-0000-4000-8000-000000000000",
        "referral_id": "33333333-0000-4000-8000-000000000000",
        "due_at": "2027-01-08T18:30:00Z",
        "waiting_since": "2027-01-07T18:30:00Z",
        "version": 1,
    }


@pytest.fixture
async def clinic() -> Clinic:
    """On a Thursday, with something in every queue that has a long name."""
    async with httpx.AsyncClient(verify=False) as http:
        world = World(Desk(http, {}, str), Chart(), THURSDAY, {})
        for queue in ("coordination", "nursing", "physiotherapy", "occupational_therapy", "social_work"):
            world.chart.row(queue, "a", row(1, "REF_CALL_REFERRER"))
        world.chart.messages["sent INFO_REQUEST"] = 1612
        return Clinic([], world, None, None, Telephones(http, "", ""), None)  # type: ignore[arg-type]


def printed(width: int, *things: object) -> list[str]:
    """As lines, where the output is no terminal."""
    out = StringIO()
    console = Console(file=out, width=width)
    for thing in things:
        say(console, thing) if isinstance(thing, str) else console.print(thing)
    assert "\x1b" not in out.getvalue()
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_too_long_and_no_word_is_broken(width: int, clinic: Clinic) -> None:
    said = headline(clinic)
    lines = printed(width, said)
    assert max(map(len, lines)) <= width
    assert " ".join(lines).split() == said.split()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_queues_fit_too(width: int, clinic: Clinic) -> None:
    lines = printed(width, *picture(clinic, width))
    assert max(map(len, lines)) <= width
    assert "REF_CALL_REFERRER" in " ".join(lines).split() and "…" not in "".join(lines)


def test_a_wider_terminal_shows_more_of_an_item() -> None:
    items = {"a": QueueItem.model_validate(row(1, "ACT_ACCEPT"))}
    tables = {width: queue_table("nursing", items, CLINIC, width) for width in (*WIDTHS, 20)}
    assert [len(tables[width].columns) for width in (20, *WIDTHS)] == [3, 3, 7, 7]
    assert "08 Jan 13:30" in "".join(printed(40, tables[40])), "at the clinic"


@pytest.mark.parametrize("width", WIDTHS)
def test_what_was_counted_stands_in_columns(width: int) -> None:
    refused = {"decline: not possible while measure_request is ended": 3, "discharge: still missing": 33}
    lines = list(counted("What was refused", refused, width))
    assert max(map(len, lines)) <= width
    assert [line.split()[-1] for line in lines if line and line[-1].isdigit()] == ["3", "33"]
    assert "measure_request" in " ".join(lines).split()


def test_a_word_longer_than_the_line_stays_whole() -> None:
    assert wrapped(f"see {'x' * 60}", 40).splitlines() == ["see", f"  {'x' * 60}"]


def test_times_are_shown_as_the_clinics_clocks_show_them_with_the_zone() -> None:
    assert shown(THURSDAY.astimezone(UTC)) == "Thu 07 Jan 2027 13:30 EST"
    assert shown(datetime(2027, 3, 29, 13, tzinfo=UTC)) == "Mon 29 Mar 2027 09:00 EDT"


def test_the_line_keeps_its_zone_when_somebody_acts_by_the_clinics_clock(clinic: Clinic) -> None:
    """The team's meeting set the clock: it showed 13:30 "UTC" on Thursdays."""

    async def meet() -> None: ...

    clinic.world.later(THURSDAY + timedelta(days=7), meet)
    at = clinic.world.next_action
    assert at is not None and at.tzinfo is UTC and next_tick(THURSDAY).tzinfo is UTC
    clinic.world.now = next_tick(at)
    assert headline(clinic).startswith("Thu 14 Jan 2027 13:30 EST:")
