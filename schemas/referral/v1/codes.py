"""Codes of referrals that other services do not carry. Sources: the domain rules; the rest are conventions (C)."""

from typing import Annotated, Literal, get_args

from schemas.care_plan.v1.codes import ConsultationOutcome
from schemas.code_list import CAPITALS, WORDS, CodeList

DATA_FIELD = CodeList(
    "DATA_FIELD",
    "identity referrer reason_for_referral onset mechanism pain_site_character prior_treatments medications history "
    "function psychological social substance_use self_management_willing self_management_note red_flag_screen "
    "overdose_is_past consent_to_referral tests_performed reports coverage compensable_claim condition_codes "
    "outside_catchment",
)
DataField = Annotated[str, DATA_FIELD]
"""Fields of the minimum data set."""

ENDING = CodeList(
    "ENDING",
    "INFO_NOT_RECEIVED DURATION_BELOW_MIN AGE_OUT_OF_RANGE OUT_OF_CATCHMENT INVESTIGATION_PENDING "
    "UNDER_OTHER_SPECIALTY_SAME_PAIN UNDER_OTHER_PAIN_SERVICE SEEN_RECENTLY UNSTABLE_SUBSTANCE_USE "
    "UNSTABLE_MENTAL_HEALTH SUICIDE_RISK RED_FLAG_EMERGENCY NOT_WILLING_SELF_MGMT INJECTION_ONLY "
    "COGNITIVE_IMPAIRMENT_NO_SUPPORT PALLIATIVE_REDIRECT COMPENSABLE_CLAIM PAIN_SCORE_BELOW_MIN AUTH_MISSING "
    "AUTH_EXPIRED REFERRER_NOT_ELIGIBLE DUPLICATE_ACTIVE_REFERRAL ADVICE_ONLY DID_NOT_ATTEND",
    CAPITALS,
)
Ending = Annotated[str, ENDING]
"""Why a referral is rejected, redirected or answered with advice. What each may be used for: `config/referral.toml`."""

ADVISORY = CodeList(
    "ADVISORY",
    "DURATION_BELOW_MIN AGE_OUT_OF_RANGE OUT_OF_CATCHMENT REFERRER_NOT_ELIGIBLE AUTH_MISSING AUTH_EXPIRED "
    "COMPENSABLE_CLAIM opioid_benzodiazepine mme_high",
    f"(?:{WORDS}|{CAPITALS})",
)
Advisory = Annotated[str, ADVISORY.passed_on]
"""What the triage clinician is told of: codes of REF-04 and REF-05; the clinic's rules add combinations of drugs."""

REFERRAL_OUTCOME = CodeList(
    "REFERRAL_OUTCOME",
    f"{' '.join(get_args(ConsultationOutcome))} discharged advice_given transferred died",
    f"(?:{WORDS}|{CAPITALS})",
)
ReferralOutcome = Annotated[str, REFERRAL_OUTCOME]

TARGET_CAUSE = CodeList("TARGET_CAUSE", "unavailability re_triage merge clock_reset")
TargetCause = Annotated[str, TARGET_CAUSE]

Standing = Literal["in_time", "short", "late"]
"""Of a wait: little of its time has passed, most of it, all of it."""

WAITLIST_CAUSE = CodeList("WAITLIST_CAUSE", "X06 X10 X11", "X[0-9]{2}")
WaitlistCause = Annotated[str, WAITLIST_CAUSE]

WaitReviewResult = Literal["unchanged", "worse", "better", "unreachable"]
"""Who is worse is triaged again."""

CHANGED = CodeList("CHANGED", "contact language time_zone proxy accessibility age")
Changed = Annotated[str, CHANGED]
"""Parts of a patient's record."""

BODY_SITE = CodeList(
    "BODY_SITE",
    "head face jaw neck throat shoulder upper_arm elbow forearm wrist hand chest upper_back abdomen flank lower_back "
    "pelvis perineum groin hip buttock thigh knee lower_leg ankle foot whole_body_side widespread",
    also="[0-9]{6,18}",
)
BodySite = Annotated[str, BODY_SITE]
"""Or a concept of SNOMED CT by its number."""

DOSE_UNIT = CodeList(
    "DOSE_UNIT",
    "g mg mcg ng mL L unit mmol mg/h mcg/h mg/mL % tablet capsule patch suppository drop puff spray sachet other",
    "(?:[a-z]{1,12}|m?L|%)(?:/(?:[a-z]{1,6}|m?L))?",
)
DoseUnit = Annotated[str, DOSE_UNIT]

ROUTE = CodeList(
    "ROUTE",
    "oral sublingual buccal transdermal topical rectal nasal inhaled subcutaneous intramuscular intravenous iv "
    "intra_articular intrathecal epidural perineural other",
)
Route = Annotated[str, ROUTE]

Asking = Literal["referrer", "patient"]
"""For whom a referral is taken back."""
CANCELLATION_REASON = CodeList(
    "CANCELLATION_REASON",
    "no_longer_wanted pain_resolved treated_elsewhere moved_away wait_too_long sent_by_mistake died other",
)
CancellationReason = Annotated[str, CANCELLATION_REASON]
MATCH_BASIS = CodeList(
    "MATCH_BASIS",
    "same_identifier other_name other_birth_date other_phone same_name_birth_date_phone same_body_site "
    "same_condition seen_recently merge_undone",
)
MatchBasis = Annotated[str, MATCH_BASIS]
"""Why two referrals, or two patients, may be one."""
ERROR_REASON = CodeList("ERROR_REASON", "wrong_patient entered_twice sent_by_mistake test_data other")
ErrorReason = Annotated[str, ERROR_REASON]
ERASURE_GROUND = CodeList(
    "ERASURE_GROUND",
    "not_needed_any_more consent_withdrawn objection unlawful_processing legal_obligation_to_erase",
)
ErasureGround = Annotated[str, ERASURE_GROUND]
"""Why somebody is forgotten: GDPR Art. 17(1) a to e."""

KEEPING_GROUND = CodeList(
    "KEEPING_GROUND", "legal_obligation_to_keep public_task care_under_secrecy legal_claims public_health"
)
KeepingGround = Annotated[str, KEEPING_GROUND]
"""Why they are not: GDPR Art. 17(3), and Art. 9(3)."""

DEATH_SOURCE = CodeList("DEATH_SOURCE", "family hospital registry referrer staff discharge")
DeathSource = Annotated[str, DEATH_SOURCE]
"""Who told."""
