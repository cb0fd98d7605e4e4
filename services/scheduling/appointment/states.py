"""The states of an appointment: names are FHIR's Appointment.status."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from backbone.model import State
from schemas.codes import Discipline
from schemas.scheduling.v1.codes import Purpose


class Matter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the appointment is for: number `no` of the `of` of its booking request."""

    booking_request_id: str
    no: int = 1
    of: int = 1
    purpose: Purpose
    discipline: Discipline
    activity_id: str | None = None
    remote: bool = False
    replaces: str | None = None


class Date(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When, where and with whom. `version` counts the moves, from 1 (SCH-01)."""

    clinician_id: str
    start: datetime
    end: datetime
    location: str
    version: int = 1


class Choice(msgspec.Struct, frozen=True):
    """A date that is offered."""

    clinician_id: str
    start: datetime


class NoAppointment(State, tag="none", frozen=True, kw_only=True):
    pass


class Waiting(State, tag="waitlist", frozen=True, kw_only=True):
    matter: Matter
    referral_id: str | None = None


class Proposed(State, tag="proposed", frozen=True, kw_only=True):
    matter: Matter
    referral_id: str | None = None
    offer_id: str
    choices: tuple[Choice, ...]
    reasonable: bool
    hold_until: datetime


class Pending(State, tag="pending", frozen=True, kw_only=True):
    matter: Matter
    referral_id: str | None = None
    date: Date
    joint_day_id: str | None = None
    hold_until: datetime


class Booked(State, tag="booked", frozen=True, kw_only=True):
    matter: Matter
    referral_id: str | None = None
    date: Date
    joint_day_id: str | None = None
    confirmed: int | None = None
    """The version that the patient confirmed."""
    consultation_id: str | None = None


class Arrived(State, tag="arrived", frozen=True, kw_only=True):
    matter: Matter
    referral_id: str | None = None
    date: Date
    joint_day_id: str | None = None
    consultation_id: str | None = None


class CheckedIn(State, tag="checked-in", frozen=True, kw_only=True):
    matter: Matter
    referral_id: str | None = None
    date: Date
    joint_day_id: str | None = None
    consultation_id: str | None = None


class Fulfilled(State, tag="fulfilled", frozen=True, kw_only=True):
    matter: Matter
    referral_id: str | None = None
    date: Date


class NoShow(State, tag="noshow", frozen=True, kw_only=True):
    matter: Matter
    referral_id: str | None = None
    date: Date
    joint_day_id: str | None = None
    counted: bool


class Cancelled(State, tag="cancelled", frozen=True, kw_only=True):
    matter: Matter
    referral_id: str | None = None
    by: str
    reason: str


class InError(State, tag="entered-in-error", frozen=True, kw_only=True):
    matter: Matter
    referral_id: str | None = None


Here = Arrived | CheckedIn
Dated = Pending | Booked | Arrived | CheckedIn | Fulfilled | NoShow
Known = Waiting | Proposed | Pending | Booked | Arrived | CheckedIn | Fulfilled | NoShow | Cancelled | InError


def dates_of(appointment: Any) -> Sequence[tuple[str, datetime]]:
    """With whom and when it is, or may be: the times that it has, or offers."""
    if isinstance(appointment, Proposed):
        return [(choice.clinician_id, choice.start) for choice in appointment.choices]
    if isinstance(appointment, Dated):
        return [(appointment.date.clinician_id, appointment.date.start)]
    return ()
