"""ANT-04, ANT-05: what makes a plan for antithrombotics invalid, what ends it, who is called."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.care_plan.v1.antithrombotic import (
    AntithromboticPlanInvalidated,
    AntithromboticPlanRequested,
)
from services.care_plan.antithrombotic_plan.commands import (
    CancelPlan,
    DropDate,
    FinishPlan,
    LookAtDrugs,
    NoteDate,
    NoteInr,
)
from services.care_plan.antithrombotic_plan.facts import DateNoted, DrugsSeen, InrFailed, OverrideGone
from services.care_plan.antithrombotic_plan.states import (
    Cancelled,
    Drafted,
    Finished,
    Invalidated,
    Signed,
)
from services.care_plan.opioid.states import Assessed
from tests.support.deciding import LANE, like, nothing, too_early
from tests.unit.care_plan.holds import (
    APPOINTMENT,
    DATE,
    LUMBAR,
    PROCEDURE,
    Answering,
    agree,
    agreed,
    at,
    draft,
    drafted,
    kidneys,
    known_of,
    only_signed,
    ordered,
    sign,
    signed,
    situation,
    takes,
)
from tests.unit.care_plan.situations import (
    NURSE,
    PROCEDURALIST,
    some_id,
)

MOVED = NoteDate(appointment_id=APPOINTMENT, version=2, start=at("2027-05-18 10:00"))


@pytest.mark.parametrize("hour", [9, 10])
def test_a_moved_date_makes_a_signed_plan_invalid_once(hour: int) -> None:
    """ANT-04; from the last dose on the drug may be stopped."""
    found = signed(at(f"2027-04-17 {hour:02}:00")).when(MOVED)
    found.then(
        like(
            AntithromboticPlanInvalidated,
            procedure_id=PROCEDURE,
            cause="appointment_moved",
            was_signed=True,
            hold_running=hour == 10,
        )
    ).then_state(Invalidated)
    signed(MOVED).when(MOVED).then(nothing())
    signed(MOVED).when(DATE).then(nothing())
    again = signed(MOVED).when(PROCEDURALIST, draft(), NURSE, agree(), PROCEDURALIST, sign(2))
    assert again.state.appointment_version == 2


def test_a_draft_that_is_not_signed_is_invalid_too_and_nobody_follows_it() -> None:
    late = at("2027-04-20 09:00")
    for begun in (drafted(late), agreed(late)):
        begun.when(MOVED).then(
            like(AntithromboticPlanInvalidated, was_signed=False, hold_running=False)
        ).then_state(Invalidated)


def test_the_first_date_of_a_draft_changes_nothing_in_it() -> None:
    situation(ordered(), PROCEDURALIST, draft()).when(DATE).then_state(Drafted)


def test_a_cancelled_date_makes_it_invalid_and_another_one_is_signed_anew() -> None:
    gone = DropDate(appointment_id=APPOINTMENT)
    signed().when(gone).then(like(AntithromboticPlanInvalidated, cause="appointment_cancelled"))
    signed().when(DropDate(appointment_id=some_id("another"))).then(nothing())
    situation(ordered(), DATE).when(gone, PROCEDURALIST, draft(), sign()).then_state(Drafted)


def test_a_date_before_its_procedure_waits() -> None:
    situation().when(DATE).then(too_early("procedure"))


LOOK = LookAtDrugs(patient_id=LANE)


@pytest.mark.parametrize(
    ("now", "is_valid"),
    [
        (takes("warfarin"), True),
        (takes("warfarin", "aspirin"), False),
        (takes(), False),
        (takes("warfarin", whole=False), False),
    ],
)
def test_other_drugs_make_a_signed_plan_invalid(now: Assessed, is_valid: bool) -> None:
    found = signed().beside({("opioid_profile", LANE): now}).when(LOOK)  # type: ignore[dict-item]
    causes = [each.cause for each in found.only_facts if isinstance(each, AntithromboticPlanInvalidated)]
    assert causes == ([] if is_valid else ["drugs_changed"])
    assert isinstance(found.state, Signed if is_valid else Invalidated)


@pytest.mark.parametrize(
    ("now", "is_valid"),
    [
        (takes("enoxaparin", ways=("40 mg daily",)), True),
        (takes("enoxaparin", ways=("80 mg twice daily",)), False),
        (takes("enoxaparin", ways=("40 mg daily", "80 mg twice daily")), False),
        (takes("enoxaparin"), False),
    ],
)
def test_the_same_drug_taken_in_another_way_makes_a_signed_plan_invalid(
    now: Assessed, is_valid: bool
) -> None:
    before = takes("enoxaparin", ways=("40 mg daily",))
    agreement = (NURSE, agree("enoxaparin"), PROCEDURALIST, sign())
    choice = draft(enoxaparin={"use": "prophylactic"})
    begun = situation(ordered(), DATE, PROCEDURALIST, choice, *agreement, lists=before)
    found = begun.beside({("opioid_profile", LANE): now}).when(LOOK)  # type: ignore[dict-item]
    assert isinstance(found.state, Signed if is_valid else Invalidated)
    begun.when(LOOK).then(nothing())


def test_who_waived_the_plan_is_asked_again_when_the_drug_is_taken_in_another_way() -> None:
    begun = situation(ordered(), lists=takes("enoxaparin", ways=("40 mg daily",)))
    more = takes("enoxaparin", ways=("80 mg twice daily",))
    begun.beside({("opioid_profile", LANE): more}).when(LOOK).then(  # type: ignore[dict-item]
        like(AntithromboticPlanRequested, blocking=True)
    )


def test_a_list_that_is_complete_now_leaves_what_somebody_decided() -> None:
    begun = situation(ordered(), DATE, PROCEDURALIST, draft(), lists=takes("warfarin", whole=False))
    begun.world.others = Answering({("opioid_profile", LANE): takes("warfarin")})
    whole = begun
    whole.when(LOOK).then(DrugsSeen, OverrideGone).then_state(Drafted)
    assert only_signed(whole.when(NURSE, agree(), PROCEDURALIST, sign()))


def test_a_drug_that_comes_later_asks_for_a_plan_and_a_worse_one_blocks() -> None:
    begun = situation(LUMBAR, lists=takes())
    for drugs, blocking in (((), None), (("warfarin",), False), (("warfarin", "enoxaparin"), True)):
        found = begun.beside({("opioid_profile", LANE): takes(*drugs)}).when(LOOK)  # type: ignore[dict-item]
        told = [each.blocking for each in found.only_facts if isinstance(each, AntithromboticPlanRequested)]
        assert told == ([] if blocking is None else [blocking])
    begun.when(LOOK).then(nothing())


def test_another_drug_is_asked_about_again_before_anybody_writes_the_plan_and_one_less_is_not() -> None:
    begun = situation(ordered(), lists=takes("warfarin"))
    for drugs, count in ((("apixaban", "warfarin"), 2), (("warfarin",), None), (("aspirin",), 1)):
        found = begun.beside({("opioid_profile", LANE): takes(*drugs)}).when(LOOK)  # type: ignore[dict-item]
        told = [each for each in found.only_facts if isinstance(each, AntithromboticPlanRequested)]
        assert [(each.drug_count, each.blocking) for each in told] == ([(count, True)] if count else [])


def test_what_blocks_now_and_did_not_is_asked_again_with_the_invalidation() -> None:
    begun = situation(LUMBAR, DATE, PROCEDURALIST, draft(warfarin={"goes_on": True}), sign())
    worse = begun.beside({("opioid_profile", LANE): takes("warfarin", "enoxaparin")})  # type: ignore[dict-item]
    worse.when(LOOK).then(
        like(AntithromboticPlanInvalidated, cause="drugs_changed"),
        like(AntithromboticPlanRequested, blocking=True, drug_count=2),
    ).then_state(Invalidated)


def test_other_kidneys_make_a_plan_with_dabigatran_invalid_and_no_other() -> None:
    signed().beside(known_of(kidneys("20", "2027-04-01"))).when(LOOK).then(DrugsSeen).then_state(Signed)
    begun = situation(
        *(datetime(2027, 4, 1, 14, tzinfo=UTC), ordered(), DATE, PROCEDURALIST, draft()),
        lists=takes("dabigatran"),
        renal=kidneys("50", "2027-03-30"),
    )
    begun.beside(known_of(kidneys("51", "2027-03-31"))).when(LOOK).then(DrugsSeen).then_state(Drafted)
    begun.beside(known_of(kidneys("49.9", "2027-04-01"))).when(LOOK).then(
        DrugsSeen, like(AntithromboticPlanInvalidated, cause="renal_function_changed", was_signed=False)
    ).then_state(Invalidated)


OF_DABIGATRAN: dict[str, Any] = {"lists": takes("dabigatran")}
SPRING = datetime(2027, 4, 1, 14, tzinfo=UTC)


@pytest.mark.parametrize("taken_on", ["2027-01-22", "2027-01-21"])
def test_a_value_of_the_kidneys_counts_for_ninety_days_up_to_the_procedure(taken_on: str) -> None:
    """On 2027-04-22 the first is 90 days old, the second 91: of that nothing is known (ANT-06)."""
    counts = taken_on == "2027-01-22"
    begun = situation(SPRING, LUMBAR, renal=kidneys("80", taken_on), **OF_DABIGATRAN)
    found = begun.when(DATE)
    told = [each.blocking for each in found.only_facts if isinstance(each, AntithromboticPlanRequested)]
    assert told == ([] if counts else [True]), "whoever looks at it is asked again before it is booked"
    [line] = begun.when(PROCEDURALIST, draft()).state.lines
    assert line.unknown == (not counts)


def test_a_draft_of_kidneys_that_are_too_long_ago_on_its_date_is_invalid_when_it_gets_the_date() -> None:
    begun = situation(
        SPRING, LUMBAR, PROCEDURALIST, draft(), renal=kidneys("80", "2027-01-21"), **OF_DABIGATRAN
    )
    begun.when(DATE).then(
        DateNoted,
        like(AntithromboticPlanInvalidated, cause="renal_function_changed"),
        like(AntithromboticPlanRequested, blocking=True),
    ).then_state(Invalidated)


def test_without_a_date_a_value_is_as_old_as_it_is_today() -> None:
    for renal, blocking in ((kidneys("80", "2027-01-01"), False), (kidneys("80", "2026-12-31"), True)):
        found = situation(SPRING, renal=renal, **OF_DABIGATRAN).when(LUMBAR)
        [told] = [each for each in found.only_facts if isinstance(each, AntithromboticPlanRequested)]
        assert told.blocking == blocking


@pytest.mark.parametrize(("value", "is_asked"), [("50", False), ("49", True)])
def test_kidneys_that_cross_the_limit_ask_again_for_a_plan_that_nobody_has_written(
    value: str, is_asked: bool
) -> None:
    """Whoever waived it knew of others."""
    begun = situation(SPRING, ordered(), DATE, renal=kidneys("80", "2027-03-01"), **OF_DABIGATRAN)
    found = begun.beside(known_of(kidneys(value, "2027-04-01"))).when(LOOK)
    assert [type(each) for each in found.only_facts] == [
        DrugsSeen,
        *([AntithromboticPlanRequested] * is_asked),
    ]


def test_a_signed_plan_is_invalid_when_the_value_that_it_went_by_was_a_mistake() -> None:
    """The drug may be stopped already."""
    begun = situation(
        *(SPRING, ordered(), DATE, PROCEDURALIST, draft(), NURSE, agree("dabigatran"), PROCEDURALIST, sign()),
        renal=kidneys("80", "2027-03-01"),
        **OF_DABIGATRAN,
    )
    assert isinstance(begun.world.state, Signed)
    begun.beside(known_of()).when(at("2027-04-20 10:00"), LOOK).then(
        DrugsSeen,
        like(AntithromboticPlanInvalidated, cause="renal_function_changed", hold_running=True),
    ).then_state(Invalidated)


def test_with_its_procedure_a_plan_ends_and_who_followed_it_is_told() -> None:
    signed().when(CancelPlan()).then(
        like(AntithromboticPlanInvalidated, cause="procedure_cancelled", was_signed=True)
    ).then_state(Cancelled)
    drafted().when(CancelPlan()).then_state(Cancelled)
    over = signed(FinishPlan())
    over.when(MOVED, CancelPlan()).then(nothing()).then_state(Finished)


@pytest.mark.parametrize(("measured", "is_today"), [("2027-04-22 08:00", True), ("2027-04-21 14:00", False)])
def test_an_inr_that_is_too_high_calls_somebody_on_the_day_itself(measured: str, is_today: bool) -> None:
    found = signed().when(NoteInr(fact_id=some_id("gate failed"), at=at(measured)))
    assert [type(each) for each in found.only_facts] == ([InrFailed] if is_today else [])
    situation(ordered()).when(NoteInr(fact_id=some_id("gate failed"), at=at(measured))).then(nothing())
