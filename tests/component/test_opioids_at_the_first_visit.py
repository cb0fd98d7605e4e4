"""When opioids are looked at: begun at the first consultation, methadone in its first week, and with mental health."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.referral.v1.referral import ReferralAccepted
from tests.component.test_every_warning_is_heard import listed
from tests.support.configuring import change, copied
from tests.support.feed import PATIENT, REFERRAL
from tests.support.submissions import PRACTICE
from tests.support.ward import HERS, PHYSICIAN, VISIT, Ward

METHADONE = "6813"
EXPOSURE = f"/patients/{PATIENT}/opioid-exposure"
ACCEPTED = ReferralAccepted(category="cat_2", target_date=date(2027, 4, 1), decided_by=PRACTICE)


@pytest.fixture
async def ward() -> Ward:
    """A referral that was accepted, of somebody who takes no opioids."""
    ward = await Ward().open()
    await listed(ward, None)
    await ward.feed.tell(ACCEPTED, patient=PATIENT, referral=REFERRAL)
    return ward


async def begins(ward: Ward) -> str:
    held = await ward.asks("/consultations", appointment_id=VISIT, kind="initial")
    return str(held["consultation_id"])


async def completes(ward: Ward, consultation: str) -> None:
    checklist = ward.clinic.system.workers["care_plan"].runtime.rules.care_plan.checklist.values.items
    await ward.asks(
        f"/consultations/{consultation}/complete",
        outcome="MDT_PROGRAMME",
        diagnoses=[{"system": "ICD-11", "code": "MG30.02"}],
        checklist={item: {"answer": "asked"} for item in checklist},
    )


def due(ward: Ward, check: str) -> list[tuple[str, str]]:
    """By rule and day, as often as it fell due."""
    told = [fact.fact for fact in ward.clinic.facts() if fact.name == "opioid_check_fell_due"]
    return [(each["rule"], each["due_on"]) for each in told if each["check"] == check]


async def test_what_is_begun_in_the_first_consultation_is_a_start_and_is_asked_once(ward: Ward) -> None:
    consultation = await begins(ward)
    await ward.asks(EXPOSURE, mme_per_day="60", has_buprenorphine=False)
    await completes(ward, consultation)
    assert due(ward, "dose_change_review") == [("OPI-06", "2027-03-04")]
    assert due(ward, "mme_reassessment") == [("OPI-01", "2027-03-04")]


async def test_what_somebody_else_prescribed_before_the_first_consultation_is_no_start_here(
    ward: Ward,
) -> None:
    await listed(ward, "5")
    await completes(ward, await begins(ward))
    assert not due(ward, "dose_change_review")


async def test_methadone_is_looked_at_again_and_again_in_its_first_week(ward: Ward) -> None:
    await completes(ward, await begins(ward))
    await listed(ward, "5", code=METHADONE)
    for day in ("2027-02-28", "2027-03-03"):
        assert due(ward, "dose_change_review")[-1] == ("OPI-06", day)
        await ward.clinic.at(f"{day} 10:00")
        await looked_at(ward)
    assert [day for _, day in due(ward, "dose_change_review")] == ["2027-02-28", "2027-03-03"]


async def test_methadone_in_place_of_a_higher_dose_of_another_opioid_is_looked_at_in_its_first_week(
    ward: Ward,
) -> None:
    """90 of oxycodone, then 42.3 of methadone: less by the figure, and more dangerous."""
    await listed(ward, "20")
    await completes(ward, await begins(ward))
    assert not due(ward, "dose_change_review")
    await listed(ward, "3", code=METHADONE)
    assert due(ward, "dose_change_review") == [("OPI-06", "2027-02-28")]
    await ward.clinic.at("2027-02-28 10:00")
    await looked_at(ward)
    assert due(ward, "dose_change_review")[-1] == ("OPI-06", "2027-03-03")


async def looked_at(ward: Ward) -> None:
    [check] = [
        fact.fact["check_id"]
        for fact in ward.clinic.facts()
        if fact.name == "opioid_check_fell_due" and fact.fact["check"] == "dose_change_review"
    ][-1:]
    path = f"/referrals/{REFERRAL}/opioid-checks/{check}/record"
    await ward.asks(path, PHYSICIAN, result="continued")


async def test_low_mood_by_a_questionnaire_makes_the_review_sooner(ward: Ward) -> None:
    await listed(ward, "5")
    await completes(ward, await begins(ward))
    assert due(ward, "opioid_review") == [("OPI-07", "2027-05-25")]
    asked: dict[str, Any] = {"occasion": "baseline", "instruments": ["phq9"], "due_on": "2027-03-20"}
    request = (await ward.asks("/measure-requests", **asked, **HERS))["request_id"]
    await ward.asks(f"/measure-requests/{request}/answers", answers={"phq9": [2] * 5 + [0] * 4})
    assert due(ward, "opioid_review")[-1] == ("OPI-07", "2027-03-27")
    assert not due(ward, "naloxone_offer")


@pytest.mark.parametrize(("stage", "owed"), [("accepted", True), ("begun", False)])
async def test_the_clinic_says_whether_naloxone_is_owed_before_the_first_consultation(
    tmp_path: Path, stage: str, owed: bool
) -> None:
    folder = copied(tmp_path)
    change(folder / "opioid.toml", 'stage = "accepted"', f'stage = "{stage}"')
    ward = await Ward(folder=folder).open()
    await listed(ward, "40")
    await ward.feed.tell(ACCEPTED, patient=PATIENT, referral=REFERRAL)
    assert bool(due(ward, "naloxone_offer")) == owed
    await begins(ward)
    assert len(due(ward, "naloxone_offer")) == 1
