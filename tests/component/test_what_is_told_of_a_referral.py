"""What staff tell of a referral beside its visits, through the whole clinic: a note while care goes on, an outcome by
telephone, a missed visit that stands no longer."""

from typing import Any

import pytest

from services.care_plan.service import SERVICE as CARE_PLAN
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_waits_and_dates import CORA, DOCTOR, NURSE, PRACTICE_TOKEN, Clinic, missed


@pytest.fixture
def clinic() -> Clinic:
    return Clinic("2027-01-04 09:00", (REFERRALS, SCHEDULING, CARE_PLAN, WORKLIST), PRACTICE_TOKEN)


async def tells(clinic: Clinic, what: str, who: str, **body: Any) -> Any:
    path = f"/referrals/{clinic.referral}"
    seen = await clinic.ask("GET", "referral", path, who)
    headers = {"if-match": f'"{seen["version"]}"'}
    more: dict[str, Any] = {"json": body} if body else {}
    return await clinic.ask("POST", "referral", f"{path}/{what}", who, headers=headers, **more)


async def test_a_note_after_the_visit_goes_with_the_referral_and_its_care_goes_on(clinic: Clinic) -> None:
    await clinic.refer()
    visit = await clinic.book("2027-01-20 09:00")
    await clinic.at("2027-01-20 09:30")
    await clinic.post(f"/appointments/{visit}/arrive")
    await clinic.post(f"/appointments/{visit}/attend", DOCTOR)
    begun = {"appointment_id": visit, "kind": "initial"}
    held = await clinic.ask("POST", "care_plan", "/consultations", DOCTOR, json=begun)
    items = clinic.system.workers["care_plan"].runtime.rules.care_plan.checklist.values.items
    asked: dict[str, Any] = {
        "outcome": "MDT_PROGRAMME",
        "diagnoses": [{"system": "ICD-11", "code": "MG30.02"}],
        "checklist": {item: {"answer": "asked"} for item in items},
    }
    path = f"/consultations/{held['consultation_id']}/complete"
    await clinic.ask("POST", "care_plan", path, DOCTOR, json=asked)
    before = clinic.open()
    told = await tells(clinic, "interim-notes", NURSE, note="We go on by telephone.")
    assert told["status"] == "visit_completed"
    assert clinic.last("progressed").fact["tid"] == "29"
    assert clinic.open() == before


async def test_what_ends_by_telephone_waits_for_no_visit_any_more(clinic: Clinic) -> None:
    await clinic.refer()
    assert clinic.items("BOOK_VISIT")
    told = await tells(clinic, "outcome", NURSE, outcome="advice_given", note="By telephone.")
    assert (told["status"], told["decision"]["outcome"]) == ("completed", "advice_given")
    assert clinic.last("waitlist_left").fact["reason"] == "completed"
    assert clinic.open() == []


async def test_a_missed_visit_that_is_given_up_still_asks_what_becomes_of_the_patient(clinic: Clinic) -> None:
    await missed(clinic)
    before = clinic.open()
    told = await tells(clinic, "missed-visit/end", CORA)
    assert told["status"] == "appointment_cancelled"
    assert clinic.open() == before and clinic.items("ATT_REVIEW")
