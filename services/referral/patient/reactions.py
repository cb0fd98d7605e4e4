"""Facts of referrals and of look-alikes → what the registry compares; and the groups of orders that a merge and its
undoing are. Pure."""

from collections.abc import Iterable

from backbone.model import Event, On, Order, Orders, Snapshot, on, one, together
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.referral.v1.ends import MarkedInError
from schemas.referral.v1.referral import (
    ReferralCompleted,
    ReferralReceived,
    ReferralRedirected,
    ReferralRejected,
    ReferralWithdrawn,
)
from services.referral.likeness.facts import LikenessFound
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.facts import DeathFiled, DeathTakenBack, PatientFiled
from services.referral.patient.states import (
    CloseReferral,
    Erase,
    FileReferral,
    FindAlike,
    GiveBack,
    MergeInto,
    Patient,
    RecordDeath,
    Restore,
    ShareContact,
    TakeBackDeath,
    TakeIn,
)
from services.referral.referral.facts import LinkedAsDuplicate
from services.referral.rules import Rules

End = (
    ReferralRejected
    | ReferralRedirected
    | ReferralCompleted
    | ReferralWithdrawn
    | MarkedInError
    | LinkedAsDuplicate
)


def file_referral(event: Event[ReferralReceived], rules: Rules) -> Orders:
    if event.head.lane_key:
        command = FileReferral(
            referral_id=event.head.aggregate_id,
            body_sites=tuple(event.fact.body_sites),
            conditions=tuple(event.fact.condition_codes),
        )
        yield PATIENT.send(command, to=one(event.head.lane_key))


def close_referral(event: Event[End], rules: Rules) -> Orders:
    if event.head.lane_key:
        ended_on = rules.calendar.day(event.head.occurred_at)
        command = CloseReferral(referral_id=event.head.aggregate_id, on=ended_on)
        yield PATIENT.send(command, to=one(event.head.lane_key))


def find_alike(event: Event[LikenessFound], rules: Rules) -> Orders:
    fact = event.fact
    command = FindAlike(
        patient_id=fact.other_patient_id,
        referral_id=fact.referral_id,
        other_referral_id=fact.other_referral_id,
        more=fact.more,
    )
    yield PATIENT.send(command, to=one(fact.patient_id))


def share_contact(event: Event[PatientFiled], rules: Rules) -> Orders:
    """One person is reached in one way, under whatever record."""
    for other in event.fact.also:
        yield PATIENT.send(ShareContact(contact_ref=event.fact.contact_ref), to=one(other))


def record_death_of_person(event: Event[DeathFiled], rules: Rules) -> Orders:
    """Of every record of the person."""
    for other in event.fact.others:
        command = RecordDeath(
            source="registry",
            died_on=event.fact.died_on,
            decided_by=event.fact.decided_by,
            came_from=event.head.aggregate_id,
        )
        yield PATIENT.send(command, to=one(other))


def take_back_death_of_person(event: Event[DeathTakenBack], rules: Rules) -> Orders:
    for other in event.fact.others:
        yield PATIENT.send(TakeBackDeath(decided_by=event.fact.decided_by), to=one(other))


def record_death(event: Event[PatientDischarged], rules: Rules) -> Orders:
    """A clinician discharged somebody who died."""
    if event.fact.reason == "DIED" and event.head.lane_key:
        command = RecordDeath(source="discharge", decided_by=event.fact.decided_by)
        yield PATIENT.send(command, to=one(event.head.lane_key))


def merge(surviving: Snapshot[Patient], merged_id: str, expecting: int | None) -> Order:
    return together(
        PATIENT.send(TakeIn(merged_id=merged_id), to=one(surviving.id), expecting=expecting),
        PATIENT.send(MergeInto(surviving_id=surviving.id), to=one(merged_id)),
        about=one(surviving.id),
    )


def undo_merge(surviving: Snapshot[Patient], restored_id: str, expecting: int | None) -> Order:
    return together(
        PATIENT.send(GiveBack(restored_id=restored_id), to=one(surviving.id), expecting=expecting),
        PATIENT.send(Restore(surviving_id=surviving.id), to=one(restored_id)),
        about=one(surviving.id),
    )


def erase(patient: Snapshot[Patient], records: Iterable[str], ground: str, expecting: int | None) -> Order:
    """Every record of the person, or none."""
    others = [PATIENT.send(Erase(ground=ground), to=one(each)) for each in records if each != patient.id]
    own = PATIENT.send(Erase(ground=ground), to=one(patient.id), expecting=expecting)
    return together(own, *others, about=one(patient.id))


OWN: tuple[On, ...] = (
    on(ReferralReceived, file_referral),
    on(ReferralRejected, close_referral),
    on(ReferralRedirected, close_referral),
    on(ReferralCompleted, close_referral),
    on(ReferralWithdrawn, close_referral),
    on(MarkedInError, close_referral),
    on(LinkedAsDuplicate, close_referral),
    on(LikenessFound, find_alike),
    on(PatientFiled, share_contact),
    on(DeathFiled, record_death_of_person),
    on(DeathTakenBack, take_back_death_of_person),
)
"""Handled in the transaction that writes the facts."""

REACTIONS: tuple[On, ...] = (on(PatientDischarged, record_death),)
