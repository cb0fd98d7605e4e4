"""A session that has a date, and its assessment: somebody is asked once, as long as it is too early."""

from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from backbone.ids import ROOT, derive
from schemas.scheduling.v1.appointment import AppointmentMoved, SessionInOrder, SessionOutOfOrder
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import BookDate, CancelAppointment, LookAtAssessment, MoveDate
from services.scheduling.appointment.states import (
    Appointment,
    Arrived,
    Booked,
    Cancelled,
    Date,
    Fulfilled,
    Matter,
    NoShow,
)
from services.scheduling.protection.states import Protection
from services.scheduling.referral_record.states import Record
from tests.support.deciding import LANE, TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.scheduling.situations import (
    ACTIVITY,
    COORDINATOR,
    IN_9_DAYS,
    IN_10_DAYS,
    IN_11_DAYS,
    MADE,
    PAUL,
    REQUEST,
    rules,
)

ASSESSMENTS = tuple(derive(ROOT, f"assessment {number}") for number in range(2))
SERIES = Matter(booking_request_id=REQUEST, purpose="session", discipline="medical", activity_id=ACTIVITY)
DAYS = (IN_9_DAYS, IN_10_DAYS, IN_11_DAYS)


def at(kind: Any, start: Any) -> Appointment:
    matter = msgspec.structs.replace(SERIES, purpose="assessment")
    if kind is Cancelled:
        return Cancelled(matter=matter, by="clinic", reason="ill")
    date = Date(clinician_id=PAUL, start=start, end=start, location="main")
    made: Appointment = kind(matter=matter, date=date, **({"counted": True} if kind is NoShow else {}))
    return made


STATES = [at(kind, start) for kind in (Booked, Arrived, Fulfilled, NoShow, Cancelled) for start in DAYS]


class Sessions(Machine):
    facts = 0
    early: str | None = None
    """Of which assessment it was said last that the session does not follow it."""

    @initialize()
    def it_is_booked(self) -> None:
        self.begin(APPOINTMENT, rules())
        self.world.at = MADE
        self.assessments = {each: at(Booked, IN_9_DAYS) for each in ASSESSMENTS}
        self.know()
        time = rules().sessions.on(rules().calendar.day(IN_10_DAYS), rules().calendar)
        [start] = [
            slot.start for slot in time.values() if slot.clinician_id == PAUL and "session" in slot.purposes
        ][:1]
        assert self.take(COORDINATOR, BookDate(matter=SERIES, clinician_id=PAUL, start=start))

    def know(self) -> None:
        others: dict[Any, Any] = {("appointment", each): state for each, state in self.assessments.items()}
        self.world.others = {TARGET: Record(), LANE: Protection()} | others

    @rule(which=st.sampled_from(ASSESSMENTS), state=st.sampled_from(STATES))
    def something_happens_to_an_assessment(self, which: str, state: Appointment) -> None:
        self.assessments[which] = state
        self.know()
        self.look(which)

    @rule()
    def nobody_needs_one(self) -> None:
        self.look(None)

    def look(self, which: str | None) -> None:
        self.facts += 1
        before = self.world.state
        made = self.hear(LookAtAssessment(assessment_id=which), derive(ROOT, f"fact {self.facts}"))
        if not isinstance(before, Booked):
            assert not made
            return
        state = self.assessments[which] if which else None
        follows = isinstance(state, Fulfilled) or (
            isinstance(state, Booked | Arrived) and state.date.start < before.date.start
        )
        self.early = None if which is None or follows else which
        assert all(isinstance(fact, SessionOutOfOrder | SessionInOrder) for fact in made), (
            "no date goes by itself"
        )

    @precondition(lambda self: isinstance(self.world.state, Booked))
    @rule(day=st.sampled_from(DAYS), number=st.integers(0, 7))
    def it_is_moved(self, day: Any, number: int) -> None:
        slots = rules().sessions.on(rules().calendar.day(day), rules().calendar).values()
        mine = [slot for slot in slots if slot.clinician_id == PAUL and "session" in slot.purposes]
        command = MoveDate(
            clinician_id=PAUL, start=mine[number].start, by="clinic", reason="ill", assessments=ASSESSMENTS
        )
        if any(isinstance(fact, AppointmentMoved) for fact in self.take(COORDINATOR, command)):
            self.early = None

    @rule()
    def it_is_off(self) -> None:
        self.take(COORDINATOR, CancelAppointment(by="clinic", reason="ill"))

    @invariant()
    def it_is_known_as_early_as_long_as_it_is(self) -> None:
        state = self.world.state
        assert not isinstance(state, Booked) or state.early_for == self.early


TestSessions = Sessions.TestCase
TestSessions.settings = explored(60, steps=20)
