"""Private facts of opioid exposure."""

from typing import Literal

from schemas.fact import Id, PrivateFact


class ListKept(PrivateFact):
    """The drug list that an assessment read."""

    type: Literal["care_plan.drug_list_kept.v1"] = "care_plan.drug_list_kept.v1"
    ref: Id
    source_id: Id


class ExposureStated(PrivateFact):
    """A clinician said what the patient takes; goes before the public fact."""

    type: Literal["care_plan.exposure_stated.v1"] = "care_plan.exposure_stated.v1"
    by_id: Id
