"""Facts of procedures and their gates → what has to be booked, what holds it up, and what no longer. Pure."""

from backbone.model import AllOf, Event, On, Orders, all_of, like, on, one, together
from schemas.care_plan.v1.procedure import ProcedureCancelled, ProcedureOrdered
from schemas.codes import GATE_KIND, GateKind
from schemas.scheduling.v1.appointment import AppointmentBooked
from schemas.scheduling.v1.gate import GateClosed, GateOpened, GateSatisfied, GateWaived
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.commands import CancelAppointment
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    BookingRequests,
    CountBooked,
    LookAtBlocks,
    RequestBooking,
    WithdrawRequest,
    request_of,
)
from services.scheduling.booking_request.states import Wish
from services.scheduling.gate.aggregate import GATE
from services.scheduling.gate.commands import OpenGate
from services.scheduling.gate.states import gate_id
from services.scheduling.rules import Rules

GONE = "procedure_cancelled"


def open_of_procedure(procedure_id: str) -> AllOf:
    return all_of(BookingRequests.procedure_id(procedure_id), BookingRequests.open)


def book_procedure(event: Event[ProcedureOrdered], rules: Rules) -> Orders:
    """Asked for with its gates: what is open of them holds it up, and is said (PRC-04, PRC-05, ANT-01)."""
    fact = event.fact
    wish = like(
        Wish, fact, purpose="procedure", discipline="medical", priority="urgent" if fact.gates else "routine"
    )
    gates = [
        GATE.send(
            like(OpenGate, fact, kind=kind, referral_id=event.head.pathway_id, met=kind in fact.met),
            to=one(gate_id(fact.procedure_id, kind)),
        )
        for kind in dict.fromkeys(map(known, fact.gates))
    ]
    request = one(request_of(fact.procedure_id, "procedure"))
    asked = BOOKING_REQUEST.send(RequestBooking(wish=wish), to=request)
    yield together(*gates, asked, BOOKING_REQUEST.send(LookAtBlocks(), to=request))


def known(kind: GateKind) -> GateKind:
    """What this release doesn't know of a newer one holds the procedure up until somebody shows that it is met."""
    return kind if kind in GATE_KIND.codes else "unknown_check"


def count_procedure(event: Event[AppointmentBooked], rules: Rules) -> Orders:
    """What was held until its gates were met is booked now."""
    if event.fact.procedure_id:
        counts = CountBooked(appointment_ids=(event.head.aggregate_id,))
        yield BOOKING_REQUEST.send(counts, to=open_of_procedure(event.fact.procedure_id))


def end_procedure(event: Event[ProcedureCancelled], rules: Rules) -> Orders:
    procedure_id = event.fact.procedure_id
    yield BOOKING_REQUEST.send(WithdrawRequest(reason=GONE), to=open_of_procedure(procedure_id))
    yield APPOINTMENT.send(
        CancelAppointment(by="system", reason=GONE),
        to=all_of(Appointments.procedure_id(procedure_id), Appointments.ahead),
    )


def look_at_blocks(
    event: Event[GateOpened | GateSatisfied | GateWaived | GateClosed], rules: Rules
) -> Orders:
    to = all_of(BookingRequests.procedure_id(event.fact.procedure_id))
    yield BOOKING_REQUEST.send(LookAtBlocks(), to=to)


REACTIONS: tuple[On, ...] = (
    on(ProcedureOrdered, book_procedure),
    on(ProcedureCancelled, end_procedure),
    on(AppointmentBooked, count_procedure),
    *(on(fact, look_at_blocks) for fact in (GateOpened, GateSatisfied, GateWaived, GateClosed)),
)
