"""Closed lists of scheduling. Reasons for non-attendance: e-RS. Exemptions: ATT-07. The rest are conventions (C)."""

from typing import Literal

Purpose = Literal["initial_consultation", "assessment", "session", "procedure", "review", "group_session"]
ContactMode = Literal["message", "phone", "letter"]
By = Literal["patient", "clinic", "referrer", "system"]
ConfirmedVia = Literal["reply", "phone", "portal"]
MovedTo = Literal["booked", "pending"]
NonAttendance = Literal[
    "CANCELLED_TOO_LATE",
    "ARRIVED_TOO_LATE",
    "PATIENT_FORGOT",
    "PATIENT_DIED",
    "PATIENT_ILL",
    "UNKNOWN",
    "NOT_SPECIFIED",
]
Exemption = Literal[
    "safeguarding",
    "capacity_or_cognition",
    "mental_health_crisis",
    "minor",
    "communication_failure",
    "undelivered_message",
]
LeftBecause = Literal["booked", "withdrawn", "rejected", "redirected", "completed", "discharged", "removed"]
AttendanceTrigger = Literal["ATT-02", "ATT-03", "ATT-04"]
AttendanceDecision = Literal["reoffer", "reset_clock", "refer_back", "discharge"]
UnavailabilityKind = Literal["medical", "patient_advised"]
