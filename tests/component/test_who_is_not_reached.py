"""Who could not be told of a visit in the next days is called first; what each discipline prepares stays with it."""

from typing import Any

from services.notifications.service import SERVICE as NOTIFICATIONS
from services.referral.service import SERVICE as REFERRALS
from services.scheduling.service import SERVICE as SCHEDULING
from services.worklist.service import SERVICE as WORKLIST
from tests.component.test_how_to_reach_somebody import AGREED, NUMBER
from tests.component.test_waits_and_dates import PRACTICE_TOKEN, Clinic
from tests.support.submissions import a_patient
from tests.support.ward import PHYSICIAN, Ward

SERVICES = (REFERRALS, SCHEDULING, NOTIFICATIONS, WORKLIST)


def a_clinic() -> Clinic:
    return Clinic("2027-01-04 09:00", SERVICES, PRACTICE_TOKEN)


async def refer(clinic: Clinic) -> None:
    await clinic.refer(patient=a_patient() | {"contact": {"phone": NUMBER, "consents": AGREED}})


def failed(clinic: Clinic) -> list[str]:
    rows = clinic.table("worklist.queue.coordination").values()
    return [row["priority"] for row in rows if row["item_type"] == "CONTACT_FAILED"]


async def test_who_is_not_reached_before_a_visit_in_the_next_three_days_is_called_first() -> None:
    clinic = a_clinic()
    await refer(clinic)
    clinic.outside.lost.add(NUMBER)
    await clinic.book("2027-01-06 09:00")
    await clinic.at("2027-01-05 12:00")
    assert failed(clinic) == ["urgent"]


async def test_who_is_not_reached_and_expects_no_visit_waits_for_a_call_like_others() -> None:
    clinic = a_clinic()
    clinic.outside.lost.add(NUMBER)
    await refer(clinic)
    await clinic.at("2027-01-05 12:00")
    assert failed(clinic) == ["routine"]


async def test_what_one_discipline_prepares_for_the_team_is_no_work_of_another() -> None:
    ward = await Ward(beside=(WORKLIST,)).open()
    await ward.in_session()
    rows = ward.clinic.table("worklist.queue.medical").values()
    [item] = [row for row in rows if row["item_type"] == "MDT_PREP"]
    path, seen = f"/items/{item['item_id']}", {"if-match": f'"{item["version"]}"'}
    taken = await ward.clinic.ask("POST", "worklist", f"{path}/claim", PHYSICIAN, headers=seen)
    body: dict[str, Any] = {"queue": "nursing", "reason": "other_expertise"}
    seen = {"if-match": f'"{taken["version"]}"'}
    answer = await ward.clinic.request(
        "POST", "worklist", f"{path}/transfer", PHYSICIAN, json=body, headers=seen
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:huddle:problem:queue-does-not-take-it")
    [same] = [
        row for row in ward.clinic.table("worklist.queue.medical").values() if row["item_type"] == "MDT_PREP"
    ]
    assert same["version"] == taken["version"]
