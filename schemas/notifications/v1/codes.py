"""Codes of notifications. Conventions of this project (C)."""

from typing import Annotated, Literal

from schemas.code_list import CAPITALS, CodeList

Channel = Literal["sms", "email", "voice", "portal", "post"]
MessageClass = Literal["safety", "appointment", "measure", "information", "professional"]
MessageAudience = Literal["pt", "ref", "staff"]
Suppression = Literal[
    "no_consent",
    "opted_out",
    "no_channel",
    "cap_day",
    "cap_week",
    "cap_reserved",
    "quiet_hours_expired",
    "too_late",
    "not_relevant",
    "deceased",
    "content_not_allowed",
    "duplicate",
]
"""For each the worklist must know whether somebody has to call instead."""
Reply = Literal["confirm", "cancel", "reschedule", "opt_out", "unknown"]
ConsentPurpose = Literal["care"]
EscalationSeverity = Literal["emergency", "same_day", "urgent", "breach"]
"""Each has a ladder of its own."""
ConsentChannel = Literal["sms", "email", "portal"]
"""What a patient can agree to: those by which messages go."""

CONSENT_BY = CodeList("CONSENT_BY", "patient staff referrer")
ConsentBy = Annotated[str, CONSENT_BY]
CONSENT_VIA = CodeList("CONSENT_VIA", "portal staff reply")
ConsentVia = Annotated[str, CONSENT_VIA]
MESSAGE_REASON = CodeList(
    "MESSAGE_REASON",
    "answered attended booked cancelled corrected declined expired missed moved over reached spoken_to used not_needed "
    "withdrawn discharged completed rejected redirected deceased wrong_person wrong_content other",
)
MessageReason = Annotated[str, MESSAGE_REASON]
"""Why a planned message is not sent."""
CONTACT_RESULT = CodeList("CONTACT_RESULT", "reached not_reached left_message wrong_number declined")
ContactResult = Annotated[str, CONTACT_RESULT]
TEMPLATE = CodeList(
    "TEMPLATE",
    "REF_RECEIVED REF_INFO_REQUEST REF_INFO_REQUEST_PT REF_INFO_REMINDER REF_ACCEPTED REF_ACCEPTED_PT REF_DECLINED "
    "REF_DECLINED_PT REF_DUPLICATE REF_STATUS APPT_OFFER WAITLIST_OFFER APPT_CONFIRMED PROC_PREP_D7 APPT_D3 APPT_D1 "
    "APPT_DIGEST APPT_MOVED APPT_CANCELLED APPT_DNA HOLD_PLAN_READY HOLD_PLAN_CANCELLED MEASURE_INVITE MEASURE_D7 "
    "MEASURE_D2 OUTCOME_LETTER OUTCOME_LETTER_PT MDT_OUTCOME_PT PLAN_CHANGED DISCHARGE_LETTER DISCHARGE_LETTER_PT "
    "PIFU_ENDING_PT MANAGER_NOTICE ESCALATION_PAGE LETTER_RECALLED ESCALATION_PAGES",
    CAPITALS,
)
Template = Annotated[str, TEMPLATE]
ESCALATION_SUBJECT = CodeList(
    "ESCALATION_SUBJECT", "red_flag safety_alert overdue_plan wait_breach crisis_reply"
)
EscalationSubject = Annotated[str, ESCALATION_SUBJECT]
"""What a ladder is about."""
ACKNOWLEDGED_VIA = CodeList("ACKNOWLEDGED_VIA", "page worklist phone")
AcknowledgedVia = Annotated[str, ACKNOWLEDGED_VIA]
POST = CodeList(
    "POST",
    "coordination nursing medical physiotherapy occupational_therapy psychology pharmacy social_work management "
    "on_call_physician emergency_contact clinical_lead service_manager medical_director",
)
Post = Annotated[str, POST]
"""What somebody is called for: the duty of a discipline, a role, a place in the roster."""
