"""A procedure and an exercise visit in the days of rest after it (MDT-03), as scheduling tells of them."""

from datetime import timedelta
from typing import Any

from backbone.ids import ROOT, derive
from schemas.referral.v1.patient import PatientsMerged
from schemas.scheduling.v1.appointment import AppointmentBooked, AppointmentCancelled, AppointmentMoved
from tests.support.feed import PATIENT
from tests.support.told import at_clinic
from tests.support.ward import OTHER_PATIENT, PHYSIOTHERAPIST, Ward

RFA, ROOM, GYM = derive(ROOT, "rfa"), derive(ROOT, "rfa visit"), derive(ROOT, "exercise visit")
SECOND, THIRD = derive(ROOT, "second visit"), derive(ROOT, "third visit")


async def booked(ward: Ward, visit: str, on: str, purpose: Any = "session", **more: Any) -> None:
    about = {name: more.pop(name) for name in ("patient", "referral") if name in more}
    fact = AppointmentBooked(
        version=more.pop("version", 1),
        purpose=purpose,
        discipline="medical" if "procedure_id" in more else "physiotherapy",
        start=at_clinic(on),
        end=at_clinic(on) + timedelta(hours=1),
        location="main",
        remote=False,
        notice_days=4,
        **more,
    )
    await ward.feed.tell(fact, aggregate=visit, **about)


async def moved(ward: Ward, visit: str, on: str, status: Any = "booked", version: int = 2) -> None:
    fact = AppointmentMoved(
        version=version,
        previous_version=version - 1,
        by="clinic",
        reason="staff_absent",
        previous_start=at_clinic("2027-03-11 10:00"),
        start=at_clinic(on),
        end=at_clinic(on) + timedelta(hours=1),
        status=status,
        gates_reopened=(),
    )
    await ward.feed.tell(fact, aggregate=visit)


async def clashing(ward: Ward, activity: str) -> str:
    """A procedure, and exercise on the next day; the id of the conflict."""
    await booked(ward, ROOM, "2027-03-10 10:00", "procedure", procedure_id=RFA)
    await booked(ward, GYM, "2027-03-11 10:00", activity_id=activity)
    return str(ward.last("conflict_detected").fact["conflict_id"])


async def off(ward: Ward, visit: str, version: int) -> None:
    fact = AppointmentCancelled(
        version=version, by="clinic", reason="staff_absent", notice_hours=48, counts=False, cna_count=0
    )
    await ward.feed.tell(fact, aggregate=visit)


async def exercises_too_soon(ward: Ward) -> None:
    """Under two records: far away, near, nearer, one of two; the work pauses and goes on, near and far away; it is left
    as it is, once; in the end the procedure is off."""
    [activity] = (await ward.plan())["activity_ids"]
    await ward.asks(f"/activities/{activity}/accept", PHYSIOTHERAPIST)
    await booked(ward, SECOND, "2027-03-30 10:00", activity_id=derive(ROOT, "nobody's work"))
    await booked(ward, GYM, "2027-03-31 10:00", activity_id=activity)
    await pause(ward, activity)
    await booked(ward, ROOM, "2027-03-10 10:00", "procedure", procedure_id=RFA)
    await moved(ward, GYM, "2027-03-11 10:00")
    conflict = f"/conflicts/{ward.last('conflict_detected').fact['conflict_id']}"
    await moved(ward, GYM, "2027-03-12 10:00", version=3)
    await booked(ward, THIRD, "2027-03-13 10:00", activity_id=activity)
    await off(ward, THIRD, version=2)
    await pause(ward, activity)
    merged = PatientsMerged(surviving_id=OTHER_PATIENT, merged_id=PATIENT)
    for record in (PATIENT, OTHER_PATIENT):
        await ward.feed.tell(merged, aggregate=record, patient=record)
    await moved(ward, ROOM, "2027-03-11 14:00")
    for _ in range(2):
        await ward.tries(f"{conflict}/accept", PHYSIOTHERAPIST)
    await off(ward, ROOM, version=3)
    await ward.tries(f"{conflict}/accept", PHYSIOTHERAPIST)


async def pause(ward: Ward, activity: str) -> None:
    await ward.asks(f"/activities/{activity}/pause", PHYSIOTHERAPIST, reason="operation")
    await ward.asks(f"/activities/{activity}/resume", PHYSIOTHERAPIST)
