"""The patients: they agree to channels, answer questions, write back, cancel, ask for another day."""

import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from simulator.behaviour import Plan
from simulator.chart import Told, Visit
from simulator.desk import Json
from simulator.roles.people import COORDINATOR
from simulator.world import World

ITEMS = {"peg": (3, 10), "phq9": (9, 3), "gad7": (7, 3), "pcs": (13, 4), "pseq": (10, 6), "odi": (10, 5)}
"""How many items an instrument has, and the highest answer."""
RISK_ITEM = 8
Reply = Callable[[str, str], Awaitable[None]]
"""Writes back: the number, the text."""
HALF_AN_HOUR = timedelta(minutes=30)


class Patients:
    """What they do follows from what they are told."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cancelled: set[str] = set()

    def register(self, patient: str, story: Plan) -> None:
        self._world.of_patient[patient] = story
        self._world.later(self._world.now + HALF_AN_HOUR, partial(self._agree, patient, story))

    async def _agree(self, patient: str, story: Plan) -> None:
        """Asked by the clinic when the referral came in."""
        if patient in self._world.dead:
            return
        for channel in story.channels:
            path = f"/patients/{patient}/consents"
            body = {"channel": channel, "purpose": "care", "given": True}
            await self._world.desk.post("notifications", path, COORDINATOR, **body)
        self._world.did("agreed to " + (" and ".join(story.channels) or "nothing"))

    def asked(self, told: Told) -> None:
        """Questions have come."""
        story = self._world.of_patient.get(told.patient or "")
        if story is None or "never_answers" in story.habits:
            return
        due = datetime.fromisoformat(f"{told.fact['due_on']}T23:00:00+00:00")
        late = "answers_late" in story.habits
        days = random.Random(told.subject).randrange(1, 9)
        at = due + timedelta(days=2) if late else min(told.at + timedelta(days=days, hours=9), due)
        self._world.later(
            at, partial(self._answer, told, story, "answered late" if late else "answered in time")
        )

    async def _answer(self, told: Told, story: Plan, what: str) -> None:
        if told.patient in self._world.dead:
            return
        path = f"/measure-requests/{told.subject}/answers"
        given = answers(story, told.fact["instruments"], self._world.turn(story))
        who = f"patient:{told.patient}"
        if await self._world.desk.offer("care_plan", path, who, answers=given) is not None:
            self._world.did(what)

    def dated(self, visit: Visit) -> None:
        """A first date: some will cancel it, some will ask for another day."""
        story = self._world.of_patient.get(visit.patient)
        if story is None or visit.purpose != "initial_consultation" or visit.patient in self._cancelled:
            return
        if "cancels" in story.habits:
            self._cancelled.add(visit.patient)
            self._world.later(visit.start - timedelta(days=5), partial(self._cancel, visit))
        elif "moves" in story.habits:
            self._cancelled.add(visit.patient)
            self._world.later(self._world.opens(visit.start - timedelta(days=7)), partial(self._move, visit))

    async def _cancel(self, visit: Visit) -> None:
        if visit.patient in self._world.dead:
            return
        path, who = f"/appointments/{visit.id}/cancel", f"patient:{visit.patient}"
        if (
            await self._world.desk.offer("scheduling", path, who, by="patient", reason="other_plans")
            is not None
        ):
            self._world.did("cancelled by the patient")

    async def _move(self, visit: Visit) -> None:
        """By telephone, to the first time that is free a few days later."""
        if visit.patient in self._world.dead:
            return
        window = {
            "from": (visit.start + timedelta(days=2)).isoformat(),
            "to": (visit.start + timedelta(days=30)).isoformat(),
        }
        wanted = {"discipline": visit.discipline, "purpose": visit.purpose, "limit": 5}
        found = await self._world.desk.get("scheduling", "/slots", COORDINATOR, **wanted, **window)
        for slot in found["slots"][:1]:
            body = {"clinician_id": slot["clinician_id"], "start": slot["start"]}
            path = f"/appointments/{visit.id}/move"
            said = {"slot": body, "by": "patient", "reason": "other_plans"}
            if await self._world.desk.offer("scheduling", path, COORDINATOR, **said) is not None:
                self._world.did("moved by the patient")

    def offered(self, told: Told) -> None:
        """By message: they think about it for a day, about a freed time for an hour. The portal takes the first, or
        it is too late."""
        if told.fact["mode"] == "message":
            late = random.Random(told.subject).random() < 0.5
            soon = timedelta(hours=1) if told.name == "waitlist_offer_made" else timedelta(days=1)
            wait = timedelta(days=3) if late else soon
            self._world.later(told.at + wait, partial(self._take, told))

    async def _take(self, told: Told) -> None:
        if told.patient in self._world.dead:
            return
        path, start = f"/offers/{told.fact['offer_id']}/accept", first_start(told.fact)
        taken = await self._world.desk.offer("scheduling", path, f"patient:{told.patient}", start=start)
        self._world.did("took an offered date" if taken else "answered an offer too late")

    def texted(self, text: Json, patient: str, reply: Reply) -> None:
        """A reminder asks for an answer: most say nothing."""
        story = self._world.of_patient.get(patient)
        if story is None or "Reply CONFIRM" not in text["body"]:
            return
        said = story.reply_to(text["call"])
        if said:
            self._world.later(self._world.now + HALF_AN_HOUR, partial(reply, text["to"], said))


def first_start(offer: Json) -> str:
    """Of several dates, or the one that was freed."""
    return str(offer["start"] if "start" in offer else offer["starts"][0])


def answers(story: Plan, instruments: Sequence[str], turn: int) -> dict[str, list[int]]:
    """Plausible ones: as bad as the patient is, a little better each time."""
    dice = random.Random(f"{story.source_id} {turn}")
    share = max(0.1, story.burden - 0.12 * turn)
    given = {}
    for name in instruments:
        count, highest = ITEMS[name]
        level = 1 - share if name == "pseq" else share
        given[name] = [min(highest, max(0, round(dice.gauss(level * highest, 0.6)))) for _ in range(count)]
    if "phq9" in given:
        given["phq9"][RISK_ITEM] = int("at_risk" in story.habits and turn == 1)
    return given
