"""Private facts: steps that nobody outside needs. They go to this service's journal only."""

from typing import Literal

from schemas.fact import Id, PrivateFact


class OrganisationFiled(PrivateFact):
    """Where letters to a referring organisation go, as content."""

    type: Literal["referral.organisation_filed.v1"] = "referral.organisation_filed.v1"
    contact_ref: Id
