"""A patient in the middle of everything: a hold for a block, a taper, an alert that somebody took up, a case before the
team, an investigation that was asked for."""

from typing import Any

from services.scheduling.gate.states import gate_id
from tests.support.hard_days import CORA, MAYA, NURSE, PAUL, PRIYA, HardDay
from tests.support.planned_block import BLOCK
from tests.support.submissions import OXYCODONE, WARFARIN

STEPS = [{"on": "2027-02-24", "mme": "108"}, {"on": "2027-06-24", "mme": "60"}]
DATE = "2027-02-25 10:30"


class MidCourse(HardDay):
    """Of Ana. On 2027-02-22 she takes no warfarin any more."""

    plan, block, date, alert, investigation, case = "", "", "", "", "", ""

    async def begin(self) -> "MidCourse":
        await self.is_seen()
        await self.holds_block()
        await self.is_followed()
        await self.at("2027-02-22 09:00")
        await self.answers("Ana", phq9=[1] * 9)
        self.alert = self.last("safety_alert_raised").subject
        await self.does("care_plan", f"/safety-alerts/{self.alert}/acknowledge", PRIYA)
        await self.called()
        return self

    async def is_seen(self) -> None:
        await self.refers("Ana", medications=[WARFARIN, OXYCODONE])
        await self.triages("Ana")
        visit = await self.books("Ana", "2027-02-09 09:00")
        await self.at("2027-02-09 08:50")
        await self.sees(visit)
        self.plan = (await self.plans("Ana"))["plan_id"]

    async def holds_block(self) -> None:
        """Everything that must be true before it is, and the plan is signed."""
        made = await self.does("care_plan", f"/plans/{self.plan}/procedures", PAUL, **BLOCK)
        self.block = made["procedure_id"]
        paid = {"status": "approved", "valid_from": "2027-02-09", "valid_to": "2027-12-31"}
        await self.does("scheduling", f"/procedures/{self.block}/authorisation", CORA, **paid)
        consent = f"/gates/{gate_id(self.block, 'procedure_consent')}/evidence"
        await self.does("scheduling", consent, NURSE, met=True)
        self.date = await self.books("Ana", DATE, login=MAYA, purpose="procedure")
        path, signing = f"/procedures/{self.block}/antithrombotic-plan", {"appointment_version": 1}
        await self.does("care_plan", f"{path}/draft", MAYA)
        await self.does("care_plan", f"{path}/agree", NURSE, drug="warfarin", prescriber="Dr Heart")
        said: dict[str, Any] = {"appointment_id": self.date, "text": "The last one on Saturday.", **signing}
        await self.does("care_plan", f"{path}/sign", MAYA, **said)

    async def is_followed(self) -> None:
        taper = f"/patients/{self.patient['Ana']}/taper/start"
        await self.does("care_plan", taper, PAUL, agreed=True, steps=STEPS)
        asked = {**self.whose("Ana"), "kind": "mri", "due_on": "2027-02-26"}
        made = await self.does("care_plan", "/investigations", PAUL, **asked)
        self.investigation = made["investigation_id"]
        self.case = self.last("mdt_case_requested").subject
        meeting = await self.does("care_plan", "/mdt/meetings", CORA, start="2027-02-26T18:00:00Z")
        listing = {"meeting_id": meeting["meeting_id"], "prep_queues": ["medical", "psychology"]}
        await self.does("care_plan", f"/mdt/cases/{self.case}/list", CORA, **listing)

    async def is_treated(self) -> None:
        """The block is done, an hour after its time. Nobody is paged meanwhile: somebody has spoken with her."""
        assess = f"/safety-alerts/{self.alert}/assess"
        await self.does("care_plan", assess, PRIYA, result="no_imminent_risk", note="Spoke with her.")
        await self.at(DATE)
        await self.does("scheduling", f"/appointments/{self.date}/arrive", "ines.park")
        await self.at("2027-02-25 11:30")
        body = {"appointment_id": self.date, "ended_at": "2027-02-25T16:00:00Z"}
        await self.does("care_plan", f"/procedures/{self.block}/performed", MAYA, **body)

    async def dies(self) -> None:
        said = {"source": "family", "died_on": self.today}
        await self.does("referral", f"/patients/{self.patient['Ana']}/death", CORA, **said)

    async def withdraws(self) -> None:
        path = f"/referrals/{self.referral['Ana']}"
        why = {"by": "patient", "reason": "wait_too_long"}
        await self.does("referral", f"{path}/cancellation-requests", CORA, **why)
        await self.does("referral", f"{path}/cancellation", CORA)

    def types(self) -> set[str]:
        """Of what is open."""
        return {row["item_type"] for row in self.rows()}
