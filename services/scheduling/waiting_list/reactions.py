"""Facts → places on the waiting list: their rank, back after an offer, paused while the patient is away. Pure."""

from backbone.model import Event, On, Orders, all_of, like, on
from schemas.referral.v1.referral import ReferralTriaged, TargetChanged
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired
from schemas.scheduling.v1.unavailability import UnavailabilityEnded, UnavailabilityRecorded
from services.scheduling.rules import Rules
from services.scheduling.waiting_list.aggregate import (
    WAITLIST_ENTRY,
    GoBack,
    PauseEntry,
    RankEntry,
    ResumeEntry,
    WaitlistEntries,
)


def rank_entries(event: Event[ReferralTriaged | TargetChanged], rules: Rules) -> Orders:
    """REF-06"""
    yield WAITLIST_ENTRY.send(
        like(RankEntry, event.fact),
        to=all_of(WaitlistEntries.referral_id(event.head.aggregate_id), WaitlistEntries.open),
    )


def go_back_to_the_list(event: Event[OfferDeclined | OfferExpired], rules: Rules) -> Orders:
    if event.head.pathway_id:
        yield WAITLIST_ENTRY.send(
            GoBack(offer_id=event.fact.offer_id),
            to=all_of(WaitlistEntries.referral_id(event.head.pathway_id), WaitlistEntries.open),
        )


def pause_entries(event: Event[UnavailabilityRecorded | UnavailabilityEnded], rules: Rules) -> Orders:
    """ATT-06: who is not available now keeps the place and gets no offer; who is available again, does."""
    fact, referral_id = event.fact, event.head.pathway_id
    today = rules.calendar.day(event.head.occurred_at)
    over = fact.end is not None and fact.end <= today
    if referral_id is None or fact.start > today or (over and isinstance(fact, UnavailabilityRecorded)):
        return
    command = ResumeEntry() if over else PauseEntry(until=fact.end)
    yield WAITLIST_ENTRY.send(
        command, to=all_of(WaitlistEntries.referral_id(referral_id), WaitlistEntries.open)
    )


REACTIONS: tuple[On, ...] = (
    on(ReferralTriaged, rank_entries),
    on(TargetChanged, rank_entries),
    on(OfferDeclined, go_back_to_the_list),
    on(OfferExpired, go_back_to_the_list),
    on(UnavailabilityRecorded, pause_entries),
    on(UnavailabilityEnded, pause_entries),
)
