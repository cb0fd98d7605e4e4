"""The referral service on one screen."""

from pathlib import Path

from backbone.model import Service
from services.referral.api import routes
from services.referral.domain.organisation import ORGANISATION
from services.referral.domain.patient.aggregate import PATIENT
from services.referral.domain.referral.aggregate import REFERRAL
from services.referral.domain.rules import load_rules
from services.referral.reactions import INTAKES, REACTIONS

SERVICE = Service(
    name="referral",
    aggregates=(PATIENT, REFERRAL, ORGANISATION),
    reactions=REACTIONS,
    intakes=INTAKES,
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    routes=routes,
)
