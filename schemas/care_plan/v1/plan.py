"""Facts of a care plan and its team."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import (
    CareReason,
    HandoverReason,
    HandoverResult,
    PlanEnd,
    PlanPart,
    ReviewResult,
)
from schemas.care_plan.v1.goal import GoalAssessed
from schemas.codes import Discipline
from schemas.fact import FEW, MANY, Count, Day, Fact, Id, YesNo, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType

FOLLOWS = {"step_down": "step_down", "discharge_ready": "discharge"}
"""The result of a review that takes what the goals suggest."""


class PlanFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "care_plan"


class PlanDrafted(PlanFact):
    """The first draft with a goal and an activity."""

    type: Literal["care_plan.plan_drafted.v1"] = "care_plan.plan_drafted.v1"
    plan_id: Id
    plan_version: Count
    goals: Count
    activities: Count


class PlanNotDrafted(PlanFact):
    """Nobody drafted it by its date (CON-01)."""

    type: Literal["care_plan.plan_not_drafted.v1"] = "care_plan.plan_not_drafted.v1"
    consultation_id: Id
    due: Day


class PlanActivated(PlanFact):
    """The patient agreed, the team works on it."""

    type: Literal["care_plan.plan_activated.v1"] = "care_plan.plan_activated.v1"
    plan_id: Id
    plan_version: Count
    start: Day
    lead_id: Id
    review_due: Day
    high_risk: YesNo
    disciplines: Annotated[tuple[Discipline, ...], FEW, sensitivity("phi")]


class PlanUpdated(PlanFact):
    """A new version."""

    type: Literal["care_plan.plan_updated.v1"] = "care_plan.plan_updated.v1"
    plan_id: Id
    plan_version: Count
    changed: Annotated[tuple[PlanPart, ...], FEW]


class PlanHeld(PlanFact):
    """On hold until `review_on`."""

    type: Literal["care_plan.plan_held.v1"] = "care_plan.plan_held.v1"
    plan_id: Id
    reason: CareReason | None = None
    review_on: Day


class PlanResumed(PlanFact):
    """On again."""

    type: Literal["care_plan.plan_resumed.v1"] = "care_plan.plan_resumed.v1"
    plan_id: Id
    reason: CareReason | None = None


class PlanClosed(PlanFact):
    """Completed."""

    type: Literal["care_plan.plan_closed.v1"] = "care_plan.plan_closed.v1"
    plan_id: Id
    reason: PlanEnd


class PlanRevoked(PlanFact):
    """The patient does not want it any more."""

    type: Literal["care_plan.plan_revoked.v1"] = "care_plan.plan_revoked.v1"
    plan_id: Id
    reason: CareReason


class PlanReviewFellDue(Proposal, PlanFact):
    """Some weeks before the review date, so that it can be booked."""

    type: Literal["care_plan.plan_review_fell_due.v1"] = "care_plan.plan_review_fell_due.v1"
    plan_id: Id
    due_on: Day
    high_risk: YesNo


class PlanReviewed(Answer, PlanFact):
    """A review was recorded."""

    type: Literal["care_plan.plan_reviewed.v1"] = "care_plan.plan_reviewed.v1"
    plan_id: Id
    result: ReviewResult
    next_review: Day | None = None
    decided_by: Id
    answers_to = (PlanReviewFellDue, GoalAssessed)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        """Going on as before declines what the goals suggest; another step is neither."""
        if proposal is PlanReviewFellDue or FOLLOWS.get(question) == self.result:
            return "taken"
        return "declined" if self.result == "continue" else "other"


class CareTeamChanged(PlanFact):
    """Who works with this patient, derived from accepted work."""

    type: Literal["care_plan.care_team_changed.v1"] = "care_plan.care_team_changed.v1"
    plan_id: Id
    joined: Annotated[tuple[Id, ...], MANY]
    left: Annotated[tuple[Id, ...], MANY]
    disciplines: Annotated[tuple[Discipline, ...], FEW, sensitivity("phi")]


class PlanHandoverOffered(PlanFact):
    """Somebody is asked to take it over. Until they accept, `from_id` has it."""

    type: Literal["care_plan.plan_handover_offered.v1"] = "care_plan.plan_handover_offered.v1"
    plan_id: Id
    from_id: Id | None = None
    to_id: Id
    reason: HandoverReason
    offered_by: Id


class PlanHandoverEnded(PlanFact):
    """Accepted, declined or withdrawn; `lead_id`: who has the plan now."""

    type: Literal["care_plan.plan_handover_ended.v1"] = "care_plan.plan_handover_ended.v1"
    plan_id: Id
    from_id: Id | None = None
    to_id: Id
    result: HandoverResult
    lead_id: Id | None = None
    decided_by: Id
