"""The states of a care plan: names are FHIR's CarePlan.status, with the window of patient-initiated follow-up."""

from datetime import date

import msgspec

from backbone.model import State
from schemas.codes import Discipline
from schemas.fact import Code


class GoalLine(msgspec.Struct, frozen=True):
    """A goal as the plan counts it. Levels run from -2 to 2."""

    goal_id: str
    weight: int
    level: int


class Work(msgspec.Struct, frozen=True):
    """Accepted work that has not ended: what makes its owner a member of the team."""

    activity_id: str
    owner_id: str
    discipline: Discipline


class Handover(msgspec.Struct, frozen=True):
    """Who is asked to lead it. A plan that was declined still waits for somebody."""

    to_id: str
    reason: Code
    declined: bool = False


class Course(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every plan has, from its draft on. `refs` name the content of each version, the latest last."""

    patient_id: str | None = None
    referral_id: str | None = None
    plan_version: int = 1
    refs: tuple[str, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    activities: tuple[str, ...] = ()
    consultation_id: str | None = None
    lead_id: str | None = None
    handover: Handover | None = None
    started_on: date | None = None
    review_on: date | None = None
    high_risk: bool = False
    announced: bool = False
    """The review of `review_on` has fallen due."""
    contact_on: date | None = None
    """From when the month counts in which the patient was asked to be called, or called."""
    work: tuple[Work, ...] = ()
    finished: tuple[str, ...] = ()
    """Activities whose work is over: told again, it does not begin anew."""
    met: tuple[Code, ...] = ()
    """What DIS-01 asks for and is there."""
    proposed: bool = False
    letter_ref: str | None = None
    """The summary letter that was signed last."""

    @property
    def members(self) -> frozenset[str]:
        lead = {self.lead_id} if self.lead_id else set()
        return frozenset(lead | {each.owner_id for each in self.work})


class NoPlan(State, tag="none"):
    """Nothing was drafted."""


class WithCourse(State, kw_only=True):
    course: Course


class Draft(WithCourse, tag="draft"):
    """Written, not agreed to."""


class Active(WithCourse, tag="active"):
    """The team works on it."""


class OnHold(WithCourse, tag="on-hold", kw_only=True):
    until: date


class PifuOpen(WithCourse, tag="pifu-open", kw_only=True):
    """The plan is completed; the patient may call until `ends_on`."""

    ends_on: date


class PifuExpired(WithCourse, tag="pifu-expired"):
    """The window is over, and nobody was discharged."""


class Completed(WithCourse, tag="completed"):
    """Discharged."""


class Revoked(WithCourse, tag="revoked"):
    """The patient does not want it any more, or the referral ended."""


class InError(WithCourse, tag="entered-in-error"):
    """It should never have been."""


Running = Active | OnHold
Open = Draft | Running
Follow = PifuOpen | PifuExpired
Ended = Completed | Revoked | InError
Over = Follow | Ended
Known = Open | Over
CarePlan = NoPlan | Known
