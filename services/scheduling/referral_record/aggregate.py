"""What scheduling keeps of one referral: its urgency, and what counts for and against the patient (ATT, SCH-06).

Its id is the referral's. Other deciders of this service look at it.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Head,
    Refused,
    Step,
    Table,
    by,
    like,
    others_of,
    person_seen,
    updated,
)
from services.scheduling.referral_record.facts import (
    CancellationCounted,
    CancellationUncounted,
    EndNoted,
    MoveNoticeDelivered,
    NonAttendanceCounted,
    NonAttendanceUncounted,
    RefusalCounted,
    ReminderDelivered,
    ReminderFailed,
    ReviewAsked,
    ReviewSettled,
    TargetNoted,
    UrgencyNoted,
)
from services.scheduling.referral_record.states import Delivered, Missed, Record, Review
from services.scheduling.roles import COORDINATOR_OR_PATIENT
from services.scheduling.rules import Rules


class BelongTo(Command, tag="belong_to", kw_only=True, frozen=True):
    """The referral is this patient's. Asked in a group whose other orders are about both."""

    patient_id: str


class NoteUrgency(Command, tag="note_urgency", kw_only=True, frozen=True):
    category: str
    target_date: date


class NoteTarget(Command, tag="note_target", kw_only=True, frozen=True):
    """The date by which the patient should be seen moved."""

    target_date: date


class NoteEnd(Command, tag="note_end", kw_only=True, frozen=True):
    """The referral ended."""


class NoteReviewAsked(Command, tag="note_review_asked", kw_only=True, frozen=True):
    """Care is to be looked at."""

    booking_request_id: str


class NoteReviewSettled(Command, tag="note_review_settled", kw_only=True, frozen=True):
    booking_request_id: str


class CountCancellation(Command, tag="count_cancellation", kw_only=True, frozen=True):
    appointment_id: str
    joint_day_id: str | None = None


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
    also: tuple[Delivered, ...] = ()
    """The other dates of which it told."""


class NoteMoveNotice(Command, tag="note_move_notice", kw_only=True, frozen=True):
    """The patient was told of the date of this version."""

    message_id: str
    appointment_id: str
    version: int


@by(COORDINATOR_OR_PATIENT)
def belong_to(state: Record, command: BelongTo, given: Given[Rules]) -> Decision:
    """Whose a referral is, is known from its first triage on. Nobody learns whether it is another patient's."""
    if given.version and given.lane_key in (command.patient_id, *others_of(command.patient_id, given)):
        return ()
    return Refused(
        "no referral of this patient is known here by that id: it is from its triage on", code="not-found"
    )


def note_urgency(state: Record, command: NoteUrgency, given: Given[Rules]) -> Decision:
    known = (state.category, state.target_date) == (command.category, command.target_date)
    return () if known else [like(UrgencyNoted, command)]


def note_target(state: Record, command: NoteTarget, given: Given[Rules]) -> Decision:
    return () if state.target_date == command.target_date else [like(TargetNoted, command)]


def note_end(state: Record, command: NoteEnd, given: Given[Rules]) -> Decision:
    return () if state.is_over else [EndNoted()]


def note_review(state: Record, command: NoteReviewAsked, given: Given[Rules]) -> Decision:
    """Once, whoever tells it. What was not asked for, because another request stands, is not known there."""
    known = any(each.booking_request_id == command.booking_request_id for each in state.reviews)
    return () if known else [like(ReviewAsked, command)]


def settle_review(state: Record, command: NoteReviewSettled, given: Given[Rules]) -> Decision:
    return [like(ReviewSettled, command)] if command.booking_request_id in state.to_be_booked else ()


def count_cancellation(state: Record, command: CountCancellation, given: Given[Rules]) -> Decision:
    return () if command.appointment_id in state.cancelled else [like(CancellationCounted, command)]


def count_non_attendance(state: Record, command: CountNonAttendance, given: Given[Rules]) -> Decision:
    if state.did_not_come(command.appointment_id):
        return ()
    day = getattr(given.others.get(("appointment", command.appointment_id)), "joint_day_id", None)
    return [like(NonAttendanceCounted, command, joint_day_id=day)]


def uncount(state: Record, command: UncountNonAttendance, given: Given[Rules]) -> Decision:
    return [like(NonAttendanceUncounted, command)] if state.did_not_come(command.appointment_id) else ()


def forget(state: Record, command: ForgetAppointment, given: Given[Rules]) -> Decision:
    steps: list[Step] = []
    if command.appointment_id in state.cancelled:
        steps.append(like(CancellationUncounted, command))
    if state.did_not_come(command.appointment_id):
        steps.append(like(NonAttendanceUncounted, command))
    return steps


def count_refusal(state: Record, command: CountRefusal, given: Given[Rules]) -> Decision:
    return () if command.offer_id in state.refused else [like(RefusalCounted, command)]


def note_reminder(state: Record, command: NoteReminder, given: Given[Rules]) -> Decision:
    if not command.delivered:
        return () if command.message_id in state.failed else [like(ReminderFailed, command)]
    told = (like(Delivered, command), *command.also)
    return [like(ReminderDelivered, each) for each in told if each not in state.delivered]


def note_move_notice(state: Record, command: NoteMoveNotice, given: Given[Rules]) -> Decision:
    return () if like(Delivered, command) in state.told else [like(MoveNoticeDelivered, command)]


def urgent(state: Record, fact: UrgencyNoted | TargetNoted, head: Head) -> Record:
    return updated(state, fact)


def ended(state: Record, fact: EndNoted, head: Head) -> Record:
    return replace(state, is_over=True)


def review_asked(state: Record, fact: ReviewAsked, head: Head) -> Record:
    return replace(state, reviews=(*state.reviews, like(Review, fact)))


def review_settled(state: Record, fact: ReviewSettled, head: Head) -> Record:
    settled = fact.booking_request_id
    reviews = (
        replace(each, settled=each.settled or each.booking_request_id == settled) for each in state.reviews
    )
    return replace(state, reviews=tuple(reviews))


def cancelled(state: Record, fact: CancellationCounted, head: Head) -> Record:
    days = state.joint_days | ({fact.appointment_id: fact.joint_day_id} if fact.joint_day_id else {})
    return replace(state, cancelled=(*state.cancelled, fact.appointment_id), joint_days=days)


def not_cancelled(state: Record, fact: CancellationUncounted, head: Head) -> Record:
    left = tuple(each for each in state.cancelled if each != fact.appointment_id)
    return replace(state, cancelled=left)


def missed(state: Record, fact: NonAttendanceCounted, head: Head) -> Record:
    return replace(state, missed=(*state.missed, like(Missed, fact)))


def not_missed(state: Record, fact: NonAttendanceUncounted, head: Head) -> Record:
    left = tuple(each for each in state.missed if each.appointment_id != fact.appointment_id)
    return replace(state, missed=left)


def refused(state: Record, fact: RefusalCounted, head: Head) -> Record:
    return replace(state, refused=(*state.refused, fact.offer_id))


def reminded(state: Record, fact: ReminderDelivered, head: Head) -> Record:
    return replace(state, delivered=(*state.delivered, like(Delivered, fact)))


def told_of_move(state: Record, fact: MoveNoticeDelivered, head: Head) -> Record:
    return replace(state, told=(*state.told, like(Delivered, fact)))


def not_reminded(state: Record, fact: ReminderFailed, head: Head) -> Record:
    return replace(state, failed=(*state.failed, fact.message_id))


def needs(state: Record, command: Command) -> Iterable[tuple[str, str]]:
    """Whether a missed visit was part of a joint day; which records are the patient's."""
    if isinstance(command, BelongTo):
        yield from person_seen(command.patient_id)
    if isinstance(command, CountNonAttendance):
        yield "appointment", command.appointment_id


RECORD = Aggregate[Record](
    "referral_record",
    Record(),
    decide=Table(
        *(belong_to, note_urgency, note_target, count_cancellation, count_non_attendance, uncount, forget),
        *(count_refusal, note_reminder, note_move_notice, note_end, note_review, settle_review),
    ),
    evolve=Table(
        *(urgent, cancelled, not_cancelled, missed, not_missed),
        *(refused, reminded, told_of_move, not_reminded, ended, review_asked, review_settled),
    ),
    needs=needs,
)
