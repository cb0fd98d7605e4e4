"""Conflicts under any sequence of dates: open exactly while something is in the way that no clinician has accepted."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Actor, Command
from schemas.care_plan.v1.conflict import ConflictDetected, ConflictResolved
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
from services.care_plan.conflict.states import Open, Over, Procedure, Rest
from tests.support.deciding import LANE
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.situations import COORDINATOR, NURSE, OUTSIDERS, PHYSICIAN, rules, some_id
from tests.unit.care_plan.test_conflict import ACTIVITY, DAY, beside

VISITS = st.sampled_from([some_id(f"visit {number}") for number in range(3)])
DAYS = st.sampled_from((-1, 0, 0, 3, 6, 7, 8)).map(lambda days: DAY + timedelta(days=days))
PROCEDURES = st.lists(
    st.builds(Procedure, st.sampled_from(("r1", "r2")).map(some_id), st.just(some_id("rfa")), DAYS),
    max_size=2,
    unique_by=lambda each: each.appointment_id,
).map(tuple)


class Conflicts(Machine):
    """One activity, beside the procedures of its patient. `planned` is kept here, apart from what the code keeps."""

    planned: dict[str, date]
    procedures: tuple[Procedure, ...]
    paused: bool
    accepted: set[Any]
    told: int
    over: set[str]
    dates: list[Command]

    @initialize(procedures=PROCEDURES, day=st.none() | DAYS)
    def somebody_plans(self, procedures: tuple[Procedure, ...], day: date | None) -> None:
        """Often exercise has a date already."""
        self.begin(CONFLICT, rules())
        self.planned, self.procedures, self.paused = {}, procedures, False
        self.accepted, self.told, self.over, self.dates = set(), 0, set(), []
        self.world.others = beside(*procedures)
        if day is not None:
            self.exercise_is_booked(some_id("visit 0"), day)

    @rule(visit=VISITS, day=DAYS)
    def exercise_is_booked(self, visit: str, day: date) -> None:
        self.hears(
            visit,
            WatchVisit(
                activity_id=ACTIVITY, appointment_id=visit, day=day, told=self.later(), patient_id=LANE
            ),
        )
        if visit not in self.over:
            self.planned[visit] = day

    @rule(visit=VISITS, day=DAYS)
    def exercise_is_moved(self, visit: str, day: date) -> None:
        self.hears(visit, MoveWatchedVisit(appointment_id=visit, day=day, told=self.later()))
        if visit in self.planned:
            self.planned[visit] = day

    @rule(visit=VISITS)
    def exercise_is_over(self, visit: str) -> None:
        self.tell(EndWatchedVisit(appointment_id=visit))
        if self.planned.pop(visit, None):
            self.over.add(visit)

    @rule(data=st.data())
    def what_was_told_of_dates_is_told_again(self, data: st.DataObject) -> None:
        """In whatever order, as when inboxes were lost: nothing changes."""
        if self.dates and not isinstance(self.world.state, Over):
            before = len(self.world.facts)
            self.tell(data.draw(st.sampled_from(self.dates)))
            assert len(self.world.facts) == before

    @rule(procedures=PROCEDURES)
    def procedures_are_on_other_days(self, procedures: tuple[Procedure, ...]) -> None:
        self.procedures, self.world.others = procedures, beside(*procedures)
        self.tell(LookAtRest(patient_id=LANE))

    @rule(on_hold=st.booleans())
    def the_activity_is_held_or_goes_on(self, on_hold: bool) -> None:
        watched = bool(self.world.version)
        self.tell(PauseWatch() if on_hold else ResumeWatch())
        self.paused = on_hold if watched else self.paused

    @rule(how=st.sampled_from(("stopped", "no_longer_applies")), really=st.sampled_from((*[False] * 9, True)))
    def the_activity_ends(self, how: Any, really: bool) -> None:
        """Seldom: afterwards nothing happens any more."""
        if really:
            self.tell(EndWatch(resolution=how))

    @rule(actor=st.sampled_from((NURSE, PHYSICIAN, COORDINATOR)))
    def somebody_says_that_it_may_be(self, actor: Actor) -> None:
        was_open = isinstance(self.world.state, Open)
        self.refuse((*OUTSIDERS, COORDINATOR), AcceptConflict())
        now = set(self.in_the_way())
        made = self.take(actor, AcceptConflict())
        assert bool(made) == (was_open and actor is not COORDINATOR)
        self.accepted |= now if made else set()

    def hears(self, visit: str, command: Command) -> None:
        self.tell(command)
        if visit in self.planned or isinstance(command, WatchVisit):
            self.dates.append(command)

    def later(self) -> int:
        return self.told + 1

    def tell(self, command: Command) -> None:
        self.told += 1
        self.hear(command, some_id(f"fact {self.told}"))

    def in_the_way(self) -> list[Any]:
        pairs = [(*visit, *astuple(each)) for visit in self.planned.items() for each in self.procedures]
        near = [each for each in pairs if 0 <= (each[1] - each[4]).days < 7]
        return [] if self.paused else [each for each in near if each not in self.accepted]

    @invariant()
    def it_is_open_exactly_while_something_is_in_the_way(self) -> None:
        if not isinstance(self.world.state, Over):
            assert isinstance(self.world.state, Open) == bool(self.in_the_way())

    @invariant()
    def what_was_detected_is_resolved_once_and_by_name_where_a_person_did(self) -> None:
        detected, resolved = self.made(ConflictDetected), self.made(ConflictResolved)
        assert len(detected) - len(resolved) == isinstance(self.world.state, Open)
        assert all((each.resolution == "accepted") == (each.decided_by is not None) for each in resolved)


def astuple(procedure: Procedure) -> tuple[str, str, date]:
    assert procedure.day
    return procedure.appointment_id, procedure.procedure_id, procedure.day


class Rests(Machine):
    """The procedures of one patient, by their appointments."""

    days: dict[str, tuple[str, date | None]]
    told: int

    @initialize()
    def nobody_rests(self) -> None:
        self.begin(REST, rules())
        self.world.others = {LANE: None}
        self.days, self.told = {}, 0

    @rule(at=VISITS, procedure=st.sampled_from(("rfa", "mbb")).map(some_id), day=DAYS)
    def one_is_booked_or_done(self, at: str, procedure: str, day: date) -> None:
        self.tell(
            NoteProcedure(
                appointment_id=at, procedure_id=procedure, day=day, told=self.told + 1, patient_id=LANE
            )
        )
        self.days[at] = procedure, day

    @rule(at=VISITS, day=DAYS)
    def one_is_moved(self, at: str, day: date) -> None:
        self.tell(NoteProcedure(appointment_id=at, day=day, told=self.told + 1, patient_id=LANE))
        if at in self.days:
            self.days[at] = self.days[at][0], day

    @rule(at=VISITS)
    def a_date_is_lost(self, at: str) -> None:
        self.tell(DropProcedure(appointment_id=at, told=self.told + 1, patient_id=LANE))
        if at in self.days:
            self.days[at] = self.days[at][0], None

    @rule(procedure=st.sampled_from(("rfa", "mbb")).map(some_id))
    def one_is_not_going_ahead(self, procedure: str) -> None:
        self.tell(DropProcedure(procedure_id=procedure, told=self.told + 1, patient_id=LANE))
        self.days = {at: (of, None if of == procedure else day) for at, (of, day) in self.days.items()}

    def tell(self, command: Command) -> None:
        self.told += 1
        self.hear(command, some_id(f"fact {self.told}"))

    @invariant()
    def each_date_is_known_as_it_was_told_last(self) -> None:
        state = self.world.state
        assert isinstance(state, Rest)
        known = {each.appointment_id: (each.procedure_id, each.day) for each in state.procedures}
        assert known == self.days


TestConflicts, TestRests = Conflicts.TestCase, Rests.TestCase
TestConflicts.settings = TestRests.settings = explored(60, steps=25)
