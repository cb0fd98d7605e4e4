"""Journey 2 as to antithrombotics: a plan is asked for, signed over HTTP for one date, and invalid when that moves."""

from decimal import Decimal
from typing import Any

from schemas.referral.v1.medication import MedicationItem, MedicationsListed
from tests.support.feed import PATIENT
from tests.support.planned_block import TEXT, WARFARIN, Clinic, held, ordered, signed
from tests.support.procedure_dates import NURSE
from tests.support.told import at_clinic


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


async def test_a_text_that_was_wrong_is_signed_anew_and_the_patient_is_told_called_and_reads_no_other() -> (
    None
):
    clinic = await signed()
    on: dict[str, Any] = {"appointment_id": clinic.visit, "appointment_version": 1}
    await clinic.decide("sign", **on, text=TEXT)
    assert len(clinic.named("antithrombotic_plan_signed")) == 1, "the same again is nothing"
    better = "Take the last one on Friday at half past ten."
    await clinic.decide("sign", **on, text=better)
    texts = await clinic.ask("GET", "care_plan", f"/patients/{PATIENT}/hold-texts", NURSE)
    assert [each["text"] for each in texts["plans"]] == [better]
    said = [each for each in clinic.facts() if each.fact.get("template") == "HOLD_PLAN_READY"]
    assert len({each.subject for each in said}) == 2, "each text has its message"
    assert opened(clinic, "HOLD_CALL") == ["nursing"]
    assert await clinic.status() == "booked"


ENOXAPARIN = MedicationItem(
    code="67108",
    code_system="http://www.nlm.nih.gov/research/umls/rxnorm",
    dose=Decimal(40),
    dose_unit="mg",
    per_day=Decimal(1),
    route="subcutaneous",
    as_needed=False,
)


async def listed(clinic: Clinic, *drugs: MedicationItem) -> None:
    await clinic.feed.tell(MedicationsListed(items=drugs, complete=True))


async def test_another_dose_of_the_same_drug_makes_the_plan_invalid_where_the_hold_depends_on_it() -> None:
    clinic = await held()
    await listed(clinic, ENOXAPARIN)
    await clinic.decide("draft", choices=[{"drug": "enoxaparin", "use": "prophylactic"}])
    await clinic.decide("agree", NURSE, drug="enoxaparin", prescriber="Dr. Amari, Harbor Cardiology")
    await clinic.decide("sign", appointment_id=clinic.visit, appointment_version=1, text=TEXT)
    await listed(clinic, ENOXAPARIN.model_copy(update={"dose": Decimal("40.0")}))
    assert not clinic.named("antithrombotic_plan_invalidated"), "the same again"
    twice = {"dose": Decimal(80), "per_day": Decimal(2)}
    await listed(clinic, ENOXAPARIN.model_copy(update=twice))
    [gone] = clinic.named("antithrombotic_plan_invalidated")
    assert (gone["cause"], gone["was_signed"]) == ("drugs_changed", True)
    assert await clinic.status() != "booked"


async def test_another_dose_of_warfarin_leaves_the_plan_since_no_dose_changes_its_hold() -> None:
    clinic = await signed()
    for dose in ("5", "6"):
        await listed(clinic, WARFARIN.model_copy(update={"dose": Decimal(dose), "dose_unit": "mg"}))
    assert not clinic.named("antithrombotic_plan_invalidated")
    assert await clinic.status() == "booked"
