"""Whatever anybody asks of an appointment, on whatever day: its version, its counts and its end can be relied on."""

from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command
from schemas.fact import Fact
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentHeld,
    AppointmentMoved,
    AttendanceCorrected,
    PatientArrived,
    PatientAttended,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired, SlotOffered
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import (
    Arrive,
    Attend,
    BeginConsultation,
    BookDate,
    CancelAppointment,
    CheckIn,
    Confirm,
    CorrectAttendance,
    DeclineOffer,
    EndConsultation,
    ExpireOffer,
    HoldDate,
    MarkInError,
    MissAppointment,
    MoveDate,
    OfferDates,
    ReleaseHold,
)
from services.scheduling.appointment.states import (
    Arrived,
    Booked,
    Cancelled,
    CheckedIn,
    Dated,
    Fulfilled,
    InError,
    NoShow,
    Pending,
    Proposed,
    Waiting,
)
from services.scheduling.protection.states import Protection
from services.scheduling.referral_record.states import Delivered, Missed, Record
from services.scheduling.slot.states import SlotTime
from tests.support.deciding import LANE, TARGET
from tests.support.effort import explored
from tests.unit.scheduling.situations import (
    CLERK,
    COORDINATOR,
    DAY,
    EVERYBODY,
    FIRST_VISIT,
    IN_9_DAYS,
    IN_10_DAYS,
    IN_11_DAYS,
    MADE,
    MAYA,
    NURSE,
    PATIENT,
    PAUL,
    PHYSICIAN,
    REFERRER,
    Steady,
    rules,
)

STAFF = (COORDINATOR, CLERK, PHYSICIAN, NURSE)
DESK = (COORDINATOR, CLERK, SYSTEM)
WHO: dict[type[Command], tuple[Actor, ...]] = {
    **dict.fromkeys((OfferDates, HoldDate), DESK),
    **dict.fromkeys((DeclineOffer, BookDate, ReleaseHold, MoveDate, Confirm), (*STAFF, PATIENT, SYSTEM)),
    **dict.fromkeys((Arrive, CheckIn, Attend), (*STAFF, SYSTEM)),
    **dict.fromkeys((MissAppointment, CorrectAttendance), STAFF),
    CancelAppointment: (*STAFF, PATIENT, REFERRER, SYSTEM),
    MarkInError: (CLERK,),
    **dict.fromkeys((ExpireOffer, BeginConsultation, EndConsultation), (SYSTEM,)),
}
TOLD: dict[type, tuple[type[Fact], ...]] = {
    Waiting: (OfferDeclined, OfferExpired, AppointmentHeld),
    Proposed: (SlotOffered,),
    Pending: (AppointmentHeld,),
    Booked: (AppointmentBooked, AppointmentMoved, AppointmentConfirmed),
    Arrived: (PatientArrived, AttendanceCorrected),
    CheckedIn: (PatientArrived, AttendanceCorrected),
    Fulfilled: (PatientAttended,),
    NoShow: (PatientDidNotAttend,),
    Cancelled: (AppointmentCancelled,),
    InError: (AppointmentCancelled,),
}
"""What others were told last, by state."""

actors = st.sampled_from((COORDINATOR, CLERK, *EVERYBODY))
choices = st.sampled_from(
    [SlotTime(who, start) for start in (IN_10_DAYS, IN_11_DAYS, IN_9_DAYS) for who in (PAUL, MAYA)]
)
parties: Any = st.sampled_from(("patient", "clinic", "referrer", "system"))
OFFERS = tuple(derive(ROOT, f"offer {number}") for number in range(2))
offer_ids = st.sampled_from(OFFERS)


class Appointments(Steady):
    """One appointment, beside the record of its referral."""

    record: Record

    @initialize(
        remote=st.booleans(),
        cancelled=st.integers(0, 3),
        missed=st.integers(0, 2),
        first=st.sampled_from((None, OfferDates, BookDate)),
    )
    def begins(self, remote: bool, cancelled: int, missed: int, first: type[Command] | None) -> None:
        self.begin(APPOINTMENT, rules())
        self.world.at = MADE
        self.matter = msgspec.structs.replace(FIRST_VISIT, remote=remote)
        before = [derive(ROOT, f"earlier visit {number}") for number in range(5)]
        self.record = Record(
            cancelled=tuple(before[:cancelled]), missed=tuple(map(Missed, before[3 : 3 + missed]))
        )
        self.world.others = {TARGET: self.record, LANE: Protection()}
        if first is BookDate:
            self.book(COORDINATOR, SlotTime(PAUL, IN_10_DAYS), None, False)
        if first is OfferDates:
            self.offer(COORDINATOR, OFFERS[0], [SlotTime(PAUL, IN_10_DAYS), SlotTime(MAYA, IN_11_DAYS)])

    def ask(self, actor: Actor, command: Command) -> None:
        before = self.world.state
        made = [fact for fact in self.take(actor, command) if fact.public]
        assert not made or actor in WHO[type(command)]
        assert not made or not isinstance(before, Fulfilled | InError), "that is final"
        if made and isinstance(before, Cancelled | NoShow):
            assert isinstance(command, MarkInError | CorrectAttendance)
        if made and actor in (PATIENT, REFERRER):
            assert getattr(command, "by", actor.kind) == actor.kind, "nobody acts as somebody else"
        for fact in made:
            self.look(before, command, fact)

    def look(self, before: Any, command: Any, fact: Fact) -> None:
        """Numbers that others rely on."""
        if isinstance(fact, AppointmentMoved):
            assert (fact.version, fact.previous_version) == (before.date.version + 1, before.date.version)
        if isinstance(fact, AppointmentCancelled):
            by_patient = isinstance(command, CancelAppointment) and command.by == "patient"
            held_leg = isinstance(before, Pending) and before.joint_day_id is not None
            assert fact.counts == (by_patient and isinstance(before, Dated) and not held_leg)
            assert fact.cna_count == len(self.record.cancelled) + fact.counts
            assert fact.notice_hours >= 0
        if isinstance(fact, PatientDidNotAttend):
            assert self.world.at >= before.date.start + timedelta(minutes=15)
            reminded = [each.version for each in self.record.delivered].count(before.date.version)
            assert (fact.reminders_delivered, fact.exemptions) == (reminded, command.exemptions)
            told = before.date.version in (1, *(each.version for each in self.record.told))
            assert fact.counts == (reminded > 0 and told and not command.exemptions)
            assert fact.dna_count == len(self.record.missed) + fact.counts

    @rule(actor=actors, offer_id=offer_ids, chosen=st.lists(choices, min_size=1, max_size=3))
    def offer(self, actor: Actor, offer_id: str, chosen: list[SlotTime]) -> None:
        until = self.world.at + timedelta(hours=48)
        dates: Any = {"matter": self.matter, "mode": "phone", "choices": tuple(chosen), "hold_until": until}
        self.ask(actor, OfferDates(offer_id=offer_id, **dates))

    @rule(actor=actors, offer_id=offer_ids)
    def decline(self, actor: Actor, offer_id: str) -> None:
        self.ask(actor, DeclineOffer(offer_id=offer_id))

    @rule(actor=actors, choice=choices, offer_id=st.none() | offer_ids, agreed=st.booleans())
    def book(self, actor: Actor, choice: SlotTime, offer_id: str | None, agreed: bool) -> None:
        before = self.world.state
        date: Any = {"clinician_id": choice.clinician_id, "start": choice.start, "matter": self.matter}
        self.ask(actor, BookDate(offer_id=offer_id, short_notice_accepted=agreed, **date))
        if isinstance(self.world.state, Booked) and not isinstance(before, Booked):
            notice = rules().notice_days(self.world.at, choice.start)
            offered = isinstance(before, Proposed) and choice in before.choices
            held = isinstance(before, Pending) and choice.start == before.date.start
            assert notice >= 10 or agreed or offered or held, (
                "short notice only if the patient agrees (ATT-01)"
            )
            assert offered or not (isinstance(before, Proposed) and offer_id), "that was not offered"

    @rule(actor=actors, choice=choices)
    def hold(self, actor: Actor, choice: SlotTime) -> None:
        until = self.world.at + timedelta(hours=48)
        date: Any = {"clinician_id": choice.clinician_id, "start": choice.start, "matter": self.matter}
        self.ask(actor, HoldDate(joint_day_id=DAY, hold_until=until, **date))

    @rule(actor=actors, choice=choices, by=parties)
    def move(self, actor: Actor, choice: SlotTime, by: Any) -> None:
        date: Any = {"clinician_id": choice.clinician_id, "start": choice.start}
        self.ask(actor, MoveDate(by=by, reason="ill", **date))

    @rule(actor=actors, version=st.none() | st.integers(1, 3))
    def confirm(self, actor: Actor, version: int | None) -> None:
        before = self.world.state
        self.ask(actor, Confirm(via="phone", version=version))
        if self.world.state != before:
            assert version in (None, before.date.version), "a late answer is about another date"

    @rule(actor=actors, command=st.sampled_from((Arrive(), CheckIn(), Attend(), ReleaseHold())))
    def go_on(self, actor: Actor, command: Command) -> None:
        before = self.world.state
        self.ask(actor, command)
        if isinstance(command, Attend) and isinstance(self.world.state, Fulfilled):
            assert not isinstance(before, Booked) or self.matter.remote

    @rule(actor=actors, by=parties, reason=st.sampled_from(("ill", "left_before_seen", "entered_in_error")))
    def cancel(self, actor: Actor, by: Any, reason: str) -> None:
        before = self.world.state
        self.ask(actor, CancelAppointment(by=by, reason=reason))
        if self.world.state != before:
            assert by != "system" or actor == SYSTEM, "only a fact makes the system cancel (SCH-07)"
            assert isinstance(self.world.state, Cancelled) or actor == SYSTEM, (
                "only a registrar says: in error"
            )

    @rule(actor=actors)
    def mark(self, actor: Actor) -> None:
        self.ask(actor, MarkInError(reason="wrong_patient"))

    @rule(
        actor=actors,
        exemptions=st.sampled_from(((), ("minor",))),
        minutes=st.sampled_from((None, 14, 15, 40)),
    )
    def miss(self, actor: Actor, exemptions: Any, minutes: int | None) -> None:
        """At any time, or about the time of the appointment."""
        if isinstance(self.world.state, Booked) and minutes is not None:
            self.world.at = max(self.world.at, self.world.state.date.start + timedelta(minutes=minutes))
        self.ask(actor, MissAppointment(exemptions=exemptions))

    @rule(actor=actors)
    def correct(self, actor: Actor) -> None:
        self.ask(actor, CorrectAttendance(reason="late"))

    @rule(begins=st.booleans())
    def consult(self, begins: bool) -> None:
        command = BeginConsultation(consultation_id=DAY) if begins else EndConsultation()
        self.hear(command, derive(ROOT, f"consultation {self.world.steps} {begins}"))

    @rule(version=st.integers(1, 3), kind=st.sampled_from(("delivered", "told")))
    def deliver_a_message(self, version: int, kind: str) -> None:
        """A reminder, or a notice of a move."""
        messages = (*getattr(self.record, kind), Delivered(derive(ROOT, "message"), TARGET, version))
        self.record = msgspec.structs.replace(self.record, **{kind: messages})
        self.world.others = {TARGET: self.record, LANE: Protection()}

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.world.at += timedelta(hours=hours)

    @precondition(lambda self: isinstance(self.world.state, Proposed | Pending))
    @rule()
    def let_it_end(self) -> None:
        [timer] = APPOINTMENT.timers(self.world.state, rules()).values()
        self.world.at = max(self.world.at, timer.due)
        assert self.take(SYSTEM, timer.command) and isinstance(self.world.state, Waiting)

    @invariant()
    def only_offers_and_holds_end_by_themselves(self) -> None:
        timers = APPOINTMENT.timers(self.world.state, rules())
        assert bool(timers) == isinstance(self.world.state, Proposed | Pending)

    @invariant()
    def what_was_told_last_is_the_state(self) -> None:
        told = [fact for fact, _ in self.world.facts if fact.public]
        assert not told or isinstance(told[-1], TOLD[type(self.world.state)])

    @invariant()
    def the_version_counts_the_moves_and_the_date_is_the_one_told(self) -> None:
        told = [fact for fact, _ in self.world.facts]
        dates = [
            each for each in told if isinstance(each, AppointmentHeld | AppointmentBooked | AppointmentMoved)
        ]
        if isinstance(self.world.state, Dated):
            date, last = self.world.state.date, dates[-1]
            assert (date.version, date.start) == (last.version, last.start)
            assert date.version == 1 + sum(isinstance(each, AppointmentMoved) for each in told)


TestAppointments = Appointments.TestCase
TestAppointments.settings = explored(200, steps=40)
