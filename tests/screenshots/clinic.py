"""A clinic that has more to do than hands: its queues are full when the pictures are taken. What is left undone is
drawn from the stories, so that it is much the same each time."""

import random
from collections import Counter
from collections.abc import Awaitable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console

from cli.demo import START, opened, showing
from cli.local import LocalStack
from simulator.behaviour import FLAGS, LONG_WAITS, Plan, plans
from simulator.chart import instant
from simulator.clinic import MINUTE, Clinic
from simulator.desk import Desk, Json, Refused
from simulator.roles.care import SERIES
from simulator.roles.on_call import SAFETY
from simulator.roles.people import AT_WORK, NURSE, OTHER_NURSE, PHYSICIAN, RECEPTIONIST

NOW = datetime(2027, 3, 9, 15, 42, tzinfo=UTC)
"""Tuesday 2027-03-09, 10:42 at the clinic."""
REFERRALS, KNOWN = 120, 90
"""All that there are, and those that come evenly until the last days."""
NEW_SINCE = NOW - timedelta(days=9)
EVERY = timedelta(minutes=154)
"""From then on; the very last ones are warnings."""
WARNED_AT = NOW - timedelta(minutes=11)
URGENT = ("suicide_mental_health", "vascular", "cauda_equina_neuro")
"""Flags of the last referrals: one waits for psychology, one is with a physician, one goes to nursing where nursing has
no warning of its own."""
SHORT: Json = {"sessions": 2, "every_days": 7}
ORDERS: Mapping[timedelta, Json] = {
    timedelta(days=26): SHORT,
    timedelta(days=4): {},
    timedelta(days=1): {},
    timedelta(minutes=31): {},
}
"""How long before the pictures plans get more work, so that every discipline has some: the first is done by then, and
looked at."""
ORDERED, AT_ONCE = 4, 3
"""Of each discipline, and of one plan."""
ORDERS_OF: Mapping[str, Json] = {
    **SERIES,
    "nursing": {"kind": "nurse_education", "sessions": 2, "every_days": 14},
}
HELD_DAYS = 3
LEFT = {"coordination": (0.9, 0.12), "medical": (0.8, 0.15), "nursing": (0.9, 0.2)}
"""By queue: of what is due after the pictures, and of what is due before, the share that is left to be seen in them."""
LEFT_BY_OTHERS = (1.0, 0.45)
ACCEPTED, ACCEPTED_WITHIN = 0.6, timedelta(hours=8)
"""So much of new work therapists take within a day: their queues show sessions and reviews beside it."""
SEVERAL = 2
"""Kinds of work that each discipline has."""
GOES_ON = ("MDT_LIST",)
"""Without it the team would have no cases to prepare."""
UNCLEAR, SOON = 8, 7
"""One in so many of the last referrals."""
AFTER_SURGERY: Json = {"condition_codes": ["MG30.20"], "onset": {"months_ago": 2}}
CALM = ("urgent", "routine")
MANY = 8


class BusyClinic(Clinic):
    """As the demo's, but with fewer hands in the last days; in the last minutes nobody does anything."""

    async def _done(self, what: Awaitable[bool | None]) -> bool:
        """Where so much stays undone, somebody asks for what is not possible now: a practice answers about a referral
        that the patient has taken back. It is counted, and nothing comes of it."""
        try:
            return await super()._done(what)
        except Refused as refused:
            self.world.desk.refused[str(refused)[:90]] += 1
            return False

    def _by(self, row: Json, who: str) -> str | None:
        return None if self.waits(row) else super()._by(row, who)

    def _next_look(self, row: Json) -> datetime | None:
        return None if self.waits(row) else super()._next_look(row)

    def waits(self, row: Json) -> bool:
        if self.world.now >= WARNED_AT:
            return True
        if row["item_type"] in (*SAFETY, *GOES_ON) or instant(row["waiting_since"]) < NEW_SINCE:
            return False
        story = self.world.story(row) or self.world.of_patient.get(row.get("patient_id") or "")
        drawn = random.Random(f"{story and story.source_id} {row['item_type']} {row['queue']}").random()
        if row["item_type"] == "ACT_ACCEPT" and drawn < ACCEPTED:
            return self.world.now < instant(row["waiting_since"]) + ACCEPTED_WITHIN
        in_time, late = LEFT.get(row["queue"], LEFT_BY_OTHERS)
        return drawn < (in_time if instant(row["due_at"]) >= NOW else late)


def stories() -> list[Plan]:
    """Evenly, and more in the last days; nobody waits as long as the demo's longest, and whoever had all sessions is
    looked at."""
    drawn = [replace(each, habits=each.habits - LONG_WAITS | {"leaves_open"}) for each in plans(REFERRALS)]
    before = (NEW_SINCE - START) / MINUTE
    even = [
        replace(each, sent_after_minutes=round(number * before / KNOWN))
        for number, each in enumerate(drawn[:KNOWN])
    ]
    late = [
        replace(varied(each, number), sent_after_minutes=round(before + number * EVERY / MINUTE))
        for number, each in enumerate(drawn[KNOWN:])
    ]
    return [*even, *late]


def varied(story: Plan, number: int) -> Plan:
    """Not all alike: of some a red flag is unclear, and some are more urgent than most."""
    said = asked(story, **({"infection": "unknown"} if number % UNCLEAR == 1 else {}))
    answers = said.submission["answers"] | (AFTER_SURGERY if number % SOON == 0 else {})
    return replace(said, submission={**said.submission, "answers": answers})


def asked(story: Plan, **flags: str) -> Plan:
    """With these answers to the red-flag screen, and no to all others."""
    screen = dict.fromkeys(FLAGS, "no") | flags
    answers = {**story.submission["answers"], "red_flag_screen": screen}
    return replace(story, submission={**story.submission, "answers": answers})


async def play(stack: LocalStack) -> str:
    """To the moment of the pictures. The patient of whom most is known."""
    *others, first, second, third = stories()
    async with opened(stack, others, BusyClinic) as (_, clinic):
        async with showing(Console(), clinic):
            ordered: set[str] = set()
            for before, series in ORDERS.items():
                await clinic.run(NOW - before)
                ordered |= await order_more(clinic, ordered, series)
            await clinic.run(NOW - timedelta(minutes=30))
        await take_some(clinic, OTHER_NURSE)
        await clinic.run(WARNED_AT)
        own = any(row["item_type"] in SAFETY for row in clinic.world.chart.queues["nursing"].values())
        for story, flag in zip((first, second) if own else (first, second, third), URGENT, strict=False):
            await warn(clinic, asked(story, **{flag: "yes"}))
        await arrive_early(clinic)
        await clinic.run(NOW - timedelta(minutes=6))
        await take_some(clinic, NURSE)
        await take_warnings(clinic)
        await break_glass(clinic)
        await clinic.run(NOW)
        check_kinds(clinic)
        return well_known(clinic)


def check_kinds(clinic: Clinic) -> None:
    """Raises RuntimeError where a discipline has too little to show."""
    queues = clinic.world.chart.queues
    found = {
        queue: Counter(row["item_type"] for row in queues[queue].values())
        for queue in AT_WORK
        if queue != "management"
    }
    for queue, kinds in found.items():
        print(f"  {queue}: {', '.join(f'{count} {kind}' for kind, count in kinds.most_common())}", flush=True)
    if few := [queue for queue, kinds in found.items() if len(kinds) < SEVERAL]:
        raise RuntimeError(f"fewer than {SEVERAL} kinds of work: {', '.join(few)}")


async def warn(clinic: Clinic, story: Plan) -> None:
    """A referral whose screen says yes."""
    said = await clinic.world.desk.submit(story.submission, story.submission["referrer"]["organisation_id"])
    clinic.world.stories[said["id"]] = story


async def order_more(clinic: Clinic, before: Collection[str], series: Json) -> set[str]:
    """More work for some plans that got none before, that of whom most is known first. Which. A plan gets what it has
    not yet; one that is a draft, or over, gets nothing."""
    chart, desk, known = clinic.world.chart, clinic.world.desk, well_known(clinic)
    patients = {visit.referral: visit.patient for visit in chart.visits.values()}
    has = {(each.referral, each.fact["discipline"]) for each in chart.orders.values()}
    wanted, done = Counter(dict.fromkeys(ORDERS_OF, ORDERED)), set[str]()
    for referral, plan in sorted(chart.plans.items(), key=lambda each: patients.get(each[0]) != known):
        fit = [each for each, _ in wanted.most_common() if (referral, each) not in has][:AT_ONCE]
        if not fit or plan in before:
            continue
        if (await desk.get("care_plan", f"/plans/{plan}", PHYSICIAN))["status"] != "active":
            continue
        added = [{"discipline": each, "priority": "routine", **ORDERS_OF[each], **series} for each in fit]
        await desk.revise(plan, PHYSICIAN, reason="Needs more help.", activities_add=added)
        wanted -= Counter(fit)
        done.add(plan)
    return done


async def arrive_early(clinic: Clinic) -> None:
    """Everybody who has a visit in the next hour and a half."""
    for visit in clinic.world.chart.visits.values():
        if visit.status == "booked" and not visit.remote and NOW < visit.start < NOW + timedelta(minutes=95):
            await clinic.world.desk.offer("scheduling", f"/appointments/{visit.id}/arrive", RECEPTIONIST)


def plain(clinic: Clinic, queue: str) -> list[Json]:
    """What can be taken without hurry, the first due first."""
    rows = clinic.world.chart.queues[queue].values()
    calm = [row for row in rows if row["priority"] in CALM and row["status"] == "waiting"]
    return sorted(calm, key=lambda row: (row["due_at"], row["number"]))


async def take_some(clinic: Clinic, nurse: str) -> None:
    """Work that is with somebody, and work that is on hold."""
    desk = clinic.world.desk
    for queue, who in ({**AT_WORK, "nursing": nurse}).items():
        found = plain(clinic, queue)
        for row in found[1 :: max(2, len(found) // 2)][: 2 if len(found) > MANY else 1]:
            await desk.act(row, "claim", who)
    for row in plain(clinic, "nursing")[3:4]:
        until = (NOW + timedelta(days=HELD_DAYS)).date().isoformat()
        await take(desk, row, "hold", nurse, reason="waits_for_patient", resume_on=until)


async def take_warnings(clinic: Clinic) -> None:
    """One is with a physician, who gave another to nursing."""
    desk, queues = clinic.world.desk, clinic.world.chart.queues
    flags = [row for row in queues["medical"].values() if row["item_type"] == "RED_FLAG"]
    answered, *moved = sorted(flags, key=lambda row: row["number"])
    await desk.act(answered, "claim", PHYSICIAN)
    for row in moved:
        await take(desk, row, "transfer", PHYSICIAN, queue="nursing", reason="other_expertise")


async def take(desk: Desk, row: Json, action: str, who: str, **body: Any) -> None:
    """Only who has claimed an item may do this."""
    if claimed := await desk.act(row, "claim", who):
        await desk.act(row | {"version": claimed["version"]}, action, who, **body)


async def break_glass(clinic: Clinic) -> None:
    """Management has to look at it."""
    therapists = (AT_WORK["physiotherapy"], AT_WORK["occupational_therapy"])
    patients = sorted({visit.patient for visit in clinic.world.chart.visits.values()})
    for who, patient in zip(therapists, patients, strict=False):
        path = f"/patients/{patient}/break-glass"
        await clinic.world.desk.post("care_plan", path, who, reason="In distress; the psychologist is away.")


def well_known(clinic: Clinic) -> str:
    """With a plan, scores at a review and most visits."""
    chart = clinic.world.chart
    visits = Counter((each.patient, each.referral) for each in chart.visits.values())
    with_plan = [each for each in visits if each[1] in chart.plans]
    patient, _ = max(
        with_plan, key=lambda each: (each[1] in chart.final, each[1] in chart.answered, visits[each])
    )
    return patient
