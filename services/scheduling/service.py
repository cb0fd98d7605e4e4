"""The scheduling service on one screen."""

from pathlib import Path

from backbone.model import Service, known_by_registry
from schemas.referral.v1.patient import DeathSettled, MergeUndone, PatientDeceased, PatientsMerged
from services.scheduling.appointment import reactions as visits
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.routes import ROUTES as APPOINTMENT_ROUTES
from services.scheduling.attendance_case import reactions as cases
from services.scheduling.attendance_case.aggregate import ATTENDANCE_CASE
from services.scheduling.attendance_case.routes import ROUTES as CASE_ROUTES
from services.scheduling.authorisation import reactions as authorisations
from services.scheduling.authorisation.aggregate import AUTHORISATION
from services.scheduling.authorisation.routes import ROUTES as AUTHORISATION_ROUTES
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
)
from services.scheduling.booking_request.outside import inside
from services.scheduling.booking_request.reactions import procedures, requests
from services.scheduling.booking_request.routes import ROUTES as REQUEST_ROUTES
from services.scheduling.diary import reactions as diaries
from services.scheduling.diary.aggregate import DIARY
from services.scheduling.gate import reactions as gates
from services.scheduling.gate.aggregate import GATE
from services.scheduling.gate.routes import ROUTES as GATE_ROUTES
from services.scheduling.group_time import reactions as groups
from services.scheduling.group_time.aggregate import GROUP_TIME
from services.scheduling.group_time.routes import ROUTES as GROUP_ROUTES
from services.scheduling.joint_day import reactions as joint_days
from services.scheduling.joint_day.aggregate import JOINT_DAY
from services.scheduling.joint_day.routes import ROUTES as JOINT_DAY_ROUTES
from services.scheduling.person.routes import ROUTES as PERSON_ROUTES
from services.scheduling.procedure_record import reactions as procedure_records
from services.scheduling.procedure_record.aggregate import PROCEDURE_RECORD
from services.scheduling.protection import reactions as protections
from services.scheduling.protection.aggregate import PROTECTION
from services.scheduling.referral_record import reactions as records
from services.scheduling.referral_record.aggregate import RECORD
from services.scheduling.rules import load_rules
from services.scheduling.slot import reactions as slots
from services.scheduling.slot.aggregate import SLOT
from services.scheduling.slot.routes import ROUTES as SLOT_ROUTES
from services.scheduling.unavailability.aggregate import UNAVAILABILITY
from services.scheduling.unavailability.routes import ROUTES as UNAVAILABILITY_ROUTES
from services.scheduling.waiting_list import reactions as entries
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY
from services.scheduling.waiting_list.routes import ROUTES as WAITING_LIST_ROUTES

SERVICE = Service(
    name="scheduling",
    aggregates=(
        *(BOOKING_REQUEST, WAITLIST_ENTRY, SLOT, APPOINTMENT, JOINT_DAY),
        *(RECORD, PROTECTION, ATTENDANCE_CASE, UNAVAILABILITY, DIARY),
        *(GATE, AUTHORISATION, PROCEDURE_RECORD, GROUP_TIME),
    ),
    reactions=(
        *(*slots.REACTIONS, *diaries.REACTIONS, *records.REACTIONS, *entries.REACTIONS),
        *(*procedure_records.REACTIONS, *authorisations.REACTIONS, *procedures.REACTIONS),
        *(*gates.REACTIONS, *gates.OWN, *groups.OWN, *diaries.OWN),
        *(*requests.REACTIONS, *visits.REACTIONS, *cases.REACTIONS, *joint_days.REACTIONS),
        *(
            *protections.REACTIONS,
            *known_by_registry(PatientsMerged, MergeUndone, PatientDeceased, DeathSettled),
        ),
    ),
    routes=(
        *(*SLOT_ROUTES, *REQUEST_ROUTES, *WAITING_LIST_ROUTES, *APPOINTMENT_ROUTES),
        *(*JOINT_DAY_ROUTES, *UNAVAILABILITY_ROUTES, *CASE_ROUTES, *PERSON_ROUTES),
        *(*GATE_ROUTES, *AUTHORISATION_ROUTES, *GROUP_ROUTES),
    ),
    local=frozenset(row.fact for row in (*gates.OWN, *groups.OWN, *diaries.OWN)),
    contents={"note": "note"},
    shows="visit",
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    inside=inside,
)
