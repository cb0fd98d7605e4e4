"""OPI-03: whatever ends a referral, a taper that is under way is somebody's until a clinician has seen to it."""

from typing import Any

import pytest

from schemas.fact import Fact
from schemas.referral.v1.ends import ENDS
from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.patient import PatientDeceased
from services.worklist.service import SERVICE as WORKLIST
from tests.support.examples import example_fact
from tests.support.feed import PATIENT
from tests.support.ward import VISIT, Ward, session_missed

TAPER = f"/patients/{PATIENT}/taper"
STEPS: dict[str, Any] = {"agreed": True, "steps": [{"on": "2027-06-01", "mme": "60"}]}
LEFT = "taper_left"


async def tapering() -> Ward:
    ward = await Ward(beside=(WORKLIST,)).open()
    await ward.feed.tell(MedicationsListed(items=(), complete=False))
    await ward.asks(f"/patients/{PATIENT}/opioid-exposure", mme_per_day="90", has_buprenorphine=False)
    await ward.asks("/consultations", appointment_id=VISIT, kind="initial")
    await ward.asks(f"{TAPER}/start", **STEPS)
    return ward


@pytest.mark.parametrize("under_way", [True, False])
async def test_whoever_lowers_a_dose_that_is_not_high_and_does_not_come_is_called_today(
    under_way: bool,
) -> None:
    """ATT-08: a taper is a risk by itself, until it ends."""
    ward = await Ward().open()
    await ward.feed.tell(MedicationsListed(items=(), complete=False))
    await ward.asks(f"/patients/{PATIENT}/opioid-exposure", mme_per_day="49", has_buprenorphine=False)
    await ward.asks(f"{TAPER}/start", agreed=True, steps=[{"on": "2027-06-01", "mme": "40"}])
    if not under_way:
        await ward.asks(f"{TAPER}/end", reason="paused")
    await ward.feed.tell(session_missed(VISIT), aggregate=VISIT)
    assert bool(ward.told("safety_alert_raised", code="dna_high_risk", severity="same_day")) == under_way


def alerts(ward: Ward) -> list[str]:
    return [each.subject for each in ward.told("safety_alert_raised", code=LEFT)]


def work(ward: Ward) -> list[Any]:
    rows = ward.clinic.table("worklist.queue.medical").values()
    return [row for row in rows if row["item_type"] == "SAFETY_ALERT" and row["detail"] == LEFT]


@pytest.mark.parametrize("end", ENDS, ids=lambda each: each.__name__)
async def test_whatever_ends_a_referral_somebody_sees_to_who_follows_its_taper(end: type[Fact]) -> None:
    ward = await tapering()
    await ward.feed.tell(example_fact(end))
    [alert] = alerts(ward)
    assert len(work(ward)) == 1, "it outlives the referral"
    await ward.asks(f"{TAPER}/end", reason="discharged")
    assert len(work(ward)) == 1, "a clinician closes it"
    found = {"result": "no_imminent_risk", "note": "Her own physician goes on with it."}
    await ward.asks(f"/safety-alerts/{alert}/assess", **found)
    await ward.asks(f"/safety-alerts/{alert}/close")
    assert not work(ward)


async def test_a_taper_that_a_clinician_ended_before_is_nobodys_work() -> None:
    ward = await tapering()
    await ward.asks(f"{TAPER}/end", reason="completed")
    await ward.feed.tell(example_fact(ENDS[0]))
    assert alerts(ward) == [] == work(ward)


async def test_a_death_ends_the_taper_and_nobody_is_called_about_it() -> None:
    ward = await tapering()
    await ward.feed.tell(PatientDeceased(source="family"), aggregate=PATIENT)
    assert [each.fact["reason"] for each in ward.told("taper_ended")] == ["died"]
    for end in ENDS:
        await ward.feed.tell(example_fact(end))
    assert alerts(ward) == [] == work(ward)
