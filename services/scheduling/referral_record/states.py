"""What a referral's record holds, and what other deciders of this service ask it."""

from datetime import date

import msgspec

from backbone.model import Given, State
from services.scheduling.rules import Rules

IN_ERROR = "entered_in_error"
"""Why an appointment is cancelled that should never have been there."""


class Missed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A visit that the patient did not come to."""

    appointment_id: str
    joint_day_id: str | None = None


class Delivered(msgspec.Struct, frozen=True):
    """A message that reached the patient."""

    message_id: str
    appointment_id: str
    version: int


class Review(msgspec.Struct, frozen=True):
    """A visit that was asked for, at which care is looked at."""

    booking_request_id: str
    settled: bool = False


class Record(State, tag="record", frozen=True, kw_only=True):
    cancelled: tuple[str, ...] = ()
    joint_days: dict[str, str] = msgspec.field(default_factory=dict)
    """Of cancelled appointments that were part of one."""
    missed: tuple[Missed, ...] = ()
    refused: tuple[str, ...] = ()
    delivered: tuple[Delivered, ...] = ()
    """Reminders."""
    told: tuple[Delivered, ...] = ()
    """Notices of a move."""
    failed: tuple[str, ...] = ()
    category: str | None = None
    target_date: date | None = None
    is_over: bool = False
    """The referral ended: nothing more is booked for it."""

    reviews: tuple[Review, ...] = ()

    @property
    def to_be_booked(self) -> list[str]:
        """Requests, still without a date, for visits at which care is looked at."""
        return [each.booking_request_id for each in self.reviews if not each.settled]

    def reminders(self, appointment_id: str, version: int) -> int:
        """How many reminders of this version of the appointment were delivered."""
        return sum(
            (each.appointment_id, each.version) == (appointment_id, version) for each in self.delivered
        )

    def told_of(self, appointment_id: str, version: int) -> bool:
        """Whether the patient knows the date: the first one, or a notice of the move was delivered."""
        return version == 1 or (appointment_id, version) in {
            (each.appointment_id, each.version) for each in self.told
        }

    def non_attendances(self, *more: Missed) -> int:
        """One for a whole joint day, not one for each discipline."""
        return len({each.joint_day_id or each.appointment_id for each in (*self.missed, *more)})

    def cancellations(self, *more: Missed, without: str = "") -> int:
        """One for a whole joint day, not one for each discipline."""
        known = {self.joint_days.get(each, each) for each in self.cancelled if each != without}
        return len(known | {each.joint_day_id or each.appointment_id for each in more})

    def did_not_come(self, appointment_id: str) -> bool:
        return any(each.appointment_id == appointment_id for each in self.missed)


def record_of(referral_id: str | None, given: Given[Rules]) -> Record:
    """What counts so far, for a decider that asked to see it."""
    found = given.others.get(("referral_record", referral_id or ""))
    return found if isinstance(found, Record) else Record()
