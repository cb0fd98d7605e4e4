"""The care plan service on one screen."""

from pathlib import Path

from backbone.model import Service
from services.care_plan.api import routes
from services.care_plan.domain.activity.aggregate import ACTIVITY
from services.care_plan.domain.consultation import CONSULTATION
from services.care_plan.domain.contact import CONTACT
from services.care_plan.domain.goal import GOAL
from services.care_plan.domain.mdt_case import MDT_CASE
from services.care_plan.domain.mdt_meeting import MDT_ACTION, MDT_MEETING
from services.care_plan.domain.measures.aggregate import MEASURE_REQUEST
from services.care_plan.domain.measures.history import HISTORY
from services.care_plan.domain.opioid import OPIOID_PROFILE
from services.care_plan.domain.plan.aggregate import CARE_PLAN
from services.care_plan.domain.rules import load_rules
from services.care_plan.domain.safety_alert import SAFETY_ALERT
from services.care_plan.domain.visit import VISIT
from services.care_plan.reactions import REACTIONS

SERVICE = Service(
    name="care_plan",
    aggregates=(
        *(VISIT, CONSULTATION, CARE_PLAN, GOAL, ACTIVITY),
        *(MEASURE_REQUEST, HISTORY, SAFETY_ALERT, OPIOID_PROFILE),
        *(MDT_CASE, MDT_MEETING, MDT_ACTION, CONTACT),
    ),
    reactions=REACTIONS,
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    routes=routes,
)
