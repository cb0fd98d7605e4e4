"""Visits: the desk when patients arrive or don't, clinicians when they begin and end."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from simulator.behaviour import Plan
from simulator.chart import Visit
from simulator.desk import Json
from simulator.roles.people import COORDINATOR, PHYSICIAN, RECEPTIONIST, Handler
from simulator.roles.preparation import Preparation
from simulator.roles.procedures import Procedures
from simulator.world import QUARTER, World

CHECKLIST = (
    *("history", "examination", "earlier_results", "effect_on_life", "person_centred_assessment"),
    *("baseline_measures", "medication_reconciliation", "antithrombotic_status"),
    *("substance_use_sleep_mood_social", "goals_and_consent", "validated_tool_and_plan"),
)
THERAPIES = ("physiotherapy", "occupational_therapy")
BETWEEN_REVIEWS = timedelta(days=42)


class Visits:
    """`expect` each date as soon as it is known; what was moved or cancelled since is left alone in its time."""

    def __init__(self, world: World, procedures: Procedures, preparation: Preparation) -> None:
        self._world = world
        self._procedures, self._preparation = procedures, preparation
        self._expected: set[tuple[str, int]] = set()
        self._called: set[str] = set()
        self._opened: set[str] = set()
        self.handlers: Mapping[str, Handler] = {
            "DNA_FOLLOWUP": self._call_patient,
            "ATT_REVIEW": self._offer_again,
        }

    def expect(self, visit: Visit) -> None:
        """Once for each version: a date that was held is booked with the version that it was held with."""
        if (visit.id, visit.version) in self._expected:
            return
        self._expected.add((visit.id, visit.version))
        early = timedelta(0) if visit.remote else QUARTER
        self._world.later(visit.start - early, partial(self._arrive, visit))

    def _still(self, visit: Visit) -> Visit | None:
        now = self._world.chart.visits[visit.id]
        return now if now.version == visit.version and now.status in ("booked", "arrived") else None

    async def _arrive(self, visit: Visit) -> None:
        """Or nobody comes: recorded when the grace is over."""
        if self._still(visit) is None or not await self._preparation.can_come(visit):
            return
        story = self._world.of_patient.get(visit.patient)
        if story and not visit.remote and story.misses(visit.id, visit.purpose):
            self._world.later(visit.start + 2 * QUARTER, partial(self._miss, visit))
            return
        if not visit.remote:
            path = f"/appointments/{visit.id}/arrive"
            await self._world.desk.offer("scheduling", path, RECEPTIONIST)
            self._world.did("arrived")
            await self._preparation.received(visit)
        self._world.later(visit.start, partial(self._begin, visit))

    async def _miss(self, visit: Visit) -> None:
        if self._still(visit):
            path = f"/appointments/{visit.id}/did-not-attend"
            await self._world.desk.offer("scheduling", path, RECEPTIONIST, reason="UNKNOWN")
            self._world.did("did not come")

    async def _begin(self, visit: Visit) -> None:
        if self._still(visit) is None:
            return
        who = self._world.logins[visit.clinician]
        if row := self._world.chart.item(visit.discipline, "VISIT_READY", visit.id):
            await self._world.desk.act(row, "claim", who)
        if visit.purpose == "initial_consultation":
            body = {"appointment_id": visit.id, "kind": "initial"}
            await self._world.desk.offer("care_plan", "/consultations", who, **body)
        elif visit.purpose == "assessment" and visit.activity:
            await self._world.desk.offer("care_plan", f"/activities/{visit.activity}/start", who)
        elif visit.discipline in THERAPIES and "breaks_glass" in self._story(visit).habits:
            await self._break_glass(visit, who)
        self._world.later(visit.end, partial(self._end, visit))

    def _story(self, visit: Visit) -> Plan:
        return self._world.stories.get(visit.referral) or self._world.of_patient[visit.patient]

    async def _break_glass(self, visit: Visit, who: str) -> None:
        """Once: the therapist opens answers that are not theirs, because the patient is in distress."""
        if visit.patient in self._opened:
            return
        self._opened.add(visit.patient)
        path, reason = f"/patients/{visit.patient}/break-glass", "In distress; the psychologist is away."
        await self._world.desk.post("care_plan", path, who, reason=reason)
        self._world.did("glass broken")

    async def _end(self, visit: Visit) -> None:
        who = self._world.logins[visit.clinician]
        match visit.purpose:
            case "initial_consultation":
                await self._complete(visit, who)
            case "procedure":
                await self._procedures.perform(visit, who)
            case "session" | "group_session" if visit.activity:
                await self._session(visit, who)
            case "review":
                await self._review(visit, who)
                await self._world.desk.offer("scheduling", f"/appointments/{visit.id}/attend", who)
            case _:
                await self._world.desk.offer("scheduling", f"/appointments/{visit.id}/attend", who)
                self._world.did("assessments")

    async def _complete(self, visit: Visit, who: str) -> None:
        consultation = self._world.chart.consultations[visit.referral]
        story = self._story(visit)
        outcome = story.outcome
        detail = {"outcome_detail": story.disciplines[0]} if outcome == "SINGLE_DISCIPLINE" else {}
        await self._world.desk.post(
            "care_plan",
            f"/consultations/{consultation}/complete",
            who,
            outcome=outcome,
            **detail,
            diagnoses=[{"system": "ICD-11", "code": "MG30.02"}],
            checklist={each: {"answer": "looked at"} for each in CHECKLIST},
        )
        self._world.did(f"consultations: {outcome}")

    async def _session(self, visit: Visit, who: str) -> None:
        assert visit.activity
        order = self._world.chart.orders[visit.activity].fact
        last = self._world.chart.sessions[visit.activity] + 1 >= (order.get("sessions") or 1)
        closes = last and "leaves_open" not in self._story(visit).habits
        path = f"/activities/{visit.activity}/sessions"
        body = {"appointment_id": visit.id, "complete": closes}
        if await self._world.desk.offer("care_plan", path, who, **body) is not None:
            self._world.did("sessions")
        else:
            await self._world.desk.offer("scheduling", f"/appointments/{visit.id}/attend", who)

    async def _review(self, visit: Visit, who: str) -> None:
        """The second look ends the plan; before it, another date is set."""
        plan = self._world.chart.plans.get(visit.referral)
        row = next(
            (
                each
                for each in self._world.chart.queues["medical"].values()
                if each["item_type"] == "PLAN_REVIEW" and each["referral_id"] == visit.referral
            ),
            None,
        )
        if plan is None or row is None:
            return
        await self._world.desk.act(row, "claim", who)
        improved = "improves" in self._story(visit).habits
        goals = [
            {"goal_id": goal, "level": 1 if improved else 0}
            for goal in self._world.chart.goals[visit.referral]
        ]
        said: Json = {"result": "discharge", "checklist": list(HANDOVER)}
        if not improved:
            following = (self._world.now + BETWEEN_REVIEWS).date().isoformat()
            said = {"result": "continue", "next_review": following}
        await self._world.desk.offer("care_plan", f"/plans/{plan}/review", who, goals=goals, **said)
        self._world.did(f"reviews: {said['result']}")

    async def _call_patient(self, item: Json, who: str) -> bool:
        """Somebody asks how they are, once; another date follows from the physician's look."""
        if item["item_id"] in self._called:
            return False
        self._called.add(item["item_id"])
        await self._world.desk.act(item, "claim", who)
        said = {"patient_id": item["patient_id"], "referral_id": item["referral_id"]}
        await self._world.desk.post(
            "care_plan", "/contacts", COORDINATOR, **said, kind="welfare", result="reached"
        )
        self._world.did("called after a missed visit")
        return False

    async def _offer_again(self, item: Json, who: str) -> bool:
        await self._world.desk.act(item, "claim", who)
        path = f"/attendance-cases/{item['subject_id']}/review"
        await self._world.desk.offer("scheduling", path, PHYSICIAN, decision="reoffer")
        self._world.did("missed visits reviewed")
        return True


HANDOVER = ("medication_handover", "flare_up_plan", "rereferral_route")
