"""A patient's way through the clinic as the worklist hears it: fifty facts of four services, the same for everybody."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Head
from backbone.model.wire import headers_of
from schemas.registry import facts

SESSIONS = 4
INITIAL = {"purpose": "initial_consultation", "discipline": "medical"}
THERAPY = {"purpose": "session", "discipline": "physiotherapy"}
AT = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
NOW = "2027-01-04T14:00:00Z"


class Step(NamedTuple):
    """A fact of the thing that `subject` names. A value that begins with @ is the id of the thing of that name."""

    type: str
    subject: str
    fields: Mapping[str, Any]


def steps() -> Iterator[Step]:
    yield from intake()
    yield from first_visit()
    yield from plan()
    for number in range(SESSIONS):
        yield from session(f"session {number}")


def intake() -> Iterator[Step]:
    received = {
        "source_system": "ehr",
        "source_key_ref": "@key",
        "referrer_type": "pcp",
        "referrer_org_id": "@org",
    }
    coded = {"body_sites": (), "condition_codes": (), "medication_flags": ()}
    asked = {
        "missing": ("function",),
        "reminder_on": "2027-01-11",
        "decide_on": "2027-01-18",
        "clock": "continue",
    }
    triage = {
        "triage_no": 1,
        "scheme": "AU-QLD",
        "category": "cat_2",
        "priority": "routine",
        "target_days": 90,
    }
    decision = {
        "target_date": "2027-04-04",
        "agrees_with_suggestion": True,
        "decided_by": "@nurse",
        "note_ref": "@note",
    }
    yield Step("referral.received", "referral", {**received, **coded, "clock_start": NOW})
    yield Step("referral.found_incomplete", "referral", {"missing": ("function",)})
    yield Step("referral.information_requested", "referral", asked)
    yield Step("referral.information_supplied", "referral", {"supplied": ("function",), "still_missing": ()})
    yield Step("referral.found_complete", "referral", {"version": 1})
    suggested = {"category": "cat_2", "concerns": (), "advisories": ()}
    yield Step("referral.triage_suggested", "referral", suggested)
    yield Step("referral.triaged", "referral", {**triage, **decision})


def first_visit() -> Iterator[Step]:
    entry = {"entry_id": "@entry", "booking_request_id": "@request"}
    ranked = {"category": "cat_2", "target_date": "2027-04-04"}
    consultation = {"consultation_id": "@consultation", "kind": "initial"}
    outcome = {
        "outcome": "MDT_PROGRAMME",
        "diagnoses": (),
        "letter_due": "2027-01-11",
        "plan_due": "2027-01-18",
        "decided_by": "@physician",
    }
    letter = {
        "letter_ref": "@letter",
        "kind": "outcome",
        "audience": ("referrer",),
        "signed_by": "@physician",
    }
    yield requested("request", INITIAL, "@nothing")
    yield Step(
        "scheduling.waitlist_joined", "entry", {**entry, **INITIAL, **ranked, "short_notice_ok": False}
    )
    yield from visit("visit", "request", INITIAL)
    yield Step("scheduling.waitlist_left", "entry", {**entry, "reason": "booked"})
    started = {**consultation, "appointment_id": "@visit"}
    yield Step("care_plan.consultation_started", "consultation", started)
    yield Step("care_plan.consultation_completed", "consultation", {**consultation, **outcome})
    yield Step("care_plan.letter_signed", "consultation", letter)


def plan() -> Iterator[Step]:
    version = {"plan_id": "@plan", "plan_version": 1}
    agreed = {"start": "2027-01-25", "lead_id": "@physician", "review_due": "2027-04-19", "high_risk": False}
    activity = {
        "activity_id": "@activity",
        "discipline": "physiotherapy",
        "assessment": False,
        "remote": False,
    }
    ordered = {"plan_id": "@plan", "kind": "graded_exercise", "priority": "routine"}
    yield Step("care_plan.plan_drafted", "plan", {**version, "goals": 1, "activities": 1})
    yield Step("care_plan.plan_activated", "plan", {**version, **agreed, "disciplines": ("physiotherapy",)})
    yield Step("care_plan.activity_ordered", "activity", {**activity, **ordered})
    yield Step("care_plan.activity_accepted", "activity", {**activity, "owner_id": "@therapist"})


def session(name: str) -> Iterator[Step]:
    score = {"request_id": f"@{name} measures", "submission_id": f"@{name} answers", "instrument": "peg"}
    made = {
        "instrument_version": "1",
        "score": "5.0",
        "findings": (),
        "algorithm_version": "1",
        "taken_at": NOW,
    }
    yield requested(f"{name} request", THERAPY, "@activity")
    yield from visit(name, f"{name} request", THERAPY)
    yield Step("care_plan.measure_scored", f"{name} measures", {**score, **made})


def requested(name: str, what: Mapping[str, Any], activity: str) -> Step:
    count = {"count": 1, "remote": False, "priority": "routine", "activity_id": activity}
    return Step("scheduling.booking_requested", name, {"booking_request_id": f"@{name}", **what, **count})


def visit(name: str, request: str, what: Mapping[str, Any]) -> Iterator[Step]:
    """A date is given, the patient reminded; they come."""
    date = {
        "start": "2027-01-18T14:00:00Z",
        "end": "2027-01-18T15:00:00Z",
        "location": "harbor",
        "remote": False,
    }
    booked = {"booking_request_id": f"@{request}", "appointment_ids": (f"@{name}",)}
    reminder = {"message_id": f"@{name} reminder", "template": "APPT_D1", "subject_id": f"@{name}"}
    yield Step("scheduling.appointment_booked", name, {"version": 1, **what, **date, "notice_days": 14})
    yield Step("scheduling.booking_fulfilled", request, booked)
    yield Step("notifications.message_delivered", f"{name} reminder", reminder)
    yield Step("scheduling.patient_arrived", name, {"version": 1, "at": date["start"]})
    yield Step("scheduling.patient_attended", name, {"version": 1, "purpose": what["purpose"]})


class Told(NamedTuple):
    """A record of an events topic."""

    topic: str
    key: str
    value: bytes
    headers: list[tuple[str, bytes]]


STEPS = tuple(steps())


def told(step: int, patient: str) -> Told:
    """The step of one patient."""
    name, subject, fields = STEPS[step]
    wire_type = f"{name}.v1"
    fact = facts()[wire_type]
    referral = derive(patient, "referral")
    subject_id = referral if subject == "referral" else derive(patient, subject)
    sequence = 1 + sum(earlier.subject == subject for earlier in STEPS[:step])
    identity = derive(patient, f"{wire_type} {subject}")
    origin = name.partition(".")[0]
    head = Head(
        *(
            identity,
            wire_type,
            origin,
            AT,
            AT,
            fact.aggregate,
            subject_id,
            sequence,
            sequence,
            patient,
            referral,
        ),
        *(identity, identity, SYSTEM),
    )
    value = msgspec.json.encode(
        {"type": wire_type, **{key: filled(patient, each) for key, each in fields.items()}}
    )
    headers = [(key, text.encode()) for key, text in msgspec.json.decode(headers_of(head)).items()]
    return Told(f"{origin}.events", patient, value, headers)


def filled(patient: str, value: Any) -> Any:
    """Names become ids."""
    if isinstance(value, tuple):
        return [filled(patient, each) for each in value]
    return derive(patient, value[1:]) if isinstance(value, str) and value.startswith("@") else value


def ways(first: int, number: int) -> Iterator[Told]:
    """Of so many patients: everybody's first step, then everybody's second."""
    patients = [derive(ROOT, f"bench patient {n}") for n in range(first, first + number)]
    for step in range(len(STEPS)):
        yield from (told(step, patient) for patient in patients)
