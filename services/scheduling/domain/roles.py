"""Who may do what with dates: the groups that the deciders name."""

from backbone.rights import Group
from config.staff import CLINICIANS

DESK = frozenset({"care_coordinator", "intake_clerk", "receptionist", "registrar", "service_manager"})

COORDINATOR = Group("a coordinator or the desk", DESK, frozenset({"system"}))
COORDINATOR_OR_PATIENT = Group(
    "the patient, or a coordinator for them", DESK | CLINICIANS, frozenset({"patient", "system"})
)
RECEPTION = Group("the desk or a clinician", DESK | CLINICIANS, frozenset({"system"}))
CLINICIAN = Group("a clinician", frozenset(CLINICIANS))
CLINICIAN_OR_DESK = Group("a clinician, or the desk for them", DESK | CLINICIANS, frozenset({"system"}))
REGISTRAR = Group("a registrar", frozenset({"registrar", "service_manager"}))
ANYBODY_INVOLVED = Group(
    "the patient, the referrer or the clinic",
    DESK | CLINICIANS,
    frozenset({"patient", "referrer", "system"}),
)
