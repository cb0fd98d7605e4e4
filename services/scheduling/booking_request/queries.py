"""Reads of booking requests for the API, SQL as SQL. Nothing is changed or decided here."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, time
from typing import cast

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot, like
from config.sessions import GROUP
from schemas.codes import Discipline
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.states import SESSIONS, Expected, Fulfilled, Known, Matter, Proposed
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    BookingRequests,
)
from services.scheduling.booking_request.reactions.dates import next_appointment
from services.scheduling.booking_request.states import BookingRequest, Done, Open, Wish
from services.scheduling.group_time.aggregate import GROUP_TIME
from services.scheduling.group_time.states import NoGroup, group_id
from services.scheduling.rules import Rules
from services.scheduling.slot.queries import Wanted, places_at, stamp
from services.scheduling.slot.states import Busy, Free, SlotTime
from services.scheduling.waiting_list.queries import who_fits

PAGE = """
-- Booking requests of a status, a person or both, in order of id, after the last one seen.
SELECT id::text, version, body::text, lane_key::text, pathway_id::text FROM booking_request
 WHERE ($1::text IS NULL OR status = $1)
   AND ($2::uuid[] IS NULL OR lane_key = ANY($2)) AND ($3::uuid IS NULL OR id > $3)
 ORDER BY id LIMIT $4
"""


async def page(
    runtime: Runtime, status: str | None, records: Sequence[str] | None, after: str | None, limit: int
) -> Sequence[Snapshot[BookingRequest]]:
    """Requests; one more than `limit` says that there are more."""
    return await runtime.query(BOOKING_REQUEST, PAGE, status, records, after, limit + 1)


async def first_fitting(runtime: Runtime, request: Snapshot[Open], since: datetime | None) -> Wanted:
    """As `wanted_of`; sessions from their assessment on, where that is still to come."""
    wanted = wanted_of(runtime, request.state.wish, since)
    found = [
        await runtime.load(APPOINTMENT, each)
        for each in await assessments_before(runtime, request.state.wish) or ()
    ]
    ahead = [each.state.date.end for each in found if each and isinstance(each.state, Expected)]
    is_done = any(each and isinstance(each.state, Fulfilled) for each in found)
    return wanted if is_done or not ahead else wanted._replace(since=max(wanted.since, min(ahead)))


async def assessments_before(runtime: Runtime, what: Wish | Matter) -> tuple[str, ...] | None:
    """SCH-04: the dates of the assessment that comes before this session, as far as it has any; none where none was
    ordered, or nobody needs it any more."""
    if what.purpose not in SESSIONS or what.activity_id is None:
        return None
    asked = await runtime.find(
        BOOKING_REQUEST,
        BookingRequests.activity_id(what.activity_id),
        BookingRequests.purpose("assessment"),
    )
    is_off = any(isinstance(each.state, Done) and not each.state.booked for each in asked)
    if is_off or not asked:
        return None
    dates = await runtime.find(APPOINTMENT, Appointments.activity_id(what.activity_id))
    return tuple(
        each.id
        for each in dates
        if isinstance(each.state, Known) and each.state.matter.purpose == "assessment"
    )


def wanted_of(runtime: Runtime, what: Wish | Matter, since: datetime | None = None) -> Wanted:
    """Times that fit what has to be booked, from then on, but not before the first day on which it may be."""
    rules: Rules = runtime.rules
    now = runtime.clock.now()
    earliest = rules.calendar.at(what.not_before, time.min) if what.not_before else now
    return Wanted(what.discipline, what.purpose, max(since or now, earliest), rules.horizon(now))


async def line_for(runtime: Runtime, freed: Free, now: datetime) -> AsyncIterator[Snapshot[Open]]:
    """Requests of who may be asked whether they want this freed time, in order (ATT-09): the list as it is now, each
    request as it is when its turn comes."""
    rules: Rules = runtime.rules
    slot = rules.slot(freed.clinician_id, freed.start) if freed.start else None
    if slot is None:
        return
    day = rules.calendar.day(slot.start)
    is_short = rules.notice_days(now, slot.start) < rules.scheduling.offers.values.notice_days
    if slot.is_group:
        waiting = [] if is_short else await group_line(runtime, like(SlotTime, freed), slot.discipline)
    else:
        listed = await who_fits(runtime, slot, day, is_short=is_short)
        waiting = [entry.state.place.booking_request_id for entry in listed]
    for request_id in waiting:
        found = await runtime.load(BOOKING_REQUEST, request_id)
        if found and isinstance(found.state, Open) and not found.state.suspended:
            request = cast(Snapshot[Open], found)
            if may_be_asked(request, freed, day):
                yield request


def may_be_asked(request: Snapshot[Open], freed: Free, day: date) -> bool:
    """Not before the first day on which it may be; nor who gave this time back, or was asked for it."""
    wish, (_, asked_for) = request.state.wish, next_appointment(request)
    too_soon = wish.not_before is not None and day < wish.not_before
    return not too_soon and not {asked_for, wish.replaces, *request.state.passed} & {*freed.asked}


async def group_line(runtime: Runtime, time: SlotTime, discipline: Discipline) -> Sequence[str]:
    """Requests that still need dates of such a group, of who has nothing to do with this time yet and is not asked for
    another: the most urgent first, then who has waited longest. Nobody of them has said that they take short notice."""
    known = await known_at(runtime, time)
    found = await runtime.find(BOOKING_REQUEST, BookingRequests.purpose(GROUP), BookingRequests.open)
    open_ones = [cast(Snapshot[Open], each) for each in found if isinstance(each.state, Open)]
    return [
        each.id
        for each in sorted(open_ones, key=in_line)
        if each.state.wish.discipline == discipline
        and each.lane_key not in known
        and not await is_being_asked(runtime, each)
    ]


async def known_at(runtime: Runtime, time: SlotTime) -> set[str | None]:
    """Who has a place at this time, is asked for one, declined one that nobody has yet, or ever gave one back."""
    places = [each.state for each in await places_at(runtime, time)]
    whose = {each.appointment_id for each in places if not isinstance(each, Free)}
    asked = {name for each in places if not isinstance(each, Busy) for name in each.asked}
    group = await runtime.load(GROUP_TIME, group_id(time.clinician_id, time.start))
    left = {*group.state.left} if group and not isinstance(group.state, NoGroup) else set()
    found = [await runtime.load(APPOINTMENT, each) for each in sorted(whose | asked | left)]
    return {each.lane_key for each in found if each}


def in_line(request: Snapshot[Open]) -> tuple[bool, str, str]:
    state = request.state
    since = stamp(state.asked_at) if state.asked_at else ""
    return state.wish.priority == "routine", since, request.id


async def is_being_asked(runtime: Runtime, request: Snapshot[Open]) -> bool:
    _, asked_for = next_appointment(request)
    appointment = await runtime.load(APPOINTMENT, asked_for)
    return appointment is not None and isinstance(appointment.state, Proposed)
