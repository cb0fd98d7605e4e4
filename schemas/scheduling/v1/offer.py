"""Facts of dates offered to a patient. The aggregate is the appointment to be."""

from typing import Annotated, ClassVar, Literal

from schemas.fact import FEW, Count, Fact, Id, Instant, YesNo
from schemas.scheduling.v1.codes import ContactMode, DateReason


class OfferFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "appointment"


class SlotOffered(OfferFact):
    """Dates are offered; `reasonable` as ATT-01 has it."""

    type: Literal["scheduling.slot_offered.v1"] = "scheduling.slot_offered.v1"
    offer_id: Id
    starts: Annotated[tuple[Instant, ...], FEW]
    notice_days: Count
    reasonable: YesNo
    mode: ContactMode
    hold_until: Instant


class WaitlistOfferMade(OfferFact):
    """A freed time is offered to who waits and comes first (ATT-09). Answered as any offer; declining never counts."""

    type: Literal["scheduling.waitlist_offer_made.v1"] = "scheduling.waitlist_offer_made.v1"
    offer_id: Id
    entry_id: Id
    slot_id: Id
    start: Instant
    notice_days: Count
    mode: ContactMode
    hold_until: Instant


class OfferDeclined(OfferFact):
    """The patient declines. Only a reasonable offer counts (ATT-01)."""

    type: Literal["scheduling.offer_declined.v1"] = "scheduling.offer_declined.v1"
    offer_id: Id
    counts: YesNo
    count: Count
    reason: DateReason | None = None


class OfferExpired(OfferFact):
    """The hold ended without an answer."""

    type: Literal["scheduling.offer_expired.v1"] = "scheduling.offer_expired.v1"
    offer_id: Id
    counts: YesNo
