"""Exercise in the days of rest after a procedure is somebody's work until it is elsewhere, or a clinician says so
(MDT-03)."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from schemas.care_plan.v1.conflict import ConflictDetected, ConflictResolved
from services.care_plan.activity.states import Accepted, Course, Order
from services.care_plan.conflict.aggregate import CONFLICT, REST
from services.care_plan.conflict.commands import (
    AcceptConflict,
    DropProcedure,
    EndWatch,
    EndWatchedVisit,
    LookAtRest,
    MoveWatchedVisit,
    NoteProcedure,
    PauseWatch,
    ResumeWatch,
    WatchVisit,
)
from services.care_plan.conflict.facts import RestDayNoted
from services.care_plan.conflict.states import OFF, Clear, Over, Procedure, Rest, Unwatched
from tests.support.deciding import LANE, TARGET, Situation, deciding, like, nothing, refused, ruled
from tests.unit.care_plan.situations import COORDINATOR, NURSE, rules, some_id

DAY = date(2027, 6, 16)
"""Of the procedure: journey 2's RFA."""
ACTIVITY, EXERCISE, RFA, ROOM = map(some_id, ("exercise", "exercise visit", "rfa", "rfa visit"))
PROCEDURE = Procedure(ROOM, RFA, DAY)
WATCH = WatchVisit(
    activity_id=ACTIVITY, appointment_id=EXERCISE, day=DAY + timedelta(days=1), told=3, patient_id=LANE
)


def ordered(kind: str = "graded_exercise") -> Accepted:
    order = Order(plan_id=TARGET, discipline="physiotherapy", kind=kind)
    return Accepted(course=Course(order=order, referral_id=TARGET))


def beside(*procedures: Procedure, kind: str = "graded_exercise") -> dict[Any, Any]:
    return {LANE: Rest(procedures=procedures), ACTIVITY: ordered(kind)}


def watched(*steps: Any, procedures: tuple[Procedure, ...] = (PROCEDURE,)) -> Situation:
    situation = deciding(CONFLICT, rules(), actor=NURSE)().beside(beside(*procedures))
    assert situation.when(WATCH, *steps).refusal is None
    return situation


@pytest.mark.parametrize(("after", "found"), [(-1, False), (0, True), (6, True), (7, False)])
def test_the_window_is_the_day_of_the_procedure_and_six_more(after: int, found: bool) -> None:
    situation = deciding(CONFLICT, rules())().beside(beside(PROCEDURE))
    result = situation.when(replace(WATCH, day=DAY + timedelta(days=after)))
    told = like(ConflictDetected, kind="rest_window", activity_ids=(ACTIVITY,), procedure_id=RFA)
    result.then(*([ruled(told, "MDT-03")] if found else []))


def test_what_is_no_exercise_disturbs_nobody_who_rests() -> None:
    situation = deciding(CONFLICT, rules())().beside(beside(PROCEDURE, kind="cbt"))
    situation.when(WATCH).then(nothing()).then_state(Unwatched)


def test_a_visit_that_is_moved_out_of_the_window_ends_it() -> None:
    out = MoveWatchedVisit(appointment_id=EXERCISE, day=date(2027, 6, 30), told=5)
    watched().when(out).then(like(ConflictResolved, resolution="moved", decided_by=None)).then_state(Clear)
    within = MoveWatchedVisit(appointment_id=EXERCISE, day=DAY, told=5)
    watched().when(within).then()
    watched().when(MoveWatchedVisit(appointment_id=some_id("another"), day=DAY, told=5)).then(nothing())


def test_a_procedure_that_gets_its_date_later_or_loses_it_counts_the_same() -> None:
    situation = watched(procedures=())
    situation.beside(beside(PROCEDURE)).when(LookAtRest(patient_id=LANE)).then(ConflictDetected)
    later = replace(PROCEDURE, day=DAY + timedelta(days=2))
    situation.beside(beside(later)).when(LookAtRest(patient_id=LANE)).then(
        like(ConflictResolved, resolution="moved")
    )
    situation.beside(beside(PROCEDURE)).when(LookAtRest(patient_id=LANE)).then(ConflictDetected)
    situation.beside(beside()).when(LookAtRest(patient_id=LANE)).then(
        like(ConflictResolved, resolution="no_longer_applies")
    )


def test_one_activity_is_one_conflict_however_many_of_its_visits_are_in_the_window() -> None:
    second = replace(WATCH, appointment_id=some_id("second"), day=DAY + timedelta(days=3))
    situation = watched(second)
    situation.when(EndWatchedVisit(appointment_id=EXERCISE)).then()
    gone = like(ConflictResolved, resolution="no_longer_applies")
    situation.when(EndWatchedVisit(appointment_id=second.appointment_id)).then(gone)


def test_a_clinician_by_name_says_that_it_may_be_and_is_not_asked_about_the_same_again() -> None:
    result = watched().when(AcceptConflict())
    result.then(like(ConflictResolved, resolution="accepted", decided_by=NURSE.id)).then_state(Clear)
    situation = watched(AcceptConflict())
    situation.when(LookAtRest(patient_id=LANE)).then(nothing())
    moved = MoveWatchedVisit(appointment_id=EXERCISE, day=DAY, told=5)
    situation.when(moved).then(ConflictDetected)
    watched(COORDINATOR).when(AcceptConflict()).then(refused(code="not-permitted"))


@pytest.mark.parametrize(
    ("command", "resolution"),
    [
        (PauseWatch(), "paused"),
        (EndWatch(resolution="stopped"), "stopped"),
        (EndWatch(resolution="no_longer_applies"), "no_longer_applies"),
    ],
)
def test_what_is_on_hold_or_over_is_in_nobodys_way(command: Any, resolution: str) -> None:
    watched().when(command).then(like(ConflictResolved, resolution=resolution))
    watched(command).when(command).then(nothing())


def test_an_activity_that_goes_on_is_looked_at_again_and_one_that_is_over_is_not() -> None:
    watched(PauseWatch()).when(ResumeWatch()).then(ConflictDetected)
    watched().when(ResumeWatch()).then(nothing())
    watched(EndWatch(resolution="stopped")).when(WATCH).then(nothing()).then_state(Over)


def days(*steps: Any) -> Situation:
    situation = deciding(REST, rules())().beside({LANE: None})
    for step in steps:
        situation.when(step)
    return situation


BOOKED = NoteProcedure(appointment_id=ROOM, procedure_id=RFA, day=DAY, told=3, patient_id=LANE)


def test_the_days_of_procedures_follow_their_dates() -> None:
    days().when(BOOKED).then(like(RestDayNoted, day=DAY, procedure_id=RFA))
    days(BOOKED).when(BOOKED).then(nothing())
    moved = NoteProcedure(appointment_id=ROOM, day=DAY + timedelta(days=1), told=5, patient_id=LANE)
    days(BOOKED).when(moved).then(like(RestDayNoted, day=DAY + timedelta(days=1), procedure_id=RFA))
    days().when(moved).then(nothing())


@pytest.mark.parametrize("by", [{"appointment_id": ROOM}, {"procedure_id": RFA}], ids=str)
def test_a_procedure_without_a_date_is_no_reason_to_rest(by: dict[str, str]) -> None:
    drop = DropProcedure(told=OFF, patient_id=LANE, **by)
    result = days(BOOKED).when(drop).then(like(RestDayNoted, day=None))
    assert [each.day for each in result.state.procedures] == [None]
    days(BOOKED, drop).when(BOOKED).then(nothing())
    days().when(drop).then(nothing())
