"""The first visit: moves that facts of scheduling and care_plan cause (TID 06, 11 to 13, 15 to 18, 21, 30, X06, X07,
X10, X11). They come in any order; what is known of the visit is noted until a move is due."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from backbone.model import Command, Decision, Given, Step, Table, like
from schemas.codes import Move
from schemas.referral.v1.referral import (
    ReferralCompleted,
    ReferralProgressed,
    ReferralRejected,
    ReferralWaitlisted,
)
from services.referral.referral.facts import VisitNoted
from services.referral.referral.states import (
    Accepted,
    Active,
    AppointmentLost,
    AwaitingInformation,
    CancellationRequested,
    Draft,
    OnTheWay,
    Over,
    Received,
    Scheduled,
    Unattended,
    Visit,
    VisitCompleted,
    Waitlisted,
)
from services.referral.rules import Rules


class PutOnList(Command, tag="put_on_list", kw_only=True, frozen=True):
    since: datetime
    source_id: str


class ScheduleVisit(Command, tag="schedule_visit", kw_only=True, frozen=True):
    appointment_id: str
    source_id: str


class RescheduleVisit(Command, tag="reschedule_visit", kw_only=True, frozen=True):
    """`source_id`: the fact that says so."""

    appointment_id: str
    source_id: str


class LoseVisit(Command, tag="lose_visit", kw_only=True, frozen=True):
    """Cancelled (TID 13), or nobody came (TID 12)."""

    appointment_id: str
    missed: bool
    source_id: str


class FindVisit(Command, tag="find_visit", kw_only=True, frozen=True):
    """The record of a missed visit was corrected."""

    appointment_id: str
    source_id: str


class AttendVisit(Command, tag="attend_visit", kw_only=True, frozen=True):
    appointment_id: str
    at: datetime
    source_id: str


class NoteOutcome(Command, tag="note_outcome", kw_only=True, frozen=True):
    """What the first consultation came to; `ends`: the referral with it (TID 16)."""

    outcome: str
    detail: str | None = None
    ends: bool
    decided_by: str
    source_id: str


class DeclineAfterMissing(Command, tag="decline_after_missing", kw_only=True, frozen=True):
    """TID 17: a clinician decided so after looking at the attendance."""

    decided_by: str
    note_ref: str


class EndWithDischarge(Command, tag="end_with_discharge", kw_only=True, frozen=True):
    """TID 30"""

    reason: str
    decided_by: str


Followed = PutOnList | ScheduleVisit | RescheduleVisit | LoseVisit | FindVisit | AttendVisit | NoteOutcome

CAUSES = {Accepted: "X06", Unattended: "X10", AppointmentLost: "X11"}
BOOKED: dict[type, Move] = {Accepted: "06", Waitlisted: "X07", Unattended: "18", AppointmentLost: "21"}
STATUS = {
    Accepted: "accepted",
    Active: "active",
    Waitlisted: "waitlisted",
    Scheduled: "scheduled",
    Unattended: "unattended",
    AppointmentLost: "appointment_cancelled",
    VisitCompleted: "visit_completed",
}


def progressed(state: OnTheWay | VisitCompleted, to: str, tid: Move) -> ReferralProgressed:
    return ReferralProgressed.model_validate({"from": STATUS[type(state)], "to": to, "tid": tid})


def followed(state: OnTheWay, command: Followed) -> bool:
    """The same fact again."""
    return command.source_id in state.course.visit.sources


def noted(state: OnTheWay, command: Followed, **changes: Any) -> VisitNoted:
    """What is known of the visit, with what this fact adds."""
    return like(VisitNoted, state.course.visit, source_id=command.source_id, **changes)


def is_mine(state: OnTheWay, command: RescheduleVisit | LoseVisit | FindVisit | AttendVisit) -> bool:
    """About the first visit, and not followed yet."""
    mine = state.course.visit.appointment_id == command.appointment_id
    return mine and not followed(state, command)


def put_on_list(state: OnTheWay, command: PutOnList, given: Given[Rules]) -> Decision:
    cause = CAUSES.get(type(state))
    if cause is None or followed(state, command):
        return ()
    return [noted(state, command), ReferralWaitlisted(since=command.since, cause=cause)]


def schedule(state: OnTheWay, command: ScheduleVisit, given: Given[Rules]) -> Decision:
    """TID 06, X07, 18, 21"""
    tid = BOOKED.get(type(state))
    if tid is None or followed(state, command):
        return ()
    steps: list[Step] = [noted(state, command, appointment_id=command.appointment_id)]
    return [*steps, progressed(state, "scheduled", tid)]


def reschedule(state: Scheduled, command: RescheduleVisit, given: Given[Rules]) -> Decision:
    """TID 11"""
    if not is_mine(state, command):
        return ()
    return [noted(state, command), progressed(state, "scheduled", "11")]


def lose(state: Scheduled, command: LoseVisit, given: Given[Rules]) -> Decision:
    """TID 12, 13"""
    if not is_mine(state, command):
        return ()
    if command.missed:
        return [noted(state, command), progressed(state, "unattended", "12")]
    return [noted(state, command), progressed(state, "appointment_cancelled", "13")]


def find(state: Unattended, command: FindVisit, given: Given[Rules]) -> Decision:
    if not is_mine(state, command):
        return ()
    return [noted(state, command), progressed(state, "scheduled", "18")]


def attend(state: Scheduled, command: AttendVisit, given: Given[Rules]) -> Decision:
    if not is_mine(state, command):
        return ()
    visit = state.course.visit
    return [noted(state, command, attended_at=command.at), *seen(state, visit)]


def note_outcome(state: OnTheWay, command: NoteOutcome, given: Given[Rules]) -> Decision:
    visit = state.course.visit
    if visit.outcome is not None or followed(state, command):
        return ()
    said = ("outcome", "detail", "ends", "decided_by")
    outcome = {name: getattr(command, name) for name in said}
    told = noted(state, command, **outcome)
    there = isinstance(state, Scheduled) and visit.attended_at is not None
    return [told, *seen(state, replace(visit, **outcome))] if there else [told]


def seen(state: OnTheWay, visit: Visit) -> list[Step]:
    """TID 15 or 16, when the visit took place and its outcome is known."""
    if visit.outcome is None:
        return []
    if visit.ends:
        return [ReferralCompleted(outcome=visit.outcome, decided_by=visit.decided_by)]
    return [progressed(state, "visit_completed", "15")]


def decline(
    state: Unattended | AppointmentLost | Waitlisted, command: DeclineAfterMissing, given: Given[Rules]
) -> Decision:
    """TID 17"""
    return [
        ReferralRejected(
            code="DID_NOT_ATTEND",
            disposition="rejected",
            advice_ref=command.note_ref,
            decided_by=command.decided_by,
        )
    ]


def end(
    state: OnTheWay | VisitCompleted | CancellationRequested, command: EndWithDischarge, given: Given[Rules]
) -> Decision:
    """TID 30, 24"""
    return [
        ReferralCompleted(
            outcome="discharged", discharge_reason=command.reason, decided_by=command.decided_by
        )
    ]


Others = Draft | Received | AwaitingInformation | CancellationRequested | Over


def nothing_to_move(
    state: Others | VisitCompleted,
    command: PutOnList | ScheduleVisit | RescheduleVisit | LoseVisit | FindVisit | AttendVisit | NoteOutcome,
    given: Given[Rules],
) -> Decision:
    """Facts about later visits, or after the end."""
    return ()


def not_the_first_visit(
    state: Accepted | Active | Waitlisted | Unattended | AppointmentLost,
    command: RescheduleVisit | LoseVisit | AttendVisit,
    given: Given[Rules],
) -> Decision:
    return ()


def not_missed(
    state: Accepted | Active | Waitlisted | Scheduled | AppointmentLost,
    command: FindVisit,
    given: Given[Rules],
) -> Decision:
    return ()


def over_already(
    state: Draft | Received | AwaitingInformation | Over, command: EndWithDischarge, given: Given[Rules]
) -> Decision:
    return ()


def not_waiting(
    state: Others | Accepted | Active | Scheduled | VisitCompleted,
    command: DeclineAfterMissing,
    given: Given[Rules],
) -> Decision:
    return ()


VISITING = Table(
    *(put_on_list, schedule, reschedule, lose, find, attend, note_outcome, decline, end),
    *(nothing_to_move, not_the_first_visit, not_missed, over_already, not_waiting),
)
