"""Exercise in the days of rest after a procedure: found whichever comes first, gone when a date is moved, and
somebody's work in between (MDT-03)."""

from services.worklist.service import SERVICE as WORKLIST
from tests.support.feed import PATIENT
from tests.support.resting import GYM, RFA, ROOM, booked, clashing, moved, off
from tests.support.ward import COORDINATOR, OTHER_REFERRAL, PHYSIOTHERAPIST, Ward


async def a_ward() -> tuple[Ward, str]:
    ward = await Ward(beside=(WORKLIST,)).open()
    [activity] = (await ward.plan())["activity_ids"]
    await ward.asks(f"/activities/{activity}/accept", PHYSIOTHERAPIST)
    return ward, activity


def work(ward: Ward) -> list[str]:
    return [row for row in ward.clinic.open() if "CONFLICT" in row]


async def test_exercise_in_the_days_of_rest_is_somebodys_work_until_it_is_moved() -> None:
    ward, activity = await a_ward()
    await clashing(ward, activity)
    [row] = work(ward)
    assert row.startswith("coordination")
    await moved(ward, GYM, "2027-03-24 10:00")
    assert ward.last("conflict_resolved").fact["resolution"] == "moved"
    assert not work(ward)


async def test_it_is_found_whichever_has_its_date_first_and_under_whichever_referral() -> None:
    ward, activity = await a_ward()
    await booked(ward, GYM, "2027-03-11 10:00", activity_id=activity)
    await booked(
        ward,
        ROOM,
        "2027-03-10 10:00",
        "procedure",
        procedure_id=RFA,
        patient=PATIENT,
        referral=OTHER_REFERRAL,
    )
    found = ward.last("conflict_detected").fact
    assert (found["kind"], found["activity_ids"], found["procedure_id"]) == ("rest_window", [activity], RFA)


async def test_a_procedure_that_is_off_or_waits_for_its_gates_again_is_in_nobodys_way() -> None:
    ward, activity = await a_ward()
    await clashing(ward, activity)
    await moved(ward, ROOM, "2027-03-10 14:00", status="pending")
    assert not work(ward)
    await booked(ward, ROOM, "2027-03-10 14:00", "procedure", procedure_id=RFA, version=2)
    assert len(work(ward)) == 1
    await off(ward, ROOM, version=3)
    assert not work(ward)


async def test_a_clinician_leaves_it_as_it_is_by_name_and_a_coordinator_does_not() -> None:
    ward, activity = await a_ward()
    path = f"/conflicts/{await clashing(ward, activity)}"
    assert (await ward.tries(f"{path}/accept", COORDINATOR)).status_code == 403
    await ward.asks(f"{path}/accept", PHYSIOTHERAPIST)
    told = ward.last("conflict_resolved").fact
    assert (told["resolution"], told["decided_by"]) == ("accepted", ward.clinic.staff(PHYSIOTHERAPIST))
    assert told["answered"][0]["outcome"] == "declined"
    assert not work(ward)
    assert (await ward.tries(f"{path}/accept", PHYSIOTHERAPIST)).status_code == 409


async def test_work_that_pauses_or_stops_is_in_nobodys_way() -> None:
    ward, activity = await a_ward()
    await clashing(ward, activity)
    await ward.asks(f"/activities/{activity}/pause", PHYSIOTHERAPIST, reason="operation")
    assert not work(ward)
    await ward.asks(f"/activities/{activity}/resume", PHYSIOTHERAPIST)
    assert len(work(ward)) == 1
    await ward.asks(f"/activities/{activity}/cancel", PHYSIOTHERAPIST, reason="operation")
    assert not work(ward)
