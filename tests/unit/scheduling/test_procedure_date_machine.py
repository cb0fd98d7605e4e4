"""Whatever happens to the gates of a procedure: it is never booked while what holds it up is open (SCH-02)."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command
from schemas.fact import Fact
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentMoved,
    GateCheckFailed,
    GatesCleared,
)
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import (
    Arrive,
    BookDate,
    CancelAppointment,
    CheckIn,
    LookAtGates,
    MoveDate,
    ReleaseDate,
)
from services.scheduling.appointment.states import (
    Arrived,
    Booked,
    Cancelled,
    CheckedIn,
    Dated,
    Matter,
    NoAppointment,
    Pending,
)
from services.scheduling.gate.states import Gate, NoGate, Open, Satisfied, gate_id, gates_seen
from services.scheduling.protection.states import Protection
from services.scheduling.referral_record.states import Record
from tests.support.deciding import LANE, TARGET
from tests.support.effort import explored
from tests.unit.scheduling.situations import (
    CLERK,
    COORDINATOR,
    EVERYBODY,
    IN_10_DAYS,
    IN_11_DAYS,
    MADE,
    PAUL,
    PHYSICIAN,
    REQUEST,
    Steady,
    rules,
)

BLOCK = derive(ROOT, "a block")
MATTER = Matter(booking_request_id=REQUEST, purpose="procedure", discipline="medical", procedure_id=BLOCK)
KINDS: Any = ("antithrombotic_plan", "authorisation", "escort", "inr")
kinds, starts = st.sampled_from(KINDS), st.sampled_from((IN_10_DAYS, IN_11_DAYS))


class ProcedureDates(Steady):
    """The date of a procedure beside its gates, of which two hold it up, one is checked before, one on the day."""

    gates: dict[str, Gate]

    @initialize(asked=st.sets(kinds))
    def begins(self, asked: set[Any]) -> None:
        self.begin(APPOINTMENT, rules())
        self.world.at, self.gates = MADE, {kind: self.gate(kind, met=False) for kind in sorted(asked)}
        self.stand()

    def gate(self, kind: Any, met: bool) -> Gate:
        rule = rules().scheduling.gates.values.kinds[kind]
        of: Any = {
            "kind": kind,
            "procedure_id": BLOCK,
            "check_class": rule.check_class,
            "blocks_booking": rule.blocks_booking,
        }
        return Satisfied(evidence_ref=BLOCK, **of) if met else Open(**of)

    def stand(self) -> None:
        beside: dict[Any, Any] = {key: NoGate() for key in gates_seen(BLOCK)}
        beside |= {("gate", gate_id(BLOCK, kind)): gate for kind, gate in self.gates.items()}
        self.world.others = beside | {TARGET: Record(), LANE: Protection()}

    def open(self, *wanted: str) -> set[str]:
        return {kind for kind, gate in self.gates.items() if isinstance(gate, Open)} & {*wanted}

    def ask(self, actor: Actor, command: Command) -> list[Fact]:
        self.stand()
        made = self.take(actor, command)
        for fact in made:
            if isinstance(fact, AppointmentMoved):
                self.follow(fact)
        return made

    def follow(self, moved: AppointmentMoved) -> None:
        """As gates do that were shown for the old date."""
        assert not self.open(*moved.gates_reopened), "what is reopened was met"
        for kind in moved.gates_reopened:
            self.gates[kind] = self.gate(kind, met=False)

    @rule(kind=kinds, met=st.booleans())
    def a_gate_changes(self, kind: str, met: bool) -> None:
        if kind in self.gates:
            self.gates[kind] = self.gate(kind, met)
            self.ask(SYSTEM, LookAtGates())

    @rule(actor=st.sampled_from((COORDINATOR, *EVERYBODY)), start=starts)
    def book(self, actor: Actor, start: Any) -> None:
        before = self.world.state
        date: Any = {"clinician_id": PAUL, "start": start, "short_notice_accepted": True}
        made = self.ask(actor, BookDate(matter=MATTER, **date))
        if made:
            assert isinstance(before, NoAppointment)
            held_up = self.open("antithrombotic_plan", "authorisation")
            assert isinstance(self.world.state, Pending if held_up else Booked)

    @rule(actor=st.sampled_from((COORDINATOR, *EVERYBODY)), start=starts)
    def move(self, actor: Actor, start: Any) -> None:
        date: Any = {"clinician_id": PAUL, "start": start}
        for fact in self.ask(actor, MoveDate(by="clinic", reason="ill", **date)):
            if isinstance(fact, AppointmentMoved):
                assert "authorisation" not in fact.gates_reopened
                assert self.open("antithrombotic_plan") or "antithrombotic_plan" not in self.gates

    @rule(actor=st.sampled_from((COORDINATOR, CLERK, PHYSICIAN, SYSTEM)))
    def release(self, actor: Actor) -> None:
        before = self.world.state
        made = self.ask(actor, ReleaseDate())
        if made:
            assert "T-24" in before.warned and actor != PHYSICIAN
            assert self.open("antithrombotic_plan", "authorisation", "escort")
            assert isinstance(self.world.state, Cancelled) and not made[0].counts  # type: ignore[attr-defined]

    @rule(command=st.sampled_from((Arrive(), CheckIn(), CancelAppointment(by="clinic", reason="ill"))))
    def go_on(self, command: Command) -> None:
        was_here = isinstance(self.world.state, Arrived)
        made = self.ask(COORDINATOR, command)
        if isinstance(command, CheckIn) and was_here:
            assert bool(made) == (not self.open("inr"))

    @rule(hours=st.integers(1, 100))
    def wait(self, hours: int) -> None:
        """What falls due meanwhile is done in its order."""
        until = self.world.at + timedelta(hours=hours)
        while due := [each for each in self.timers().values() if each.due <= until]:
            timer = min(due, key=lambda each: each.due)
            self.world.at = max(self.world.at, timer.due)
            for fact in self.ask(SYSTEM, timer.command):
                if isinstance(fact, GateCheckFailed):
                    assert {*fact.open_gates} == self.open("antithrombotic_plan", "authorisation", "escort")
                    assert "inr" not in fact.open_gates, "a value of the day is always open then"
        self.world.at = until

    def timers(self) -> Any:
        return APPOINTMENT.timers(self.world.state, rules())

    @invariant()
    def nothing_is_booked_that_is_held_up(self) -> None:
        if isinstance(self.world.state, Booked):
            assert not self.open("antithrombotic_plan", "authorisation")

    @invariant()
    def what_is_held_is_held_up_and_ends(self) -> None:
        if isinstance(self.world.state, Pending):
            assert self.open("antithrombotic_plan", "authorisation")
            assert self.world.state.date.start in [each.due for each in self.timers().values()]

    @invariant()
    def a_checkpoint_of_a_version_is_said_once_until_nothing_is_open(self) -> None:
        said = set[tuple[int, str]]()
        for fact, _ in self.world.facts:
            if isinstance(fact, GatesCleared) and fact.scope == "pre":
                said.clear()
            if isinstance(fact, GateCheckFailed):
                assert (fact.version, fact.checkpoint) not in said
                said.add((fact.version, fact.checkpoint))

    @invariant()
    def what_is_cleared_is_of_the_date_that_stands(self) -> None:
        if isinstance(self.world.state, Dated) and (told := self.made(GatesCleared)):
            assert told[-1].version <= self.world.state.date.version

    @invariant()
    def what_was_told_last_is_the_state(self) -> None:
        dates = (AppointmentHeld, AppointmentBooked, AppointmentMoved, AppointmentCancelled)
        told = [fact for fact, _ in self.world.facts if isinstance(fact, dates)]
        if isinstance(self.world.state, Pending):
            assert isinstance(told[-1], AppointmentHeld | AppointmentMoved)
        if isinstance(self.world.state, Booked | Arrived | CheckedIn):
            assert isinstance(told[-1], AppointmentBooked | AppointmentMoved)


TestProcedureDates = ProcedureDates.TestCase
TestProcedureDates.settings = explored(150, steps=40)
