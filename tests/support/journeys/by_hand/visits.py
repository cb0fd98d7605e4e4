"""By hand: assessments and sessions, from the front desk to their records, by the titles of the lines."""

from collections.abc import Iterator, Mapping

from tests.support.journeys.by_hand.hands import Hands
from tests.support.journeys.by_hand.people import INES, Act, dated
from tests.support.journeys.play import Play
from tests.support.journeys.programme import JOINT_DAY, OWNERS, SERIES
from tests.support.journeys.sessions import ENDINGS


def arrives(start: str) -> Act:
    """At the front desk, from the list of visits."""

    async def act(hands: Hands, play: Play) -> None:
        page = await hands.open_patient(play, INES, "visits")
        visit = page.locator("#visits tr").filter(has_text=dated(start))
        await hands.up_to_date(page, visit)
        await visit.get_by_role("button", name="Choose").press("Enter")
        await hands.do(visit, "Record arrival")

    return act


def starts(discipline: str) -> Act:
    async def act(hands: Hands, play: Play) -> None:
        page = await hands.open_item(play, OWNERS[discipline], "VISIT_READY", queue=discipline)
        await hands.do(page, "Start work")

    return act


def attends(discipline: str) -> Act:
    async def act(hands: Hands, play: Play) -> None:
        page = await hands.take(play, OWNERS[discipline], "VISIT_READY", queue=discipline)
        await hands.do(page, "Record attendance")

    return act


def trains(discipline: str, *, last: bool) -> Act:
    async def act(hands: Hands, play: Play) -> None:
        page = await hands.take(play, OWNERS[discipline], "VISIT_READY", queue=discipline)
        await hands.do(page, "Record session", {"Last session": last})

    return act


def visits() -> Iterator[tuple[str, Act]]:
    for discipline, start in JOINT_DAY.items():
        yield f"the patient arrives for {discipline}", arrives(start)
        yield f"the assessment of {discipline}", starts(discipline)
        yield f"the assessment of {discipline} ends", attends(discipline)
    for discipline in ENDINGS:
        of = len(SERIES[discipline])
        for number, start in enumerate(SERIES[discipline], start=1):
            yield f"the patient arrives for {discipline} {number}", arrives(start)
            ends = number == of and discipline != "physiotherapy"
            yield f"session {number} of {discipline}", trains(discipline, last=ends)


VISITS: Mapping[str, Act] = dict(visits())
