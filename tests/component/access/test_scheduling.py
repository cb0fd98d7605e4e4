"""Who may do what with dates: every route, every kind of caller; and what is refused leaves nothing behind."""

from collections.abc import Mapping

import pytest

from services.scheduling.roles import (
    ANYBODY_INVOLVED,
    CLINICIAN,
    COORDINATOR,
    DECIDES_ABSENCES,
    DECIDES_GROUPS,
    RECEPTION,
    REGISTRAR,
)
from services.scheduling.service import SERVICE
from tests.support.access import OUTSIDE, READERS, STAFF, Row, differences
from tests.support.dates import OF_PATIENT, DatesClinic, everything
from tests.support.feed import PATIENT, REFERRAL

OURS = frozenset({"the patient"})
STRANGERS = OUTSIDE - OURS
DESK = frozenset(COORDINATOR.roles)
AT_WORK = frozenset(RECEPTION.roles)
"""The desk and every clinician: who is asked for dates, and who sees the patient."""
NURSES = frozenset({"nurse", "triage_nurse"})
ILL = {"by": "patient", "reason": "ill"}


@pytest.mark.wide
async def test_every_route_answers_each_kind_of_caller_as_the_table_says() -> None:
    clinic = DatesClinic()
    path = await everything(clinic)
    visits = await this_morning(clinic)
    legs = [
        clinic.leg(path["request_id"], "sam.whit", "2027-01-25 09:00"),
        clinic.leg(await clinic.ask_for("occupational_therapy"), "omar.haddad", "2027-01-25 10:00"),
    ]
    free = [clinic.slot("sam.whit", "2027-01-25 09:00")]
    bodies = {
        "book_appointments": {"slots": free},
        "offer_dates": {"slots": free, "mode": "phone"},
        "accept_offer": {"start": clinic.slot("paul.okafor", "2027-01-20 09:00")["start"]},
        "move_appointment": ILL | {"slot": clinic.slot("nora.quinn", "2027-01-26 09:00")},
        "plan_joint_day": OF_PATIENT | {"legs": legs},
        "replace_leg": legs[0],
    }
    rows = {
        name: row._replace(path={**path, **visits.get(name, {})}, body=bodies.get(name, row.body))
        for name, row in ROWS.items()
    }
    found = await differences(clinic, SERVICE, rows, PATIENT)
    assert not found, "\n".join(found)


async def this_morning(clinic: DatesClinic) -> Mapping[str, Mapping[str, str]]:
    """Visits by the routes that need them as they are at 10:50: nobody came, one is here, one was missed."""
    starts = ("2027-01-04 09:30", "2027-01-04 10:00", "2027-01-04 10:30")
    late, here, missed = [
        await clinic.book(await clinic.ask_for("nursing"), "nora.quinn", start) for start in starts
    ]
    _, request = await clinic.order_procedure()
    open_still = await clinic.book(request, "maya.stein", "2027-01-05 10:30")
    await clinic.post(f"/appointments/{here}/arrive")
    await clinic.at("2027-01-04 10:50")
    await clinic.post(f"/appointments/{missed}/did-not-attend")
    named = {"record_non_attendance": late, "correct_attendance": missed, "release_date": open_still}
    named |= dict.fromkeys(("check_in", "record_attendance"), here)
    return {route: {"appointment_id": visit} for route, visit in named.items()}


def of_staff(may: frozenset[str], body: object = None) -> Row:
    """For staff only: nobody else learns whether there is such a thing."""
    return Row(may, body=body)


def of_patient(may: frozenset[str], body: object = None) -> Row:
    """Strangers don't learn that there is such a thing. Referrers see no dates: they call the clinic."""
    return Row(may, STRANGERS, body=body)


ROWS = {
    "list_slots": Row(STAFF, query="?discipline=nursing&purpose=assessment"),
    "list_booking_requests": of_staff(READERS),
    "list_slots_for_request": of_staff(READERS),
    "get_booking_request": of_staff(READERS),
    "book_appointments": of_patient(AT_WORK | OURS),
    "offer_dates": of_staff(DESK),
    "accept_offer": of_patient(AT_WORK | OURS),
    "decline_offer": of_patient(AT_WORK | OURS, {}),
    "list_waiting": of_staff(READERS),
    "agree_to_short_notice": of_patient(AT_WORK | OURS, {"agreed": True}),
    "offer_freed_slot": of_staff(DESK, {"mode": "phone"}),
    "remove_entry": of_staff(DESK, {"reason": "removed"}),
    "list_places": of_patient(READERS | {"the patient"}),
    "list_joint_days": of_patient(READERS | {"the patient"}),
    "list_absences": of_patient(READERS | {"the patient"}),
    "list_appointments": Row(READERS | {"the patient", "another patient"}),
    "get_appointment": of_patient(READERS | OURS),
    "get_appointment_actions": of_patient(READERS | OURS),
    "move_appointment": of_patient(AT_WORK | OURS),
    "cancel_appointment": of_patient(frozenset(ANYBODY_INVOLVED.roles) | OURS, ILL),
    "confirm_appointment": of_patient(AT_WORK | OURS),
    "mark_in_error": of_patient(frozenset(REGISTRAR.roles), {"reason": "wrong_patient"}),
    "release_date": of_patient(DESK),
    "list_gates": of_staff(READERS),
    "get_gate_actions": of_staff(READERS),
    "record_evidence": of_staff(frozenset(NURSES | {"care_coordinator", "proceduralist"}), {"met": True}),
    "waive_gate": of_staff(frozenset({"proceduralist"}), {"reason": "clinical_need"}),
    "get_authorisation": of_staff(READERS),
    "get_authorisation_actions": of_staff(READERS),
    "record_authorisation": of_staff(DESK, {"status": "pending"}),
    "record_arrival": of_patient(AT_WORK),
    "check_in": of_patient(AT_WORK),
    "record_attendance": of_patient(AT_WORK),
    "record_non_attendance": of_patient(AT_WORK, {}),
    "correct_attendance": of_patient(AT_WORK, {"reason": "late"}),
    "plan_joint_day": of_staff(DESK),
    "accept_joint_day": of_patient(AT_WORK | OURS),
    "decline_joint_day": of_patient(AT_WORK | OURS),
    "get_joint_day_actions": of_patient(READERS | OURS),
    "replace_leg": of_staff(DESK),
    "keep_rest": of_patient(DESK),
    "get_group": Row(STAFF),
    "get_group_actions": Row(STAFF),
    "keep_group": of_staff(frozenset(DECIDES_GROUPS.roles), {"reason": "other"}),
    "call_off_group": of_staff(frozenset(DECIDES_GROUPS.roles)),
    "record_unavailability": of_patient(
        AT_WORK | OURS, {"referral_id": REFERRAL, "kind": "medical", "start": "2027-02-01"}
    ),
    "end_unavailability": of_patient(AT_WORK | OURS, {"end": "2027-03-10"}),
    "get_unavailability_actions": of_patient(READERS | OURS),
    "decide_absence": of_staff(frozenset(DECIDES_ABSENCES.roles), {"decision": "grant"}),
    "get_attendance_case_actions": of_staff(READERS),
    "review_attendance": of_staff(frozenset(CLINICIAN.roles), {"decision": "reoffer"}),
}
