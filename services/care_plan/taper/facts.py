"""Private facts of tapers."""

from typing import Annotated, Literal

from schemas.fact import SOME, Day, Dec, Id, Part, PrivateFact, sensitivity


class AgreedStep(Part):
    """The dose that is agreed from a day on."""

    on: Day
    mme: Annotated[Dec, sensitivity("phi")]


class DoseFollowed(PrivateFact):
    """The dose as it is known: the first one, or more than before."""

    type: Literal["care_plan.dose_followed.v1"] = "care_plan.dose_followed.v1"
    mme: Annotated[Dec | None, sensitivity("phi")] = None


class TaperAgreed(PrivateFact):
    """What was agreed with the patient; goes before the public fact."""

    type: Literal["care_plan.taper_agreed.v1"] = "care_plan.taper_agreed.v1"
    steps: Annotated[tuple[AgreedStep, ...], SOME, sensitivity("phi")]


class StepTaken(PrivateFact):
    """Somebody said so; goes before the public fact. The exposure follows in the same transaction."""

    type: Literal["care_plan.taper_step_taken.v1"] = "care_plan.taper_step_taken.v1"
    patient_id: Id
    mme: Annotated[Dec, sensitivity("phi")]
    by_id: Id
