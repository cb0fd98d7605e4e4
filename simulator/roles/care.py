"""Plans and what becomes of them: drafted, decided by the team, accepted by the disciplines, looked at, ended."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from simulator.chart import Told
from simulator.desk import Json
from simulator.roles.people import AT_WORK, COORDINATOR, PHYSICIAN, PSYCHOLOGIST, Handler
from simulator.world import CLINIC, QUARTER, World

MEETS_ON, MEETS_AT = 3, 13
"""Thursday, one o'clock at the clinic."""
PRESENT = (PHYSICIAN, AT_WORK["physiotherapy"], PSYCHOLOGIST, COORDINATOR)
BY_TEAM = "MDT_PROGRAMME"
FINAL = ("peg", "phq9", "gad7", "pcs", "pseq")
ANSWERS_WITHIN = timedelta(days=21)
SERIES: Mapping[str, Json] = {
    "physiotherapy": {"kind": "exercise_programme", "assessment": True, "sessions": 6, "every_days": 7},
    "psychology": {"kind": "cbt", "assessment": True, "sessions": 5, "every_days": 7},
    "occupational_therapy": {"kind": "pacing", "assessment": True, "sessions": 3, "every_days": 14},
    "pharmacy": {"kind": "medication_review", "remote": True, "sessions": 1},
    "social_work": {"kind": "benefits_advice", "sessions": 2, "every_days": 14},
}


class Care:
    """Handlers by type of item. The team meets once a week when there is a case."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._meetings: dict[datetime, str] = {}
        self._asked: dict[str, datetime] = {}
        self._reminded: set[str] = set()
        self.handlers: Mapping[str, Handler] = {
            "PLAN_DRAFT": self._draft,
            "PLAN_OVERDUE": self._remind,
            "LETTER_SIGN": self._sign,
            "MDT_LIST": self._list,
            "MDT_ACTION": self._carry_out,
            "ACT_ACCEPT": self._accept,
            "ACT_DECLINED": self._do_without,
            "ACT_REVIEW": self._finish,
            "ACT_DNA": self._go_on,
            "DISCHARGE_CHECK": self._discharge,
        }

    async def _draft(self, item: Json, who: str) -> bool:
        chart, desk = self._world.chart, self._world.desk
        referral, story = item["referral_id"], self._world.story(item)
        if story is None or ("drafts_late" in story.habits and referral not in self._reminded):
            return False
        if await desk.act(item, "claim", who) is None:
            return False
        day = self._world.now.astimezone(CLINIC).date()
        drafted = await desk.offer(
            "care_plan",
            "/plans",
            who,
            patient_id=item["patient_id"],
            referral_id=referral,
            consultation_id=chart.consultations[referral],
            goals=goals(day),
            activities=[
                {"discipline": each, "priority": "routine", **SERIES[each]} for each in story.disciplines
            ],
        )
        if drafted is None:
            return False
        self._world.did("plans drafted")
        if chart.outcomes[referral] != BY_TEAM:
            await self._activate(str(drafted["plan_id"]), who)
        return True

    async def _remind(self, item: Json, who: str) -> bool:
        """Coordination asks the physician for the plan."""
        await self._world.desk.act(item, "claim", who)
        self._reminded.add(item["referral_id"])
        self._world.did("reminded of a plan")
        return True

    async def _activate(self, plan: str, who: str) -> bool:
        path = f"/plans/{plan}/activate"
        done = await self._world.desk.offer("care_plan", path, who, patient_agreement=True)
        self._world.desk.done["plans activated"] += done is not None
        return done is not None

    async def _sign(self, item: Json, who: str) -> bool:
        await self._world.desk.act(item, "claim", who)
        consultation = self._world.chart.consultations[item["referral_id"]]
        path = f"/consultations/{consultation}/letter/sign"
        body = {"audience": ["referrer", "pcp", "patient"], "text": "Dear colleague"}
        signed = await self._world.desk.offer("care_plan", path, who, **body)
        self._world.desk.done["letters signed"] += signed is not None
        return signed is not None

    async def _list(self, item: Json, who: str) -> bool:
        await self._world.desk.act(item, "claim", who)
        meeting = await self._next_meeting()
        path = f"/mdt/cases/{item['subject_id']}/list"
        story = self._world.story(item)
        prepare = ["medical", *(story.disciplines if story else ())]
        body = {"meeting_id": meeting, "prep_queues": prepare}
        listed = await self._world.desk.offer("care_plan", path, who, **body)
        self._world.desk.done["cases listed"] += listed is not None
        return listed is not None

    async def _next_meeting(self) -> str:
        """The next one that is at least two days ahead."""
        local = self._world.now.astimezone(CLINIC).replace(hour=MEETS_AT, minute=0, second=0, microsecond=0)
        start = local + timedelta(days=(MEETS_ON - local.weekday()) % 7)
        while start < self._world.now + timedelta(days=2):
            start += timedelta(days=7)
        if start not in self._meetings:
            body = {"start": start.isoformat(), "location": "main"}
            made = await self._world.desk.post("care_plan", "/mdt/meetings", COORDINATOR, **body)
            self._meetings[start] = made["meeting_id"]
            self._world.later(start + 2 * QUARTER, lambda: self._meet(made["meeting_id"]))
        return self._meetings[start]

    async def _meet(self, meeting: str) -> None:
        """Every case is decided; now and then one is left for the next time."""
        desk = self._world.desk
        await desk.offer("care_plan", f"/mdt/meetings/{meeting}/open", PHYSICIAN)
        for number, case in enumerate(self._world.chart.listed[meeting]):
            if number % 6 == 5:
                path = f"/mdt/cases/{case.subject}/defer"
                await desk.offer("care_plan", path, PHYSICIAN, reason="information_missing")
                self._world.did("cases deferred")
            else:
                await self._decide(meeting, case)
        await desk.offer("care_plan", f"/mdt/meetings/{meeting}/close", PHYSICIAN)
        self._world.did("team meetings")

    async def _decide(self, meeting: str, case: Told) -> None:
        local = self._world.now.astimezone(CLINIC).date()
        action = {
            "owner_queue": "medical",
            "due_on": (local + timedelta(days=4)).isoformat(),
            "kind": "activate_plan",
            "priority": "routine",
            "text": "Activate the plan",
        }
        decided = await self._world.desk.offer(
            "care_plan",
            f"/mdt/cases/{case.subject}/decide",
            PHYSICIAN,
            meeting_id=meeting,
            decision="programme",
            attendees=[staff for staff, login in self._world.logins.items() if login in PRESENT],
            summary="A programme of several disciplines.",
            actions=[action],
        )
        self._world.desk.done["cases decided"] += decided is not None

    async def _carry_out(self, item: Json, who: str) -> bool:
        """A plan that is not drafted yet comes first."""
        plan = self._world.chart.plans.get(item["referral_id"])
        if plan is None:
            return False
        await self._world.desk.act(item, "claim", who)
        if await self._activate(plan, who):
            return True
        done = await self._world.desk.offer("care_plan", f"/mdt/actions/{item['subject_id']}/complete", who)
        return done is not None

    async def _accept(self, item: Json, who: str) -> bool:
        story = self._world.story(item)
        await self._world.desk.act(item, "claim", who)
        path = f"/activities/{item['subject_id']}"
        if story and "declined_by_discipline" in story.habits and item["queue"] == "occupational_therapy":
            await self._world.desk.offer("care_plan", f"{path}/decline", who, reason="no_capacity")
            self._world.did("activities declined")
            return True
        accepted = await self._world.desk.offer("care_plan", f"{path}/accept", who)
        self._world.desk.done["activities accepted"] += accepted is not None
        return accepted is not None

    async def _do_without(self, item: Json, who: str) -> bool:
        """The plan goes on with what is left."""
        await self._world.desk.act(item, "claim", who)
        plan = self._world.chart.plans[item["referral_id"]]
        note = {"reason": "No capacity for this part.", "note": "We go on with the rest."}
        await self._world.desk.revise(plan, who, **note)
        self._world.did("plans updated")
        return True

    async def _finish(self, item: Json, who: str) -> bool:
        return await self._look(item, who, "complete")

    async def _go_on(self, item: Json, who: str) -> bool:
        """The coordinator asks whoever performs it."""
        performer = self._world.chart.orders[item["subject_id"]].fact["discipline"]
        return await self._look(item, who, "continue", AT_WORK[performer])

    async def _look(self, item: Json, who: str, decision: str, by: str | None = None) -> bool:
        await self._world.desk.act(item, "claim", who)
        path = f"/activities/{item['subject_id']}/review"
        looked = await self._world.desk.offer("care_plan", path, by or who, decision=decision)
        self._world.desk.done["activities looked at"] += looked is not None
        return looked is not None

    async def _discharge(self, item: Json, who: str) -> bool:
        await self._world.desk.act(item, "claim", who)
        asked = self._asked.get(item["item_id"])
        if asked and self._world.now < asked + ANSWERS_WITHIN and not self._answered(item, asked):
            return False
        plan = f"/plans/{item['subject_id']}/discharge"
        if asked is None and item["referral_id"] not in self._world.chart.final:
            return await self._ask_first(item, plan, who)
        letter = {"audience": ["referrer", "pcp", "patient"], "text": "Dear colleague"}
        await self._world.desk.offer("care_plan", f"{plan}/letter/sign", who, **letter)
        body = {"reason": "COMPLETED_GOALS", "checklist": [], "handover_prescriber": True}
        done = await self._world.desk.offer("care_plan", plan, who, **body)
        self._world.desk.done["discharged"] += done is not None
        return done is not None or await self._ask_first(item, plan, who)

    def _answered(self, item: Json, asked: datetime) -> bool:
        """Since they were asked for."""
        answered = self._world.chart.answered.get(item["referral_id"])
        return answered is not None and answered >= asked

    async def _ask_first(self, item: Json, plan: str, who: str) -> bool:
        """Final measures are missing: asked for once; whoever never answers goes on with the plan."""
        if item["item_id"] in self._asked:
            if self._asked[item["item_id"]] + ANSWERS_WITHIN < self._world.now:
                path = f"/plans/{item['subject_id']}/review"
                following = (self._world.now + timedelta(days=42)).date().isoformat()
                await self._world.desk.offer("care_plan", path, who, result="continue", next_review=following)
                self._world.did("discharge put off")
            return False
        self._asked[item["item_id"]] = self._world.now
        due_on = (self._world.now + timedelta(days=10)).date().isoformat()
        about = {"patient_id": item["patient_id"], "referral_id": item["referral_id"]}
        asked = {"occasion": "end", "instruments": FINAL, "due_on": due_on}
        await self._world.desk.post("care_plan", "/measure-requests", who, **about, **asked)
        self._world.did("final measures asked for")
        return False


def goals(today: date) -> list[Json]:
    target = (today + timedelta(days=84)).isoformat()
    return [
        {
            "text": text,
            "weight": weight,
            "baseline_level": -1,
            "domain": domain,
            "target_on": target,
        }
        for text, weight, domain in (
            ("Walk the dog for half an hour", 2, "mobility"),
            ("Sleep through four nights a week", 1, "sleep"),
        )
    ]
