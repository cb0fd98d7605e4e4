"""Who may do what with messages: the groups that the deciders name."""

from backbone.model import Group
from config.staff import CLINICIANS

DESK = frozenset({"care_coordinator", "intake_clerk", "receptionist", "registrar", "service_manager"})

COORDINATOR = Group("a coordinator or the desk", DESK)
STAFF_OR_PATIENT = Group(
    "the patient, or the clinic for them", DESK | CLINICIANS, frozenset({"patient", "system"})
)
STAFF = Group("the clinic's staff", DESK | CLINICIANS)
