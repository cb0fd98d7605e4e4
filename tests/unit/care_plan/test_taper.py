"""OPI-03: a taper is agreed, and a dose that falls otherwise is told."""

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from schemas.care_plan.v1.opioid import TaperEnded, TaperStarted, TaperStepRecorded
from services.care_plan.opioid.states import Assessed, Unassessed, profile_id
from services.care_plan.taper.aggregate import TAPER
from services.care_plan.taper.commands import EndTaper, FollowDose, RecordStep, StartTaper
from services.care_plan.taper.facts import DoseFollowed, StepTaken
from services.care_plan.taper.states import Steady, Step, Tapering
from tests.support.deciding import LANE, START, TARGET, Deciding, Situation, deciding, like, nothing, refused
from tests.unit.care_plan.situations import COORDINATOR, NURSE, OUTSIDERS, PHARMACIST, PHYSICIAN, rules

TODAY = START.date()
IN_FOUR_WEEKS = TODAY + timedelta(days=28)


def steps(*doses: int, first: date = TODAY) -> tuple[Step, ...]:
    return tuple(
        Step(first + timedelta(days=28 * number), Decimal(dose)) for number, dose in enumerate(doses)
    )


PLANNED = steps(108, 96)
STEADY, TAPERING = Steady(dose=Decimal(120)), Tapering(dose=Decimal(120), steps=PLANNED)


PROFILE = ("opioid_profile", profile_id(LANE))
ALONE = dataclasses.replace(TAPER, needs=lambda state, command: [PROFILE])
"""Of a person with one record: who needs something of them is given it by its own id."""


def beside(known: Assessed | Unassessed) -> Deciding:
    others: dict[Any, Any] = {PROFILE: known}
    return deciding(ALONE, rules(), others=others)


def taper(state: Steady | Tapering, now: str | None = None) -> Situation:
    """`now`: what the profile of the record says meanwhile; `none` of no opioids, a question mark of an unknown sum."""
    match now:
        case None:
            known: Assessed | Unassessed = Unassessed()
        case "none":
            known = Assessed(exposure="none")
        case "?":
            known = Assessed(exposure="incomplete", mme_per_day=Decimal(20))
        case _:
            known = Assessed(exposure="complete", mme_per_day=Decimal(now))
    return beside(known)(state)


FOLLOW = FollowDose(patient_id=LANE)
AGREED = StartTaper(patient_id=LANE, agreed=True, steps=PLANNED)


def test_a_taper_starts_from_the_dose_that_is_known_and_is_followed_up_within_a_month() -> None:
    made = taper(STEADY).when(PHYSICIAN, AGREED).only_facts
    [started] = [each for each in made if isinstance(each, TaperStarted)]
    assert (started.from_mme, started.decided_by) == (Decimal(120), PHYSICIAN.id)
    assert started.next_followup == TODAY + timedelta(days=30)


@pytest.mark.parametrize("actor", [*OUTSIDERS, COORDINATOR, NURSE, PHARMACIST])
def test_only_a_physician_agrees_on_a_taper(actor: Any) -> None:
    taper(STEADY).when(actor, AGREED).then(refused(code="not-permitted"))


@pytest.mark.parametrize(
    ("state", "agreed", "planned", "code"),
    [
        (STEADY, False, PLANNED, "not-agreed"),
        (Steady(), True, PLANNED, "dose-unknown"),
        (Steady(dose=Decimal(0)), True, PLANNED, "dose-unknown"),
        (STEADY, True, steps(120), "steps"),
        (STEADY, True, steps(108, 108), "steps"),
        (STEADY, True, steps(96, 108), "steps"),
        (STEADY, True, steps(108, first=TODAY - timedelta(days=1)), "steps"),
        (STEADY, True, (Step(IN_FOUR_WEEKS, Decimal(108)), Step(TODAY, Decimal(96))), "steps"),
        (TAPERING, True, PLANNED, "under-way"),
    ],
)
def test_a_taper_that_nobody_agreed_on_or_that_is_none_does_not_start(
    state: Any, agreed: bool, planned: tuple[Step, ...], code: str
) -> None:
    taper(state).when(PHYSICIAN, StartTaper(patient_id=LANE, agreed=agreed, steps=planned)).then(
        refused(code=code)
    )


@pytest.mark.parametrize(
    ("mme", "on", "as_planned"),
    [
        (108, TODAY, True),
        (107, TODAY, False),
        (96, TODAY, False),
        (96, IN_FOUR_WEEKS, True),
        (96, IN_FOUR_WEEKS - timedelta(days=1), False),
        (0, IN_FOUR_WEEKS, False),
        (110, IN_FOUR_WEEKS, True),
    ],
)
def test_a_step_is_as_planned_when_it_is_not_below_what_is_agreed_by_its_day(
    mme: int, on: date, as_planned: bool
) -> None:
    command = RecordStep(patient_id=LANE, mme=Decimal(mme), on=on)
    later = START + timedelta(days=28)
    made = taper(TAPERING).when(later, PHARMACIST, command).only_facts
    assert [each.as_planned for each in made if isinstance(each, TaperStepRecorded)] == [as_planned]
    assert [each.by_id for each in made if isinstance(each, StepTaken)] == [PHARMACIST.id]


def test_before_the_first_step_is_due_every_fall_is_too_fast() -> None:
    waiting = replace(TAPERING, steps=(Step(IN_FOUR_WEEKS, Decimal(108)),))
    made = taper(waiting).when(PHARMACIST, RecordStep(patient_id=LANE, mme=Decimal(119))).only_facts
    assert [each.as_planned for each in made if isinstance(each, TaperStepRecorded)] == [False]


def test_a_step_is_recorded_when_it_is_taken_by_a_clinician_and_once() -> None:
    same = RecordStep(patient_id=LANE, mme=Decimal(120))
    taper(TAPERING).when(PHARMACIST, same).then(nothing())
    ahead = RecordStep(patient_id=LANE, mme=Decimal(108), on=TODAY + timedelta(days=1))
    taper(TAPERING).when(PHARMACIST, ahead).then(refused(code="not-yet"))
    for actor in (*OUTSIDERS, COORDINATOR):
        taper(TAPERING).when(actor, same).then(refused(code="not-permitted"))
    for command in (same, EndTaper(reason="completed")):
        taper(STEADY).when(PHARMACIST, command).then(refused(code="no-taper"))


@pytest.mark.parametrize("now", ["60", "119", "none"])
def test_a_dose_that_falls_without_a_plan_is_a_step_that_nobody_planned(now: str) -> None:
    """Also an abrupt stop."""
    [step] = taper(STEADY, now).when(FOLLOW).only_facts
    assert isinstance(step, TaperStepRecorded) and not step.as_planned
    assert (step.mme, step.on) == (Decimal(0 if now == "none" else now), TODAY)


def test_what_the_list_says_of_an_agreed_step_is_as_planned() -> None:
    [step] = taper(TAPERING, "108").when(FOLLOW).only_facts
    assert isinstance(step, TaperStepRecorded) and step.as_planned


@pytest.mark.parametrize("now", ["?", None, "120"])
def test_a_dose_that_cannot_be_told_and_one_that_is_known_tell_of_no_fall(now: str | None) -> None:
    taper(STEADY, now).when(FOLLOW).then(nothing())
    taper(TAPERING, now).when(FOLLOW).then(nothing())


def test_the_first_dose_and_a_higher_one_are_followed_without_a_word() -> None:
    taper(STEADY, "150").when(FOLLOW).then(like(DoseFollowed, mme=Decimal(150)))
    beside(Assessed(exposure="none"))().when(FOLLOW).then(like(DoseFollowed, mme=Decimal(0)))


def test_a_taper_ends_at_the_dose_it_came_to() -> None:
    [ended] = taper(TAPERING).when(PHARMACIST, EndTaper(reason="paused")).only_facts
    assert isinstance(ended, TaperEnded)
    assert (ended.mme, ended.reason, ended.taper_id) == (Decimal(120), "paused", TARGET)
