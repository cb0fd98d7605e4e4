"""Who may do what with plans, measures, alerts and meetings: the groups that the deciders name."""

from backbone.model import Group
from config.staff import CLINICIANS

LEADS = frozenset({"physician", "proceduralist", "clinical_lead", "medical_director"})
DESK = frozenset({"care_coordinator", "intake_clerk", "service_manager"})

PHYSICIAN = Group("a pain physician or plan lead", LEADS)
CLINICIAN = Group("a clinician", frozenset(CLINICIANS))
CLINICIAN_OR_COORDINATOR = Group("a clinician or a coordinator", frozenset(CLINICIANS) | DESK)
COORDINATOR = Group("a coordinator", DESK | LEADS)
PATIENT_OR_STAFF = Group(
    "the patient, or staff for them", frozenset(CLINICIANS) | DESK, frozenset({"patient"})
)
REGISTRAR = Group("a registrar", frozenset({"registrar", "service_manager", "medical_director"}))
