"""Who may do what with referrals: the groups that its deciders name."""

from backbone.model import Group
from config.staff import CLINICIANS

TRIAGE_CLINICIAN = Group(
    "a triage clinician",
    frozenset({"triage_nurse", "physician", "proceduralist", "clinical_lead", "medical_director"}),
)
CLINICIAN = Group("a clinician", frozenset(CLINICIANS))
ASKS_FOR_INFORMATION = Group(
    "a coordinator or triage clinician", TRIAGE_CLINICIAN.roles.union({"care_coordinator", "intake_clerk"})
)
SUPPLIES_INFORMATION = Group(
    "the referrer, the patient, or intake staff for them",
    ASKS_FOR_INFORMATION.roles.union({"registrar", "receptionist"}),
    frozenset({"referrer", "patient", "partner"}),
)
SUBMITS = Group(
    "a referrer or intake staff",
    frozenset({"intake_clerk", "registrar", "care_coordinator"}),
    frozenset({"referrer", "partner", "system"}),
)
SUBMITS_OR_SUPPLIES = Group(
    "a referrer, the patient, or intake staff",
    SUBMITS.roles | SUPPLIES_INFORMATION.roles,
    SUBMITS.kinds | SUPPLIES_INFORMATION.kinds,
)

COORDINATOR = Group("a coordinator", frozenset({"care_coordinator"}))
DECIDES_DUPLICATES = Group("a coordinator or registrar", frozenset({"care_coordinator", "registrar"}))
DISMISSES_DUPLICATES = Group(
    "a clinician, a coordinator or a registrar", DECIDES_DUPLICATES.roles.union(CLINICIAN.roles)
)
OFFICER = Group("the privacy officer", frozenset({"privacy_officer"}))
REGISTRAR = Group("a registrar", frozenset({"registrar"}))
OUTSIDE_SYSTEM = Group("an outside system", kinds=frozenset({"partner"}))
TAKES_BACK = Group(
    "the referrer, the patient, or a coordinator for them",
    COORDINATOR.roles,
    frozenset({"referrer", "patient"}),
)
RECORDS_DEATH = Group(
    "staff who know of it",
    CLINICIAN.roles.union(TRIAGE_CLINICIAN.roles, {"care_coordinator", "registrar", "intake_clerk"}),
    frozenset({"system"}),
)
"""`system`: where a discharge says so."""
