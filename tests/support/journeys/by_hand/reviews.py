"""By hand: the three reviews with their dates, the end of physiotherapy, the discharge, by the titles of the lines."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.journeys.by_hand.hands import Hands
from tests.support.journeys.by_hand.people import CORA, NAMES, PAUL, Act, shown
from tests.support.journeys.by_hand.visits import arrives
from tests.support.journeys.play import Play
from tests.support.journeys.programme import GOALS, OWNERS

CHECKED = ["Medication handover", "Flare up plan", "Rereferral route"]


def levels(*now: int) -> list[Mapping[str, str]]:
    return [{"Goal": str(goal["text"]), "Level": str(level)} for goal, level in zip(GOALS, now, strict=True)]


REVIEWS: Mapping[str, Mapping[str, Any]] = {
    "2027-04-08 15:00": {"Result": "continue", "Next review": "2027-05-20"},
    "2027-05-20 15:00": {"Result": "continue", "Next review": "2027-06-24", "Goals": levels(0, -1)},
    "2027-06-24 15:00": {"Result": "discharge", "Goals": levels(1, 0), "Checklist": CHECKED},
}


def books(start: str) -> Act:
    async def act(hands: Hands, play: Play) -> None:
        request = (await play.last("scheduling.booking_requested", purpose="review")).subject
        page = await hands.take(play, CORA, "BOOK_VISIT", subject_id=request)
        when = (start[:10], f"{shown(start)}, {NAMES[PAUL]}, Harbor Street")
        await hands.do(page, "Book visit", {"Times": [when]})

    return act


def reviews(said: Mapping[str, Any]) -> Act:
    async def act(hands: Hands, play: Play) -> None:
        page = await hands.take(play, PAUL, "PLAN_REVIEW")
        await hands.do(page, "Review plan", said)

    return act


async def attend(hands: Hands, play: Play) -> None:
    page = await hands.take(play, PAUL, "VISIT_READY", queue="medical")
    await hands.do(page, "Record attendance")


async def close_physiotherapy(hands: Hands, play: Play) -> None:
    page = await hands.take(play, OWNERS["physiotherapy"], "ACT_REVIEW")
    await hands.do(page, "Review progress", {"Decision": "complete"})


async def discharge(hands: Hands, play: Play) -> None:
    page = await hands.take(play, PAUL, "DISCHARGE_CHECK")
    letter = {"Audience": ["referrer", "general practitioner", "patient"], "Text": "Dear colleague"}
    await hands.do(page, "Sign discharge letter", letter)
    await hands.do(page, "Discharge patient", {"Reason": "goals reached"})


def each_review() -> Iterator[tuple[str, Act]]:
    for start, said in REVIEWS.items():
        yield f"the coordinator books {start}", books(start)
        yield f"the patient arrives for the review of {start[:10]}", arrives(start)
        yield f"the review of {start[:10]}", reviews(said)
        yield f"the review of {start[:10]} ends", attend


TO_THE_END: Mapping[str, Act] = {
    **dict(each_review()),
    "the physiotherapist closes the activity": close_physiotherapy,
    "the physician signs and discharges": discharge,
}
