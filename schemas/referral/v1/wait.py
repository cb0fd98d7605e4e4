"""Facts of a patient's wait for the first visit: what it says when it grows long."""

from typing import Annotated, Literal

from schemas.fact import Count, Day, Id, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType
from schemas.referral.v1.codes import WaitReviewResult
from schemas.referral.v1.referral import ReferralFact


class WaitBreachForecast(ReferralFact):
    """The patient has waited for more than four fifths of the target and has no appointment (REF-07)."""

    type: Literal["referral.wait_breach_forecast.v1"] = "referral.wait_breach_forecast.v1"
    waiting_days: Count
    target_days: Count
    target_date: Day


class WaitBreached(ReferralFact):
    """The target has passed and the patient was not seen (REF-07)."""

    type: Literal["referral.wait_breached.v1"] = "referral.wait_breached.v1"
    waiting_days: Count
    target_date: Day


class WaitReviewFellDue(Proposal, ReferralFact):
    """The patient has waited for so long that somebody asks how they are (REF-10)."""

    type: Literal["referral.wait_review_fell_due.v1"] = "referral.wait_review_fell_due.v1"
    waiting_days: Count


class WaitReviewed(Answer, ReferralFact):
    """A clinician asked how the waiting patient is; whoever got worse is triaged again."""

    type: Literal["referral.wait_reviewed.v1"] = "referral.wait_reviewed.v1"
    result: Annotated[WaitReviewResult, sensitivity("phi")]
    decided_by: Id
    answers_to = (WaitReviewFellDue,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "other" if self.result == "unreachable" else "taken"
