"""The day itself: arrival, the visit, and who did not come (ATT-04, SCH-05, SCH-06)."""

from datetime import timedelta

from backbone.model import Decision, Given, Refused, Ruled, Table, by, ignores, like
from schemas.scheduling.v1.appointment import (
    AttendanceCorrected,
    PatientArrived,
    PatientAttended,
    PatientDidNotAttend,
)
from services.scheduling.appointment.commands import (
    Arrive,
    Attend,
    BeginConsultation,
    CheckIn,
    CorrectAttendance,
    EndConsultation,
    MissAppointment,
)
from services.scheduling.appointment.decide.gates import not_ready
from services.scheduling.appointment.facts import InConsultation, PatientCheckedIn
from services.scheduling.appointment.states import (
    OVER,
    Arrived,
    Booked,
    CheckedIn,
    Expected,
    Fulfilled,
    NoShow,
    Pending,
    all_but,
)
from services.scheduling.protection.states import exemptions_of
from services.scheduling.referral_record.states import Missed, Record, record_of
from services.scheduling.roles import CLINICIAN_OR_DESK, RECEPTION
from services.scheduling.rules import Rules


@by(RECEPTION)
def arrive(state: Booked, command: Arrive, given: Given[Rules]) -> Decision:
    """For a procedure not before its day: of whoever is here nothing is moved any more, nor looked at before."""
    on, day = state.date.start, given.rules.calendar.day
    if state.matter.procedure_id and day(given.at) < day(on):
        return Refused(f"the procedure is on {day(on)}", instead=("MoveDate",), code="not-today")
    return [PatientArrived(version=state.date.version, at=given.at)]


@by(RECEPTION)
def check_in(state: Arrived, command: CheckIn, given: Given[Rules]) -> Decision:
    return not_ready(state, given) or [PatientCheckedIn()]


def begin(state: Expected, command: BeginConsultation, given: Given[Rules]) -> Decision:
    return () if state.consultation_id == command.consultation_id else [like(InConsultation, command)]


@by(CLINICIAN_OR_DESK)
def attend(state: Expected, command: Attend, given: Given[Rules]) -> Decision:
    if isinstance(state, Booked) and not state.matter.remote:
        return Refused("the patient has not arrived: say so first", instead=("Arrive",), code="not-arrived")
    return not_ready(state, given) or [like(PatientAttended, state.matter, version=state.date.version)]


def end_consultation(state: Expected, command: EndConsultation, given: Given[Rules]) -> Decision:
    """What was completed took place, whether or not the desk saw the patient come."""
    return [like(PatientAttended, state.matter, version=state.date.version)]


def end_held(state: Pending, command: EndConsultation, given: Given[Rules]) -> Decision:
    """A procedure that was done although its date was taken back is over too: nobody books it again."""
    if state.matter.procedure_id is None:
        return ()
    return [like(PatientAttended, state.matter, version=state.date.version)]


@by(CLINICIAN_OR_DESK)
def miss(state: Booked, command: MissAppointment, given: Given[Rules]) -> Decision:
    """SCH-05: by a person, after the grace. SCH-06: it counts only if the patient could know and nothing exempts."""
    settings, version = given.rules.scheduling, state.date.version
    grace = settings.non_attendance.values.grace_minutes
    if given.at < state.date.start + timedelta(minutes=grace):
        return Refused(f"not before {grace} minutes after the start", code="within-grace")
    record = record_of(state.referral_id, given)
    reminders = record.reminders(given.target, version) + reminders_of_the_joint_day(state, record, given)
    by_itself = exemptions_of(given)
    exemptions = tuple(dict.fromkeys((*command.exemptions, *by_itself)))
    enough = reminders >= settings.informed.values.minimum_reminders
    counts = enough and record.told_of(given.target, version) and not exemptions
    missed = (Missed(given.target, state.joint_day_id),) if counts else ()
    fact = like(
        PatientDidNotAttend,
        state.matter,
        version=version,
        reason=command.reason,
        reminders_delivered=reminders,
        counts=counts,
        exemptions=exemptions,
        dna_count=record.non_attendances(*missed),
    )
    return [Ruled(fact, (settings.informed, settings.exemptions))]


def reminders_of_the_joint_day(state: Booked, record: Record, given: Given[Rules]) -> int:
    """One set of reminders serves a joint day; beside those that name this visit, those that name another of it."""
    day = given.others.get(("joint_day", state.joint_day_id or ""))
    legs = [leg.appointment_id for leg in getattr(day, "legs", ())]
    own = {each.message_id for each in record.delivered if each.appointment_id == given.target}
    return len({each.message_id for each in record.delivered if each.appointment_id in legs} - own)


@by(CLINICIAN_OR_DESK)
def correct(state: NoShow, command: CorrectAttendance, given: Given[Rules]) -> Decision:
    """The same day only: the patient was late and seen, or the record was a mistake."""
    if given.rules.calendar.day(given.at) != given.rules.calendar.day(state.date.start):
        return Refused("only on the day of the appointment", code="too-late-to-correct")
    return [like(AttendanceCorrected, state.matter, version=state.date.version, reason=command.reason)]


ATTENDANCE = Table(
    *(arrive, check_in, begin, attend, end_consultation, end_held, miss, correct),
    ignores(Arrive, when=(Arrived, CheckedIn), whom=RECEPTION),
    ignores(Attend, when=(Fulfilled,), whom=CLINICIAN_OR_DESK),
    ignores(BeginConsultation, when=OVER),
    ignores(EndConsultation, when=all_but(Pending, Booked, Arrived, CheckedIn)),
)
