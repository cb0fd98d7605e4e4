"""Closed lists of the care plan. Achievement: FHIR R4 goal achievement; the rest are the clinic's lists."""

from typing import Literal

ConsultationKind = Literal["initial", "review", "procedure"]
ConsultationOutcome = Literal[
    "MDT_PROGRAMME",
    "SINGLE_DISCIPLINE",
    "PROCEDURE_PATHWAY",
    "MEDICATION_REVIEW",
    "FURTHER_INVESTIGATION",
    "ADVICE_AND_GUIDANCE",
    "NOT_SUITABLE",
    "REDIRECT",
    "DISCHARGE_TO_PCP",
    "PIFU",
    "PATIENT_DECLINED",
]
InvestigationResult = Literal["back_to_clinic", "other_specialty", "no_finding"]
LetterKind = Literal["outcome", "discharge", "decline"]
Audience = Literal["referrer", "pcp", "patient"]
ContactKind = Literal[
    "post_procedure_24_72h", "post_procedure_2w", "hold_call", "welfare", "monthly", "reply"
]
ReviewResult = Literal["continue", "change", "step_up", "step_down", "discharge"]
ActivityRule = Literal["MOD-01", "MOD-02", "MOD-03"]
ActivityDecision = Literal["continue", "extend", "change", "complete", "stop"]
Achievement = Literal[
    "in-progress",
    "improving",
    "worsening",
    "no-change",
    "achieved",
    "sustaining",
    "not-achieved",
    "no-progress",
    "not-attainable",
]
GoalFinding = Literal["step_down", "discharge_ready"]
Occasion = Literal["referral", "waiting", "baseline", "review", "end", "followup"]
MissingStage = Literal["D-1", "missed"]
Instrument = Literal["peg", "bpi", "nrs", "promis_pi", "phq9", "phq2", "gad7", "pcs", "pseq", "dass21", "odi"]
Finding = Literal[
    "phq9_item9_positive",
    "phq9_severe",
    "phq9_rise",
    "phq9_moderate",
    "peg_responder",
    "peg_worse",
    "pcs_high",
    "pseq_low",
    "discharge_ready",
    "step_up",
    "step_down",
]
AlertCode = Literal[
    "suicide_risk",
    "dna_high_risk",
    "hold_running_without_plan",
    "mme_high_second_review",
    "taper_too_fast",
    "unexpected_finding",
    "post_procedure_warning",
    "inr_blocked",
]
AlertResult = Literal["no_imminent_risk", "safety_plan", "emergency_care", "not_reached", "false_trigger"]
ExposureStatus = Literal["complete", "incomplete", "none"]
ExposureProfile = Literal["standard", "intensified"]
ExposureContext = Literal["intake", "consultation", "review"]
DischargeReason = Literal[
    "COMPLETED_GOALS",
    "PLATEAU_SELF_MANAGING",
    "PIFU_EXPIRED",
    "DNA_AFTER_REVIEW",
    "DECLINED",
    "TRANSFERRED",
    "NOT_BENEFITING",
    "DIED",
    "MOVED",
]
