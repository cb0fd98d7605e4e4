"""Facts of referrals that may be one: suspected by rule, linked or dismissed by a named person."""

from typing import Annotated, Literal

from schemas.codes import ReferralStatus
from schemas.fact import FEW, Count, Id, Instant, Word, sensitivity
from schemas.proposal import Answer, Outcome, Proposal, ProposalType
from schemas.referral.v1.codes import MatchBasis
from schemas.referral.v1.referral import ReferralFact


class DuplicateSuspected(Proposal, ReferralFact):
    """This referral, or its patient, may be known already: a person decides. `more`: so many others look as like
    and are not asked about."""

    type: Literal["referral.duplicate_suspected.v1"] = "referral.duplicate_suspected.v1"
    other_referral_id: Id
    basis: Annotated[tuple[MatchBasis, ...], FEW, sensitivity("phi")]
    more: Count | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.other_referral_id,)


class DuplicateLinked(Answer, ReferralFact):
    """Told of the referral that is kept (X13): it goes on with the earlier clock and the higher urgency. `status`: as
    it stood then; once decided, somebody has to look at what the other one says."""

    type: Literal["referral.duplicate_linked.v1"] = "referral.duplicate_linked.v1"
    duplicate_id: Id
    clock_start: Instant
    category: Word | None = None
    decided_by: Id
    status: ReferralStatus | None = None
    answers_to = (DuplicateSuspected,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "taken" if question == self.duplicate_id else None


class DuplicateDismissed(Answer, ReferralFact):
    """It is another matter, a named person decided."""

    type: Literal["referral.duplicate_dismissed.v1"] = "referral.duplicate_dismissed.v1"
    other_referral_id: Id
    decided_by: Id
    answers_to = (DuplicateSuspected,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "declined" if question == self.other_referral_id else None
