"""What requests about consultations say, and what they are told. Unknown fields are errors."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from backbone.http.calls import RequestBody
from backbone.http.resources import without
from schemas.care_plan.v1.codes import (
    CONSULTATION_KIND,
    DIAGNOSIS_SYSTEM,
    OUTCOME_DETAIL,
    ConsultationOutcome,
    InvestigationResult,
)
from schemas.fact import FEW, ClinicalCode, Id, Word, most
from schemas.said import Answer, Name
from schemas.said import LongText as Text
from services.care_plan.consultation.commands import Coded, CompleteConsultation, Item


class Starting(RequestBody):
    appointment_id: Id
    kind: Annotated[str, CONSULTATION_KIND.only]


class ConsultationId(BaseModel):
    consultation_id: Id


class Held(BaseModel):
    """One of a list: beside these its state, as it is shown by itself."""

    model_config = ConfigDict(extra="allow")

    id: Id
    version: int
    status: str
    patient_id: Id | None
    referral_id: Id | None


class ConsultationList(BaseModel):
    consultations: list[Held]


class ChecklistItem(RequestBody):
    """An answer, or why the item does not apply."""

    answer: Answer | None = None
    not_applicable: Name | None = None


class DiagnosisCode(RequestBody):
    system: Annotated[str, DIAGNOSIS_SYSTEM.only]
    code: ClinicalCode


class Completing(RequestBody):
    """Outcome, coded diagnosis and the whole checklist (CON-04)."""

    outcome: ConsultationOutcome
    outcome_detail: Annotated[str, OUTCOME_DETAIL.only] | None = None
    diagnoses: Annotated[tuple[DiagnosisCode, ...], FEW] = ()
    checklist: Annotated[dict[Word, ChecklistItem], most(40)] = Field(
        default_factory=dict, json_schema_extra={"additionalProperties": False}
    )
    note: Text | None = None

    @property
    def command(self) -> CompleteConsultation:
        return CompleteConsultation(
            outcome=self.outcome,
            outcome_detail=self.outcome_detail,
            diagnoses=tuple(Coded(each.system, each.code) for each in self.diagnoses),
            checklist={name: Item(**item.model_dump()) for name, item in self.checklist.items()},
            note=self.note,
        )


class Addendum(RequestBody):
    text: Text


class Result(RequestBody):
    result: InvestigationResult


status_of = without("outcome", "result", "diagnoses")
"""That there is one, of which kind, and how it stands; nothing of what was found."""
