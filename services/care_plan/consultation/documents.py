"""What requests about consultations say, and what they are told. Unknown fields are errors."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from backbone.http.calls import RequestBody
from schemas.care_plan.v1.codes import Audience, ConsultationKind, ConsultationOutcome, InvestigationResult
from schemas.fact import Code, Id
from services.care_plan.consultation.commands import Coded, CompleteConsultation, Item
from services.care_plan.rules import Text


class Starting(RequestBody):
    appointment_id: Id
    kind: ConsultationKind


class ConsultationId(BaseModel):
    consultation_id: Id


class ChecklistItem(RequestBody):
    """An answer, or why the item does not apply."""

    answer: Text | None = None
    not_applicable: Text | None = None


class DiagnosisCode(RequestBody):
    system: Code
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+&-]{0,63}$")]


class Completing(RequestBody):
    """Outcome, coded diagnosis and the whole checklist (CON-04)."""

    outcome: ConsultationOutcome
    outcome_detail: Code | None = None
    diagnoses: tuple[DiagnosisCode, ...] = ()
    checklist: dict[str, ChecklistItem] = Field(default_factory=dict)
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


class Letter(RequestBody):
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    text: Text
