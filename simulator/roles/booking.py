"""The coordinator on the telephone: dates for everybody who needs one, one by one, as a series or on one day."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from simulator.behaviour import Plan
from simulator.chart import Told, instant
from simulator.desk import Json
from simulator.roles.people import COORDINATOR, Handler
from simulator.world import World

NOTICE = timedelta(days=11)
"""Reasonable: at least ten days ahead (ATT-01)."""
SOON = timedelta(days=4)
FAR = timedelta(days=95)
"""Who waits long has no time before."""
GAP = timedelta(minutes=120)
"""At most between two visits of a joint day."""
HELD = timedelta(hours=49)
"""What is offered by message is held for two days."""
TO_STOP = timedelta(days=9)
"""A plan is signed, and a drug is stopped, before that."""
PLAN = "antithrombotic_plan"
FIRST = "initial_consultation"
Slot = Mapping[str, Any]


class Booking:
    """Handlers of what needs a date. What is refused is tried again later, with what is free then."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._declined: set[str] = set()
        self._messaged: dict[str, datetime] = {}
        self.handlers: Mapping[str, Handler] = {
            "BOOK_VISIT": self.book,
            "JOINT_DAY_BROKEN": self._keep_rest,
            "GROUP_SHORT": self._keep_group,
        }

    async def book(self, item: Json, who: str) -> bool:
        asked = self._world.chart.asked.get(item["subject_id"])
        if asked is None:
            return False
        if item["status"] == "waiting" and await self._world.desk.act(item, "claim", who) is None:
            return False
        if asked.fact["purpose"] == FIRST:
            return await self._offer(asked)
        if procedure := asked.fact.get("procedure_id"):
            return await self._for_procedure(asked, procedure)
        if asked.fact["purpose"] == "assessment" and await self._joint_day(asked):
            return True
        return await self._series(asked)

    async def _keep_rest(self, item: Json, who: str) -> bool:
        """The visit that is off gets a date of its own; the others stay on their day."""
        kept = await self._offered(f"/joint-days/{item['subject_id']}/keep")
        self._world.desk.done["joint days kept without a visit"] += kept is not None
        return kept is not None

    async def _keep_group(self, item: Json, who: str) -> bool:
        """Few people live here: a small group takes place."""
        kept = await self._offered(f"/groups/{item['subject_id']}/keep", reason="works_when_small")
        self._world.desk.done["small groups kept"] += kept is not None
        return kept is not None

    async def _free(self, asked: Told, since: datetime, days: int, limit: int = 40) -> Sequence[Slot]:
        wanted = {"discipline": asked.fact["discipline"], "purpose": asked.fact["purpose"]}
        window = {"from": since.isoformat(), "to": (since + timedelta(days=days)).isoformat()}
        found = await self._world.desk.get(
            "scheduling", "/slots", COORDINATOR, **wanted, **window, limit=limit
        )
        slots: list[Slot] = found["slots"]
        return slots

    async def _offer(self, asked: Told) -> bool:
        """Two dates by phone; a few patients are written to, a few say no to the first offer."""
        story = self._world.of_patient.get(asked.patient or "")
        messaged = self._messaged.get(asked.subject)
        if story is None or self._is_out_of_reach(story, asked):
            return False
        if messaged and self._world.now < messaged + HELD:
            return False
        by_message = "answers_offer_late" in story.habits and messaged is None
        notice = FAR if "waits_long" in story.habits else NOTICE
        dates = two_days(await self._free(asked, self._world.now + notice, 60))
        if len(dates) < 2:
            return False
        path = f"/booking-requests/{asked.subject}/offers"
        mode = "message" if by_message else "phone"
        offered = await self._offered(path, slots=[choice(slot) for slot in dates], mode=mode)
        if offered is None:
            return False
        offer = f"/offers/{offered['offer_id']}"
        if by_message:
            self._messaged[asked.subject] = self._world.now
            self._world.did("offered by message")
            return True
        if "declines" in story.habits and asked.subject not in self._declined:
            self._declined.add(asked.subject)
            await self._world.desk.offer("scheduling", f"{offer}/decline", COORDINATOR, reason="other_plans")
            self._world.did("declined an offer")
            return True
        accepted = await self._world.desk.offer(
            "scheduling", f"{offer}/accept", COORDINATOR, start=dates[0]["start"]
        )
        self._world.desk.done["first visits booked"] += accepted is not None
        return accepted is not None

    def _is_out_of_reach(self, story: Plan, asked: Told) -> bool:
        """Nobody finds them until management is warned that they wait too long."""
        warned = self._world.chart.item("management", "WAIT_FORECAST", asked.referral or "")
        return "out_of_reach" in story.habits and warned is None

    async def _offered(self, path: str, **body: Any) -> Json | None:
        return await self._world.desk.offer("scheduling", path, COORDINATOR, **body)

    async def _series(self, asked: Told) -> bool:
        """As many as are asked for, each on or soon after its turn."""
        fact, step = asked.fact, timedelta(days=asked.fact.get("every_days") or 7)
        first = max(self._world.now + SOON, day(fact.get("not_before")) or self._world.now)
        slots: list[Slot] = []
        for number in range(fact["count"]):
            since = first if not slots else max(instant(slots[-1]["start"]), first + step * number)
            free = await self._free(asked, since + timedelta(minutes=1), 10, limit=30)
            same = [slot for slot in free if not slots or slot["clinician_id"] == slots[0]["clinician_id"]]
            if not same:
                break
            slots.append(same[0])
        if not slots:
            return False
        path = f"/booking-requests/{asked.subject}/appointments"
        chosen = [choice(slot) for slot in slots]
        booked = await self._offered(path, slots=chosen, short_notice_accepted=True)
        self._world.desk.done["dates booked"] += len(slots) if booked else 0
        return booked is not None

    async def _for_procedure(self, asked: Told, procedure: str) -> bool:
        """Held as soon as nothing but the plan for antithrombotics stands against it, with time for that plan."""
        found = await self._world.desk.get("scheduling", f"/procedures/{procedure}/gates", COORDINATOR)
        unmet = {
            each["kind"]
            for each in found["gates"]
            if each["blocks_booking"] and each["status"] in ("open", "failed")
        }
        if procedure in self._world.chart.held.values() or unmet - {PLAN}:
            return False
        first = self._world.now + (TO_STOP if PLAN in unmet else SOON)
        since = max(first, day(asked.fact.get("not_before")) or first)
        free = await self._free(asked, since, 40, limit=5)
        if not free:
            return False
        path = f"/booking-requests/{asked.subject}/appointments"
        held = await self._offered(path, slots=[choice(free[0])], short_notice_accepted=True)
        self._world.desk.done["dates of procedures"] += held is not None
        return held is not None

    async def _joint_day(self, asked: Told) -> bool:
        """All assessments of the patient that still need a date, on one day; False where that is not possible."""
        together = [
            self._world.chart.asked[row["subject_id"]]
            for row in self._world.chart.queues["coordination"].values()
            if row["item_type"] == "BOOK_VISIT" and row["patient_id"] == asked.patient
        ]
        requests = [each for each in together if each.fact["purpose"] == "assessment"]
        if len(requests) < 2:
            return False
        since = self._world.now + SOON
        free = [await self._free(each, since, 14, limit=80) for each in requests]
        legs = chained(free)
        if not legs:
            return False
        booked = await self._offered(
            "/joint-days",
            patient_id=asked.patient,
            referral_id=asked.referral,
            legs=[
                {"booking_request_id": request.subject, "slot": choice(slot)}
                for request, slot in zip(requests, legs, strict=True)
            ],
            mode="phone",
            short_notice_accepted=True,
        )
        self._world.desk.done["joint days booked"] += booked is not None
        return booked is not None


def choice(slot: Slot) -> Json:
    return {"clinician_id": slot["clinician_id"], "start": slot["start"]}


def two_days(free: Sequence[Slot]) -> list[Slot]:
    """The first slot, and the first one on another day."""
    if not free:
        return []
    later = [slot for slot in free if slot["start"][:10] != free[0]["start"][:10]]
    return [free[0], *later[:1]]


def chained(free: Sequence[Sequence[Slot]]) -> list[Slot]:
    """One slot of each list, all on one date and none long after the one before; empty where there is none."""
    for first in free[0]:
        legs, end = [first], instant(first["end"])
        for others in free[1:]:
            fits = (
                slot
                for slot in others
                if slot["start"][:10] == first["start"][:10] and end <= instant(slot["start"]) <= end + GAP
            )
            found = next(fits, None)
            if found is None:
                break
            legs.append(found)
            end = instant(found["end"])
        if len(legs) == len(free):
            return legs
    return []


def day(text: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{text}T12:00:00+00:00") if text else None
