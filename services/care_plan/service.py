"""The care plan service on one screen."""

from pathlib import Path

from backbone.model import Service, known_by_registry
from schemas.referral.v1.patient import DeathSettled, MergeUndone, PatientDeceased, PatientsMerged
from services.care_plan.activity.aggregate import ACTIVITY
from services.care_plan.activity.reactions import REACTIONS as ACTIVITY_REACTIONS
from services.care_plan.activity.routes import ROUTES as ACTIVITY_ROUTES
from services.care_plan.antithrombotic_plan.aggregate import ANTITHROMBOTIC_PLAN
from services.care_plan.antithrombotic_plan.reactions import OWN as OF_PLANS
from services.care_plan.antithrombotic_plan.reactions import REACTIONS as ANTITHROMBOTIC_REACTIONS
from services.care_plan.antithrombotic_plan.routes import ROUTES as ANTITHROMBOTIC_ROUTES
from services.care_plan.conflict.aggregate import CONFLICT, REST
from services.care_plan.conflict.reactions import OWN as OF_CONFLICTS
from services.care_plan.conflict.reactions import REACTIONS as CONFLICT_REACTIONS
from services.care_plan.conflict.routes import ROUTES as CONFLICT_ROUTES
from services.care_plan.consultation.aggregate import CONSULTATION
from services.care_plan.consultation.reactions import REACTIONS as CONSULTATION_REACTIONS
from services.care_plan.consultation.routes import ROUTES as CONSULTATION_ROUTES
from services.care_plan.contact.aggregate import CONTACT
from services.care_plan.contact.reactions import OWN as OF_CONTACTS
from services.care_plan.contact.routes import ROUTES as CONTACT_ROUTES
from services.care_plan.goal.aggregate import GOAL
from services.care_plan.history.aggregate import HISTORY
from services.care_plan.history.reactions import OWN as OF_HISTORIES
from services.care_plan.history.reactions import REACTIONS as HISTORY_REACTIONS
from services.care_plan.investigation.aggregate import INVESTIGATION
from services.care_plan.investigation.routes import ROUTES as INVESTIGATION_ROUTES
from services.care_plan.letter import queries as letters_read
from services.care_plan.letter.aggregate import LETTER
from services.care_plan.letter.reactions import OWN as OF_LETTERS
from services.care_plan.letter.routes import ROUTES as LETTER_ROUTES
from services.care_plan.mdt.aggregate import MDT_ACTION, MDT_CASE, MDT_MEETING
from services.care_plan.mdt.reactions import OWN as OF_CASES
from services.care_plan.mdt.reactions import REACTIONS as MDT_REACTIONS
from services.care_plan.mdt.routes import ROUTES as MDT_ROUTES
from services.care_plan.measures.aggregate import MEASURE_REQUEST
from services.care_plan.measures.documents import crisis_in
from services.care_plan.measures.reactions import OWN as OF_MEASURES
from services.care_plan.measures.reactions import REACTIONS as MEASURE_REACTIONS
from services.care_plan.measures.routes import ROUTES as MEASURE_ROUTES
from services.care_plan.opioid.aggregate import OPIOID_PROFILE
from services.care_plan.opioid.reactions import OWN as OF_OPIOIDS
from services.care_plan.opioid.reactions import REACTIONS as OPIOID_REACTIONS
from services.care_plan.opioid.routes import ROUTES as OPIOID_ROUTES
from services.care_plan.opioid_check.aggregate import OPIOID_CHECKS
from services.care_plan.opioid_check.reactions import OWN as OF_CHECKS
from services.care_plan.opioid_check.reactions import REACTIONS as CHECK_REACTIONS
from services.care_plan.opioid_check.routes import ROUTES as CHECK_ROUTES
from services.care_plan.override.aggregate import OVERRIDE
from services.care_plan.override.routes import ROUTES as OVERRIDE_ROUTES
from services.care_plan.person.routes import ROUTES as PERSON_ROUTES
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.reactions import REACTIONS as PLAN_REACTIONS
from services.care_plan.plan.routes import ROUTES as PLAN_ROUTES
from services.care_plan.procedure.aggregate import PROCEDURE
from services.care_plan.procedure.reactions import OWN as OF_PROCEDURES
from services.care_plan.procedure.reactions import REACTIONS as PROCEDURE_REACTIONS
from services.care_plan.procedure.routes import ROUTES as PROCEDURE_ROUTES
from services.care_plan.procedure_record.aggregate import PROCEDURE_RECORD
from services.care_plan.procedure_record.reactions import OWN as OF_RECORDS
from services.care_plan.renal_function.aggregate import RENAL_FUNCTION
from services.care_plan.risk.aggregate import RISK
from services.care_plan.risk.reactions import OWN as OF_RISKS
from services.care_plan.risk.reactions import REACTIONS as RISK_REACTIONS
from services.care_plan.rules import load_rules
from services.care_plan.safety_alert.aggregate import SAFETY_ALERT
from services.care_plan.safety_alert.reactions import OWN as OF_ALERTS
from services.care_plan.safety_alert.reactions import REACTIONS as ALERT_REACTIONS
from services.care_plan.safety_alert.routes import ROUTES as ALERT_ROUTES
from services.care_plan.taper.aggregate import TAPER
from services.care_plan.taper.reactions import OWN as OF_TAPERS
from services.care_plan.taper.reactions import REACTIONS as TAPER_REACTIONS
from services.care_plan.taper.routes import ROUTES as TAPER_ROUTES
from services.care_plan.visit.aggregate import VISIT
from services.care_plan.visit.reactions import REACTIONS as VISIT_REACTIONS

OWN = (
    *(*OF_CASES, *OF_LETTERS, *OF_CHECKS, *OF_RECORDS, *OF_PROCEDURES, *OF_TAPERS, *OF_ALERTS),
    *(*OF_RISKS, *OF_MEASURES, *OF_OPIOIDS, *OF_HISTORIES),
    *(*OF_CONFLICTS, *OF_CONTACTS, *OF_PLANS),
)
"""Handled in the transaction that writes the facts."""

SERVICE = Service(
    name="care_plan",
    aggregates=(
        *(VISIT, CONSULTATION, CARE_PLAN, GOAL, ACTIVITY, INVESTIGATION),
        *(MEASURE_REQUEST, HISTORY, RISK, SAFETY_ALERT, OPIOID_PROFILE, OPIOID_CHECKS, TAPER),
        *(MDT_CASE, MDT_MEETING, MDT_ACTION, CONTACT, LETTER),
        *(PROCEDURE, PROCEDURE_RECORD, OVERRIDE, REST, CONFLICT, ANTITHROMBOTIC_PLAN, RENAL_FUNCTION),
    ),
    reactions=(
        *(*VISIT_REACTIONS, *HISTORY_REACTIONS, *RISK_REACTIONS, *OPIOID_REACTIONS, *MEASURE_REACTIONS),
        *(*CONSULTATION_REACTIONS, *PLAN_REACTIONS, *ACTIVITY_REACTIONS, *MDT_REACTIONS, *CHECK_REACTIONS),
        *ANTITHROMBOTIC_REACTIONS,
        *(
            *ALERT_REACTIONS,
            *PROCEDURE_REACTIONS,
            *TAPER_REACTIONS,
            *CONFLICT_REACTIONS,
            *OWN,
            *known_by_registry(PatientsMerged, MergeUndone, PatientDeceased, DeathSettled),
        ),
    ),
    local=frozenset(row.fact for row in OWN),
    routes=(
        *(*CONSULTATION_ROUTES, *PLAN_ROUTES, *ACTIVITY_ROUTES, *MEASURE_ROUTES),
        *(*ALERT_ROUTES, *MDT_ROUTES, *CONTACT_ROUTES, *LETTER_ROUTES, *OPIOID_ROUTES),
        *(*CHECK_ROUTES, *TAPER_ROUTES, *PERSON_ROUTES, *PROCEDURE_ROUTES, *OVERRIDE_ROUTES),
        *CONFLICT_ROUTES,
        *ANTITHROMBOTIC_ROUTES,
        *INVESTIGATION_ROUTES,
    ),
    contents={
        "plan": "plan",
        "goal": "plan",
        "consultation": "consultation",
        "addendum": "consultation",
        "letter": "letter_text",
        "letter_draft": "letter_draft",
        "minutes": "minutes",
        "case_question": "minutes",
        "answers": "answers",
        "drug_list": "medicines",
        "note": "note",
        "alert_note": "psychology",
        "hold_text": "hold_plan",
        "hold_agreement": "medicines",
    },
    shows="care",
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    urgent=crisis_in,
    disclosures=letters_read.recalled_about,
)
