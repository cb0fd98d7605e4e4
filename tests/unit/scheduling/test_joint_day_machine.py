"""A joint day under any sequence of answers and losses: all legs fit on one date, and it ends once."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command
from schemas.fact import Fact
from schemas.scheduling.v1.joint_day import JointDayBooked, JointDayBroken, JointDayProposed
from services.scheduling.joint_day.aggregate import (
    JOINT_DAY,
    AcceptDay,
    BookedDay,
    BrokenDay,
    DeclineDay,
    KeepRest,
    Leg,
    LoseLeg,
    MoveLeg,
    NoDay,
    ProposeDay,
    ProposedDay,
    ReleasedDay,
    ReplaceLeg,
)
from services.scheduling.joint_day.facts import JointDayReleased
from tests.support.effort import explored
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import (
    CLERK,
    COORDINATOR,
    EVERYBODY,
    MADE,
    NURSE,
    OUTSIDER,
    PATIENT,
    PHYSICIAN,
    REFERRER,
    Steady,
    rules,
    staff,
)

TIMES = (
    *(("medical", "paul.okafor", "02-11 09:00"), ("physiotherapy", "fay.dunn", "02-11 10:00")),
    *(("physiotherapy", "fay.dunn", "02-11 11:00"), ("psychology", "priya.nair", "02-11 13:30")),
    *(("nursing", "nora.quinn", "02-11 10:30"), ("social_work", "sam.whit", "02-11 15:00")),
    *(("psychology", "priya.nair", "02-12 09:30"), ("nursing", "nora.quinn", "02-11 12:00")),
)
"""The last one is no slot."""
VISITS: list[Leg] = [
    Leg(discipline, derive(ROOT, f"leg {number}"), staff(login).id or "", at_clinic(f"2027-{when}"))  # type: ignore[arg-type]
    for number, (discipline, login, when) in enumerate(TIMES)
]
actors = st.sampled_from((COORDINATOR, PATIENT, *EVERYBODY))
legs = st.sampled_from(VISITS)


def fits_on_one_date(visits: tuple[Leg, ...]) -> bool:
    """Two or more slots that follow each other within two hours, none before the last one has ended."""
    slots = [rules().slot(each.clinician_id, each.start) for each in visits]
    found = sorted((slot.start, slot.end) for slot in slots if slot)
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(found)]
    known = len(found) == len(visits) > 1
    return known and all(timedelta(0) <= gap <= timedelta(hours=2) for gap in gaps)


class Days(Steady):
    """One day of one patient."""

    @initialize(proposed=st.booleans(), booked=st.booleans())
    def begins(self, proposed: bool, booked: bool) -> None:
        self.begin(JOINT_DAY, rules())
        self.world.at = MADE
        if proposed:
            self.propose(COORDINATOR, [VISITS[0], VISITS[2], VISITS[3]])
            assert isinstance(self.world.state, ProposedDay)
        if proposed and booked:
            self.answer(PATIENT, AcceptDay())
            assert isinstance(self.world.state, BookedDay)

    def ask(self, actor: Actor, command: Command, *allowed: Actor) -> list[Fact]:
        before = self.world.state
        made = self.take(actor, command)
        assert not made or actor in (*allowed, SYSTEM)
        assert not (made and isinstance(before, ReleasedDay)), "a released day is over"
        return made

    @rule(actor=actors, visits=st.lists(legs, min_size=1, max_size=4, unique=True))
    def propose(self, actor: Actor, visits: list[Leg]) -> None:
        before, until = self.world.state, self.world.at + timedelta(hours=48)
        command = ProposeDay(legs=tuple(visits), mode="phone", hold_until=until)
        made = self.ask(actor, command, COORDINATOR, CLERK)
        may = actor in (COORDINATOR, CLERK, SYSTEM) and isinstance(before, NoDay)
        assert bool(made) == (may and fits_on_one_date(command.legs))

    @rule(actor=actors, command=st.sampled_from((AcceptDay(), DeclineDay())))
    def answer(self, actor: Actor, command: Command) -> None:
        before = self.world.state
        for fact in self.ask(actor, command, COORDINATOR, CLERK, NURSE, PHYSICIAN, PATIENT):
            assert isinstance(before, ProposedDay)
            if isinstance(fact, JointDayBooked):
                assert fact.first_start == min(leg.start for leg in before.legs)
                assert {leg.appointment_id for leg in fact.legs} == {
                    leg.appointment_id for leg in before.legs
                }

    @rule(actor=st.sampled_from((OUTSIDER, REFERRER)), command=st.sampled_from((AcceptDay(), DeclineDay())))
    def answer_for_the_patient(self, actor: Actor, command: Command) -> None:
        assert not self.take(actor, command), "only the patient answers, or who cares for them"

    @rule(actor=actors, leg=legs)
    def lose(self, actor: Actor, leg: Leg) -> None:
        before: Any = self.world.state
        made = self.ask(actor, LoseLeg(appointment_id=leg.appointment_id), *(set(EVERYBODY) - {OUTSIDER}))
        if made:
            assert leg.appointment_id in {each.appointment_id for each in before.legs}
            off = self.world.state.gone
            assert off == (*getattr(before, "gone", ()), leg.appointment_id), (
                "a second leg of a discipline speaks"
            )
            assert set(self.world.state.lost) >= {
                each.discipline for each in before.legs if each.appointment_id in off
            }
            told: Any = made[-1]
            assert told.left == len(
                [
                    each
                    for each in before.legs
                    if each.appointment_id not in off and rules().calendar.day(each.start) == before.on
                ]
            )

    @rule(actor=actors, leg=legs, days=st.integers(0, 2))
    def move(self, actor: Actor, leg: Leg, days: int) -> None:
        start = leg.start + timedelta(days=days, minutes=30)
        self.ask(
            actor, MoveLeg(appointment_id=leg.appointment_id, start=start), *(set(EVERYBODY) - {OUTSIDER})
        )
        state = self.world.state
        if isinstance(state, BookedDay):
            assert {rules().calendar.day(each.start) for each in state.legs} == {state.on}

    @rule(actor=actors, leg=legs)
    def mend(self, actor: Actor, leg: Leg) -> None:
        again = Leg(leg.discipline, derive(ROOT, "again"), leg.clinician_id, leg.start)
        self.ask(actor, ReplaceLeg(leg=again), COORDINATOR, CLERK)

    @rule(actor=actors)
    def go_on_with_the_rest(self, actor: Actor) -> None:
        before = self.world.state
        if self.ask(actor, KeepRest(), COORDINATOR, CLERK):
            assert isinstance(before, BrokenDay) and isinstance(self.world.state, BookedDay)
            assert self.world.state.legs

    @precondition(lambda self: isinstance(self.world.state, ProposedDay))
    @rule()
    def let_it_end(self) -> None:
        [timer] = JOINT_DAY.timers(self.world.state, rules()).values()
        self.world.at = max(self.world.at, timer.due)
        assert self.take(SYSTEM, timer.command) and isinstance(self.world.state, ReleasedDay)

    @invariant()
    def only_a_proposed_day_ends_by_itself(self) -> None:
        assert bool(JOINT_DAY.timers(self.world.state, rules())) == isinstance(self.world.state, ProposedDay)

    @invariant()
    def it_is_proposed_once_answered_once_and_broken_only_when_booked(self) -> None:
        told = [
            type(fact) for fact, _ in self.world.facts if fact.public or isinstance(fact, JointDayReleased)
        ]
        assert told[:1] in ([], [JointDayProposed])
        assert told[1:2] in ([], [JointDayBooked], [JointDayReleased])
        assert set(told[2:]) <= {JointDayBroken, JointDayBooked}
        last = {JointDayProposed: ProposedDay, JointDayBooked: BookedDay, JointDayBroken: BrokenDay}
        assert not told or last.get(told[-1], ReleasedDay) is type(self.world.state)


TestDays = Days.TestCase
TestDays.settings = explored(200, steps=20)
