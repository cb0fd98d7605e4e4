"""Offers, holds, bookings, moves: how an appointment gets its date."""

from datetime import datetime

from backbone.model import Decision, Given, Refused, Ruled, Table, by
from config.sessions import Slot
from schemas.fact import Fact
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentConfirmed,
    AppointmentHeld,
    AppointmentMoved,
    Series,
)
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired, SlotOffered
from services.scheduling.appointment.commands import (
    BookDate,
    Confirm,
    DeclineOffer,
    ExpireOffer,
    HoldDate,
    MoveDate,
    OfferDates,
    ReleaseHold,
)
from services.scheduling.appointment.facts import DatesOffered, HoldPlaced, HoldReleased, Placed, Relocated
from services.scheduling.appointment.states import (
    Arrived,
    Booked,
    Cancelled,
    CheckedIn,
    Fulfilled,
    InError,
    Matter,
    NoAppointment,
    NoShow,
    Pending,
    Proposed,
    Waiting,
    dates_of,
)
from services.scheduling.referral_record.aggregate import record_of
from services.scheduling.roles import COORDINATOR, COORDINATOR_OR_PATIENT, speaks_for_another
from services.scheduling.rules import Rules


def placed(state: NoAppointment | Waiting | Proposed | Pending, matter: Matter) -> list[Fact]:
    """What the appointment is for, said once."""
    if not isinstance(state, NoAppointment):
        return []
    return [
        Placed(
            booking_request_id=matter.booking_request_id,
            no=matter.no,
            of=matter.of,
            purpose=matter.purpose,
            discipline=matter.discipline,
            activity_id=matter.activity_id,
            remote=matter.remote,
            replaces=matter.replaces,
        )
    ]


def fitting(matter: Matter, clinician_id: str, start: datetime, rules: Rules) -> Slot | Refused:
    """The slot, if it is one for this purpose."""
    slot = rules.slot(clinician_id, start)
    if slot is None:
        return Refused("this clinician has no slot at that time: GET /slots shows them", code="no-such-slot")
    if slot.discipline != matter.discipline or matter.purpose not in slot.purposes:
        return Refused(
            f"that slot is not for {matter.purpose} in {matter.discipline}: GET /slots shows those that are",
            code="unfit-slot",
        )
    return slot


def too_short(start: datetime, accepted: bool, given: Given[Rules]) -> Refused | None:
    """ATT-01: short notice only if the patient accepts it."""
    wanted = given.rules.scheduling.offers.values.notice_days
    if accepted or given.rules.notice_days(given.at, start) >= wanted:
        return None
    return Refused(
        f"that is less than {wanted} days' notice: say short_notice_accepted when the patient agrees",
        code="short-notice",
    )


@by(COORDINATOR)
def offer(state: NoAppointment | Waiting, command: OfferDates, given: Given[Rules]) -> Decision:
    """ATT-01: reasonable is enough notice, on enough different dates."""
    rules, rule = given.rules, given.rules.scheduling.offers
    for choice in command.choices:
        slot = fitting(command.matter, choice.clinician_id, choice.start, rules)
        if isinstance(slot, Refused):
            return slot
    notice = min(rules.notice_days(given.at, choice.start) for choice in command.choices)
    days = {rules.calendar.day(choice.start) for choice in command.choices}
    fact = SlotOffered(
        offer_id=command.offer_id,
        starts=tuple(choice.start for choice in command.choices),
        notice_days=notice,
        reasonable=notice >= rule.values.notice_days and len(days) >= rule.values.min_dates,
        mode=command.mode,
        hold_until=command.hold_until,
    )
    whose = DatesOffered(clinician_ids=tuple(choice.clinician_id for choice in command.choices))
    return [*placed(state, command.matter), whose, Ruled(fact, (rule.named,))]


@by(COORDINATOR)
def offer_again(state: Proposed, command: OfferDates, given: Given[Rules]) -> Decision:
    if state.offer_id == command.offer_id:
        return ()
    return Refused("an offer is open already: wait, or let it be declined", code="offer-open")


@by(COORDINATOR_OR_PATIENT)
def decline(state: Proposed, command: DeclineOffer, given: Given[Rules]) -> Decision:
    if state.offer_id != command.offer_id:
        return Refused("that is not the open offer", code="offer-over")
    record = record_of(state.referral_id, given)
    count = len(record.refused) + state.reasonable
    return [
        OfferDeclined(offer_id=state.offer_id, counts=state.reasonable, count=count, reason=command.reason)
    ]


def expire(state: Proposed, command: ExpireOffer, given: Given[Rules]) -> Decision:
    """An offer that nobody answered does not count: it may never have arrived."""
    if state.offer_id != command.offer_id:
        return ()
    return [OfferExpired(offer_id=state.offer_id, counts=False)]


@by(COORDINATOR_OR_PATIENT)
def book(
    state: NoAppointment | Waiting | Proposed | Pending, command: BookDate, given: Given[Rules]
) -> Decision:
    promised = (command.clinician_id, command.start) in dates_of(state)
    if isinstance(state, Proposed) and command.offer_id not in (None, state.offer_id):
        return Refused("that offer is over", code="offer-over")
    if command.offer_id and not promised:
        return Refused("that date is not one of the offered ones", code="not-offered")
    matter = command.matter if isinstance(state, NoAppointment) else state.matter
    slot = fitting(matter, command.clinician_id, command.start, given.rules)
    if isinstance(slot, Refused):
        return slot
    if refusal := too_short(command.start, command.short_notice_accepted or promised, given):
        return refusal
    series = Series(id=matter.booking_request_id, no=matter.no, of=matter.of) if matter.of > 1 else None
    fact = AppointmentBooked(
        version=1,
        purpose=matter.purpose,
        discipline=matter.discipline,
        start=slot.start,
        end=slot.end,
        location=slot.location,
        clinician_id=slot.clinician_id,
        remote=matter.remote,
        series=series,
        activity_id=matter.activity_id,
        joint_day_id=command.joint_day_id,
        replaces=matter.replaces,
        notice_days=given.rules.notice_days(given.at, slot.start),
    )
    return [*placed(state, matter), fact]


@by(COORDINATOR_OR_PATIENT)
def book_again(state: Booked, command: BookDate, given: Given[Rules]) -> Decision:
    same = (command.clinician_id, command.start) == (state.date.clinician_id, state.date.start)
    return () if same else Refused("it has a date: move it", instead=("MoveDate",), code="already-booked")


@by(COORDINATOR)
def hold(state: NoAppointment | Waiting, command: HoldDate, given: Given[Rules]) -> Decision:
    slot = fitting(command.matter, command.clinician_id, command.start, given.rules)
    if isinstance(slot, Refused):
        return slot
    where = HoldPlaced(
        clinician_id=slot.clinician_id, end=slot.end, location=slot.location, until=command.hold_until
    )
    fact = AppointmentHeld(
        version=1,
        purpose=command.matter.purpose,
        discipline=command.matter.discipline,
        start=slot.start,
        open_gates=(),
        joint_day_id=command.joint_day_id,
    )
    return [*placed(state, command.matter), fact, where]


@by(COORDINATOR_OR_PATIENT)
def release_hold(state: Pending, command: ReleaseHold, given: Given[Rules]) -> Decision:
    return [HoldReleased()]


def nothing_held(
    state: NoAppointment
    | Waiting
    | Proposed
    | Booked
    | Arrived
    | CheckedIn
    | Fulfilled
    | NoShow
    | Cancelled
    | InError,
    command: ReleaseHold,
    given: Given[Rules],
) -> Decision:
    return ()


@by(COORDINATOR_OR_PATIENT)
def move(state: Booked, command: MoveDate, given: Given[Rules]) -> Decision:
    """SCH-01: the same appointment, one version later. Reminders and plans refer to (id, version)."""
    if refusal := speaks_for_another(command.by, given):
        return refusal
    date = state.date
    if (command.clinician_id, command.start) == (date.clinician_id, date.start):
        return ()
    slot = fitting(state.matter, command.clinician_id, command.start, given.rules)
    if isinstance(slot, Refused):
        return slot
    moved = AppointmentMoved(
        version=date.version + 1,
        previous_version=date.version,
        by=command.by,
        reason=command.reason,
        previous_start=date.start,
        start=slot.start,
        end=slot.end,
        clinician_id=slot.clinician_id,
        status="booked",
        gates_reopened=(),
    )
    return [moved, Relocated(location=slot.location)] if slot.location != date.location else [moved]


@by(COORDINATOR_OR_PATIENT)
def confirm(state: Booked, command: Confirm, given: Given[Rules]) -> Decision:
    """A late answer to an earlier version says nothing about this one."""
    version = state.date.version
    if command.version not in (None, version) or state.confirmed == version:
        return ()
    return [AppointmentConfirmed(version=version, via=command.via)]


def nothing_to_confirm(
    state: Arrived | CheckedIn | Fulfilled | NoShow | Cancelled | InError,
    command: Confirm,
    given: Given[Rules],
) -> Decision:
    return ()


def offer_is_over(
    state: NoAppointment
    | Waiting
    | Pending
    | Booked
    | Arrived
    | CheckedIn
    | Fulfilled
    | NoShow
    | Cancelled
    | InError,
    command: ExpireOffer,
    given: Given[Rules],
) -> Decision:
    return ()


BOOKING = Table(
    offer,
    offer_again,
    decline,
    expire,
    offer_is_over,
    book,
    book_again,
    hold,
    release_hold,
    nothing_held,
    move,
    confirm,
    nothing_to_confirm,
)
