"""Whose dates they are: what other patients and practices may not do over HTTP."""

from datetime import UTC, date

import pytest

from backbone.http.identity import Principal
from backbone.ids import ROOT, derive
from backbone.model import one, together
from schemas.care_plan.v1.safety import SafetyAlertClosed, SafetyAlertRaised
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import BookDate
from services.scheduling.booking_request.aggregate import BOOKING_REQUEST, RequestBooking
from services.scheduling.booking_request.states import Wish
from services.scheduling.referral_record.aggregate import RECORD, NoteUrgency
from services.scheduling.service import SERVICE
from tests.support.dates import COORDINATOR as CORA
from tests.support.dates import OF_PATIENT, OTHERS, OTHERS_REFERRAL, DatesClinic, everything
from tests.support.feed import PATIENT, REFERRAL, Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.submissions import PRACTICE
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import COORDINATOR, FIRST_VISIT

SOMEBODY = derive(ROOT, "somebody else")


@pytest.fixture
async def clinic() -> MemoryClinic:
    """One patient with one referral."""
    people = {
        "patient": Principal("patient", PATIENT),
        "somebody": Principal("patient", SOMEBODY),
        "practice": Principal("referrer", PRACTICE),
    }
    clinic = MemoryClinic("2027-01-04 09:00", (SERVICE,), people)
    urgency = NoteUrgency(category="cat_2", target_date=date(2027, 4, 4))
    send = RECORD.send(urgency, to=one(REFERRAL))
    await clinic.system.order("scheduling", together(send, about=one(PATIENT), pathway=one(REFERRAL)))
    return clinic


async def absent(clinic: MemoryClinic, who: str, patient: str) -> int:
    body = {"referral_id": REFERRAL, "kind": "patient_advised", "start": "2027-01-10"}
    answer = await clinic.request("POST", "scheduling", f"/patients/{patient}/unavailability", who, json=body)
    return answer.status_code


@pytest.mark.parametrize(
    ("who", "patient", "status"),
    [
        ("patient", PATIENT, 201),
        ("cora.lind", PATIENT, 201),
        ("somebody", PATIENT, 404),
        ("practice", PATIENT, 404),
        ("somebody", SOMEBODY, 409),
        ("cora.lind", SOMEBODY, 409),
    ],
)
async def test_nobody_is_made_absent_from_somebody_elses_referral(clinic, who, patient, status):
    assert await absent(clinic, who, patient) == status
    periods = "scheduling.unavailability_recorded.v1" in await clinic.system.facts("scheduling")
    assert periods == (status == 201)


async def test_nobody_is_made_absent_from_a_referral_that_nobody_knows(clinic):
    """Whose it is can't be said: it may be another patient's that is not triaged yet."""
    body = {"referral_id": derive(ROOT, "another referral"), "kind": "medical", "start": "2027-01-10"}
    for who in ("patient", "cora.lind"):
        path = f"/patients/{PATIENT}/unavailability"
        answer = await clinic.request("POST", "scheduling", path, who, json=body)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:huddle:problem:not-found")


@pytest.mark.parametrize("whose", [{"patient": OTHERS}, {"referral": OTHERS_REFERRAL}])
async def test_a_joint_day_has_dates_of_one_patient_and_one_referral(whose):
    clinic = DatesClinic()
    mine, theirs = await clinic.ask_for("physiotherapy"), await clinic.ask_for("psychology", **whose)
    legs = [
        clinic.leg(mine, "fay.dunn", "2027-01-21 09:00"),
        clinic.leg(theirs, "priya.nair", "2027-01-21 10:30"),
    ]
    answer = await clinic.request("POST", "scheduling", "/joint-days", CORA, json=OF_PATIENT | {"legs": legs})
    assert answer.status_code == 404
    assert "scheduling.joint_day_proposed.v1" not in await clinic.system.facts("scheduling")


async def test_a_joint_day_is_taken_once_and_taking_it_again_changes_nothing():
    clinic = DatesClinic()
    day = f"/joint-days/{(await everything(clinic))['day_id']}"
    taken = [await clinic.request("POST", "scheduling", f"{day}/accept", "patient") for _ in range(2)]
    assert [answer.status_code for answer in taken] == [200, 200]
    facts = await clinic.system.facts("scheduling")
    assert facts.count("scheduling.joint_day_booked.v1") == 1
    assert (await clinic.request("POST", "scheduling", f"{day}/decline", "patient")).status_code == 409


@pytest.mark.parametrize(("lost", "code"), [("a leg", "hold-over"), ("all", "refused")])
async def test_a_joint_day_whose_dates_are_no_longer_held_is_not_taken(lost, code):
    clinic = DatesClinic()
    path = f"/joint-days/{(await everything(clinic))['day_id']}"
    if lost == "all":
        await clinic.at("2027-01-06 09:00")
    else:
        [proposed] = [fact for fact in clinic.facts() if fact.name == "joint_day_proposed"]
        leg = proposed.fact["legs"][0]["appointment_id"]
        await clinic.post(f"/appointments/{leg}/cancel", by="patient", reason="ill")
    answer = await clinic.request("POST", "scheduling", f"{path}/accept", "patient")
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, code)
    assert "scheduling.joint_day_booked.v1" not in await clinic.system.facts("scheduling")


@pytest.mark.parametrize(
    ("who", "status"), [("somebody", 404), ("practice", 404), ("patient", 200), ("cora.lind", 200)]
)
async def test_a_date_is_cancelled_by_its_patient_or_the_clinic(clinic, who, status):
    visit = derive(ROOT, "appointment 1")
    book = BookDate(
        matter=FIRST_VISIT,
        clinician_id=clinic.staff("paul.okafor"),
        start=at_clinic("2027-01-20 09:00"),
        short_notice_accepted=True,
    )
    order = together(APPOINTMENT.send(book, to=one(visit)), about=one(PATIENT), pathway=one(REFERRAL))
    await clinic.system.order("scheduling", order, actor=COORDINATOR)
    said = {"by": "patient", "reason": "other_plans"}
    answer = await clinic.request("POST", "scheduling", f"/appointments/{visit}/cancel", who, json=said)
    assert answer.status_code == status


@pytest.mark.parametrize(("closed", "exempt"), [(False, True), (True, False)])
async def test_who_has_an_open_suicide_alert_in_another_referral_is_exempt(closed, exempt):
    """And who had one months ago, and it was closed, is not."""
    clinic = DatesClinic()
    await clinic.refer()
    visit = await clinic.book(await clinic.ask_for("physiotherapy"), "fay.dunn", "2027-03-25 09:00")
    alert, feed = derive(ROOT, "her alert"), Feed(clinic.system)
    raised = SafetyAlertRaised(
        alert_id=alert,
        code="suicide_risk",
        severity="same_day",
        rule="OUT-01",
        subject_id=derive(ROOT, "answers"),
        queue="psychology",
    )
    about = {"patient": PATIENT, "referral": derive(ROOT, "her other referral"), "aggregate": alert}
    await feed.tell(raised, **about)
    await clinic.at("2027-01-05 09:00")
    if closed:
        await feed.tell(SafetyAlertClosed(alert_id=alert, decided_by=clinic.staff("priya.nair")), **about)
    await clinic.at("2027-03-25 10:00")
    await clinic.post(f"/appointments/{visit}/did-not-attend", reason="UNKNOWN")
    [missed] = [fact for fact in clinic.facts() if fact.name == "patient_did_not_attend"]
    assert ("mental_health_crisis" in missed.fact["exemptions"]) == exempt


@pytest.mark.parametrize("path", ["appointments", "offers"])
async def test_a_time_is_named_once(path):
    clinic = DatesClinic()
    request, slot = await clinic.ask_for("nursing"), clinic.slot("nora.quinn", "2027-01-19 09:00")
    again = {**slot, "start": at_clinic("2027-01-19 09:00").astimezone(UTC).isoformat()}
    body = {"slots": [slot, again], **({"mode": "phone"} if path == "offers" else {})}
    answer = await clinic.request(
        "POST", "scheduling", f"/booking-requests/{request}/{path}", CORA, json=body
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/slots")


async def test_a_request_has_one_part_of_a_joint_day():
    clinic = DatesClinic()
    mine = await clinic.ask_for("nursing")
    legs = [clinic.leg(mine, "nora.quinn", f"2027-01-19 {hour}:00") for hour in ("09", "10")]
    answer = await clinic.request(
        "POST", "scheduling", "/joint-days", CORA, json={**OF_PATIENT, "legs": legs}
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/legs")


async def test_who_comes_second_is_shown_no_time_before_the_first_day_on_which_it_may_be():
    clinic = DatesClinic()
    request, first, fresh = derive(ROOT, "later"), "2027-01-25 09:00", clinic.ask_for("nursing")
    wish = Wish(purpose="assessment", discipline="nursing", priority="routine", not_before=date(2027, 1, 25))
    await clinic.tell(BOOKING_REQUEST.send(RequestBooking(wish=wish), to=one(request)))
    await clinic.book(await fresh, "nora.quinn", first)
    body = {"slots": [clinic.slot("nora.quinn", first)], "short_notice_accepted": True}
    answer = await clinic.request(
        "POST", "scheduling", f"/booking-requests/{request}/appointments", CORA, json=body
    )
    shown = [each["start"] for each in answer.json()["alternatives"]]
    assert answer.status_code == 409 and shown and min(shown) > "2027-01-25"
