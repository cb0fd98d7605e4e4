"""Codes of the care plan. Achievement: FHIR R4 goal achievement; the rest are the clinic's lists (C)."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from schemas.code_list import CAPITALS, RULE, WORDS, WORDS_OR_RULE, CodeList

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
"""Each says whether care goes on, and who has the next step."""
InvestigationResult = Literal["back_to_clinic", "other_specialty", "no_finding"]
LetterKind = Literal["outcome", "discharge", "decline"]
Audience = Literal["referrer", "pcp", "patient"]
ReviewResult = Literal["continue", "change", "step_up", "step_down", "discharge"]
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
MissingStage = Literal["D-1", "missed"]
ExposureStatus = Literal["complete", "incomplete", "none"]
ExposureProfile = Literal["standard", "intensified"]

CONSULTATION_KIND = CodeList("CONSULTATION_KIND", "initial review procedure")
ConsultationKind = Annotated[str, CONSULTATION_KIND]
OUTCOME_DETAIL = CodeList(
    "OUTCOME_DETAIL",
    "medical nursing coordination physiotherapy occupational_therapy psychology pharmacy social_work "
    "NOT_READY NOT_CHRONIC_PAIN OTHER_CONDITION_FIRST UNSTABLE_SUBSTANCE_USE UNSTABLE_MENTAL_HEALTH "
    "rheumatology orthopaedics neurology neurosurgery oncology palliative_care gynaecology vascular_surgery "
    "addiction_service mental_health_service other_pain_service emergency_department other",
    f"(?:{WORDS}|{CAPITALS})",
)
OutcomeDetail = Annotated[str, OUTCOME_DETAIL]
"""Which discipline, which reason, which service."""
DIAGNOSIS_SYSTEM = CodeList(
    "DIAGNOSIS_SYSTEM", "ICD-11 ICD-10-CM ICD-10 SNOMED-CT", "[A-Z]{3,8}(?:-[A-Z0-9]{1,4}){0,2}"
)
DiagnosisSystem = Annotated[str, DIAGNOSIS_SYSTEM]
RECALL_REASON = CodeList("RECALL_REASON", "wrong_recipient wrong_patient wrong_content other")
RecallReason = Annotated[str, RECALL_REASON]
"""Why a signed letter is taken back."""
LEFT_OUT = CodeList("LEFT_OUT", "not_known serious_harm patient_declined other")
LeftOut = Annotated[str, LEFT_OUT]
"""Why somebody does not get a letter that is for them."""
RECALL_RESULT = CodeList("RECALL_RESULT", "not_read destroyed returned not_confirmed")
RecallResult = Annotated[str, RECALL_RESULT]
"""What became of it at whom it reached."""
CONTACT_KIND = CodeList(
    "CONTACT_KIND", "post_procedure_24_72h post_procedure_2w hold_call welfare monthly reply"
)
ContactKind = Annotated[str, CONTACT_KIND]
CALL_RESULT = CodeList(
    "CALL_RESULT", "reached spoken not_reached left_message wrong_number declined emergency"
)
CallResult = Annotated[str, CALL_RESULT]
WARNING_SIGN = CodeList(
    "WARNING_SIGN",
    "weakness bladder_dysfunction bowel_dysfunction saddle_numbness fever neck_stiffness severe_headache "
    "severe_pain bleeding wound_infection allergic_reaction breathlessness chest_pain sedation suicidal_thoughts other",
)
WarningSign = Annotated[str, WARNING_SIGN]
ACTIVITY_KIND = CodeList(
    "ACTIVITY_KIND",
    "assessment medication_review reconciliation taper_plan opioid_review naloxone procedure nurse_education "
    "monitoring exercise exercise_programme graded_exercise home_programme manual_therapy tens_trial hydrotherapy "
    "pacing adaptations return_to_work cbt cbt_cp act sleep relaxation biofeedback risk_assessment programme "
    "group_programme education acupuncture benefits_advice finance housing carer_support navigation telephone_review "
    "other",
)
ActivityKind = Annotated[str, ACTIVITY_KIND]
ACTIVITY_INFORMATION = CodeList(
    "ACTIVITY_INFORMATION",
    "history earlier_results medication_list risks goals_of_the_patient equipment_at_home availability "
    "language_or_support other",
)
ActivityInformation = Annotated[str, ACTIVITY_INFORMATION]
ANSWER_TO = CodeList("ANSWER_TO", "completed failed withdrawn")
AnswerTo = Annotated[str, ANSWER_TO]
ACTIVITY_RULE = CodeList("ACTIVITY_RULE", "MOD-01 MOD-02 MOD-03", RULE)
ActivityRule = Annotated[str, ACTIVITY_RULE]
ACTIVITY_RESULT = CodeList(
    "ACTIVITY_RESULT", "done reviewed goals_of_discipline_reached partly_reached not_reached handed_over"
)
ActivityResult = Annotated[str, ACTIVITY_RESULT]
CARE_REASON = CodeList(
    "CARE_REASON",
    "no_capacity not_indicated information_missing illness operation holiday moved patient_moved patient_declined "
    "withdrawn no_benefit harm did_not_attend emergency left_early not_needed not_ready no_time meeting_closed "
    "rejected redirected completed discharged patient_discharged plan_closed plan_revoked pifu_opened wrong_patient "
    "entered_in_error marked_in_error "
    "waiting_for_result waiting_for_patient staff_absent replaced other",
)
CareReason = Annotated[str, CARE_REASON]
"""Why work or a plan is declined, paused, stopped, cancelled, put off or withdrawn."""
INVESTIGATION_KIND = CodeList(
    "INVESTIGATION_KIND",
    "mri ct xray ultrasound bone_scan nerve_conduction blood_test urine_test sleep_study other",
)
InvestigationKind = Annotated[str, INVESTIGATION_KIND]
NOT_INVESTIGATED = CodeList(
    "NOT_INVESTIGATED",
    "nothing_heard cancelled_elsewhere did_not_attend patient_unwell patient_declined other",
)
NotInvestigated = Annotated[str, NOT_INVESTIGATED]
INVESTIGATION_CANCELLED = CodeList(
    "INVESTIGATION_CANCELLED",
    "patient_declined not_needed contraindicated done_elsewhere wrong_patient other",
)
InvestigationCancelledFor = Annotated[str, INVESTIGATION_CANCELLED]
INVESTIGATION_END = CodeList("INVESTIGATION_END", "read cancelled")
InvestigationEnd = Annotated[str, INVESTIGATION_END]
HANDOVER_REASON = CodeList("HANDOVER_REASON", "absence leaving workload other_expertise patient_wish")
HandoverReason = Annotated[str, HANDOVER_REASON]
HANDOVER_RESULT = CodeList("HANDOVER_RESULT", "accepted declined withdrawn")
HandoverResult = Annotated[str, HANDOVER_RESULT]
PLAN_PART = CodeList("PLAN_PART", "goals activities note reason pifu_used")
PlanPart = Annotated[str, PLAN_PART]
GOAL_DOMAIN = CodeList(
    "GOAL_DOMAIN",
    "function mobility walking sitting lifting self_care household work study leisure social family sleep mood pain "
    "medication driving sport other",
)
GoalDomain = Annotated[str, GOAL_DOMAIN]
GOAL_FINDING = CodeList("GOAL_FINDING", "step_down discharge_ready")
GoalFinding = Annotated[str, GOAL_FINDING]
OCCASION = CodeList("OCCASION", "referral waiting baseline review end followup")
Occasion = Annotated[str, OCCASION]
INSTRUMENT = CodeList(
    "INSTRUMENT",
    "peg bpi nrs promis_pi promis_pf phq9 phq2 gad7 pcs pseq dass21 odi start_back ort_oud audit_c dast10",
)
Instrument = Annotated[str, INSTRUMENT]
SUBSCALE = CodeList(
    "SUBSCALE",
    "depression anxiety stress severity interference rumination magnification helplessness psychosocial",
)
Subscale = Annotated[str, SUBSCALE]
"""A part of an instrument that has a score of its own."""
BAND = CodeList(
    "BAND",
    "minimal mild moderate moderately_severe severe extremely_severe crippled bed_bound low medium normal high "
    "negative positive none substantial below_relevance clinically_relevant",
)
Band = Annotated[str, BAND.passed_on]
"""As the clinic's rules name it."""
NOT_SCORED = CodeList("NOT_SCORED", "declined dropped item_missing out_of_range wrong_number_of_items")
NotScored = Annotated[str, NOT_SCORED]
FINDING = CodeList(
    "FINDING",
    "phq9_item9_positive phq9_severe phq9_rise phq9_moderate peg_responder peg_worse pcs_high pseq_low discharge_ready "
    "step_up step_down phq2_positive dass21_depression_severe dass21_anxiety_severe start_back_high ort_oud_high "
    "audit_c_positive dast10_moderate score_in_error",
)
Finding = Annotated[str, FINDING]
SCORE_ERROR = CodeList("SCORE_ERROR", "wrong_patient misheard wrong_form other")
ScoreError = Annotated[str, SCORE_ERROR]
"""Why a score is none."""
FINDING_DECISION = CodeList(
    "FINDING_DECISION",
    "looked_at talked psychology_considered psychology_ordered plan_changed mdt_requested referred_on no_action other",
)
FindingDecision = Annotated[str, FINDING_DECISION]
ALERT_CODE = CodeList(
    "ALERT_CODE",
    "suicide_risk dna_high_risk hold_running_without_plan mme_high_second_review taper_too_fast unexpected_finding "
    "post_procedure_warning inr_blocked taper_left",
)
AlertCode = Annotated[str, ALERT_CODE]
ALERT_RESULT = CodeList(
    "ALERT_RESULT", "no_imminent_risk safety_plan emergency_care not_reached false_trigger"
)
AlertResult = Annotated[str, ALERT_RESULT]
ASSESSMENT_TOOL = CodeList(
    "ASSESSMENT_TOOL", "C-SSRS ASQ SAFE-T SBQ-R CLINICAL", "[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*"
)
AssessmentTool = Annotated[str, ASSESSMENT_TOOL]
EXPOSURE_CONTEXT = CodeList("EXPOSURE_CONTEXT", "intake consultation review")
ExposureContext = Annotated[str, EXPOSURE_CONTEXT]
RISK_FACTOR = CodeList(
    "RISK_FACTOR",
    "mme_50 benzodiazepine cns_depressant overdose substance_use sleep_disordered_breathing lost_tolerance "
    "mental_health",
)
RiskFactor = Annotated[str, RISK_FACTOR]
OPIOID_CHECK = CodeList(
    "OPIOID_CHECK",
    "naloxone_offer opioid_review registry_check toxicology treatment_agreement taper_followup mme_reassessment "
    "co_prescription unexpected_finding oud_assessment dose_change_review no_benefit_discussion acute_supply",
)
OpioidCheck = Annotated[str, OPIOID_CHECK]
CHECK_RESULT = CodeList(
    "CHECK_RESULT",
    "ordered has_and_educated declined documented continued changed taper_agreed expected unexpected signed confirmed "
    "explained treatment_arranged not_found alternative as_expected prescribers_warned",
)
CheckResult = Annotated[str, CHECK_RESULT]
CASE_REASON = CodeList(
    "CASE_REASON",
    "new_programme complex_social_situation clinical_question MDT-01 OUT-04 OUT-05 OPI-02 MDT-03",
    WORDS_OR_RULE,
)
CaseReason = Annotated[str, CASE_REASON]
ASKED_OF_TEAM = CodeList("ASKED_OF_TEAM", "clinical_question complex_social_situation MDT-03", WORDS_OR_RULE)
"""What somebody, not a rule, puts before the team: also orders that do not go together (MDT-03)."""
CASE_DECISION = CodeList(
    "CASE_DECISION",
    "programme single_discipline procedure medication_change further_investigation continue change_plan step_up "
    "step_down discharge redirect other",
)
CaseDecision = Annotated[str, CASE_DECISION]
ACTION_KIND = CodeList("ACTION_KIND", "activate_plan book_joint_day")
DISCHARGE_REASON = CodeList(
    "DISCHARGE_REASON",
    "COMPLETED_GOALS PLATEAU_SELF_MANAGING PIFU_EXPIRED DNA_AFTER_REVIEW DECLINED TRANSFERRED NOT_BENEFITING DIED "
    "MOVED",
    CAPITALS,
)
DischargeReason = Annotated[str, DISCHARGE_REASON]
PLAN_END = CodeList("PLAN_END", f"{' '.join(DISCHARGE_REASON)} pifu", f"(?:{WORDS}|{CAPITALS})")
PlanEnd = Annotated[str, PLAN_END]
DISCHARGE_BASIS = CodeList(
    "DISCHARGE_BASIS", "peg_responder goals_reached plateau clinical_judgement patient_wish"
)
DischargeBasis = Annotated[str, DISCHARGE_BASIS]
LETTER, FINAL_MEASURES = "summary_letter", "final_proms"
LOOKED_FOR = frozenset({LETTER, FINAL_MEASURES})
"""Lines of DIS-01 that nobody ticks: the letter is there when it is signed, measures when they were taken."""
DISCHARGED_TO = CodeList(
    "DISCHARGED_TO", "referrer pcp other_pain_service palliative_care mental_health_service self other"
)
DischargedTo = Annotated[str, DISCHARGED_TO]
BleedingRisk = Literal["none", "low", "intermediate", "high"]
"""Of a procedure, after what raises it for this patient."""
SpinalRegion = Literal["cervical", "thoracic", "lumbar", "sacral", "none"]
"""`none`: not of the spine."""
Side = Literal["left", "right", "both", "midline"]
SpinalLevel = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:C[1-8]|T(?:[1-9]|1[0-2])|L[1-5]|S[1-5])(?:-(?:C[1-8]|T(?:[1-9]|1[0-2])|L[1-5]|S[1-5]))?$"
    ),
]
"""A vertebra, or the pair around a joint: `C4-C5`."""
SequenceRole = Literal["mbb_1", "mbb_2", "rfa"]
PLACE = CodeList("PLACE", "office hospital_outpatient surgery_centre")
Place = Annotated[str, PLACE]
"""Where a procedure is done, as payers ask."""
CIRCUMSTANCE = CodeList("CIRCUMSTANCE", "sedation diabetes may_be_pregnant allergy raised_bleeding_risk")
Circumstance = Annotated[str, CIRCUMSTANCE]
"""What the physician knows of the patient that asks for more before a procedure."""
COMPLICATION = CodeList(
    "COMPLICATION",
    "vasovagal bleeding haematoma infection dural_puncture nerve_injury allergic_reaction local_anaesthetic_toxicity "
    "incomplete abandoned other",
)
Complication = Annotated[str, COMPLICATION]
RENAL_MEASURE = CodeList("RENAL_MEASURE", "egfr creatinine_clearance")
RenalMeasure = Annotated[str, RENAL_MEASURE]
"""How the kidneys were measured: estimated by a formula of the laboratory, or for the weight of the patient."""
PLAN_INVALIDATED = CodeList(
    "PLAN_INVALIDATED",
    "appointment_moved appointment_cancelled appointment_missed drugs_changed renal_function_changed "
    "procedure_cancelled another_procedure",
)
PlanInvalidated = Annotated[str, PLAN_INVALIDATED]
COVERAGE_RISK = CodeList("COVERAGE_RISK", "limit interval criteria unknown")
CoverageRisk = Annotated[str, COVERAGE_RISK]
"""Why a payer may not pay."""
OVERRIDE_REASON = CodeList(
    "OVERRIDE_REASON",
    "clinical_need benefit_outweighs_risk criteria_met_elsewhere patient_pays specialist_advice not_justified "
    "alternative_chosen other",
)
OverrideReason = Annotated[str, OVERRIDE_REASON]
CONFLICT_KIND = CodeList("CONFLICT_KIND", "rest_window")
ConflictKind = Annotated[str, CONFLICT_KIND]
CONFLICT_RESOLUTION = CodeList("CONFLICT_RESOLUTION", "moved stopped paused accepted no_longer_applies")
ConflictResolution = Annotated[str, CONFLICT_RESOLUTION]
TAPER_END = CodeList("TAPER_END", "completed paused patient_wish harm abandoned discharged died")
TaperEnd = Annotated[str, TAPER_END]
