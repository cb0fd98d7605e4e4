"""Codes that several services carry, once. Sources: the domain rules; lists marked C are conventions of this project.

`Literal`: closed, because whoever reads one must have an answer for each. `CodeList`: published, and growing
(docs/adr/0012).
"""

from typing import Annotated, Literal

from schemas.code_list import CAPITALS, CodeList

Queue = Literal[
    "coordination",
    "nursing",
    "medical",
    "physiotherapy",
    "occupational_therapy",
    "psychology",
    "pharmacy",
    "social_work",
    "management",
]
Discipline = Literal[
    "medical",
    "nursing",
    "coordination",
    "physiotherapy",
    "occupational_therapy",
    "psychology",
    "pharmacy",
    "social_work",
]
"""Who does clinical work. A discipline's work waits in the queue of its name."""
Priority = Literal["stat", "asap", "urgent", "routine"]
"""FHIR request priority, most urgent first."""
Severity = Literal["emergency", "same_day", "urgent"]
REFERRER_TYPE = CodeList(
    "REFERRER_TYPE", "pcp specialist other_pain_service allied_health self insurer case_manager"
)
ReferrerType = Annotated[str, REFERRER_TYPE]
REASON_FOR_REFERRAL = CodeList(
    "REASON_FOR_REFERRAL",
    "establish_diagnosis treatment_not_otherwise_accessible management_advice shared_care "
    "reassurance_referrer_second_opinion reassurance_patient other",
)
Reason = Annotated[str, REASON_FOR_REFERRAL]
RedFlag = Literal[
    "cauda_equina_neuro",
    "acute_no_diagnosis",
    "suicide_mental_health",
    "malignancy",
    "infection",
    "fracture",
    "inflammatory",
    "vascular",
    "opioid_overdose",
]
"""Each has a severity and a queue of its own."""
LIVES = "death_settled"
"""Why a warning is raised once more: the death that had ended the work about it was taken back."""
RED_FLAG_SOURCE = CodeList("RED_FLAG_SOURCE", "referral amendment screen call")
RedFlagSource = Annotated[str, RED_FLAG_SOURCE]
RED_FLAG_RESULT = CodeList("RED_FLAG_RESULT", "emergency_care other_specialty assessed_continue not_present")
RedFlagResult = Annotated[str, RED_FLAG_RESULT]
MedicationFlag = Literal["opioid", "benzodiazepine", "cns_depressant", "antithrombotic"]
Clock = Literal["continue", "pause"]
ITEM_TYPE = CodeList(
    "ITEM_TYPE",
    "REF_COMPLETE REF_INFO_WAIT REF_CALL_REFERRER RED_FLAG REF_DUPLICATE_CHECK REF_TRIAGE REF_AMENDED "
    "WAIT_RECHECK WAIT_FORECAST WAIT_BREACH CANCEL_CONFIRM BOOK_VISIT VISIT_READY DNA_FOLLOWUP "
    "ATT_REVIEW SLOT_FILL AUTH_OBTAIN CONSENT_OBTAIN PROC_CHECKLIST GATE_RELEASE DAY_GATE JOINT_DAY_BROKEN "
    "ABSENCE_CHECK "
    "PLAN_DRAFT PLAN_OVERDUE INVESTIGATION_WAIT LETTER_SIGN ACT_ACCEPT ACT_DECLINED ACT_REVIEW "
    "ACT_DNA MDT_LIST MDT_PREP MDT_ACTION PLAN_REVIEW CONFLICT MEASURE_CALL SCORE_REVIEW SCORE_WORSE "
    "PSY_SUGGEST DISCHARGE_CHECK PIFU_EXPIRY MONTHLY_CONTACT SAFETY_ALERT ANT_PLAN HOLD_CALL "
    "OVERRIDE POST_PROC_CALL_1 POST_PROC_CALL_2 PROC_OUTCOME OPI_CHECK NO_CHANNEL CONTACT_FAILED "
    "REPLY_READ CRISIS_CALL ESCALATION_EXHAUSTED ROSTER_INCOMPLETE NEXT_STEP_MISSING PATIENT_PARKED FACT_STUCK "
    "BREAK_GLASS_REVIEW LETTER_RECALLED DEATH_CHECK LIVES_AFTER_ALL SUBSTANCE_CHECK PLAN_HANDOVER "
    "INVESTIGATION_LATE INVESTIGATION_READ SCORE_ERROR ACT_INFO SESSION_EARLY GROUP_SHORT "
    "VISITS_OVERLAP",
    CAPITALS,
)
ItemType = Annotated[str, ITEM_TYPE]
"""The whole catalogue. Which are opened so far: the worklist's table."""
Complexity = Literal["low", "moderate", "high"]
ReferralStatus = Literal[
    "received",
    "information_requested",
    "accepted",
    "waitlisted",
    "active",
    "scheduled",
    "unattended",
    "appointment_cancelled",
    "visit_completed",
    "cancellation_requested",
    "rejected",
    "cancelled",
    "completed",
    "entered_in_error",
]
"""States of BSeR 2.0 and its extensions. Which are reached so far: the service's table."""
MOVE = CodeList("MOVE", "06 08 11 12 13 15 18 19 21 26 27 29 31 32 X03 X07", "X?[0-9]{2}")
Move = Annotated[str, MOVE]
"""Transition ids that are told as `progressed`."""
PROCEDURE_FAMILY = CodeList(
    "PROCEDURE_FAMILY",
    "esi_il_ct esi_il_lc esi_tf_ct esi_tf_ls mbb_ct mbb_ls rfa_ct rfa_ls sij tpi joint pnb sympathetic_block "
    "scs_trial scs tens",
)
ProcedureFamily = Annotated[str, PROCEDURE_FAMILY]
"""Huddle's own families of procedures."""
GATE_KIND = CodeList(
    "GATE_KIND",
    "antithrombotic_plan authorisation previous_outcome override procedure_consent escort allergy_review "
    "psychological_evaluation pregnancy_planning inr infection fasting glucose pregnancy_test unknown_check",
)
GateKind = Annotated[str, GATE_KIND]
"""What must be true before a procedure. `unknown_check`: what a newer release asks for and this one doesn't know."""
