"""What rules propose about referrals, and the facts that say what a person made of it (PRV-26)."""

import pytest

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM
from schemas.proposal import Answer
from schemas.referral.v1.duplicate import DuplicateDismissed
from schemas.referral.v1.referral import ReferralRejected, ReferralTriaged
from services.referral.referral.commands import DismissDuplicate, SuspectDuplicate
from tests.support.deciding import Result
from tests.unit.referral.situations import COORDINATOR, NURSE, given, receive, reject, triage

ONE, OTHER = derive(ROOT, "one referral"), derive(ROOT, "another referral")


def outcomes(result: Result, answer: type[Answer]) -> list[str]:
    [fact] = [each for each in result.only_facts if isinstance(each, answer)]
    return [each.outcome for each in fact.answered or ()]


@pytest.mark.parametrize(("category", "outcome"), [("cat_2", "taken"), ("cat_1", "other")])
def test_triage_takes_the_suggestion_or_decides_otherwise(category: str, outcome: str) -> None:
    assert outcomes(given(receive(), NURSE).when(triage(category)), ReferralTriaged) == [outcome]


def test_who_is_triaged_again_without_a_new_suggestion_answers_none() -> None:
    assert outcomes(given(receive(), NURSE, triage("cat_2")).when(triage("cat_1")), ReferralTriaged) == []


def test_a_rejection_is_another_answer_to_the_suggestion() -> None:
    assert outcomes(given(receive(), NURSE).when(reject()), ReferralRejected) == ["other"]


def test_of_two_suspected_duplicates_the_one_that_is_meant_is_answered() -> None:
    suspected = (SuspectDuplicate(other_referral_id=each, basis=("same_body_site",)) for each in (ONE, OTHER))
    situation = given(receive(), SYSTEM, *suspected, COORDINATOR)
    dismissed = situation.when(DismissDuplicate(other_referral_id=OTHER))
    assert outcomes(dismissed, DuplicateDismissed) == ["declined"]
    assert [each.question for each in dismissed.state.proposals if "duplicate" in each.type] == [ONE]
