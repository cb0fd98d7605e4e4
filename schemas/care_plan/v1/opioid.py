"""Facts of opioid exposure."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import ExposureContext, ExposureProfile, ExposureStatus, RiskFactor
from schemas.fact import FEW, Dec, Fact, Version, YesNo, sensitivity


class OpioidFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "opioid_profile"


class OpioidExposureAssessed(OpioidFact):
    """The drug list was read. `incomplete` is treated as high, never as none."""

    type: Literal["care_plan.opioid_exposure_assessed.v1"] = "care_plan.opioid_exposure_assessed.v1"
    mme_per_day: Annotated[Dec | None, sensitivity("phi")] = None
    status: Annotated[ExposureStatus, sensitivity("phi")]
    has_buprenorphine: Annotated[YesNo, sensitivity("phi")]
    factor_set: Version
    risk_factors: Annotated[tuple[RiskFactor, ...], FEW, sensitivity("phi")]
    profile: Annotated[ExposureProfile, sensitivity("phi")]
    context: ExposureContext
