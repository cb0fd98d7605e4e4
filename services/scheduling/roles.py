"""Who may do what with dates: the groups that the deciders name."""

from backbone.model import Given, Group, Refused
from config.staff import CLINICIANS
from schemas.scheduling.v1.codes import By
from services.scheduling.rules import Rules

DESK = frozenset({"care_coordinator", "intake_clerk", "receptionist", "registrar", "service_manager"})

COORDINATOR = Group("a coordinator or the desk", DESK, frozenset({"system"}))
COORDINATOR_OR_PATIENT = Group(
    "the patient, or a coordinator for them", DESK | CLINICIANS, frozenset({"patient", "system"})
)
DECIDES_ABSENCES = Group("a coordinator, by name", frozenset({"care_coordinator", "service_manager"}))
DECIDES_GROUPS = Group(
    "a clinician or a coordinator, by name", CLINICIANS | {"care_coordinator", "service_manager"}
)
RECEPTION = Group("the desk or a clinician", DESK | CLINICIANS, frozenset({"system"}))
CLINICIAN = Group("a clinician", frozenset(CLINICIANS))
CLINICIAN_OR_DESK = Group("a clinician, or the desk for them", DESK | CLINICIANS)
"""A person, never a timer (SCH-05)."""
LEADS = frozenset({"physician", "proceduralist", "clinical_lead", "medical_director"})
EVIDENCE = Group(
    "a nurse, a physician or a coordinator, as the gate's rule says",
    LEADS | {"nurse", "triage_nurse", "care_coordinator"},
)
WAIVER = Group("who the gate's rule names", LEADS)
REGISTRAR = Group("a registrar", frozenset({"registrar", "service_manager"}))
ANYBODY_INVOLVED = Group(
    "the patient, the referrer or the clinic",
    DESK | CLINICIANS,
    frozenset({"patient", "referrer", "system"}),
)


def speaks_for_another(by: By, given: Given[Rules]) -> Refused | None:
    """SCH-07: patients and referrers act as themselves, and only a fact makes the system act."""
    kind = given.actor.kind
    if by == kind or (kind not in ("patient", "referrer") and by != "system"):
        return None
    return Refused(f"by {by}: that is not for a {kind} to say", code="not-permitted")
