"""Facts → visits that begin, end and are confirmed; and the groups of orders that move or cancel a date. Pure."""

from backbone.model import AllOf, Event, On, Order, Orders, Send, Snapshot, all_of, like, on, one, together
from schemas.care_plan.v1.activity import ActivityStarted, SessionCompleted
from schemas.care_plan.v1.consultation import ConsultationCompleted, ConsultationStarted
from schemas.care_plan.v1.procedure import ProcedurePerformed
from schemas.notifications.v1.message import MessageFailed, MessageReplied, MessageSuppressed
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AttendanceCorrected,
    PatientDidNotAttend,
)
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.commands import (
    BeginConsultation,
    Confirm,
    EndConsultation,
    LookAtAssessment,
    StopOffer,
)
from services.scheduling.appointment.states import Appointment, Planned
from services.scheduling.diary.aggregate import Expected
from services.scheduling.diary.reactions import expect
from services.scheduling.gate.commands import FollowDate
from services.scheduling.gate.reactions import gates_follow
from services.scheduling.joint_day.aggregate import JOINT_DAY, LoseLeg, MoveLeg
from services.scheduling.rules import Rules
from services.scheduling.slot.reactions import take
from services.scheduling.slot.states import SlotTime


def move(moved: Send, appointment: Snapshot[Appointment], to: SlotTime) -> Order:
    """Another date for it, and for its part of a joint day. Its old slot is free again when the fact is told."""
    state, whose = appointment.state, appointment.lane_key
    expected = like(Expected, to, appointment_id=appointment.id)
    sends = [moved, take(to, appointment.id), *expect(whose, expected)]
    if isinstance(state, Planned) and state.matter.procedure_id:
        follow = FollowDate(appointment_id=appointment.id, start=to.start, moved=True)
        sends += gates_follow(state.matter.procedure_id, follow) if to != state.date.time else []
    if isinstance(state, Planned) and state.joint_day_id:
        leg = MoveLeg(appointment_id=appointment.id, start=to.start)
        sends.append(JOINT_DAY.send(leg, to=one(state.joint_day_id)))
    return together(*sends, about=one(whose) if whose else None)


def cancel(cancelled: Send, appointment: Snapshot[Appointment]) -> Order:
    """A joint day loses the leg with it."""
    state = appointment.state
    if not isinstance(state, Planned) or state.joint_day_id is None:
        return together(cancelled)
    lost = LoseLeg(appointment_id=appointment.id)
    return together(cancelled, JOINT_DAY.send(lost, to=one(state.joint_day_id)))


def begin_visit(event: Event[ConsultationStarted], rules: Rules) -> Orders:
    command = BeginConsultation(consultation_id=event.fact.consultation_id)
    yield APPOINTMENT.send(command, to=one(event.fact.appointment_id))


def end_visit(event: Event[ConsultationCompleted], rules: Rules) -> Orders:
    yield APPOINTMENT.send(
        EndConsultation(),
        to=all_of(Appointments.consultation_id(event.fact.consultation_id), Appointments.open),
    )


def end_session(event: Event[SessionCompleted], rules: Rules) -> Orders:
    if event.fact.appointment_id:
        yield APPOINTMENT.send(EndConsultation(), to=one(event.fact.appointment_id))


def end_procedure(event: Event[ProcedurePerformed], rules: Rules) -> Orders:
    yield APPOINTMENT.send(EndConsultation(), to=one(event.fact.appointment_id))


def confirm(event: Event[MessageReplied], rules: Rules) -> Orders:
    """Only what asks for no decision: to cancel is a person's (NOT, REPLY_READ)."""
    if event.fact.reply == "confirm":
        command = Confirm(via="reply", version=event.fact.subject_version)
        yield APPOINTMENT.send(command, to=one(event.fact.subject_id))


def ask_somebody_else(event: Event[MessageSuppressed | MessageFailed], rules: Rules) -> Orders:
    """A freed time is held for nobody who can't be told of it (ATT-09)."""
    fact = event.fact
    if fact.template == "WAITLIST_OFFER" and fact.subject_id:
        yield APPOINTMENT.send(StopOffer(), to=one(fact.subject_id))


def look_at_sessions(
    event: Event[
        AppointmentBooked
        | AppointmentMoved
        | AppointmentCancelled
        | PatientDidNotAttend
        | AttendanceCorrected
    ],
    rules: Rules,
) -> Orders:
    """SCH-04: sessions that have a date are looked at again whenever their assessment's is another."""
    if event.fact.purpose == "assessment" and event.fact.activity_id:
        command = LookAtAssessment(assessment_id=event.head.aggregate_id)
        yield APPOINTMENT.send(command, to=booked_of(event.fact.activity_id))


def let_sessions_be(event: Event[ActivityStarted], rules: Rules) -> Orders:
    """SCH-04: who performs it has begun, with an assessment or without."""
    yield APPOINTMENT.send(LookAtAssessment(), to=booked_of(event.fact.activity_id))


def booked_of(activity_id: str) -> AllOf:
    return all_of(Appointments.activity_id(activity_id), Appointments.ahead)


REACTIONS: tuple[On, ...] = (
    on(ConsultationStarted, begin_visit),
    on(ConsultationCompleted, end_visit),
    on(SessionCompleted, end_session),
    on(ProcedurePerformed, end_procedure),
    on(ActivityStarted, let_sessions_be),
    on(AppointmentBooked, look_at_sessions),
    on(AppointmentMoved, look_at_sessions),
    on(AppointmentCancelled, look_at_sessions),
    on(PatientDidNotAttend, look_at_sessions),
    on(AttendanceCorrected, look_at_sessions),
    on(MessageReplied, confirm),
    on(MessageSuppressed, ask_somebody_else),
    on(MessageFailed, ask_somebody_else),
)
