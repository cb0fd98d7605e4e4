"""The states of an appointment: names are FHIR's Appointment.status."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeGuard, get_args

import msgspec

from backbone.model import State, like
from config.sessions import GROUP
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import Checkpoint, GateScope, Purpose
from services.scheduling.slot.states import SlotTime

SESSIONS: tuple[Purpose, ...] = ("session", GROUP)
"""What follows the assessment of an activity."""


class Matter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the appointment is for: number `no` of the `of` of its booking request."""

    booking_request_id: str
    no: int = 1
    of: int = 1
    purpose: Purpose
    discipline: Discipline
    activity_id: str | None = None
    procedure_id: str | None = None
    remote: bool = False
    replaces: str | None = None
    not_before: date | None = None

    @property
    def is_first_visit(self) -> bool:
        """Who needs one waits for it on the list."""
        return self.purpose == "initial_consultation"


class Date(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When, where and with whom. `version` counts the moves, from 1 (SCH-01); `moved_because`: why the last one.
    `place`: which one of a group's."""

    clinician_id: str
    start: datetime
    end: datetime
    location: str
    version: int = 1
    moved_because: str | None = None
    place: int = 1

    @property
    def time(self) -> SlotTime:
        return like(SlotTime, self)


class AnyState(State, frozen=True, kw_only=True):
    @property
    def dates(self) -> Sequence[SlotTime]:
        """With whom and when the appointment is, or may be."""
        return ()


class NoAppointment(AnyState, tag="none", frozen=True, kw_only=True):
    pass


class Known(AnyState, frozen=True, kw_only=True):
    """What every appointment has."""

    matter: Matter
    patient_id: str | None = None
    referral_id: str | None = None


class Dated(Known, frozen=True, kw_only=True):
    """An appointment that has a date."""

    date: Date

    @property
    def dates(self) -> Sequence[SlotTime]:
        return (self.date.time,)


class Over(Known, frozen=True, kw_only=True):
    """`never_agreed`: there was no date that anybody had agreed to, so that its booking request goes on."""

    never_agreed: bool = False


class Waiting(Known, tag="waitlist", frozen=True, kw_only=True):
    pass


class Proposed(Known, tag="proposed", frozen=True, kw_only=True):
    offer_id: str
    choices: tuple[SlotTime, ...]
    reasonable: bool
    hold_until: datetime

    @property
    def dates(self) -> Sequence[SlotTime]:
        return self.choices


class Planned(Dated, frozen=True, kw_only=True):
    """A date that may be part of a joint day, or of a procedure: which checkpoints are over (`checked`), at which
    something was still open (`warned`), and which scopes of its gates are cleared for this version."""

    joint_day_id: str | None = None
    early_for: str | None = None
    """The assessment that it is to follow, and does not follow any more."""
    overlaps: str | None = None
    """The other appointment that the person has at its time, under another record."""
    checked: tuple[Checkpoint, ...] = ()
    warned: tuple[Checkpoint, ...] = ()
    cleared: tuple[GateScope, ...] = ()


class Pending(Planned, tag="pending", frozen=True, kw_only=True):
    hold_until: datetime


class Booked(Planned, tag="booked", frozen=True, kw_only=True):
    confirmed: int | None = None
    """The version that the patient confirmed."""
    consultation_id: str | None = None


class Arrived(Planned, tag="arrived", frozen=True, kw_only=True):
    consultation_id: str | None = None


class CheckedIn(Planned, tag="checked-in", frozen=True, kw_only=True):
    consultation_id: str | None = None


class Fulfilled(Dated, tag="fulfilled", frozen=True, kw_only=True):
    pass


class NoShow(Planned, tag="noshow", frozen=True, kw_only=True):
    counted: bool


class Cancelled(Over, tag="cancelled", frozen=True, kw_only=True):
    by: str
    reason: str
    joint_day_id: str | None = None


class InError(Over, tag="entered-in-error", frozen=True, kw_only=True):
    pass


Undated = NoAppointment | Waiting | Proposed
Here = Arrived | CheckedIn
Expected = Booked | Here
"""Booked, and not over yet."""
Appointment = Undated | Pending | Expected | Fulfilled | NoShow | Cancelled | InError
OVER = (Fulfilled, NoShow, Cancelled, InError)


def is_agreed(state: Known) -> bool:
    """Nobody has agreed to what waits or is offered, nor to a leg of a joint day that is only held."""
    held_leg = isinstance(state, Pending) and state.joint_day_id is not None
    return not (isinstance(state, Waiting | Proposed) or held_leg)


def is_lost(state: object) -> TypeGuard[NoShow | Cancelled | InError]:
    """An agreed date that did not take place, or was a mistake: what it was for is asked for anew."""
    return isinstance(state, NoShow) or (isinstance(state, Cancelled | InError) and not state.never_agreed)


def all_but(*states: type) -> tuple[type, ...]:
    """The other states."""
    return tuple(state for state in get_args(Appointment) if state not in states)
