"""What scheduling keeps of one referral: its urgency, and what counts for and against the patient (ATT, SCH-06).

Its id is the referral's. Other deciders of this service look at it.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table
from schemas.scheduling.v1.codes import Exemption
from services.scheduling.appointment.facts import (
    EXEMPT_BY_CRISIS,
    CancellationCounted,
    CancellationUncounted,
    CrisisNoted,
    MoveNoticeDelivered,
    NonAttendanceCounted,
    NonAttendanceUncounted,
    RefusalCounted,
    ReminderDelivered,
    ReminderFailed,
    UrgencyNoted,
)
from services.scheduling.rules import Rules


class Missed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A visit that the patient did not come to."""

    appointment_id: str
    joint_day_id: str | None = None


class Delivered(msgspec.Struct, frozen=True):
    """A message that reached the patient."""

    message_id: str
    appointment_id: str
    version: int


class Record(State, tag="record", frozen=True, kw_only=True):
    cancelled: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = ()
    refused: tuple[str, ...] = ()
    delivered: tuple[Delivered, ...] = ()
    """Reminders."""
    told: tuple[Delivered, ...] = ()
    """Notices of a move."""
    failed: tuple[str, ...] = ()
    crisis_at: datetime | None = None
    category: str | None = None
    target_date: date | None = None

    def reminders(self, appointment_id: str, version: int) -> int:
        """How many reminders of this version of the appointment were delivered."""
        return sum(
            (each.appointment_id, each.version) == (appointment_id, version) for each in self.delivered
        )

    def told_of(self, appointment_id: str, version: int) -> bool:
        """Whether the patient knows the date: the first one, or a notice of the move was delivered."""
        return version == 1 or (appointment_id, version) in {
            (each.appointment_id, each.version) for each in self.told
        }

    def non_attendances(self, *more: Missed) -> int:
        """One for a whole joint day, not one for each discipline."""
        return len({each.joint_day_id or each.appointment_id for each in (*self.missed, *more)})

    def did_not_come(self, appointment_id: str) -> bool:
        return any(each.appointment_id == appointment_id for each in self.missed)

    def exemptions(self, at: datetime, rules: Rules) -> tuple[Exemption, ...]:
        """What exempts by itself (SCH-06)."""
        days = timedelta(days=rules.scheduling.exemptions.values.crisis_days)
        recent = self.crisis_at is not None and at - self.crisis_at <= days
        return (EXEMPT_BY_CRISIS,) if recent else ()


def record_of(referral_id: str | None, given: Given[Rules]) -> Record:
    """What counts so far, for a decider that asked to see it."""
    found = given.others.get(referral_id or "")
    return found if isinstance(found, Record) else Record()


class NoteUrgency(Command, tag="note_urgency", kw_only=True, frozen=True):
    category: str
    target_date: date


class CountCancellation(Command, tag="count_cancellation", kw_only=True, frozen=True):
    appointment_id: str


class ForgetAppointment(Command, tag="forget_appointment", kw_only=True, frozen=True):
    """It was entered in error: nothing of it counts."""

    appointment_id: str


class CountNonAttendance(Command, tag="count_non_attendance", kw_only=True, frozen=True):
    appointment_id: str


class UncountNonAttendance(Command, tag="uncount_non_attendance", kw_only=True, frozen=True):
    appointment_id: str


class CountRefusal(Command, tag="count_refusal", kw_only=True, frozen=True):
    offer_id: str


class NoteReminder(Command, tag="note_reminder", kw_only=True, frozen=True):
    """A message about the appointment arrived, or all attempts failed."""

    message_id: str
    appointment_id: str
    version: int
    delivered: bool


class NoteMoveNotice(Command, tag="note_move_notice", kw_only=True, frozen=True):
    """The patient was told of the date of this version."""

    message_id: str
    appointment_id: str
    version: int


class NoteCrisis(Command, tag="note_crisis", kw_only=True, frozen=True):
    alert_id: str
    at: datetime


def note_urgency(state: Record, command: NoteUrgency, given: Given[Rules]) -> Decision:
    if (state.category, state.target_date) == (command.category, command.target_date):
        return ()
    return [UrgencyNoted(category=command.category, target_date=command.target_date)]


def count_cancellation(state: Record, command: CountCancellation, given: Given[Rules]) -> Decision:
    known = command.appointment_id in state.cancelled
    return () if known else [CancellationCounted(appointment_id=command.appointment_id)]


def count_non_attendance(state: Record, command: CountNonAttendance, given: Given[Rules]) -> Decision:
    if state.did_not_come(command.appointment_id):
        return ()
    day = getattr(given.others.get(command.appointment_id), "joint_day_id", None)
    return [NonAttendanceCounted(appointment_id=command.appointment_id, joint_day_id=day)]


def uncount(state: Record, command: UncountNonAttendance, given: Given[Rules]) -> Decision:
    known = state.did_not_come(command.appointment_id)
    return [NonAttendanceUncounted(appointment_id=command.appointment_id)] if known else ()


def forget(state: Record, command: ForgetAppointment, given: Given[Rules]) -> Decision:
    appointment_id = command.appointment_id
    cancelled = [CancellationUncounted(appointment_id=appointment_id)] * (appointment_id in state.cancelled)
    missed = [NonAttendanceUncounted(appointment_id=appointment_id)] * state.did_not_come(appointment_id)
    return [*cancelled, *missed]


def count_refusal(state: Record, command: CountRefusal, given: Given[Rules]) -> Decision:
    return () if command.offer_id in state.refused else [RefusalCounted(offer_id=command.offer_id)]


def note_reminder(state: Record, command: NoteReminder, given: Given[Rules]) -> Decision:
    if command.delivered:
        told = Delivered(command.message_id, command.appointment_id, command.version)
        fact = ReminderDelivered(
            message_id=command.message_id, appointment_id=command.appointment_id, version=command.version
        )
        return () if told in state.delivered else [fact]
    if command.message_id in state.failed:
        return ()
    return [ReminderFailed(message_id=command.message_id, appointment_id=command.appointment_id)]


def note_move_notice(state: Record, command: NoteMoveNotice, given: Given[Rules]) -> Decision:
    told = Delivered(command.message_id, command.appointment_id, command.version)
    fact = MoveNoticeDelivered(
        message_id=command.message_id, appointment_id=command.appointment_id, version=command.version
    )
    return () if told in state.told else [fact]


def note_crisis(state: Record, command: NoteCrisis, given: Given[Rules]) -> Decision:
    if state.crisis_at is not None and command.at <= state.crisis_at:
        return ()
    return [CrisisNoted(alert_id=command.alert_id, at=command.at)]


def urgent(state: Record, fact: UrgencyNoted, head: Head) -> Record:
    return msgspec.structs.replace(state, category=fact.category, target_date=fact.target_date)


def cancelled(state: Record, fact: CancellationCounted, head: Head) -> Record:
    return msgspec.structs.replace(state, cancelled=(*state.cancelled, fact.appointment_id))


def not_cancelled(state: Record, fact: CancellationUncounted, head: Head) -> Record:
    left = tuple(each for each in state.cancelled if each != fact.appointment_id)
    return msgspec.structs.replace(state, cancelled=left)


def missed(state: Record, fact: NonAttendanceCounted, head: Head) -> Record:
    return msgspec.structs.replace(
        state, missed=(*state.missed, Missed(fact.appointment_id, fact.joint_day_id))
    )


def corrected(state: Record, fact: NonAttendanceUncounted, head: Head) -> Record:
    left = tuple(each for each in state.missed if each.appointment_id != fact.appointment_id)
    return msgspec.structs.replace(state, missed=left)


def refused(state: Record, fact: RefusalCounted, head: Head) -> Record:
    return msgspec.structs.replace(state, refused=(*state.refused, fact.offer_id))


def reminded(state: Record, fact: ReminderDelivered, head: Head) -> Record:
    told = Delivered(fact.message_id, fact.appointment_id, fact.version)
    return msgspec.structs.replace(state, delivered=(*state.delivered, told))


def told_of_move(state: Record, fact: MoveNoticeDelivered, head: Head) -> Record:
    told = Delivered(fact.message_id, fact.appointment_id, fact.version)
    return msgspec.structs.replace(state, told=(*state.told, told))


def not_reminded(state: Record, fact: ReminderFailed, head: Head) -> Record:
    return msgspec.structs.replace(state, failed=(*state.failed, fact.message_id))


def in_crisis(state: Record, fact: CrisisNoted, head: Head) -> Record:
    return msgspec.structs.replace(state, crisis_at=fact.at)


def needs(state: Record, command: Command) -> Iterable[tuple[str, str]]:
    """Whether a missed visit was part of a joint day."""
    if isinstance(command, CountNonAttendance):
        yield "appointment", command.appointment_id


RECORD = Aggregate(
    "referral_record",
    Record(),
    decide=Table(
        *(note_urgency, count_cancellation, count_non_attendance, uncount, forget),
        *(count_refusal, note_reminder, note_move_notice, note_crisis),
    ),
    evolve=Table(
        *(urgent, cancelled, not_cancelled, missed, corrected),
        *(refused, reminded, told_of_move, not_reminded, in_crisis),
    ),
    needs=needs,
)
