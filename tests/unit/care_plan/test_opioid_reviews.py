"""OPI-02, OPI-03 and OPI-12: second reviews of high doses, tapers that are followed up, supplies for acute pain."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from schemas.care_plan.v1.opioid import OpioidCheckRecorded
from services.care_plan.history.states import History
from services.care_plan.opioid.states import Assessed
from services.care_plan.opioid_check.commands import FollowOpioids, LookAtOpioids, RecordCheck
from services.care_plan.opioid_check.facts import SecondReviewAsked
from services.care_plan.opioid_check.states import Check, Followed, Settled, Unfollowed
from services.care_plan.risk.states import Risk
from tests.support.deciding import LANE, START, TARGET
from tests.unit.care_plan.opioids import SETTLED, TODAY, due, follow, followed, situation, takes
from tests.unit.care_plan.plans import peg
from tests.unit.care_plan.situations import PHARMACIST, rules, some_id


def asked(before: Any, now: Assessed, limit: Any = 90, seen: bool = True) -> list[Decimal]:
    command = FollowOpioids(patient_id=LANE, referral_id=TARGET, seen=seen)
    made = situation(before, now, limit=limit).when(command).only_facts
    return [each.mme_per_day for each in made if isinstance(each, SecondReviewAsked)]


def test_a_second_review_is_asked_for_from_the_dose_that_the_clinic_sets_and_by_default_never() -> None:
    assert asked(Unfollowed(), takes(120)) == [Decimal(120)]
    assert asked(Unfollowed(), takes(90)) == [Decimal(90)]
    assert asked(Unfollowed(), takes(89)) == []
    assert asked(Unfollowed(), takes(120), limit="off") == []
    assert asked(Unfollowed(), takes(120), seen=False) == [], "from the first consultation on"
    assert asked(Unfollowed(), takes(120, exposure="incomplete")) == [Decimal(120)], "at least so much"


def test_a_second_review_is_asked_for_once_and_again_when_the_dose_rises_further_or_anew() -> None:
    at_120 = followed(120, settled=SETTLED, reviewed_at=Decimal(120))
    assert asked(at_120, takes(120)) == asked(at_120, takes(108)) == []
    assert asked(at_120, takes(150)) == [Decimal(150)]
    calmed = situation(at_120, takes(60), limit=90).when(LookAtOpioids(patient_id=LANE)).state
    assert calmed.reviewed_at is None
    assert asked(calmed, takes(95)) == [Decimal(95)]


def first(before: Any, now: Assessed, held_by: str | None = None) -> list[tuple[str, ...]]:
    command = FollowOpioids(patient_id=LANE, referral_id=TARGET, seen=True, held_by=held_by)
    made = situation(before, now, limit=90).when(command).only_facts
    return [each.first_by for each in made if isinstance(each, SecondReviewAsked)]


def test_the_first_review_is_of_whoever_looked_last_and_of_whoever_said_the_dose() -> None:
    anna, ben = sorted((some_id("anna"), some_id("ben")))
    assert first(Unfollowed(), takes(120), anna) == [(anna,)], "the consultation is the first review"
    assert first(Unfollowed(), takes(120, stated_by=ben), anna) == [(anna, ben)]
    at_120 = followed(120, settled=SETTLED, reviewed_at=Decimal(120), reviewed_by=anna)
    assert first(at_120, takes(150)) == [(anna,)]
    assert first(at_120, takes(150), ben) == [(ben,)], "another consultation is another look"


@pytest.mark.parametrize("check", ["opioid_review", "mme_reassessment", "dose_change_review"])
def test_whoever_records_a_review_gave_the_first_one_when_the_dose_rises(check: Any) -> None:
    due = followed(120, settled=SETTLED, reviewed_at=Decimal(120), open=(Check(some_id("one"), check),))
    result = rules().opioid.checks.values.results[check][0]
    done = situation(due, takes(120), limit=90).when(
        PHARMACIST, RecordCheck(check_id=some_id("one"), result=result)
    )
    assert first(done.state, takes(150)) == [(PHARMACIST.id,)]


TAPERS = Risk(tapering=True)


def test_a_taper_is_followed_up_at_least_monthly_as_long_as_it_lasts() -> None:
    before = followed(120, settled=SETTLED)
    look = LookAtOpioids(patient_id=LANE)
    made = situation(before, takes(120), risk=TAPERS).when(look)
    [check] = [each for each in due(made.only_facts).values() if each.check == "taper_followup"]
    assert (check.due_on, check.rule) == (TODAY + timedelta(days=30), "OPI-03")
    done = RecordCheck(check_id=check.check_id, result="continued")
    again = situation(made.state, takes(108), risk=TAPERS).when(PHARMACIST, done)
    assert [each.next_due for each in again.only_facts if isinstance(each, OpioidCheckRecorded)] == [
        TODAY + timedelta(days=30)
    ]
    ended = situation(again.state, takes(108)).when(look).state
    assert not any(each.check == "taper_followup" for each in ended.settled)


def test_no_benefit_is_not_talked_about_while_a_taper_is_under_way() -> None:
    review = followed(120, settled=SETTLED, open=(Check(some_id("a review"), "opioid_review"),))
    done = RecordCheck(check_id=some_id("a review"), result="continued")
    unhelped = History(scores=(peg(20, "review", responder=False),))
    for risk, expected in ((Risk(), True), (TAPERS, False)):
        made = situation(review, takes(120), unhelped, risk).when(PHARMACIST, done).only_facts
        assert ("no_benefit_discussion" in due(made)) == expected


def test_an_opioid_for_acute_pain_for_more_than_a_week_is_looked_at() -> None:
    found = follow(takes(20, long_supply=True), seen=True)
    assert found["acute_supply"].rule == "OPI-12"
    assert "acute_supply" not in follow(takes(20), seen=True)
    assert "acute_supply" not in follow(takes(20, long_supply=True), seen=False)


LAST = START - timedelta(days=10)
IN_80_DAYS = TODAY + timedelta(days=80)


def test_who_is_looked_at_more_closely_from_now_on_is_not_reviewed_as_late_as_was_set() -> None:
    others = tuple(each for each in SETTLED[1:] if each.check != "opioid_review")
    before = followed(20, settled=(Settled("opioid_review", IN_80_DAYS, LAST), *others))
    same = situation(before, takes(20)).when(LookAtOpioids(patient_id=LANE))
    assert same.only_facts == []
    for closely in (takes(20, intensified=True), takes(20, "overdose")):
        found = situation(before, closely).when(LookAtOpioids(patient_id=LANE)).state
        assert isinstance(found, Followed)
        assert found.next_due() == TODAY + timedelta(days=20), "thirty days after the last one"
    longer = situation(found, takes(20)).when(LookAtOpioids(patient_id=LANE)).state
    assert isinstance(longer, Followed) and longer.next_due() == TODAY + timedelta(days=20), "never later"


@pytest.mark.parametrize(("days", "due_in"), [(10, 20), (40, 0)])
def test_a_review_that_is_to_be_done_is_due_sooner_too_and_stays_one(days: int, due_in: int) -> None:
    opened = Check(some_id("a review"), "opioid_review", START - timedelta(days=days), IN_80_DAYS)
    others = tuple(each for each in SETTLED if each.check != "opioid_review")
    before = followed(20, settled=others, open=(opened,), asked=1)
    closely = takes(20, intensified=True)
    moved = situation(before, closely).when(LookAtOpioids(patient_id=LANE))
    told = due(moved.only_facts)["opioid_review"]
    assert (told.check_id, told.rule) == (opened.id, "OPI-15")
    assert told.due_on == TODAY + timedelta(days=due_in)
    assert isinstance(moved.state, Followed) and len(moved.state.open) == 1 and moved.state.asked == 1
    assert situation(moved.state, closely).when(LookAtOpioids(patient_id=LANE)).only_facts == []
