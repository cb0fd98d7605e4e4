"""The drugs that a referral names, coded."""

from typing import Annotated, Literal

from schemas.fact import MANY, Amount, ClinicalCode, Part, SupplyDays, Uri, YesNo, sensitivity
from schemas.referral.v1.codes import DoseUnit, Route
from schemas.referral.v1.referral import ReferralFact


class MedicationItem(Part):
    """One coded drug. Doses are exact decimals in `dose_unit`, `per_day` times a day."""

    code: Annotated[ClinicalCode, sensitivity("phi")]
    code_system: Uri
    dose: Annotated[Amount | None, sensitivity("phi")] = None
    dose_unit: DoseUnit | None = None
    per_day: Annotated[Amount | None, sensitivity("phi")] = None
    route: Route | None = None
    as_needed: YesNo
    supply_days: Annotated[SupplyDays | None, sensitivity("phi")] = None
    """Of what was prescribed for acute pain (OPI-12)."""


class MedicationsListed(ReferralFact):
    """The drug list, with the receipt and whenever it changes."""

    type: Literal["referral.medications_listed.v1"] = "referral.medications_listed.v1"
    items: Annotated[tuple[MedicationItem, ...], MANY, sensitivity("phi")]
    complete: YesNo
