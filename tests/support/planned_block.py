"""A clinic in memory where a cervical block is ordered over HTTP for a patient on warfarin, and the plan is signed."""

from decimal import Decimal
from typing import Any

from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from schemas.scheduling.v1.gate import GateFailed
from services.care_plan.service import SERVICE as CARE_PLAN
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.scheduling.gate.states import gate_id
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.support.feed import PATIENT, REFERRAL
from tests.support.procedure_dates import NURSE, PROCEDURALIST, ProcedureClinic
from tests.support.ward import EXERCISE, GOAL, HERS, PHYSICIAN, RECEIVED

SERVICES = (CARE_PLAN, SCHEDULING, WORKLIST, NOTIFICATIONS)
WARFARIN = MedicationItem(
    code="11289", code_system="http://www.nlm.nih.gov/research/umls/rxnorm", as_needed=False
)
TEXT = "Take the last one on Saturday at half past ten."
BLOCK = {
    "family": "mbb_ct",
    "region": "cervical",
    "side": "right",
    "levels": ["C4-C5"],
    "circumstances": [],
}


class Clinic(ProcedureClinic):
    """The block is ordered over HTTP, of a plan."""

    procedure = ""

    async def decide(self, what: str, who: str = PROCEDURALIST, **body: object) -> None:
        path = f"/procedures/{self.procedure}/antithrombotic-plan/{what}"
        await self.ask("POST", "care_plan", path, who, json=body)

    async def sign_plan(self, version: int = 1) -> None:
        await self.decide("draft")
        await self.decide("agree", NURSE, drug="warfarin", prescriber="Dr. Amari, Harbor Cardiology")
        await self.decide("sign", appointment_id=self.visit, appointment_version=version, text=TEXT)

    async def measured(self, value: str) -> None:
        """Too high, as scheduling judges it."""
        gate = gate_id(self.procedure, "inr")
        failed = GateFailed(
            gate_id=gate,
            procedure_id=self.procedure,
            kind="inr",
            check_class="day_of",
            value=Decimal(value),
        )
        await self.feed.tell(failed, aggregate=gate)

    def named(self, name: str) -> list[Any]:
        return [each.fact for each in self.facts() if each.name == name]

    def last(self, name: str) -> Any:
        return [each for each in self.facts() if each.name == name][-1]


async def ordered() -> Clinic:
    clinic = Clinic(SERVICES)
    await clinic.feed.tell(RECEIVED, patient=PATIENT, referral=REFERRAL)
    await clinic.feed.tell(MedicationsListed(items=(WARFARIN,), complete=True))
    plan = {**HERS, "goals": [GOAL], "activities": [EXERCISE]}
    ids = await clinic.ask("POST", "care_plan", "/plans", PHYSICIAN, json=plan)
    path = f"/plans/{ids['plan_id']}"
    await clinic.ask("POST", "care_plan", f"{path}/activate", PHYSICIAN, json={"patient_agreement": True})
    made = await clinic.ask("POST", "care_plan", f"{path}/procedures", PHYSICIAN, json=BLOCK)
    clinic.procedure = made["procedure_id"]
    return clinic


async def held() -> Clinic:
    clinic = await ordered()
    await clinic.at("2027-04-05 11:00")
    await clinic.authorise(procedure=clinic.procedure)
    await clinic.show("procedure_consent", procedure=clinic.procedure)
    [request] = [
        each for each in clinic.named("booking_requested") if each.get("procedure_id") == clinic.procedure
    ]
    made = await clinic.post(
        f"/booking-requests/{request['booking_request_id']}/appointments",
        slots=[clinic.slot("2027-04-22 10:30")],
        short_notice_accepted=True,
    )
    [clinic.visit] = made["appointment_ids"]
    return clinic


async def signed() -> Clinic:
    clinic = await held()
    await clinic.sign_plan()
    return clinic
