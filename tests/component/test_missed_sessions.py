"""Who does not come to sessions: the digest of the week told them of every one of its dates (SCH-06, NOT-16)."""

from typing import Any

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.activity import ActivityAccepted
from services.notifications.service import SERVICE as NOTIFICATIONS
from services.scheduling.service import SERVICE as SCHEDULING
from tests.support.feed import PATIENT, Feed
from tests.support.memory_clinic import MemoryClinic
from tests.support.told import at_clinic

ACTIVITY = derive(ROOT, "an exercise")
DAYS = ("2027-01-19", "2027-01-20", "2027-01-26", "2027-01-27")


async def test_of_a_series_every_missed_session_counts_once_its_digest_has_arrived() -> None:
    clinic = MemoryClinic("2027-01-04 09:00", (SCHEDULING, NOTIFICATIONS), {})
    feed = Feed(clinic.system)
    contact = b'{"phone": "+1 212 555-0142", "time_zone": "America/New_York"}'
    clinic.system.produce("referral.contacts", PATIENT, contact)
    said: dict[str, Any] = {"channel": "sms", "purpose": "care", "given": True}
    await clinic.ask("POST", "notifications", f"/patients/{PATIENT}/consents", "cora.lind", json=said)
    taken = ActivityAccepted(
        activity_id=ACTIVITY,
        discipline="physiotherapy",
        owner_id=clinic.staff("fay.dunn"),
        assessment=False,
        remote=False,
        sessions=len(DAYS),
    )
    await feed.tell(taken, aggregate=ACTIVITY)
    [asked] = [fact for fact in clinic.facts("scheduling") if fact.name == "booking_requested"]
    slots = [
        {"clinician_id": clinic.staff("fay.dunn"), "start": at_clinic(f"{day} 09:00").isoformat()}
        for day in DAYS
    ]
    path = f"/booking-requests/{asked.subject}/appointments"
    made = await clinic.ask("POST", "scheduling", path, "cora.lind", json={"slots": slots})
    for day, visit in zip(DAYS, made["appointment_ids"], strict=True):
        await clinic.at(f"{day} 10:30")
        await clinic.ask("POST", "scheduling", f"/appointments/{visit}/did-not-attend", "cora.lind", json={})
    missed = [fact.fact for fact in clinic.facts("scheduling") if fact.name == "patient_did_not_attend"]
    assert [(each["counts"], each["dna_count"]) for each in missed] == [
        (True, number) for number in range(1, len(DAYS) + 1)
    ]
