"""Scores, findings and alerts: who looks, and what about answers that did not come."""

from collections.abc import Mapping

from simulator.desk import Json
from simulator.roles.patients import answers
from simulator.roles.people import COORDINATOR, Handler
from simulator.world import World

SUGGESTS = ("pcs_high", "pseq_low", "phq2_positive", "start_back_high")


class Safety:
    """Handlers by type of item."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.handlers: Mapping[str, Handler] = {
            "SAFETY_ALERT": self._assess,
            "PSY_SUGGEST": self._consider,
            "SCORE_REVIEW": self._look,
            "SCORE_WORSE": self._look,
            "SCORE_ERROR": self._look,
            "SUBSTANCE_CHECK": self._look,
            "MEASURE_CALL": self._call,
        }

    async def _assess(self, item: Json, who: str) -> bool:
        """Acknowledged, assessed with a tool, closed: by a named clinician."""
        await self._world.desk.act(item, "claim", who)
        path, desk = f"/safety-alerts/{item['subject_id']}", self._world.desk
        await desk.offer("care_plan", f"{path}/acknowledge", who)
        said = {"result": "no_imminent_risk", "tool": "C-SSRS", "note": "Spoke with the patient."}
        await desk.offer("care_plan", f"{path}/assess", who, **said)
        await desk.offer("care_plan", f"{path}/close", who)
        self._world.did("safety alerts assessed")
        return True

    async def _consider(self, item: Json, who: str) -> bool:
        await self._world.desk.act(item, "claim", who)
        found = [pair for pair in self._world.chart.findings[item["subject_id"]] if pair[1] in SUGGESTS]
        return await self._review(found, who, "psychology_considered")

    async def _look(self, item: Json, who: str) -> bool:
        await self._world.desk.act(item, "claim", who)
        return await self._review(self._world.chart.findings[item["subject_id"]], who, "looked_at")

    async def _review(self, found: list[tuple[str, str]], who: str, decision: str) -> bool:
        for submission, finding in found:
            path = f"/findings/{submission}/{finding}/review"
            await self._world.desk.offer("care_plan", path, who, decision=decision)
            self._world.did("findings looked at")
        return bool(found)

    async def _call(self, item: Json, who: str) -> bool:
        """By telephone who never answers does it after all, or says no; who answers late will do it themselves."""
        story = self._world.of_patient.get(item["patient_id"])
        if story and "answers_late" in story.habits:
            return False
        await self._world.desk.act(item, "claim", who)
        path = f"/measure-requests/{item['subject_id']}"
        if story is None or "answers_when_called" not in story.habits:
            await self._world.desk.offer("care_plan", f"{path}/decline", COORDINATOR)
            self._world.did("declined to answer")
            return True
        request = self._world.chart.questions[item["subject_id"]].fact
        given = answers(story, request["instruments"], self._world.turn(story))
        await self._world.desk.offer("care_plan", f"{path}/answers", COORDINATOR, answers=given)
        self._world.did("answered by telephone")
        return True
