"""Journey 2 as to antithrombotics: a plan is asked for, signed over HTTP for one date, and invalid when that moves."""

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
from tests.support.told import at_clinic
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


def opened(clinic: Clinic, item: str) -> list[str]:
    return [each["queue"] for each in clinic.named("item_opened") if each["item_type"] == item]


def messages(clinic: Clinic) -> set[str]:
    facts = (each.fact for each in clinic.facts())
    return {fact["template"] for fact in facts if str(fact.get("template")).startswith("HOLD_PLAN")}


async def test_a_signed_plan_lets_the_date_be_booked_and_tells_the_patient_that_there_is_something_to_read() -> (
    None
):
    clinic = await ordered()
    asked = clinic.last("antithrombotic_plan_requested").fact
    assert (asked["blocking"], asked["risk"], asked["drug_count"]) == (True, "intermediate", 1)
    assert opened(clinic, "ANT_PLAN") == ["medical"]
    clinic = await held()
    assert await clinic.status() == "pending"
    await clinic.sign_plan()
    fact = clinic.last("antithrombotic_plan_signed").fact
    assert fact["last_dose_at"] == at_clinic("2027-04-17 10:30").isoformat().replace("+00:00", "Z")
    assert await clinic.status() == "booked"
    assert messages(clinic) == {"HOLD_PLAN_READY"}
    texts = await clinic.ask("GET", "care_plan", f"/patients/{PATIENT}/hold-texts", NURSE)
    assert [each["text"] for each in texts["plans"]] == [TEXT]


async def test_a_moved_date_makes_it_invalid_and_somebody_calls_the_patient() -> None:
    clinic = await signed()
    await clinic.at("2027-04-16 09:30")
    await clinic.move("2027-05-18 10:30")
    [gone] = clinic.named("antithrombotic_plan_invalidated")
    assert (gone["cause"], gone["was_signed"], gone["hold_running"]) == ("appointment_moved", True, False)
    assert opened(clinic, "HOLD_CALL") == ["nursing"]
    assert "HOLD_PLAN_CANCELLED" in messages(clinic)
    texts = await clinic.ask("GET", "care_plan", f"/patients/{PATIENT}/hold-texts", NURSE)
    assert texts["plans"] == []
    assert not clinic.named("safety_alert_raised")
    await clinic.sign_plan(2)
    assert await clinic.status() == "booked"


async def test_a_move_after_the_last_dose_calls_a_physician_the_same_day() -> None:
    clinic = await signed()
    await clinic.at("2027-04-19 09:30")
    await clinic.move("2027-05-18 10:30")
    [alert] = clinic.named("safety_alert_raised")
    assert (alert["code"], alert["severity"], alert["queue"]) == (
        "hold_running_without_plan",
        "same_day",
        "medical",
    )


async def test_an_inr_that_is_too_high_on_the_day_calls_a_physician() -> None:
    clinic = await signed()
    await clinic.at("2027-04-21 15:00")
    await clinic.measured("1.3")
    assert not clinic.named("safety_alert_raised"), "there is a day left to measure again"
    await clinic.at("2027-04-22 08:00")
    await clinic.measured("1.3")
    [alert] = clinic.named("safety_alert_raised")
    assert (alert["code"], alert["severity"], alert["queue"]) == ("inr_blocked", "urgent", "medical")
