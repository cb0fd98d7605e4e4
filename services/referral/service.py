"""The referral service on one screen."""

from pathlib import Path

from backbone.model import Service, known_by_registry
from schemas.referral.v1.patient import DeathSettled, MergeUndone, PatientDeceased, PatientsMerged
from services.referral.ending.routes import ROUTES as ENDING_ROUTES
from services.referral.likeness.aggregate import LIKENESS
from services.referral.organisation.aggregate import ORGANISATION
from services.referral.patient import reactions as patients
from services.referral.patient.aggregate import PATIENT, look_at_children
from services.referral.patient.outside import outside
from services.referral.patient.routes import ROUTES as PATIENT_ROUTES
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.documents import flags_in
from services.referral.referral.reactions import person
from services.referral.referral.reactions.doses import DOSES
from services.referral.referral.reactions.escalations import ESCALATIONS
from services.referral.referral.reactions.results import INTAKES
from services.referral.referral.reactions.visits import VISITS
from services.referral.referral.routes import ROUTES as REFERRAL_ROUTES
from services.referral.rules import load_rules

OWN = (
    *patients.OWN,
    *person.OWN,
    *known_by_registry(PatientsMerged, MergeUndone, PatientDeceased, DeathSettled),
)

SERVICE = Service(
    name="referral",
    aggregates=(PATIENT, LIKENESS, REFERRAL, ORGANISATION),
    reactions=(*OWN, *VISITS, *DOSES, *patients.REACTIONS, *ESCALATIONS),
    local=frozenset(row.fact for row in OWN),
    intakes=INTAKES,
    routes=(*REFERRAL_ROUTES, *ENDING_ROUTES, *PATIENT_ROUTES),
    contents={
        "identity": "contact",
        "contact": "contact",
        "claim": "contact",
        "referral_package": "package",
        "source_key": "referral",
        "advice": "advice",
        "triage_comment": "note",
        "note": "note",
    },
    shows="referral",
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    urgent=flags_in,
    outside=outside,
    at_start=look_at_children,
)
