"""Agreed dates, holds, moves, confirmations: how an appointment gets its date (ATT-01, SCH-01)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backbone.model import Decision, Given, Refused, Step, Table, by, ignores, like
from config.sessions import Slot
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentConfirmed,
    AppointmentHeld,
    AppointmentMoved,
    GatesCleared,
    Series,
    VisitsApart,
    VisitsOverlap,
)
from schemas.scheduling.v1.codes import GateScope
from schemas.scheduling.v1.offer import OfferExpired
from services.scheduling.appointment.commands import (
    BookDate,
    Confirm,
    HoldDate,
    LookAtOverlap,
    MoveDate,
    ReleaseHold,
)
from services.scheduling.appointment.decide.gates import before_assessment, held_for, open_gates, out_of_order
from services.scheduling.appointment.facts import HoldPlaced, HoldReleased, Placed, Relocated, Seated
from services.scheduling.appointment.states import (
    OVER,
    Arrived,
    Booked,
    CheckedIn,
    Matter,
    NoAppointment,
    Pending,
    Proposed,
    Undated,
    Waiting,
    all_but,
)
from services.scheduling.gate.states import Gates
from services.scheduling.group_time.states import CalledOff, group_id
from services.scheduling.roles import COORDINATOR, COORDINATOR_OR_PATIENT, speaks_for_another
from services.scheduling.rules import Rules
from services.scheduling.slot.states import SlotTime


def placed(state: Undated | Pending, matter: Matter) -> list[Step]:
    """What the appointment is for, said once."""
    return [like(Placed, matter)] if isinstance(state, NoAppointment) else []


def seated(command: BookDate | HoldDate | MoveDate) -> list[Step]:
    return [like(Seated, command)] if command.place > 1 else []


def fitting(matter: Matter, time: SlotTime, given: Given[Rules]) -> Slot | Refused:
    """The slot, if it is one for this purpose and still to come."""
    if time.start <= given.at:
        return Refused("that time is over: GET /slots shows those to come", code="time-is-over")
    if matter.not_before and given.rules.calendar.day(time.start) < matter.not_before:
        return Refused(f"not before {matter.not_before}", code="too-soon")
    slot = given.rules.slot(time.clinician_id, time.start)
    if slot is None:
        return Refused("this clinician has no slot at that time: GET /slots shows them", code="no-such-slot")
    if slot.discipline != matter.discipline or matter.purpose not in slot.purposes:
        return Refused(
            f"that slot is not for {matter.purpose} in {matter.discipline}: GET /slots shows those that are",
            code="unfit-slot",
        )
    if isinstance(given.others.get(("group_time", group_id(time.clinician_id, time.start))), CalledOff):
        return Refused("that group was called off: GET /slots shows those that take place", code="called-off")
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


@by(COORDINATOR_OR_PATIENT)
def book(state: Undated | Pending, command: BookDate, given: Given[Rules]) -> Decision:
    if isinstance(state, Pending) and state.matter.procedure_id:
        return same_date(state, command)
    promised = like(SlotTime, command) in state.dates
    if isinstance(state, Pending) and not promised:
        return not_agreed_yet()
    if isinstance(state, Proposed) and command.offer_id not in (None, state.offer_id):
        return Refused("that offer is over", code="offer-over")
    if command.offer_id and not promised:
        return Refused("that date is not one of the offered ones", code="not-offered")
    matter = command.matter if isinstance(state, NoAppointment) else state.matter
    slot = fitting(matter, like(SlotTime, command), given)
    if isinstance(slot, Refused):
        return slot
    refusal = (
        too_short(command.start, command.short_notice_accepted or promised, given)
        or out_of_order(matter, command.referral_id, given)
        or before_assessment(command.assessments, command.start, given)
        or alone(matter, command.joint_day_id)
        or in_person(matter)
    )
    if refusal:
        return refusal
    date = dated(matter, slot, command.joint_day_id, given)
    return [*not_chosen(state, command), *placed(state, matter), *date, *seated(command)]


def not_agreed_yet() -> Refused:
    """Another date would leave the one that is held to nobody."""
    return Refused("its joint day is not agreed yet: accept or decline that", code="not-booked")


def not_chosen(state: Undated | Pending, command: BookDate) -> list[Step]:
    """Whoever agrees on a date without the offer answers it no more: what it holds is free again."""
    if isinstance(state, Proposed) and command.offer_id is None:
        return [OfferExpired(offer_id=state.offer_id, counts=False)]
    return []


def in_person(matter: Matter) -> Refused | None:
    """What is checked when the patient comes in is not passed by."""
    if matter.procedure_id is None or not matter.remote:
        return None
    return Refused("a procedure is not done at a distance: leave out remote", code="not-remote")


def alone(matter: Matter, joint_day_id: str | None) -> Refused | None:
    """A joint day is all or nothing at once; a procedure waits for what must be true before it."""
    if matter.procedure_id is None or joint_day_id is None:
        return None
    return Refused("a procedure is booked by itself, not as part of a joint day", code="procedure-alone")


def dated(matter: Matter, slot: Slot, joint_day_id: str | None, given: Given[Rules]) -> Sequence[Step]:
    """SCH-02: booked, or held as long as something holds it up."""
    if kinds := open_gates(matter, slot, given):
        return held_for(matter, slot, kinds, 1, given)
    booked = agreed(matter, slot, joint_day_id, given)
    if matter.procedure_id is None:
        return [booked]
    gates, day = Gates.of(matter.procedure_id, given), given.rules.calendar.day(slot.start)
    scopes: tuple[GateScope, ...] = () if gates.open("pre", day) else ("pre",)
    return [booked, *(GatesCleared(version=1, scope=scope) for scope in scopes)]


def agreed(matter: Matter, slot: Slot, joint_day_id: str | None, given: Given[Rules]) -> AppointmentBooked:
    series = Series(id=matter.booking_request_id, no=matter.no, of=matter.of) if matter.of > 1 else None
    return like(
        AppointmentBooked,
        matter,
        version=1,
        start=slot.start,
        end=slot.end,
        location=slot.location,
        clinician_id=slot.clinician_id,
        series=series,
        joint_day_id=joint_day_id,
        notice_days=given.rules.notice_days(given.at, slot.start),
    )


@by(COORDINATOR_OR_PATIENT)
def book_again(state: Booked, command: BookDate, given: Given[Rules]) -> Decision:
    return same_date(state, command)


def same_date(state: Pending | Booked, command: BookDate) -> Decision:
    if like(SlotTime, command) == state.date.time:
        return ()
    return Refused("it has a date: move it", instead=("MoveDate",), code="already-booked")


@by(COORDINATOR)
def hold(state: NoAppointment | Waiting, command: HoldDate, given: Given[Rules]) -> Decision:
    slot = fitting(command.matter, like(SlotTime, command), given)
    if isinstance(slot, Refused):
        return slot
    early = before_assessment(command.assessments, command.start, given)
    if refusal := alone(command.matter, command.joint_day_id) or early:
        return refusal
    where = HoldPlaced(
        clinician_id=slot.clinician_id, end=slot.end, location=slot.location, until=command.hold_until
    )
    fact = like(
        AppointmentHeld,
        command.matter,
        version=1,
        start=slot.start,
        open_gates=(),
        joint_day_id=command.joint_day_id,
    )
    return [*placed(state, command.matter), fact, where, *seated(command)]


@by(COORDINATOR_OR_PATIENT)
def release_hold(state: Pending, command: ReleaseHold, given: Given[Rules]) -> Decision:
    """Of a joint day. What is held for a procedure is cancelled, moved or let go."""
    return [HoldReleased()] if state.joint_day_id else ()


@by(COORDINATOR_OR_PATIENT)
def move(state: Pending | Booked, command: MoveDate, given: Given[Rules]) -> Decision:
    """SCH-01: the same appointment, one version later. Reminders, gates and plans refer to (id, version)."""
    if refusal := speaks_for_another(command.by, given):
        return refusal
    if isinstance(state, Pending) and state.joint_day_id:
        return not_agreed_yet()
    date, time = state.date, like(SlotTime, command)
    if time == date.time:
        return ()
    slot = fitting(state.matter, time, given)
    if isinstance(slot, Refused):
        return slot
    if early := before_assessment(command.assessments, command.start, given):
        return early
    moved = AppointmentMoved(
        version=date.version + 1,
        previous_version=date.version,
        by=command.by,
        reason=command.reason,
        previous_start=date.start,
        start=slot.start,
        end=slot.end,
        location=slot.location,
        clinician_id=slot.clinician_id,
        procedure_id=state.matter.procedure_id,
        purpose=state.matter.purpose,
        activity_id=state.matter.activity_id,
        **after_move(state, slot, given),
    )
    elsewhere = [Relocated(location=slot.location)] if slot.location != date.location else []
    return [moved, *elsewhere, *cleared_anew(state, moved, given), *seated(command)]


def cleared_anew(state: Pending | Booked, moved: AppointmentMoved, given: Given[Rules]) -> Sequence[Step]:
    """Of the new version: nothing that is checked before has to be shown again."""
    gates, day = Gates.of(moved.procedure_id, given), given.rules.calendar.day(moved.start)
    before = {each.kind for each in gates.of_scope("pre")}
    open_now = {*gates.open("pre", day), *moved.gates_reopened} & before
    if moved.procedure_id is None or moved.status == "pending" or open_now:
        return ()
    return [GatesCleared(version=moved.version, scope="pre")]


def after_move(state: Pending | Booked, slot: Slot, given: Given[Rules]) -> Mapping[str, Any]:
    """What was shown for the old date only is open again (ANT-04), and what holds up booking holds the new one up."""
    gates, day = Gates.of(state.matter.procedure_id, given), given.rules.calendar.day(slot.start)
    reopened = gates.reopened_by_move(day, given.rules)
    held_up = {
        *gates.open("booking", day),
        *(each.kind for each in gates.of_scope("booking") if each.kind in reopened),
    }
    return {"status": "pending" if held_up else "booked", "gates_reopened": reopened}


@by(COORDINATOR_OR_PATIENT)
def confirm(state: Booked, command: Confirm, given: Given[Rules]) -> Decision:
    """A late answer to an earlier version says nothing about this one."""
    version = state.date.version
    if command.version not in (None, version) or state.confirmed == version:
        return ()
    return [AppointmentConfirmed(version=version, via=command.via)]


def look_at_overlap(
    state: Pending | Booked | Arrived | CheckedIn, command: LookAtOverlap, given: Given[Rules]
) -> Decision:
    """No date goes by itself: somebody decides which of the two is another time's."""
    if state.overlaps == command.other_id:
        return ()
    version = state.date.version
    if command.other_id is None:
        return [VisitsApart(version=version)]
    start, other_id, discipline = state.date.start, command.other_id, state.matter.discipline
    return [VisitsOverlap(version=version, start=start, other_id=other_id, discipline=discipline)]


DATES = Table(
    *(book, book_again, hold, release_hold, move, confirm, look_at_overlap),
    ignores(LookAtOverlap, when=(NoAppointment, Waiting, Proposed, *OVER)),
    ignores(ReleaseHold, when=all_but(Pending), whom=COORDINATOR_OR_PATIENT),
    ignores(Confirm, when=(Arrived, CheckedIn, *OVER), whom=COORDINATOR_OR_PATIENT),
)
