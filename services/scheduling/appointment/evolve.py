"""What each fact makes of an appointment."""

import msgspec

from backbone.model import Head, Table
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
from services.scheduling.appointment.facts import CheckedIn as CheckedInFact
from services.scheduling.appointment.facts import (
    DatesOffered,
    HoldPlaced,
    HoldReleased,
    InConsultation,
    Placed,
    Relocated,
)
from services.scheduling.appointment.states import (
    Arrived,
    Booked,
    Cancelled,
    CheckedIn,
    Choice,
    Date,
    Fulfilled,
    InError,
    Matter,
    NoAppointment,
    NoShow,
    Pending,
    Proposed,
    Waiting,
)


def placed(state: NoAppointment, fact: Placed, head: Head) -> Waiting:
    matter = Matter(
        booking_request_id=fact.booking_request_id,
        no=fact.no,
        of=fact.of,
        purpose=fact.purpose,
        discipline=fact.discipline,
        activity_id=fact.activity_id,
        remote=fact.remote,
        replaces=fact.replaces,
    )
    return Waiting(matter=matter, referral_id=head.pathway_id)


def with_whom(state: Waiting, fact: DatesOffered, head: Head) -> Proposed:
    """The offer itself follows in the same decision."""
    choices = tuple(Choice(each, head.occurred_at) for each in fact.clinician_ids)
    return Proposed(
        matter=state.matter,
        referral_id=state.referral_id,
        offer_id="",
        choices=choices,
        reasonable=False,
        hold_until=head.occurred_at,
    )


def offered(state: Proposed, fact: SlotOffered, head: Head) -> Proposed:
    pairs = zip(state.choices, fact.starts, strict=True)
    return Proposed(
        matter=state.matter,
        referral_id=state.referral_id,
        offer_id=fact.offer_id,
        choices=tuple(Choice(choice.clinician_id, start) for choice, start in pairs),
        reasonable=fact.reasonable,
        hold_until=fact.hold_until,
    )


def back_to_waiting(
    state: Proposed | Pending, fact: OfferDeclined | OfferExpired | HoldReleased, head: Head
) -> Waiting:
    return Waiting(matter=state.matter, referral_id=state.referral_id)


def held(state: Waiting, fact: AppointmentHeld, head: Head) -> Pending:
    """Where and until when follows in the same decision."""
    date = Date(clinician_id="", start=fact.start, end=fact.start, location="", version=fact.version)
    return Pending(
        matter=state.matter,
        referral_id=state.referral_id,
        date=date,
        joint_day_id=fact.joint_day_id,
        hold_until=fact.start,
    )


def hold_placed(state: Pending, fact: HoldPlaced, head: Head) -> Pending:
    date = msgspec.structs.replace(
        state.date, clinician_id=fact.clinician_id, end=fact.end, location=fact.location
    )
    return msgspec.structs.replace(state, date=date, hold_until=fact.until)


def booked(state: Waiting | Proposed | Pending, fact: AppointmentBooked, head: Head) -> Booked:
    date = Date(
        clinician_id=fact.clinician_id or "",
        start=fact.start,
        end=fact.end,
        location=fact.location,
        version=fact.version,
    )
    return Booked(
        matter=state.matter, referral_id=state.referral_id, date=date, joint_day_id=fact.joint_day_id
    )


def moved(state: Booked, fact: AppointmentMoved, head: Head) -> Booked:
    date = Date(
        clinician_id=fact.clinician_id or "",
        start=fact.start,
        end=fact.end,
        location=state.date.location,
        version=fact.version,
    )
    return msgspec.structs.replace(state, date=date)


def relocated(state: Booked, fact: Relocated, head: Head) -> Booked:
    return msgspec.structs.replace(state, date=msgspec.structs.replace(state.date, location=fact.location))


def confirmed(state: Booked, fact: AppointmentConfirmed, head: Head) -> Booked:
    return msgspec.structs.replace(state, confirmed=fact.version)


def arrived(state: Booked, fact: PatientArrived, head: Head) -> Arrived:
    return Arrived(
        matter=state.matter,
        referral_id=state.referral_id,
        date=state.date,
        joint_day_id=state.joint_day_id,
        consultation_id=state.consultation_id,
    )


def checked_in(state: Arrived, fact: CheckedInFact, head: Head) -> CheckedIn:
    return CheckedIn(
        matter=state.matter,
        referral_id=state.referral_id,
        date=state.date,
        joint_day_id=state.joint_day_id,
        consultation_id=state.consultation_id,
    )


def in_consultation(
    state: Booked | Arrived | CheckedIn, fact: InConsultation, head: Head
) -> Booked | Arrived | CheckedIn:
    return msgspec.structs.replace(state, consultation_id=fact.consultation_id)


def attended(state: Booked | Arrived | CheckedIn, fact: PatientAttended, head: Head) -> Fulfilled:
    return Fulfilled(matter=state.matter, referral_id=state.referral_id, date=state.date)


def missed(state: Booked, fact: PatientDidNotAttend, head: Head) -> NoShow:
    return NoShow(
        matter=state.matter,
        referral_id=state.referral_id,
        date=state.date,
        joint_day_id=state.joint_day_id,
        counted=fact.counts,
    )


def corrected(state: NoShow, fact: AttendanceCorrected, head: Head) -> Arrived:
    return Arrived(
        matter=state.matter,
        referral_id=state.referral_id,
        date=state.date,
        joint_day_id=state.joint_day_id,
    )


def cancelled(
    state: Waiting | Proposed | Pending | Booked | Arrived | CheckedIn | NoShow | Cancelled,
    fact: AppointmentCancelled,
    head: Head,
) -> Cancelled | InError:
    if fact.reason == "entered_in_error":
        return InError(matter=state.matter, referral_id=state.referral_id)
    return Cancelled(matter=state.matter, referral_id=state.referral_id, by=fact.by, reason=fact.reason)


EVOLVE = Table(
    placed,
    with_whom,
    offered,
    back_to_waiting,
    held,
    hold_placed,
    booked,
    moved,
    relocated,
    confirmed,
    arrived,
    checked_in,
    in_consultation,
    attended,
    missed,
    corrected,
    cancelled,
)
