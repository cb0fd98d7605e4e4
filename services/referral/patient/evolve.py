"""What each fact makes of a patient's record. Nothing is decided here."""

from typing import Any

from msgspec.structs import replace

from backbone.model import Head, Table, like, updated
from schemas.referral.v1.patient import (
    DeathDoubted,
    DeathSettled,
    ErasureRefused,
    MergeUndone,
    PatientDeceased,
    PatientErased,
    PatientRegistered,
    PatientsMerged,
    PatientUpdated,
)
from services.referral.patient.facts import (
    AgeLookedAt,
    ClaimKept,
    ContactShared,
    DeathFiled,
    DeathTakenBack,
    KeptApart,
    MatchFound,
    PatientFiled,
    PatientForgotten,
    ReferralClosed,
    ReferralFiled,
)
from services.referral.patient.states import Erased, Filed, Merged, Registered, Unregistered

Known = Registered | Merged


def changed(state: Known, **changes: Any) -> Known:
    """The record, merged into another or not."""
    if isinstance(state, Merged):
        return replace(state, record=replace(state.record, **changes))
    return replace(state, **changes)


def record_of(state: Known) -> Registered:
    return state.record if isinstance(state, Merged) else state


def registered(state: Unregistered | Erased, fact: PatientRegistered, head: Head) -> Registered:
    return like(Registered, fact, patient_id=head.aggregate_id)


def nothing_to_keep(
    state: Known, fact: PatientUpdated | MatchFound | DeathTakenBack | ErasureRefused, head: Head
) -> Known:
    """What it became stands in another fact beside it, or elsewhere."""
    return state


def record_filed(state: Known, fact: PatientFiled, head: Head) -> Known:
    record = updated(record_of(state), fact)
    return replace(state, record=record) if isinstance(state, Merged) else record


def age_looked_at(state: Known, fact: AgeLookedAt, head: Head) -> Known:
    return changed(state, is_adult=fact.is_adult, look_again_on=fact.look_again_on)


def referral_filed(state: Known, fact: ReferralFiled, head: Head) -> Known:
    return changed(state, referrals=(*record_of(state).referrals, like(Filed, fact)))


def referral_closed(state: Known, fact: ReferralClosed, head: Head) -> Known:
    referrals = tuple(
        replace(each, ended_on=fact.on) if each.referral_id == fact.referral_id else each
        for each in record_of(state).referrals
    )
    return changed(state, referrals=referrals)


def claim_kept(state: Known, fact: ClaimKept, head: Head) -> Known:
    return changed(state, claims={**record_of(state).claims, fact.referral_id or "": fact.claim_ref})


def kept_apart(state: Known, fact: KeptApart, head: Head) -> Known:
    return changed(state, others=(*record_of(state).others, fact.patient_id))


def merged(state: Registered, fact: PatientsMerged, head: Head) -> Registered | Merged:
    if head.aggregate_id == fact.surviving_id:
        before = {**state.before_merge, fact.merged_id: len(state.referrals)}
        return replace(state, merged=(*state.merged, fact.merged_id), before_merge=before)
    return Merged(into=fact.surviving_id, record=state)


def merge_undone(state: Known, fact: MergeUndone, head: Head) -> Registered:
    if isinstance(state, Merged):
        return state.record
    before = {each: count for each, count in state.before_merge.items() if each != fact.restored_id}
    merged = tuple(each for each in state.merged if each != fact.restored_id)
    return replace(state, merged=merged, before_merge=before)


def contact_shared(state: Merged, fact: ContactShared, head: Head) -> Merged:
    return replace(state, contact_ref=fact.contact_ref)


def deceased(state: Known, fact: PatientDeceased, head: Head) -> Known:
    return changed(state, is_dead=True, died_on=fact.died_on)


def death_filed(state: Known, fact: DeathFiled, head: Head) -> Known:
    return changed(state, death_from=fact.came_from)


def death_doubted(state: Known, fact: DeathDoubted, head: Head) -> Known:
    return changed(state, is_doubted=True, other_day=fact.died_on)


def death_settled(state: Known, fact: DeathSettled, head: Head) -> Known:
    settled = changed(state, is_doubted=False, death_from=None, other_day=None)
    return changed(settled, is_dead=False, died_on=None) if fact.lives else settled


def erased(state: Known, fact: PatientErased, head: Head) -> Erased:
    record = record_of(state)
    referrals = tuple(each.referral_id for each in record.referrals)
    return Erased(number=record.number, at=head.occurred_at, referrals=referrals)


def forgotten(state: Erased, fact: PatientForgotten, head: Head) -> Erased:
    return replace(state, is_forgotten=True)


EVOLVE = Table(
    *(registered, nothing_to_keep, record_filed, age_looked_at, referral_filed, referral_closed),
    *(claim_kept, kept_apart, merged, merge_undone, deceased, contact_shared),
    *(death_filed, death_doubted, death_settled, erased, forgotten),
)
