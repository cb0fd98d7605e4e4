"""The appointment as one aggregate: its tables put together, and what follows from its state."""

from collections.abc import Iterable, Mapping
from datetime import UTC

from backbone.ids import derive
from backbone.model import Aggregate, Column, Columns, Command, Flag, Table, Timer, field
from config.sessions import GROUP
from services.scheduling.appointment.commands import (
    Attend,
    BookDate,
    CancelAppointment,
    CheckGates,
    CheckIn,
    DeclineOffer,
    ExpireOffer,
    HoldDate,
    LetPass,
    LookAtAssessment,
    LookAtGates,
    MarkInError,
    MissAppointment,
    MoveDate,
    OfferDates,
    ReleaseDate,
    ReleaseHold,
)
from services.scheduling.appointment.decide.attendance import ATTENDANCE
from services.scheduling.appointment.decide.cancellation import CANCELLATION
from services.scheduling.appointment.decide.dates import DATES
from services.scheduling.appointment.decide.gates import GATES
from services.scheduling.appointment.decide.offers import OFFERS
from services.scheduling.appointment.evolve import EVOLVE
from services.scheduling.appointment.states import (
    Appointment,
    Arrived,
    Booked,
    CheckedIn,
    Dated,
    Known,
    Matter,
    NoAppointment,
    Pending,
    Proposed,
    Waiting,
)
from services.scheduling.gate.states import gates_seen
from services.scheduling.group_time.states import group_seen
from services.scheduling.procedure_record.states import procedures_id
from services.scheduling.protection.states import protection_seen
from services.scheduling.rules import Rules

LOOK_AT_THE_RECORD = (
    *(DeclineOffer, CancelAppointment, MissAppointment, MarkInError),
    *(CheckGates, ReleaseDate, LetPass),
)
LOOK_AT_THE_GATES = (
    *(BookDate, MoveDate, CheckIn, Attend),
    *(LookAtGates, CheckGates, ReleaseDate),
)


def needs(state: Appointment, command: Command) -> Iterable[tuple[str, str]]:
    """What counts for and against the patient so far, and what protects them."""
    yield from of_procedure(state, command)
    if isinstance(command, BookDate | OfferDates | HoldDate | MoveDate):
        yield from (("appointment", each) for each in command.assessments or ())
        yield from of_group(state, command)
    if isinstance(command, LookAtAssessment) and command.assessment_id:
        yield "appointment", command.assessment_id
    if isinstance(state, NoAppointment):
        return
    if state.referral_id and isinstance(command, LOOK_AT_THE_RECORD):
        yield "referral_record", state.referral_id
    if isinstance(state, Booked) and state.joint_day_id and isinstance(command, MissAppointment):
        yield "joint_day", state.joint_day_id
    if isinstance(command, MissAppointment):
        yield from protection_seen(state.patient_id)


def of_group(
    state: Appointment, command: BookDate | OfferDates | HoldDate | MoveDate
) -> Iterable[tuple[str, str]]:
    """Whether the group takes place at these times."""
    matter = matter_of(state, command)
    if matter and matter.purpose == GROUP:
        times = command.choices if isinstance(command, OfferDates) else (command,)
        for time in times:
            yield from group_seen(time.clinician_id, time.start)


def matter_of(state: Appointment, command: Command) -> Matter | None:
    return state.matter if isinstance(state, Known) else getattr(command, "matter", None)


def of_procedure(state: Appointment, command: Command) -> Iterable[tuple[str, str]]:
    """What must be true before a procedure, and what comes before it."""
    matter = matter_of(state, command)
    if matter is None or matter.procedure_id is None:
        return
    if isinstance(command, LOOK_AT_THE_GATES):
        yield from gates_seen(matter.procedure_id)
    if isinstance(command, BookDate | OfferDates) and command.referral_id:
        yield "procedure_record", procedures_id(command.referral_id)


def timers(state: Appointment, rules: Rules) -> Mapping[str, Timer]:
    """Offers and holds end by themselves; the gates of a procedure are looked at before it begins (PRC-06)."""
    if isinstance(state, Proposed):
        return {"offer": Timer(state.hold_until, ExpireOffer(offer_id=state.offer_id))}
    if isinstance(state, Pending | Booked) and state.matter.procedure_id:
        return dict(checkpoints(state, rules))
    return {"hold": Timer(state.hold_until, ReleaseHold())} if isinstance(state, Pending) else {}


def checkpoints(state: Pending | Booked, rules: Rules) -> Iterable[tuple[str, Timer]]:
    start, version = state.date.start, state.date.version
    for checkpoint, due in rules.checked_at(start).items():
        if checkpoint not in state.checked:
            yield checkpoint, Timer(due, CheckGates(checkpoint=checkpoint, version=version))
    if isinstance(state, Pending):
        yield "pass", Timer(start, LetPass(version=version))


def start_of(state: Appointment) -> str | None:
    return state.date.start.astimezone(UTC).isoformat() if isinstance(state, Dated) else None


AHEAD = (Waiting, Proposed, Pending, Booked)


class Appointments(Columns):
    """How appointments are found."""

    referral_id = field("referral_id")
    activity_id = Column(lambda state: state.matter.activity_id if isinstance(state, Known) else None)
    procedure_id = Column(lambda state: state.matter.procedure_id if isinstance(state, Known) else None)
    booking_request_id = Column(
        lambda state: state.matter.booking_request_id if isinstance(state, Known) else None
    )
    consultation_id = field("consultation_id")
    offer_id = field("offer_id")
    start_at = Column(start_of)
    open = Flag(lambda state: isinstance(state, (*AHEAD, Arrived, CheckedIn)))
    ahead = Flag(lambda state: isinstance(state, AHEAD))


APPOINTMENT = Aggregate[Appointment](
    "appointment",
    NoAppointment(),
    decide=Table(OFFERS, DATES, GATES, ATTENDANCE, CANCELLATION),
    evolve=EVOLVE,
    timers=timers,
    needs=needs,
    columns=Appointments,
)


def appointment_id(booking_request_id: str, no: int) -> str:
    """The appointment of this number, from 1, of the request."""
    return derive(booking_request_id, f"appointment:{no}")
