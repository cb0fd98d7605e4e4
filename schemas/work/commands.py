"""What is read, what is offered, and the commands that belong to several kinds of work."""

from collections.abc import Mapping
from typing import Any

from schemas.work.parts import Do, Offer, Read, Source

READS: Mapping[str, Read] = {
    "referral": Read("referral", "/referrals/{referral_id}"),
    "referrals": Read("referral", "/patients/{patient_id}/referrals"),
    "suspect": Read("referral", "/referrals/{subject_id}"),
    "package": Read("referral", "/referrals/{referral_id}/package"),
    "person": Read("referral", "/patients/{patient_id}"),
    "appointment": Read("scheduling", "/appointments/{subject_id}"),
    "visits": Read("scheduling", "/appointments?patient_id={patient_id}"),
    "request": Read("scheduling", "/booking-requests/{subject_id}"),
    "requests": Read("scheduling", "/booking-requests?patient_id={patient_id}&status=open"),
    "free": Read("scheduling", "/booking-requests/{subject_id}/slots"),
    "free_for": Read("scheduling", "/booking-requests/{request_id}/slots"),
    "free_for_leg": Read("scheduling", "/booking-requests/{booking_request_id}/slots"),
    "free_instead": Read(
        "scheduling", "/slots?discipline={appointment.discipline}&purpose={appointment.purpose}"
    ),
    "authorisation": Read("scheduling", "/procedures/{subject_id}/authorisation"),
    "gate": Read("scheduling", "/gates/{subject_id}/actions"),
    "gates": Read("scheduling", "/procedures/{subject_id}/gates"),
    "gates_of_visit": Read("scheduling", "/procedures/{appointment.matter.procedure_id}/gates"),
    "free_later": Read(
        "scheduling", "/slots?discipline={appointment.matter.discipline}&purpose={appointment.matter.purpose}"
    ),
    "waiting": Read("scheduling", "/waiting-list"),
    "consultations": Read("care_plan", "/referrals/{referral_id}/consultations"),
    "held": Read("care_plan", "/consultations/{appointment.consultation_id}"),
    "course": Read("care_plan", "/activities/{appointment.matter.activity_id}"),
    "consultation": Read("care_plan", "/consultations/{subject_id}"),
    "plan": Read("care_plan", "/patients/{patient_id}/plan"),
    "the_plan": Read("care_plan", "/plans/{plan.id}"),
    "goals": Read("care_plan", "/plans/{plan.id}/goals"),
    "subject_plan": Read("care_plan", "/plans/{subject_id}"),
    "subject_goals": Read("care_plan", "/plans/{subject_id}/goals"),
    "activities": Read("care_plan", "/plans/{plan.id}/activities"),
    "subject_activities": Read("care_plan", "/plans/{subject_id}/activities"),
    "activity": Read("care_plan", "/activities/{subject_id}"),
    "scores": Read("care_plan", "/patients/{patient_id}/measures"),
    "procedure": Read("care_plan", "/procedures/{subject_id}"),
    "procedures": Read("care_plan", "/patients/{patient_id}/procedures"),
    "its_procedure": Read("care_plan", "/procedures/{appointment.matter.procedure_id}"),
    "override": Read("care_plan", "/overrides/{subject_id}"),
    "asked_about": Read("care_plan", "/procedures/{override.subject_id}"),
    "letters": Read("care_plan", "/referrals/{referral_id}/letters"),
    "cases": Read("care_plan", "/patients/{patient_id}/mdt-cases"),
    "measures": Read("care_plan", "/measure-requests/{subject_id}"),
    "hold": Read("care_plan", "/procedures/{subject_id}/antithrombotic-plan"),
    "alert": Read("care_plan", "/safety-alerts/{subject_id}"),
    "case": Read("care_plan", "/mdt/cases/{subject_id}"),
    "investigations": Read("care_plan", "/patients/{patient_id}/investigations"),
    "investigation": Read("care_plan", "/investigations/{subject_id}"),
    "conflict": Read("care_plan", "/conflicts/{subject_id}"),
    "conflicting": Read("care_plan", "/activities/{conflict.activity_id}"),
    "free_elsewhere": Read(
        "scheduling", "/slots?discipline={conflicting.course.order.discipline}&purpose=session"
    ),
    "meeting": Read("care_plan", "/mdt/meetings/{subject_id}"),
    "meetings": Read("care_plan", "/mdt/meetings"),
    "action": Read("care_plan", "/mdt/actions/{subject_id}"),
    "replies": Read("notifications", "/messages/{subject_id}/replies"),
    "escalation": Read("notifications", "/escalations/{subject_id}"),
    "others": Read("referral", "/patients/{patient_id}/others"),
    "deceased": Read("referral", "/patients/{subject_id}"),
    "missed": Read("scheduling", "/attendance-cases/{subject_id}/actions"),
    "joint_day": Read("scheduling", "/joint-days/{subject_id}/actions"),
    "group": Read("scheduling", "/groups/{subject_id}"),
    "absence": Read("scheduling", "/unavailability/{subject_id}/actions"),
    "message": Read("notifications", "/messages/{subject_id}/actions"),
    "letter": Read("care_plan", "/letters/{subject_id}/actions"),
    "glass": Read("*", "/break-glass/{subject_id}"),
    "taper": Read("care_plan", "/patients/{patient_id}/taper"),
    "item": Read("worklist", "/items/{item_id}"),
}
STAFF = Offer(list="staff")
FREE = ("clinician_id", "start")
"""What names a free time."""
SHOWN = ("start", "clinician_id", "location")


def free(read: str, by: str = "") -> Offer:
    return Offer(f"{read}.slots", FREE, SHOWN, since="from", by=by)


MEETING = Offer("meetings.meetings", "id", ("start",))
CONSULTATION = Offer("consultations.consultations", "id", ("kind", "status"))
FIRST_VISIT = Offer(
    "requests.booking_requests", "id", ("wish.purpose", "wish.discipline"), {"referral_id": "referral_id"}
)
UNCLEAR = Offer("referral.unclear_flags", "flag_id", ("flag",))
REFERRAL: Mapping[str, Source | Offer] = {"referral_id": "referral_id"}
THE_PLAN: Mapping[str, Source | Offer] = {"plan_id": "plan.id"}
SUBJECT_PLAN: Mapping[str, Source | Offer] = {"plan_id": "subject_id"}
HERS = {"patient_id": "patient_id", "referral_id": "referral_id"}


def referral(operation: str, *causes: str, action: str = "", **more: Any) -> Do:
    path = more.pop("path", REFERRAL)
    return Do("referral", operation, path, more.pop("seen", "referral"), causes=causes, action=action, **more)


def care(operation: str, path: Mapping[str, Source | Offer], *causes: str, **more: Any) -> Do:
    return Do("care_plan", operation, path, causes=causes, **more)


def dates(operation: str, path: Mapping[str, Source | Offer], *causes: str, **more: Any) -> Do:
    return Do("scheduling", operation, path, causes=causes, **more)


def messages(operation: str, *causes: str) -> Do:
    return Do("notifications", operation, {"message_id": "subject_id"}, "message", causes=causes)


REFERRED_CODES: Mapping[str, Offer] = {
    "answers.condition_codes": Offer(search="diagnoses"),
    "answers.medications.code": Offer(search="drugs"),
}
PERSON: Mapping[str, Source] = {"patient_id": "patient_id"}
MERGE = Do(
    *("referral", "merge_patients", PERSON, "person"),
    offers={"merged_id": Offer("others.unmerged", "patient_id", ("label",), search="find")},
    action="take_in",
    quiet=True,
)
"""Two records of one person. Which one is the other is found by the number that people read, or by likeness."""
ASK = referral("request_information", "referral.information_requested.v1")
SUPPLY = referral(
    "supply_information",
    "referral.information_supplied.v1",
    "referral.found_complete.v1",
    offers=REFERRED_CODES,
)
REJECT = referral("reject_referral", "referral.rejected.v1", action="reject")
REDIRECT = referral("redirect_referral", "referral.redirected.v1", action="redirect")
WITHDRAW = referral("confirm_cancellation", "referral.withdrawn.v1")
TRIAGE = referral("triage", "referral.triaged.v1", offers={"category": Offer(list="categories")})
END = referral("record_outcome", "referral.completed.v1")
RESOLVE = "referral.red_flag_resolved.v1"
BOOKED = "scheduling.appointment_booked.v1"
BOOK_FIRST = dates(
    "book_appointments",
    {"request_id": FIRST_VISIT},
    BOOKED,
    action="book_date",
    offers={"slots": free("free_for")},
)
DISCHARGE_LIST = {"checklist": Offer(list="discharge_checklist")}
VISITS = Offer("visits.appointments", "id", ("date.start", "matter.purpose", "status"))


def levels(read: str) -> Mapping[str, Offer]:
    """What a review says: where each goal stands, and what is there for a discharge."""
    return {"goals.goal_id": Offer(f"{read}.goals", "id", ("text",)), **DISCHARGE_LIST}


def replaced(read: str) -> Mapping[str, Offer]:
    """Which work new work is instead of."""
    work = Offer(f"{read}.activities", "id", ("course.order.discipline", "course.order.kind"))
    return {"activities_add.replaces": work}


DRAFT = care(
    "draft_plan",
    {},
    "care_plan.plan_drafted.v1",
    given=HERS,
    offers={"consultation_id": CONSULTATION, "activities.replaces": Offer(list="none")},
)
REVIEW_PLAN = care(
    "review_plan",
    THE_PLAN,
    "care_plan.plan_reviewed.v1",
    seen="the_plan",
    offers=levels("goals"),
)
UPDATE = care(
    "update_plan",
    THE_PLAN,
    "care_plan.plan_updated.v1",
    "care_plan.activity_ordered.v1",
    seen="the_plan",
    offers=replaced("activities"),
)
DISCHARGE = care(
    "discharge_patient",
    SUBJECT_PLAN,
    "care_plan.patient_discharged.v1",
    seen="subject_plan",
    offers=DISCHARGE_LIST,
)
ACTIVATE = care("activate_plan", THE_PLAN, seen="the_plan", offers={"lead_id": STAFF})
MEETINGS_DAY = {"quorum": Offer(list="quorum_roles"), "location": Offer(list="locations")}
SCHEDULE = care("schedule_meeting", {}, action="schedule_mdt_meeting", offers=MEETINGS_DAY)
JOINT_DAY = dates(
    "plan_joint_day",
    {},
    action="propose_day",
    given=HERS,
    offers={
        "legs.booking_request_id": FIRST_VISIT,
        "legs.slot": free("free_for_leg", by="booking_request_id"),
    },
)
SPOKEN = messages("record_contact", "notifications.contact_recorded.v1")
PROCEDURES = Offer("procedures.procedures", "id", ("order.family", "order.side", "status"))
CALLED = care(
    "record_contact",
    {},
    "care_plan.contact_recorded.v1",
    given=HERS,
    offers={"about": VISITS, "procedure_id": PROCEDURES},
)
CALLED_AFTER = CALLED._replace(given={**HERS, "procedure_id": "subject_id"}, offers={"about": VISITS})
ORDER_PROCEDURE = care("order_procedure", THE_PLAN)
RESUME_PLAN = care("resume_plan", THE_PLAN, seen="the_plan")


def activity(operation: str, *causes: str) -> Do:
    return care(operation, {"activity_id": "subject_id"}, *causes, seen="activity")


def case(operation: str, *causes: str, **offers: Offer) -> Do:
    action = operation.replace("_case", "_mdt_case")
    return care(operation, {"case_id": "subject_id"}, *causes, seen="case", offers=offers, action=action)


def investigation(operation: str, *causes: str) -> Do:
    return care(operation, {"investigation_id": "subject_id"}, *causes, seen="investigation")


def hold(operation: str, *causes: str, **more: Any) -> Do:
    return care(operation, {"procedure_id": "subject_id"}, *causes, seen="hold", **more)


DATE_OF_HOLD: Mapping[str, Source] = {
    "appointment_id": "hold.known.appointment.id",
    "appointment_version": "hold.known.appointment.version",
}
"""The date that stands: a signature is for that alone."""
HOLD = (
    hold("sign_antithrombotic_plan", "care_plan.antithrombotic_plan_signed.v1", given=DATE_OF_HOLD),
    hold("draft_antithrombotic_plan"),
    hold("record_hold_agreement", offers={"drug": Offer("hold.lines", "drug")}),
    hold("state_renal_function"),
)
COMPLETE_CONSULTATION = care(
    "complete_consultation",
    {"consultation_id": "subject_id"},
    seen="consultation",
    keys={"checklist": "list:consultation_checklist"},
    offers={"diagnoses.code": Offer(search="diagnoses")},
)
DECIDED: Mapping[str, Offer] = {
    "meeting_id": MEETING,
    "attendees": STAFF,
    "quorum_waived_by": STAFF,
    "actions.owner_id": STAFF,
}
DECIDE = case("decide_case", "care_plan.mdt_decision_recorded.v1", **DECIDED)
WITHDRAW_CASE = case("withdraw_case", "care_plan.mdt_case_withdrawn.v1")


def finding(submission: Source, *codes: str) -> Do:
    path: Mapping[str, Source | Offer] = {"submission_id": submission, "finding": Offer(codes=codes)}
    return care("review_finding", path, "care_plan.finding_reviewed.v1")


SEVERE = finding(
    "subject_id", "phq9_severe", "phq9_rise", "dass21_depression_severe", "dass21_anxiety_severe"
)


BY_TIME = "it ends by itself when its time has passed"
ELSEWHERE = "another item's work causes it"
WITH_THE_PLAN = {"care_plan.plan_closed.v1": ELSEWHERE, "care_plan.plan_revoked.v1": ELSEWHERE}
WITHDRAWN = {"care_plan.measure_entered_in_error.v1": "the score is found to be a mistake"}
BY_SERVICE = "the service finds it when something else changes"

IN_THE_WAY = Offer(
    "visits.appointments", "id", ("date.start", "status"), {"matter.activity_id": "conflict.activity_id"}
)
MOVE_WHAT_IS_IN_THE_WAY = dates(
    "move_appointment",
    {"appointment_id": IN_THE_WAY},
    action="move_date",
    offers={"slot": free("free_elsewhere")},
)
