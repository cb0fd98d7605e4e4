"""The states of the opioid checks of a referral."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from backbone.ids import derive
from backbone.model import State
from schemas.care_plan.v1.codes import OpioidCheck

Stage = Literal["accepted", "begun", "seen"]
"""Before the first consultation, since it began, and since it was held."""


class Check(msgspec.Struct, frozen=True):
    """One that somebody has to do; since when, and by when."""

    id: str
    check: OpioidCheck
    at: datetime | None = None
    due_on: date | None = None


class Settled(msgspec.Struct, frozen=True):
    """One that was done (`at`): asked again on that day, or not as long as its reason lasts."""

    check: OpioidCheck
    again_on: date | None = None
    at: datetime | None = None


class Unfollowed(State, tag="unfollowed"):
    """The referral is not accepted."""


class Followed(State, tag="followed", kw_only=True):
    patient_id: str
    referral_id: str
    seen: bool = False
    """The first consultation was held: from then on every check counts."""
    begun: bool = False
    """It began: the registry is looked into (OPI-08)."""
    takes: bool = False
    mme_per_day: Decimal | None = None
    """As it was looked at last: what is more than this is an increase."""
    two_tapers: bool = False
    """Two were under way at once when it was looked at last; somebody was asked."""
    sedating: tuple[str, ...] = ()
    """What sedated when it was looked at last: one more is asked about again."""
    opioids: tuple[str, ...] = ()
    """By name, when they were looked at last: another one is a start."""
    doses: tuple[tuple[str, Decimal], ...] = ()
    """Of each by name, when they were looked at last: more of one is an increase, whatever they come to."""
    week_until: date | None = None
    """The first week of methadone, or of more of it (OPI-06)."""
    reviewed_at: Decimal | None = None
    """The dose at which a second review was asked for; less than that asks for none (OPI-02)."""
    reviewed_by: str | None = None
    """Who looked at them last: held the consultation, or reviewed them since."""
    open: tuple[Check, ...] = ()
    settled: tuple[Settled, ...] = ()
    asked: int = 0

    @property
    def stage(self) -> Stage:
        return "seen" if self.seen else "begun" if self.begun else "accepted"

    def next_due(self) -> date | None:
        return min((each.again_on for each in self.settled if each.again_on), default=None)

    def is_open(self, check: OpioidCheck) -> bool:
        return any(each.check == check for each in self.open)

    def is_quiet(self, check: OpioidCheck) -> bool:
        """Somebody has it to do, or did it, and it is not asked again yet."""
        return self.is_open(check) or any(each.check == check for each in self.settled)


class Ended(State, tag="ended"):
    """With the referral."""


OpioidChecks = Unfollowed | Followed | Ended


def checks_id(referral_id: str) -> str:
    """The opioid checks of a referral."""
    return derive(referral_id, "opioid checks")
