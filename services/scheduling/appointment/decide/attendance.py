"""The day itself, and what ends an appointment: arrival, attendance, non-attendance, cancellation, mistakes."""

from datetime import timedelta
from math import floor

from backbone.model import Decision, Given, Refused, Ruled, Table, by
from schemas.scheduling.v1.appointment import (
    AppointmentCancelled,
    AttendanceCorrected,
    PatientArrived,
    PatientAttended,
    PatientDidNotAttend,
)
from services.scheduling.appointment.commands import (
    Arrive,
    Attend,
    BeginConsultation,
    CancelAppointment,
    CheckIn,
    CorrectAttendance,
    EndConsultation,
    MarkInError,
    MissAppointment,
)
from services.scheduling.appointment.facts import CheckedIn as CheckedInFact
from services.scheduling.appointment.facts import InConsultation
from services.scheduling.appointment.states import (
    Arrived,
    Booked,
    Cancelled,
    CheckedIn,
    Fulfilled,
    InError,
    NoAppointment,
    NoShow,
    Pending,
    Proposed,
    Waiting,
)
from services.scheduling.referral_record.aggregate import Missed, Record, record_of
from services.scheduling.roles import (
    ANYBODY_INVOLVED,
    CLINICIAN_OR_DESK,
    RECEPTION,
    REGISTRAR,
    speaks_for_another,
)
from services.scheduling.rules import Rules

IN_ERROR = "entered_in_error"


@by(RECEPTION)
def arrive(state: Booked, command: Arrive, given: Given[Rules]) -> Decision:
    return [PatientArrived(version=state.date.version, at=given.at)]


@by(RECEPTION)
def arrive_again(state: Arrived | CheckedIn, command: Arrive, given: Given[Rules]) -> Decision:
    return ()


@by(RECEPTION)
def check_in(state: Arrived, command: CheckIn, given: Given[Rules]) -> Decision:
    return [CheckedInFact()]


def begin(state: Booked | Arrived | CheckedIn, command: BeginConsultation, given: Given[Rules]) -> Decision:
    if state.consultation_id == command.consultation_id:
        return ()
    return [InConsultation(consultation_id=command.consultation_id)]


def begun_elsewhere(
    state: Fulfilled | NoShow | Cancelled | InError, command: BeginConsultation, given: Given[Rules]
) -> Decision:
    return ()


@by(CLINICIAN_OR_DESK)
def attend(state: Booked | Arrived | CheckedIn, command: Attend, given: Given[Rules]) -> Decision:
    if isinstance(state, Booked) and not state.matter.remote:
        return Refused("the patient has not arrived: say so first", instead=("Arrive",), code="not-arrived")
    matter = state.matter
    return [
        PatientAttended(version=state.date.version, purpose=matter.purpose, activity_id=matter.activity_id)
    ]


def end_consultation(
    state: Booked | Arrived | CheckedIn, command: EndConsultation, given: Given[Rules]
) -> Decision:
    """What was completed took place, whether or not the desk saw the patient come."""
    matter = state.matter
    return [
        PatientAttended(version=state.date.version, purpose=matter.purpose, activity_id=matter.activity_id)
    ]


def ended_already(
    state: NoAppointment | Waiting | Proposed | Pending | Fulfilled | NoShow | Cancelled | InError,
    command: EndConsultation,
    given: Given[Rules],
) -> Decision:
    return ()


@by(CLINICIAN_OR_DESK)
def attend_again(state: Fulfilled, command: Attend, given: Given[Rules]) -> Decision:
    return ()


def of_the_day(state: Booked, record: Record, given: Given[Rules]) -> int:
    """One set of reminders serves a joint day; it names one of its visits."""
    day = given.others.get(state.joint_day_id or "")
    others = [leg.appointment_id for leg in getattr(day, "legs", ()) if leg.appointment_id != given.target]
    return sum(each.appointment_id in others for each in record.delivered)


@by(CLINICIAN_OR_DESK)
def miss(state: Booked, command: MissAppointment, given: Given[Rules]) -> Decision:
    """SCH-05: by a person, after the grace. SCH-06: it counts only if the patient could know and nothing exempts."""
    rules = given.rules
    rule, exempting = rules.scheduling.non_attendance, rules.scheduling.exemptions
    grace = timedelta(minutes=rule.values.grace_minutes)
    if given.at < state.date.start + grace:
        return Refused(f"not before {rule.values.grace_minutes} minutes after the start", code="within-grace")
    record = record_of(state.referral_id, given)
    reminders = record.reminders(given.target, state.date.version) + of_the_day(state, record, given)
    exemptions = tuple(dict.fromkeys((*command.exemptions, *record.exemptions(given.at, rules))))
    informed = reminders >= rule.values.minimum_reminders and record.told_of(given.target, state.date.version)
    counts = informed and not exemptions
    missed = [Missed(given.target, state.joint_day_id)] * counts
    fact = PatientDidNotAttend(
        version=state.date.version,
        purpose=state.matter.purpose,
        activity_id=state.matter.activity_id,
        reason=command.reason,
        reminders_delivered=reminders,
        counts=counts,
        exemptions=exemptions,
        dna_count=record.non_attendances(*missed),
    )
    return [Ruled(fact, ("SCH-06@1", exempting.named))]


@by(CLINICIAN_OR_DESK)
def correct(state: NoShow, command: CorrectAttendance, given: Given[Rules]) -> Decision:
    """The same day only: the patient was late and seen, or the record was a mistake."""
    if given.rules.calendar.day(given.at) != given.rules.calendar.day(state.date.start):
        return Refused("only on the day of the appointment", code="too-late-to-correct")
    return [AttendanceCorrected(version=state.date.version, reason=command.reason)]


def not_theirs_to_say(command: CancelAppointment, given: Given[Rules]) -> Refused | None:
    if command.reason == IN_ERROR and given.actor.kind != "system":
        return Refused("only a registrar marks as entered in error", ("MarkInError",), "not-permitted")
    return speaks_for_another(command.by, given)


@by(ANYBODY_INVOLVED)
def cancel(
    state: Pending | Booked | Arrived | CheckedIn, command: CancelAppointment, given: Given[Rules]
) -> Decision:
    """SCH-07. Only what the patient cancels counts (ATT-03, ATT-10)."""
    if isinstance(state, Arrived | CheckedIn) and command.reason != "left_before_seen":
        return Refused("the patient is here: only left_before_seen ends this", code="patient-is-here")
    if refusal := not_theirs_to_say(command, given):
        return refusal
    counts = command.by == "patient"
    record = record_of(state.referral_id, given)
    hours = floor((state.date.start - given.at) / timedelta(hours=1))
    return [
        AppointmentCancelled(
            version=state.date.version,
            by=command.by,
            reason=command.reason,
            notice_hours=max(hours, 0),
            counts=counts,
            cna_count=len(record.cancelled) + counts,
        )
    ]


@by(ANYBODY_INVOLVED)
def cancel_undated(state: Waiting | Proposed, command: CancelAppointment, given: Given[Rules]) -> Decision:
    """Without a date nothing counts."""
    if refusal := not_theirs_to_say(command, given):
        return refusal
    record = record_of(state.referral_id, given)
    return [
        AppointmentCancelled(
            version=0,
            by=command.by,
            reason=command.reason,
            notice_hours=0,
            counts=False,
            cna_count=len(record.cancelled),
        )
    ]


@by(ANYBODY_INVOLVED)
def cancel_again(
    state: NoAppointment | Fulfilled | NoShow | Cancelled | InError,
    command: CancelAppointment,
    given: Given[Rules],
) -> Decision:
    """A fact that ends everything finds nothing left to cancel; a person is told."""
    if given.actor.kind == "system" or isinstance(state, Cancelled):
        return ()
    return Refused("there is nothing left to cancel", code="refused")


@by(REGISTRAR)
def mark_in_error(
    state: Waiting | Proposed | Pending | Booked | Arrived | CheckedIn | NoShow | Cancelled,
    command: MarkInError,
    given: Given[Rules],
) -> Decision:
    """What it counted for the patient is taken back."""
    version = state.date.version if isinstance(state, Pending | Booked | Arrived | CheckedIn | NoShow) else 0
    return [
        AppointmentCancelled(
            version=version,
            by="system",
            reason=IN_ERROR,
            notice_hours=0,
            counts=False,
            cna_count=len(set(record_of(state.referral_id, given).cancelled) - {given.target}),
        )
    ]


VISITING = Table(
    arrive,
    arrive_again,
    check_in,
    begin,
    begun_elsewhere,
    attend,
    end_consultation,
    ended_already,
    attend_again,
    miss,
    correct,
    cancel,
    cancel_undated,
    cancel_again,
    mark_in_error,
)
