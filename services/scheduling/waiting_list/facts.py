"""Private facts of a place on the waiting list: they stand in this service's journal only."""

from typing import Literal

from schemas.fact import Code, Day, Id, PrivateFact, YesNo


class EntryRanked(PrivateFact):
    """The urgency was decided anew (REF-06)."""

    type: Literal["scheduling.entry_ranked.v1"] = "scheduling.entry_ranked.v1"
    category: Code | None = None
    target_date: Day


class ShortNoticeAgreed(PrivateFact):
    """Whether freed times of a few days later are offered to the patient (ATT-09)."""

    type: Literal["scheduling.short_notice_agreed.v1"] = "scheduling.short_notice_agreed.v1"
    agreed: YesNo


class AbsenceNoted(PrivateFact):
    """A time in which the patient is not available (ATT-06)."""

    type: Literal["scheduling.absence_noted.v1"] = "scheduling.absence_noted.v1"
    period_id: Id
    start: Day
    end: Day | None = None


class EntryPaused(PrivateFact):
    """The patient is not available; the place is kept."""

    type: Literal["scheduling.entry_paused.v1"] = "scheduling.entry_paused.v1"
    until: Day | None = None


class EntryResumed(PrivateFact):
    type: Literal["scheduling.entry_resumed.v1"] = "scheduling.entry_resumed.v1"
    on: Day | None = None


class EntryOffered(PrivateFact):
    type: Literal["scheduling.entry_offered.v1"] = "scheduling.entry_offered.v1"
    offer_id: Id


class EntryBack(PrivateFact):
    """Declined or expired: waiting again, in the old place."""

    type: Literal["scheduling.entry_back.v1"] = "scheduling.entry_back.v1"
