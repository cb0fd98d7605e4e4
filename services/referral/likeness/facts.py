"""Private facts: they go to this service's journal only."""

from typing import Literal

from schemas.fact import Count, Id, PrivateFact


class PersonSeen(PrivateFact):
    """A referral of somebody who looks like this."""

    type: Literal["referral.person_seen.v1"] = "referral.person_seen.v1"
    patient_id: Id
    referral_id: Id


class LikenessFound(PrivateFact):
    """Somebody else is registered who looks like this. `more`: so many others do who are not asked about."""

    type: Literal["referral.likeness_found.v1"] = "referral.likeness_found.v1"
    patient_id: Id
    referral_id: Id
    other_patient_id: Id
    other_referral_id: Id
    more: Count | None = None
