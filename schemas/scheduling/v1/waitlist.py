"""Facts of a waiting-list entry."""

from typing import Annotated, ClassVar, Literal

from schemas.codes import Discipline
from schemas.fact import Day, Fact, Id, Word, YesNo, sensitivity
from schemas.scheduling.v1.codes import LeftBecause, Purpose


class WaitlistFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "waitlist_entry"


class WaitlistJoined(WaitlistFact):
    """The patient waits for a date."""

    type: Literal["scheduling.waitlist_joined.v1"] = "scheduling.waitlist_joined.v1"
    entry_id: Id
    booking_request_id: Id
    purpose: Purpose
    discipline: Annotated[Discipline, sensitivity("phi")]
    category: Word | None = None
    target_date: Day | None = None
    short_notice_ok: YesNo


class WaitlistLeft(WaitlistFact):
    """Booked, or removed for the reason given."""

    type: Literal["scheduling.waitlist_left.v1"] = "scheduling.waitlist_left.v1"
    entry_id: Id
    booking_request_id: Id
    reason: LeftBecause
