"""From an open request and chosen times to one group of orders: slot, appointment, request, waiting list; all or none.

The appointment comes first: its deciders say who may.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from backbone.model import Order, Send, Snapshot, like, one, together
from schemas.scheduling.v1.codes import ContactMode
from services.scheduling.appointment.aggregate import APPOINTMENT, appointment_id
from services.scheduling.appointment.commands import BookDate, FreedTime, OfferDates
from services.scheduling.appointment.states import Matter, Proposed
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    CountBooked,
)
from services.scheduling.booking_request.states import Open
from services.scheduling.diary.aggregate import Expected
from services.scheduling.diary.reactions import ask_for, expect
from services.scheduling.slot.reactions import hold, release, take
from services.scheduling.slot.states import Free, SlotTime
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY, entry_of
from services.scheduling.waiting_list.commands import LeaveList, NoteOffer


def matter_of(request: Snapshot[Open], no: int) -> Matter:
    wish = request.state.wish
    return like(Matter, wish, booking_request_id=request.id, no=no, of=wish.count)


def next_appointments(request: Snapshot[Open], count: int) -> Sequence[tuple[Matter, str]]:
    """What the request's next appointments are for, and their ids: no id is given twice."""
    first, passed = request.state.next_no, len(request.state.passed)
    numbers = range(first, first + count)
    return [(matter_of(request, no), appointment_id(request.id, no + passed)) for no in numbers]


def next_appointment(request: Snapshot[Open]) -> tuple[Matter, str]:
    [following] = next_appointments(request, 1)
    return following


def next_ids(request: Snapshot[Open], count: int) -> Sequence[str]:
    return [appointment for _, appointment in next_appointments(request, count)]


def for_patient(whose: Snapshot[object], *sends: Send) -> Order:
    """What is born in the group is about the same patient and referral."""
    pathway = one(whose.pathway_id) if whose.pathway_id else None
    return together(*sends, about=one(whose.lane_key) if whose.lane_key else None, pathway=pathway)


def booked(appointment: str, command: BookDate) -> Sequence[Send]:
    """The appointment has its date, and the slot is taken."""
    return APPOINTMENT.send(command, to=one(appointment)), take(like(SlotTime, command), appointment)


def counted(matter: Matter, *appointments: str) -> Sequence[Send]:
    """The request has so many dates more; who has a date leaves the waiting list. What a procedure's date is counted as
    follows from its booking: it may only be held (SCH-02)."""
    if matter.procedure_id:
        return ()
    request_id = matter.booking_request_id
    counts = BOOKING_REQUEST.send(CountBooked(appointment_ids=appointments), to=one(request_id))
    if not matter.is_first_visit:
        return (counts,)
    return counts, WAITLIST_ENTRY.send(LeaveList(reason="booked"), to=one(entry_of(request_id)))


def book(
    request: Snapshot[Open],
    times: Sequence[SlotTime],
    short_notice_accepted: bool,
    remote: bool | None = None,
    assessments: tuple[str, ...] | None = None,
) -> tuple[Order, Sequence[str]]:
    """Agreed dates for the next appointments of the request, and their ids."""
    following = next_appointments(request, len(times))
    matters, ids = [matter for matter, _ in following], [appointment for _, appointment in following]
    if remote is not None:
        matters = [replace(matter, remote=remote) for matter in matters]
    sends: list[Send] = []
    for matter, appointment, time in zip(matters, ids, times, strict=True):
        command = like(
            BookDate,
            time,
            matter=matter,
            short_notice_accepted=short_notice_accepted,
            referral_id=request.state.referral_id,
            assessments=assessments,
        )
        sends += booked(appointment, command)
    expected = (like(Expected, time, appointment_id=each) for each, time in zip(ids, times, strict=True))
    sends += expect(request.lane_key, *expected)
    return for_patient(request, *sends, *counted(matters[0], *ids)), ids


def offer(
    request: Snapshot[Open],
    times: Sequence[SlotTime],
    offer_id: str,
    mode: ContactMode,
    held_until: Sequence[datetime],
    freed_slot: str | None = None,
    assessments: tuple[str, ...] | None = None,
) -> tuple[Order, str]:
    """Dates for the patient to choose from, each held until then; and the appointment that is to be. Or the one time of
    a slot that was given back."""
    matter, appointment = next_appointment(request)
    command = OfferDates(
        matter=matter,
        offer_id=offer_id,
        choices=tuple(times),
        mode=mode,
        hold_until=max(held_until),
        freed=FreedTime(freed_slot, entry_of(request.id)) if freed_slot else None,
        referral_id=request.state.referral_id,
        assessments=assessments,
    )
    holds = [hold(time, appointment, until) for time, until in zip(times, held_until, strict=True)]
    listed = []
    if matter.is_first_visit:
        listed = [WAITLIST_ENTRY.send(NoteOffer(offer_id=offer_id), to=one(entry_of(request.id)))]
    first = APPOINTMENT.send(command, to=one(appointment))
    elsewhere = ask_for(request.lane_key, times, appointment)
    return for_patient(request, first, *elsewhere, *holds, *listed), appointment


def offer_freed(
    request: Snapshot[Open],
    slot: Snapshot[Free],
    offer_id: str,
    mode: ContactMode,
    now: datetime,
    hold: Callable[[timedelta], timedelta],
    assessments: tuple[str, ...] | None = None,
) -> tuple[Order, str]:
    """A time that was given back, held no longer than until it begins (ATT-09). Who waits for a group is on no list."""
    time, (matter, _) = like(SlotTime, slot.state), next_appointment(request)
    until = min(time.start, now + hold(time.start - now))
    freed = slot.id if matter.is_first_visit else None
    return offer(request, [time], offer_id, mode, [until], freed_slot=freed, assessments=assessments)


def accept(
    appointment: Snapshot[Proposed], chosen: SlotTime, assessments: tuple[str, ...] | None = None
) -> Order:
    """The patient takes one of the dates; the others are free again."""
    proposed = appointment.state
    command = like(
        BookDate,
        chosen,
        matter=proposed.matter,
        offer_id=proposed.offer_id,
        short_notice_accepted=True,
        referral_id=proposed.referral_id,
        assessments=assessments,
    )
    others = [release(time, appointment.id) for time in proposed.choices if time != chosen]
    expected = like(Expected, chosen, appointment_id=appointment.id)
    taken = *booked(appointment.id, command), *expect(appointment.lane_key, expected)
    return for_patient(appointment, *taken, *counted(proposed.matter, appointment.id), *others)
