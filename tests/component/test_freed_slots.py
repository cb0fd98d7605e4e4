"""Booked times that were given back are offered to who waits, one patient after another, by a person (ATT-09)."""

from pathlib import Path

import pytest

from services.referral.service import SERVICE as REFERRALS
from services.scheduling.appointment.aggregate import appointment_id
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_waits_and_dates import CORA, DOCTOR, PRACTICE_TOKEN, Clinic
from tests.support.configuring import change, copied
from tests.support.submissions import somebody
from tests.support.told import at_clinic

WHEN = "2027-01-20 09:00"


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    """Where the system asks nobody by itself."""
    change(copied(tmp_path) / "scheduling.toml", "on = true", "on = false")
    services = (REFERRALS, SCHEDULING, WORKLIST)
    return Clinic("2027-01-04 09:00", services, PRACTICE_TOKEN, config=tmp_path)


async def given_back(clinic: Clinic, *waiting: str, reason: str = "ill") -> None:
    """Somebody has a date and cancels it nine days before; patients of these categories wait, who take short notice."""
    await clinic.refer()
    visit = await clinic.book(WHEN)
    for number, category in enumerate(waiting, start=2):
        await clinic.refer(category, source_id=f"R-{number}", patient=somebody(number))
        await agrees(clinic, clinic.last("waitlist_joined").subject)
    await clinic.at("2027-01-11 09:00")
    by = "patient" if reason == "ill" else "clinic"
    await clinic.post(f"/appointments/{visit}/cancel", by=by, reason=reason)


async def agrees(clinic: Clinic, entry: str, agreed: bool = True) -> None:
    await clinic.post(f"/waiting-list/{entry}/short-notice", agreed=agreed)


async def offered(clinic: Clinic) -> str:
    """Asked by phone; the id of the offer."""
    slot = clinic.last("slot_freed").subject
    return str((await clinic.post(f"/slots/{slot}/offers", mode="phone"))["offer_id"])


async def refused(clinic: Clinic) -> str:
    path = f"/slots/{clinic.last('slot_freed').subject}/offers"
    answer = await clinic.request("POST", "scheduling", path, CORA, json={"mode": "phone"})
    assert answer.status_code == 409
    return str(answer.json()["type"].rpartition(":")[2])


def asked(clinic: Clinic) -> str:
    """For which appointment the last offer is."""
    return str(clinic.last("waitlist_offer_made").subject)


async def test_the_most_urgent_is_asked_first_and_who_declines_is_not_asked_again(clinic: Clinic) -> None:
    await given_back(clinic, "cat_3", "cat_1")
    joined = [fact.fact for fact in clinic.facts() if fact.name == "waitlist_joined"]
    third, first = (each["booking_request_id"] for each in joined[1:3])
    assert clinic.items("SLOT_FILL")
    for request in (first, third):
        offer = await offered(clinic)
        assert asked(clinic) == appointment_id(request, 1)
        assert await refused(clinic) == "not-to-fill"
        made = clinic.last("waitlist_offer_made")
        assert made.fact["hold_until"] == "2027-01-11T18:00:00Z"
        await clinic.post(f"/offers/{offer}/decline")
    declined = [fact.fact["counts"] for fact in clinic.facts() if fact.name == "offer_declined"]
    assert declined == [False, False]
    assert await refused(clinic) == "nobody-fits"
    assert clinic.items("SLOT_FILL")
    await clinic.at("2027-01-20 09:01")
    assert not clinic.items("SLOT_FILL")


async def test_who_takes_it_fills_it(clinic: Clinic) -> None:
    await given_back(clinic, "cat_2")
    offer = await offered(clinic)
    await clinic.post(f"/offers/{offer}/accept", start=at_clinic(WHEN).isoformat())
    assert clinic.last("freed_slot_closed").fact["outcome"] == "booked"
    assert not clinic.items("SLOT_FILL")
    await clinic.at("2027-01-20 09:01")
    assert clinic.count("freed_slot_closed") == 1


async def test_an_offer_that_nobody_answers_goes_on_to_the_next(clinic: Clinic) -> None:
    await given_back(clinic, "cat_1", "cat_2")
    await offered(clinic)
    first = asked(clinic)
    await clinic.at("2027-01-11 13:01")
    await offered(clinic)
    assert asked(clinic) != first


async def test_who_is_off_the_offer_is_not_asked_again(clinic: Clinic) -> None:
    """Whoever cancels the visit that is to be has not asked to be asked for the same time."""
    await given_back(clinic, "cat_1")
    await offered(clinic)
    await clinic.post(f"/appointments/{asked(clinic)}/cancel", by="clinic", reason="ill")
    assert await refused(clinic) == "nobody-fits"


async def test_who_takes_no_short_notice_is_away_or_gave_it_back_is_not_asked(clinic: Clinic) -> None:
    await given_back(clinic, "cat_1")
    own, entry = [fact.subject for fact in clinic.facts() if fact.name == "waitlist_joined"][1:][::-1]
    patient = [fact.subject for fact in clinic.facts() if fact.name == "patient_registered"][1]
    await agrees(clinic, entry, agreed=False)
    await agrees(clinic, own)
    assert await refused(clinic) == "nobody-fits"
    await agrees(clinic, entry)
    absence = {"referral_id": clinic.referral, "kind": "medical", "start": "2027-01-18", "end": "2027-01-21"}
    await clinic.post(f"/patients/{patient}/unavailability", **absence)
    assert await refused(clinic) == "nobody-fits"


@pytest.mark.parametrize("reason", ["staff_absent", "clinic_closed"])
async def test_where_nobody_is_there_to_see_anybody_nothing_is_to_be_filled(
    clinic: Clinic, reason: str
) -> None:
    await given_back(clinic, reason=reason)
    assert not clinic.count("slot_freed") and not clinic.items("SLOT_FILL")


async def test_a_time_far_ahead_is_nobodys_work_yet(clinic: Clinic) -> None:
    await clinic.refer()
    visit = await clinic.book("2027-02-10 09:00", DOCTOR)
    await clinic.post(f"/appointments/{visit}/cancel", by="patient", reason="ill")
    assert clinic.last("slot_freed").fact["soon"] is False and not clinic.items("SLOT_FILL")
