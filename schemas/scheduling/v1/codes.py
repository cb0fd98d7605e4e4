"""Codes of scheduling. Reasons for non-attendance: e-RS. Exemptions: ATT-07. The rest are conventions (C)."""

from typing import Annotated, Literal

from schemas.code_list import CAPITALS, RULE, CodeList

ContactMode = Literal["message", "phone", "letter"]
"""Who tells the patient depends on it."""
By = Literal["patient", "clinic", "referrer", "system"]
MovedTo = Literal["booked", "pending"]
AttendanceDecision = Literal["reoffer", "reset_clock", "refer_back", "discharge"]

PURPOSE = CodeList("PURPOSE", "initial_consultation assessment session procedure review group_session")
Purpose = Annotated[str, PURPOSE]
CONFIRMED_VIA = CodeList("CONFIRMED_VIA", "reply phone portal")
ConfirmedVia = Annotated[str, CONFIRMED_VIA]
NON_ATTENDANCE = CodeList(
    "NON_ATTENDANCE",
    "CANCELLED_TOO_LATE ARRIVED_TOO_LATE PATIENT_FORGOT PATIENT_DIED PATIENT_ILL UNKNOWN NOT_SPECIFIED",
    CAPITALS,
)
NonAttendance = Annotated[str, NON_ATTENDANCE]
EXEMPTION = CodeList(
    "EXEMPTION",
    "safeguarding capacity_or_cognition mental_health_crisis minor communication_failure undelivered_message",
)
Exemption = Annotated[str, EXEMPTION]
LEFT_BECAUSE = CodeList(
    "LEFT_BECAUSE", "booked withdrawn rejected redirected completed discharged marked_in_error removed"
)
LeftBecause = Annotated[str, LEFT_BECAUSE]
ATTENDANCE_TRIGGER = CodeList("ATTENDANCE_TRIGGER", "ATT-02 ATT-03 ATT-04", RULE)
AttendanceTrigger = Annotated[str, ATTENDANCE_TRIGGER]
UNAVAILABILITY = CodeList("UNAVAILABILITY", "medical patient_advised")
UnavailabilityKind = Annotated[str, UNAVAILABILITY]
DATE_REASON = CodeList(
    "DATE_REASON",
    "ill other_plans moved no_longer_wanted asked_by_text no_transport work_or_school short_notice prefers_other_date "
    "prefers_other_place staff_absent clinic_closed room_or_equipment emergency overbooked late recorded_by_mistake "
    "wrong_patient left_before_seen entered_in_error marked_in_error withdrawn rejected redirected completed "
    "discharged plan_closed plan_revoked activity_completed activity_stopped activity_cancelled joint_day_broken "
    "procedure_cancelled gate_open other group_too_small",
)
DateReason = Annotated[str, DATE_REASON]
"""Why a date is declined, moved, cancelled or corrected."""
KEPT_BECAUSE = CodeList("KEPT_BECAUSE", "works_when_small others_expected waited_too_long other")
KeptBecause = Annotated[str, KEPT_BECAUSE]
"""Why a group takes place with fewer than it needs."""
CheckClass = Literal["pre", "day_of"]
"""When it can be met: before the date is booked, or only near the start."""
GateScope = Literal["booking", "pre", "day_of"]
Checkpoint = Literal["T-72", "T-24"]
BLOCKED = CodeList("BLOCKED", "outcome_missing authorisation antithrombotic_plan override consent")
Blocked = Annotated[str, BLOCKED]
AuthorisationStatus = Literal["approved", "denied", "pending"]
WAIVER_REASON = CodeList(
    "WAIVER_REASON", "clinical_need benefit_outweighs_risk not_applicable evidence_seen patient_pays other"
)
WaiverReason = Annotated[str, WAIVER_REASON]
