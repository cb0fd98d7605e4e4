"""Whatever day a procedure is on, over the year's end, Easter, a closed week and both clock changes: what must be true
before it is asked in its order, once, and of somebody who is at work (PRC-06)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import SYSTEM, Actor, Command
from config.calendar import BusinessCalendar
from config.sessions import Sessions
from schemas.fact import Fact
from schemas.scheduling.v1.appointment import AppointmentBooked, AppointmentMoved, GateCheckFailed
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import Arrive, BookDate, CheckIn, LookAtGates, MoveDate
from services.scheduling.appointment.facts import CheckpointPassed
from services.scheduling.appointment.states import Arrived, Booked, CheckedIn
from services.scheduling.gate.states import NoGate, Open, Satisfied, gate_id, gates_seen
from services.scheduling.protection.states import Protection
from services.scheduling.referral_record.states import Record
from services.scheduling.rules import Rules
from tests.support.deciding import LANE, TARGET
from tests.support.effort import explored
from tests.unit.scheduling import situations
from tests.unit.scheduling.situations import COORDINATOR, PAUL, Steady
from tests.unit.scheduling.test_procedure_date_machine import BLOCK, MATTER

DAY, SLACK = timedelta(days=1), timedelta(hours=1)
"""A clock change moves an hour of the day by as much."""
CLOSED = (
    *(date(2026, 12, 24) + each * DAY for each in range(9)),
    *(date(2027, 3, 26), date(2027, 3, 29), date(2027, 9, 6)),
    *(date(2027, 8, 2) + each * DAY for each in range(5)),
)
SEASONS = ((2026, 12, 20), (2027, 3, 8), (2027, 3, 22), (2027, 7, 28), (2027, 9, 1), (2027, 11, 1))
days = st.builds(lambda first, more: date(*first) + more * DAY, st.sampled_from(SEASONS), st.integers(0, 20))


@cache
def rules() -> Rules:
    """The clinic's, with holidays of its own."""
    shipped = situations.rules()
    said = shipped.calendar.model_dump(by_alias=True)
    holidays = [{"on": each, "name": "closed"} for each in CLOSED]
    calendar = BusinessCalendar.model_validate(
        said | {"holidays": holidays, "known_until": date(2027, 12, 31)}
    )
    sessions = Sessions.model_validate(shipped.sessions.model_dump())
    return shipped.model_copy(update={"calendar": calendar, "sessions": sessions})


def calendar() -> BusinessCalendar:
    return rules().calendar


def starts_on(day: date) -> Sequence[datetime]:
    """Of procedures, on the first day from this one on that has any."""
    while True:
        slots = rules().sessions.on(day, calendar()).values()
        found = [each.start for each in slots if each.clinician_id == PAUL and "procedure" in each.purposes]
        if found:
            return found
        day += DAY


class Checkpoints(Steady):
    """The date of a procedure beside its escort, checked before, and its INR, of the day; as time passes."""

    @initialize(day=days, number=st.integers(0, 1), ahead=st.integers(0, 14), escort=st.booleans())
    def begins(self, day: date, number: int, ahead: int, escort: bool) -> None:
        self.begin(APPOINTMENT, rules())
        self.is_met = {"escort": escort, "inr": False}
        self.asked = list[tuple[int, str, datetime]]()
        self.dated = list[datetime]()
        """When each version got its date."""
        start = starts_on(day)[number]
        self.world.at = calendar().at(calendar().day(start) - ahead * DAY, time(8, 30))
        self.is_dated(BookDate(matter=MATTER, clinician_id=PAUL, start=start, short_notice_accepted=True))
        assert isinstance(self.world.state, Booked)

    def gate(self, kind: Any) -> Any:
        rule = rules().scheduling.gates.values.kinds[kind]
        of: Any = {
            "kind": kind,
            "procedure_id": BLOCK,
            "check_class": rule.check_class,
            "blocks_booking": rule.blocks_booking,
        }
        return Satisfied(evidence_ref=BLOCK, **of) if self.is_met[kind] else Open(**of)

    def ask(self, command: Command, actor: Actor = SYSTEM) -> list[Fact]:
        beside: dict[Any, Any] = {key: NoGate() for key in gates_seen(BLOCK)}
        beside |= {("gate", gate_id(BLOCK, kind)): self.gate(kind) for kind in ("escort", "inr")}
        self.world.others = beside | {TARGET: Record(), LANE: Protection()}
        return self.take(actor, command)

    def is_dated(self, command: BookDate | MoveDate) -> None:
        if self.ask(command, COORDINATOR):
            self.dated.append(self.world.at)

    @rule(days=st.integers(1, 12), number=st.integers(0, 1))
    def move(self, days: int, number: int) -> None:
        if isinstance(self.world.state, Booked):
            to = starts_on(calendar().day(self.world.state.date.start) + days * DAY)[number]
            self.is_dated(MoveDate(by="clinic", reason="ill", clinician_id=PAUL, start=to))

    @rule(kind=st.sampled_from(("escort", "inr")), met=st.booleans())
    def a_gate_changes(self, kind: str, met: bool) -> None:
        self.is_met[kind] = met
        self.ask(LookAtGates())

    @rule(hours=st.integers(1, 100))
    def wait(self, hours: int) -> None:
        """Until then, and no longer than until it begins; what falls due meanwhile is done in its order."""
        state = self.world.state
        if not isinstance(state, Booked):
            return
        until = min(self.world.at + timedelta(hours=hours), state.date.start)
        while due := [
            each for each in APPOINTMENT.timers(self.world.state, rules()).values() if each.due <= until
        ]:
            timer = min(due, key=lambda each: each.due)
            self.world.at = max(self.world.at, timer.due)
            for fact in self.ask(timer.command):
                self.is_asked(fact)
        self.world.at = until

    def is_asked(self, fact: Fact) -> None:
        if isinstance(fact, CheckpointPassed):
            self.asked.append((self.world.state.date.version, fact.checkpoint, self.world.at))
        if isinstance(fact, GateCheckFailed):
            assert not self.is_met["escort"] and fact.open_gates == ("escort",)

    @rule()
    def comes(self) -> None:
        state = self.world.state
        if isinstance(state, Booked) and self.world.at == state.date.start:
            assert [name for version, name, _ in self.asked if version == state.date.version] == [
                "T-72",
                "T-24",
            ]
            self.ask(Arrive(), COORDINATOR)
            self.ask(CheckIn(), COORDINATOR)
            assert isinstance(self.world.state, CheckedIn if self.is_met["inr"] else Arrived)

    @invariant()
    def each_is_asked_once_and_in_order(self) -> None:
        names = [(version, name) for version, name, _ in self.asked]
        assert names == sorted({*names}, key=lambda each: (each[0], each[1] == "T-24"))

    @invariant()
    def it_is_asked_while_somebody_who_is_at_work_can_see_to_it(self) -> None:
        """At the latest on the working day before; where the date was given later than that, at once."""
        if not self.asked:
            return
        version, name, at = self.asked[-1]
        start, dated = self.starts[version], self.dated[version - 1]
        least = timedelta(hours=72 if name == "T-72" else 24)
        assert at == dated or at <= start - least
        if at > dated:
            days, day = 2 if name == "T-72" else 1, calendar().day(at)
            assert any(calendar().is_open(at + each) for each in (timedelta(), SLACK))
            assert calendar().business_days_later(day, days) <= calendar().day(start)
            if name == "T-24":
                assert calendar().business_days_later(day, 1) == calendar().day(start), "no earlier than that"

    @property
    def starts(self) -> dict[int, datetime]:
        told = (*self.made(AppointmentBooked), *self.made(AppointmentMoved))
        return {each.version: each.start for each in told}


TestCheckpoints = Checkpoints.TestCase
TestCheckpoints.settings = explored(50, steps=15)
