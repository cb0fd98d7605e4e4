"""Facts of dates offered to a patient. The aggregate is the appointment to be."""

from typing import ClassVar, Literal

from schemas.fact import Code, Fact, Id, Instant
from schemas.scheduling.v1.codes import ContactMode


class OfferFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "appointment"


class SlotOffered(OfferFact):
    """Dates are offered; `reasonable` as ATT-01 has it."""

    type: Literal["scheduling.slot_offered.v1"] = "scheduling.slot_offered.v1"
    offer_id: Id
    starts: tuple[Instant, ...]
    notice_days: int
    reasonable: bool
    mode: ContactMode
    hold_until: Instant


class OfferDeclined(OfferFact):
    """The patient declines. Only a reasonable offer counts (ATT-01)."""

    type: Literal["scheduling.offer_declined.v1"] = "scheduling.offer_declined.v1"
    offer_id: Id
    counts: bool
    count: int
    reason: Code | None = None


class OfferExpired(OfferFact):
    """The hold ended without an answer."""

    type: Literal["scheduling.offer_expired.v1"] = "scheduling.offer_expired.v1"
    offer_id: Id
    counts: bool
