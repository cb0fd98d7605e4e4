"""Which facts make which work, where, how urgent, by when, and which facts end it.

The rows are those of the domain brief; numbers of days are settings (`config/worklist.toml`).
"""

from collections.abc import Mapping
from typing import Literal

from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.fact import Fact
from schemas.referral.v1.referral import (
    ReferralCompleted,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
)
from services.worklist.catalogue.decide.care_plan import CARE_ROWS
from services.worklist.catalogue.decide.mdt import TEAM_ROWS
from services.worklist.catalogue.decide.notifications import MESSAGE_ROWS
from services.worklist.catalogue.decide.referral import REFERRAL_ROWS
from services.worklist.catalogue.decide.row import Row
from services.worklist.catalogue.decide.scheduling import SCHEDULING_ROWS
from services.worklist.catalogue.decide.system import system_rows

CancelReason = Literal["rejected", "redirected", "withdrawn", "completed", "discharged", "marked_in_error"]

CATALOGUE: tuple[Row, ...] = (
    *REFERRAL_ROWS,
    *SCHEDULING_ROWS,
    *CARE_ROWS,
    *TEAM_ROWS,
    *MESSAGE_ROWS,
    *system_rows(),
)

CLEANUP: Mapping[type[Fact], CancelReason] = {
    ReferralRejected: "rejected",
    ReferralRedirected: "redirected",
    ReferralCompleted: "completed",
    PatientDischarged: "discharged",
}
"""Facts that end a referral, and with it all its work that is cleaned up."""

RANKING: tuple[type[Fact], ...] = (ReferralTriaged,)
"""Facts with a new category and target date for everything that is open (REF-06)."""

SAFETY = frozenset(row.item for row in CATALOGUE if row.safety)
CLEANED_UP = frozenset(row.item for row in CATALOGUE if row.cleaned_up)
