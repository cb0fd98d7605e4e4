"""Facts → places on the waiting list: their rank, back after an offer, paused while the patient is away. Pure."""

from backbone.model import Event, On, Orders, all_of, like, on
from schemas.referral.v1.referral import ReferralTriaged, TargetChanged
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired
from schemas.scheduling.v1.unavailability import UnavailabilityEnded, UnavailabilityRecorded
from services.scheduling.rules import Rules
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY, WaitlistEntries
from services.scheduling.waiting_list.commands import GoBack, NoteAbsence, RankEntry


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


def note_absences(event: Event[UnavailabilityRecorded | UnavailabilityEnded], rules: Rules) -> Orders:
    """ATT-06"""
    if event.head.pathway_id:
        yield WAITLIST_ENTRY.send(
            like(NoteAbsence, event.fact),
            to=all_of(WaitlistEntries.referral_id(event.head.pathway_id), WaitlistEntries.open),
        )


REACTIONS: tuple[On, ...] = (
    on(ReferralTriaged, rank_entries),
    on(TargetChanged, rank_entries),
    on(OfferDeclined, go_back_to_the_list),
    on(OfferExpired, go_back_to_the_list),
    on(UnavailabilityRecorded, note_absences),
    on(UnavailabilityEnded, note_absences),
)
