"""Offers of dates: made, declined, expired (ATT-01)."""

from backbone.model import Decision, Given, Refused, Ruled, Table, by, ignores, like
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired, SlotOffered, WaitlistOfferMade
from services.scheduling.appointment.commands import (
    DeclineOffer,
    ExpireOffer,
    FreedTime,
    OfferDates,
    StopOffer,
)
from services.scheduling.appointment.decide.dates import fitting, placed
from services.scheduling.appointment.decide.gates import before_assessment, out_of_order
from services.scheduling.appointment.facts import DatesOffered
from services.scheduling.appointment.states import NoAppointment, Proposed, Waiting, all_but
from services.scheduling.referral_record.states import record_of
from services.scheduling.roles import COORDINATOR, COORDINATOR_OR_PATIENT
from services.scheduling.rules import Rules


@by(COORDINATOR)
def offer(state: NoAppointment | Waiting, command: OfferDates, given: Given[Rules]) -> Decision:
    """Reasonable is enough notice, on enough different dates."""
    rules, rule = given.rules, given.rules.scheduling.offers
    for choice in command.choices:
        slot = fitting(command.matter, choice, given)
        if isinstance(slot, Refused):
            return slot
    first = min(choice.start for choice in command.choices)
    early = before_assessment(command.assessments, first, given)
    if refusal := out_of_order(command.matter, command.referral_id, given) or early:
        return refusal
    notice = min(rules.notice_days(given.at, choice.start) for choice in command.choices)
    days = {rules.calendar.day(choice.start) for choice in command.choices}
    fact: SlotOffered | WaitlistOfferMade
    if command.freed:
        [freed] = command.choices
        fact = like(
            WaitlistOfferMade, command, **of_freed(command.freed), start=freed.start, notice_days=notice
        )
    else:
        fact = like(
            SlotOffered,
            command,
            starts=tuple(choice.start for choice in command.choices),
            notice_days=notice,
            reasonable=notice >= rule.values.notice_days and len(days) >= rule.values.min_dates,
        )
    return [*placed(state, command.matter), with_whom(command), Ruled(fact, (rule,))]


def with_whom(command: OfferDates) -> DatesOffered:
    places = tuple(choice.place for choice in command.choices)
    return DatesOffered(
        clinician_ids=tuple(choice.clinician_id for choice in command.choices),
        places=places if max(places) > 1 else (),
    )


def of_freed(freed: FreedTime) -> dict[str, str]:
    return {"slot_id": freed.slot_id, "entry_id": freed.entry_id}


@by(COORDINATOR)
def offer_again(state: Proposed, command: OfferDates, given: Given[Rules]) -> Decision:
    if state.offer_id == command.offer_id:
        return ()
    return Refused("an offer is open already: wait, or let it be declined", code="offer-open")


@by(COORDINATOR_OR_PATIENT)
def decline(state: Proposed, command: DeclineOffer, given: Given[Rules]) -> Decision:
    """Only a reasonable offer counts."""
    if state.offer_id != command.offer_id:
        return Refused("that is not the open offer", code="offer-over")
    refused = record_of(state.referral_id, given).refused
    return [like(OfferDeclined, command, counts=state.reasonable, count=len(refused) + state.reasonable)]


def expire(state: Proposed, command: ExpireOffer, given: Given[Rules]) -> Decision:
    """An offer that nobody answered does not count: it may never have arrived."""
    return [like(OfferExpired, command, counts=False)] if state.offer_id == command.offer_id else ()


def stop(state: Proposed, command: StopOffer, given: Given[Rules]) -> Decision:
    return [OfferExpired(offer_id=state.offer_id, counts=False)]


OFFERS = Table(
    *(offer, offer_again, decline, expire, stop),
    ignores(ExpireOffer, StopOffer, when=all_but(Proposed)),
)
