"""What each fact makes of an appointment."""

from msgspec.structs import replace

from backbone.model import Head, Table, like, updated
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentHeld,
    AppointmentMoved,
    AttendanceCorrected,
    GateCheckFailed,
    GatesCleared,
    PatientArrived,
    PatientAttended,
    PatientDidNotAttend,
    SessionInOrder,
    SessionOutOfOrder,
    VisitsApart,
    VisitsOverlap,
)
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired, SlotOffered, WaitlistOfferMade
from services.scheduling.appointment.facts import (
    CheckpointPassed,
    DatesOffered,
    HoldPlaced,
    HoldReleased,
    InConsultation,
    PatientCheckedIn,
    Placed,
    Relocated,
    ScopeOpen,
    Seated,
)
from services.scheduling.appointment.states import (
    Arrived,
    Booked,
    Cancelled,
    CheckedIn,
    Date,
    Expected,
    Fulfilled,
    Here,
    InError,
    Matter,
    NoAppointment,
    NoShow,
    Pending,
    Proposed,
    Waiting,
    is_agreed,
)
from services.scheduling.referral_record.states import IN_ERROR
from services.scheduling.slot.states import SlotTime


def placed(state: NoAppointment, fact: Placed, head: Head) -> Waiting:
    return Waiting(matter=like(Matter, fact), patient_id=head.lane_key, referral_id=head.pathway_id)


def with_whom(state: Waiting, fact: DatesOffered, head: Head) -> Proposed:
    """The offer itself follows in the same decision."""
    places = fact.places or (1,) * len(fact.clinician_ids)
    pairs = zip(fact.clinician_ids, places, strict=True)
    choices = tuple(SlotTime(who, head.occurred_at, place) for who, place in pairs)
    return like(Proposed, state, offer_id="", choices=choices, reasonable=False, hold_until=head.occurred_at)


def offered(state: Proposed, fact: SlotOffered, head: Head) -> Proposed:
    pairs = zip(state.choices, fact.starts, strict=True)
    choices = tuple(replace(choice, start=start) for choice, start in pairs)
    return updated(state, fact, choices=choices)


def freed_offered(state: Proposed, fact: WaitlistOfferMade, head: Head) -> Proposed:
    """One date is no choice: who declines it has refused nothing (ATT-01)."""
    [choice] = state.choices
    return updated(state, fact, choices=(replace(choice, start=fact.start),), reasonable=False)


def offer_over(state: Proposed, fact: OfferDeclined | OfferExpired, head: Head) -> Waiting:
    return like(Waiting, state)


def hold_over(state: Pending, fact: HoldReleased, head: Head) -> Waiting:
    return like(Waiting, state)


def held(state: Waiting | Proposed | Booked, fact: AppointmentHeld, head: Head) -> Pending:
    """Where and until when follows in the same decision."""
    date = Date(clinician_id="", start=fact.start, end=fact.start, location="", version=fact.version)
    return like(Pending, state, date=date, joint_day_id=fact.joint_day_id, hold_until=fact.start, cleared=())


def hold_placed(state: Pending, fact: HoldPlaced, head: Head) -> Pending:
    return replace(state, date=updated(state.date, fact), hold_until=fact.until)


def booked(state: Waiting | Proposed | Pending, fact: AppointmentBooked, head: Head) -> Booked:
    return like(Booked, state, date=like(Date, fact), joint_day_id=fact.joint_day_id)


def moved(state: Pending | Booked, fact: AppointmentMoved, head: Head) -> Pending | Booked:
    date = replace(updated(state.date, fact), moved_because=fact.reason, place=1)
    anew = replace(state, date=date, checked=(), warned=(), cleared=(), early_for=None)
    if fact.status == "pending":
        return like(Pending, anew, hold_until=fact.start)
    return like(Booked, anew)


def relocated(state: Pending | Booked, fact: Relocated, head: Head) -> Pending | Booked:
    return replace(state, date=updated(state.date, fact))


def seated(state: Pending | Booked, fact: Seated, head: Head) -> Pending | Booked:
    return replace(state, date=updated(state.date, fact))


def cleared(state: Pending | Expected, fact: GatesCleared, head: Head) -> Pending | Expected:
    return replace(state, cleared=(*state.cleared, fact.scope))


def open_again(state: Pending | Expected, fact: ScopeOpen, head: Head) -> Pending | Expected:
    return replace(state, cleared=tuple(each for each in state.cleared if each != fact.scope))


def passed(state: Pending | Booked, fact: CheckpointPassed, head: Head) -> Pending | Booked:
    return replace(state, checked=(*state.checked, fact.checkpoint))


def warned(state: Pending | Booked, fact: GateCheckFailed, head: Head) -> Pending | Booked:
    return replace(state, warned=tuple(dict.fromkeys((*state.warned, fact.checkpoint))))


def out_of_order(state: Booked, fact: SessionOutOfOrder, head: Head) -> Booked:
    return replace(state, early_for=fact.assessment_id)


def in_order(state: Booked, fact: SessionInOrder, head: Head) -> Booked:
    return replace(state, early_for=None)


def overlap(state: Pending | Expected, fact: VisitsOverlap, head: Head) -> Pending | Expected:
    return replace(state, overlaps=fact.other_id)


def apart(state: Pending | Expected, fact: VisitsApart, head: Head) -> Pending | Expected:
    return replace(state, overlaps=None)


def confirmed(state: Booked, fact: AppointmentConfirmed, head: Head) -> Booked:
    return replace(state, confirmed=fact.version)


def arrived(state: Booked, fact: PatientArrived, head: Head) -> Arrived:
    return like(Arrived, state)


def checked_in(state: Arrived, fact: PatientCheckedIn, head: Head) -> CheckedIn:
    return like(CheckedIn, state)


def in_consultation(state: Expected, fact: InConsultation, head: Head) -> Expected:
    return replace(state, consultation_id=fact.consultation_id)


def attended(state: Pending | Expected, fact: PatientAttended, head: Head) -> Fulfilled:
    return like(Fulfilled, state)


def missed(state: Booked, fact: PatientDidNotAttend, head: Head) -> NoShow:
    return like(NoShow, state, counted=fact.counts)


def corrected(state: NoShow, fact: AttendanceCorrected, head: Head) -> Arrived:
    return like(Arrived, state)


def cancelled(
    state: Waiting | Proposed | Pending | Booked | Here | NoShow | Cancelled,
    fact: AppointmentCancelled,
    head: Head,
) -> Cancelled | InError:
    never = state.never_agreed if isinstance(state, Cancelled) else not is_agreed(state)
    if fact.reason == IN_ERROR:
        return like(InError, state, never_agreed=never)
    return like(Cancelled, state, by=fact.by, reason=fact.reason, never_agreed=never)


EVOLVE = Table(
    *(
        placed,
        with_whom,
        offered,
        freed_offered,
        offer_over,
        held,
        hold_placed,
        hold_over,
        booked,
        moved,
        relocated,
        seated,
    ),
    *(cleared, open_again, passed, warned, out_of_order, in_order, overlap, apart),
    *(confirmed, arrived, checked_in, in_consultation, attended, missed, corrected, cancelled),
)
