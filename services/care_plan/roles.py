"""Who may do what with plans, measures, alerts and meetings: the groups that the deciders name."""

from backbone.model import Actor, Group, Refused, Rights, permits
from config.staff import CLINICIANS
from schemas.codes import Queue
from services.care_plan.rules import Rules

LEADS = frozenset({"physician", "proceduralist", "clinical_lead", "medical_director"})
DESK = frozenset({"care_coordinator", "intake_clerk", "service_manager"})

PHYSICIAN = Group("a pain physician or plan lead", LEADS)
PROCEDURALIST = Group("a proceduralist", frozenset({"proceduralist"}))
CHAIR = Group("the chair of the team: a pain physician or plan lead", LEADS)
CLINICIAN = Group("a clinician", frozenset(CLINICIANS))
CLINICIAN_OR_COORDINATOR = Group("a clinician or a coordinator", frozenset(CLINICIANS) | DESK)
COORDINATOR = Group("a coordinator", DESK | LEADS)
PATIENT_OR_STAFF = Group(
    "the patient, or staff for them", frozenset(CLINICIANS) | DESK, frozenset({"patient"})
)
REGISTRAR = Group("a registrar", frozenset({"registrar", "service_manager", "medical_director"}))

OFFICER = Group("the privacy officer", frozenset({"privacy_officer"}))


def somebody_of(discipline: Queue, rules: Rules) -> Group:
    """Who works in a discipline: as the token says, or the staff directory."""
    members = (each.id for each in rules.staff.members if discipline in each.disciplines)
    return Group(f"somebody of {discipline}", disciplines=frozenset({discipline}), persons=frozenset(members))


def not_one_of(group: Group, person_id: str | None, rules: Rules) -> Refused | None:
    """Who is named stands in the staff directory as one of the group; nobody is named by their own word."""
    if person_id is None or permits(group, Actor("user", person_id), Rights(), rules):
        return None
    return Refused(f"{person_id} is not {group.name}, as the staff directory has it", code="unknown-person")
