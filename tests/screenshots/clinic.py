"""A clinic that has more to do than hands: its queues are full when the pictures are taken. Every moment is the same
each time."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console

from cli.demo import START, opened, showing
from cli.local import LocalStack
from simulator.behaviour import FLAGS, Plan, plans
from simulator.chart import instant
from simulator.clinic import Clinic
from simulator.desk import Desk, Json
from simulator.roles.people import AT_WORK, NURSE, OTHER_NURSE, PHYSICIAN

NOW = datetime(2027, 3, 9, 15, 42, tzinfo=UTC)
"""Tuesday 2027-03-09, 10:42 at the clinic."""
KNOWN, NEW = 48, 44
"""Patients of the first weeks, who have plans by now, and of the last days, whom nobody has seen yet."""
NEW_SINCE = NOW - timedelta(days=13)
WARNED_AT = NOW - timedelta(minutes=12)
URGENT = ("suicide_mental_health", "fracture", "infection")
"""Flags of the last referrals: nobody has answered yet."""
HELD_DAYS = 3
LEFT_LATE = 8
"""One item of so many is not done in time."""


class BusyClinic(Clinic):
    """As the demo's, but what is due after the pictures is left to be seen in them, and in the last minutes everything
    is."""

    def _by(self, row: Json, who: str) -> str | None:
        return None if self.waits(row) else super()._by(row, who)

    def _next_look(self, row: Json) -> datetime | None:
        return None if self.waits(row) else super()._next_look(row)

    def waits(self, row: Json) -> bool:
        if self.world.now >= WARNED_AT or (row["due_at"] and instant(row["due_at"]) >= NOW):
            return True
        is_late_one = int(row["item_id"][-4:], 16) % LEFT_LATE == 0
        return is_late_one and instant(row["waiting_since"]) >= NEW_SINCE


def stories() -> list[Plan]:
    """Those of the first weeks as they come, and as many again in the last days."""
    drawn = plans(KNOWN + NEW + len(URGENT))
    minutes = (NOW - NEW_SINCE) // timedelta(minutes=1)
    since = (NEW_SINCE - START) // timedelta(minutes=1)
    late = [
        replace(each, sent_after_minutes=since + number * minutes // NEW)
        for number, each in enumerate(drawn[KNOWN : KNOWN + NEW])
    ]
    return [*drawn[:KNOWN], *late, *drawn[KNOWN + NEW :]]


async def play(stack: LocalStack) -> str:
    """To the moment of the pictures. The patient of whom most is known."""
    *others, first, second, third = stories()
    async with opened(stack, others, BusyClinic) as (_, clinic):
        async with showing(Console(), clinic):
            await clinic.run(WARNED_AT)
        for story, flag in zip((first, second, third), URGENT, strict=True):
            await warn(clinic, story, flag)
        await clinic.run(NOW - timedelta(minutes=6))
        await take_some(clinic)
        await clinic.run(NOW)
        return well_known(clinic)


async def warn(clinic: Clinic, story: Plan, flag: str) -> None:
    """A referral whose screen says yes."""
    screen = dict.fromkeys(FLAGS, "no") | {flag: "yes"}
    answers = {**story.submission["answers"], "red_flag_screen": screen}
    submission: dict[str, Any] = {**story.submission, "answers": answers}
    said = await clinic.world.desk.submit(submission, submission["referrer"]["organisation_id"])
    clinic.world.stories[said["id"]] = replace(story, submission=submission)


async def take_some(clinic: Clinic) -> None:
    """Work that is with somebody, and work that is on hold."""
    desk, queues = clinic.world.desk, clinic.world.chart.queues
    plain = [row for row in queues["nursing"].values() if row["priority"] in ("urgent", "routine")]
    for row, who in zip(plain, (NURSE, OTHER_NURSE, NURSE, OTHER_NURSE), strict=False):
        await desk.act(row, "claim", who)
    for row in plain[4:6]:
        until = (NOW + timedelta(days=HELD_DAYS)).date().isoformat()
        await take(desk, row, "hold", NURSE, reason="waits_for_patient", resume_on=until)
    flags = [row for row in queues["medical"].values() if row["item_type"] == "RED_FLAG"]
    *_, moved, answered = sorted(flags, key=lambda row: row["number"])
    await desk.act(answered, "claim", PHYSICIAN)
    await take(desk, moved, "transfer", PHYSICIAN, queue="nursing", reason="other_expertise")


async def take(desk: Desk, row: Json, action: str, who: str, **body: Any) -> None:
    """Only who has claimed an item may do this."""
    if claimed := await desk.act(row, "claim", who):
        await desk.act(row | {"version": claimed["version"]}, action, who, **body)


def well_known(clinic: Clinic) -> str:
    """With a plan and most visits."""
    chart = clinic.world.chart
    visits = Counter(each.patient for each in chart.visits.values() if each.referral in chart.plans)
    [(patient, _)] = visits.most_common(1)
    return patient
