"""What the registry finds → referrals: what may be a duplicate is suspected, and with a death all of it ends. Pure."""

from backbone.model import Event, On, Order, Orders, Snapshot, all_of, on, one, together
from schemas.referral.v1.patient import DeathSettled
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.facts import DeathFiled, MatchFound
from services.referral.patient.states import KeepApart, TakeOver
from services.referral.referral.aggregate import REFERRAL, Referrals
from services.referral.referral.commands import (
    DismissDuplicate,
    EndWithDeath,
    FollowLink,
    KeepWithDuplicate,
    LinkAsDuplicate,
    RaiseOpenFlags,
    SuspectDuplicate,
)
from services.referral.referral.facts import LinkedAsDuplicate
from services.referral.referral.states import Known
from services.referral.rules import Rules


def suspect_duplicate(event: Event[MatchFound], rules: Rules) -> Orders:
    fact = event.fact
    command = SuspectDuplicate(
        other_referral_id=fact.other_referral_id, basis=tuple(fact.basis), more=fact.more
    )
    yield REFERRAL.send(command, to=one(fact.referral_id))


def end_with_death(event: Event[DeathFiled], rules: Rules) -> Orders:
    """TID 09, 16, 24, 30, X12; 23 where there is no outcome."""
    command = EndWithDeath(decided_by=event.fact.decided_by)
    yield REFERRAL.send(command, to=all_of(Referrals.patient_id(event.head.aggregate_id)))


def raise_open_flags(event: Event[DeathSettled], rules: Rules) -> Orders:
    """The death closed the work about them; nobody had assessed them."""
    if event.fact.lives:
        yield REFERRAL.send(RaiseOpenFlags(), to=all_of(Referrals.patient_id(event.head.aggregate_id)))


def follow_link(event: Event[LinkedAsDuplicate], rules: Rules) -> Orders:
    """One truth: whatever was linked with what is linked now goes on in the same referral."""
    for before in event.fact.before:
        yield REFERRAL.send(FollowLink(kept_id=event.fact.kept_id), to=one(before))


def link(duplicate: Snapshot[Known], kept_id: str, expecting: int | None) -> Order:
    """X13: the duplicate ends and the other goes on with what it has, or neither."""
    return together(
        REFERRAL.send(LinkAsDuplicate(kept_id=kept_id), to=one(duplicate.id), expecting=expecting),
        REFERRAL.send(KeepWithDuplicate(duplicate_id=duplicate.id), to=one(kept_id)),
    )


def dismiss(
    referral: Snapshot[Known],
    other: Snapshot[Known] | None,
    command: DismissDuplicate,
    *,
    claimed: str | None,
    expecting: int | None,
) -> Order:
    """`claimed`: under which record it is kept what this referral's sender said of the person, and is right. Another
    patient is kept apart for good."""
    sends = [REFERRAL.send(command, to=one(referral.id), expecting=expecting)]
    patient_id = referral.state.course.patient_id
    if claimed:
        sends.append(PATIENT.send(TakeOver(referral_id=referral.id), to=one(claimed)))
    if other is not None and other.state.course.patient_id != patient_id:
        sends.append(PATIENT.send(KeepApart(patient_id=other.state.course.patient_id), to=one(patient_id)))
    return together(*sends)


OWN: tuple[On, ...] = (
    on(MatchFound, suspect_duplicate),
    on(DeathFiled, end_with_death),
    on(DeathSettled, raise_open_flags),
    on(LinkedAsDuplicate, follow_link),
)
"""Handled in the transaction that writes the facts."""
