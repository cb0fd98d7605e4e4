"""Facts of a consultation and its letters."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import (
    Audience,
    ConsultationKind,
    ConsultationOutcome,
    DiagnosisSystem,
    InvestigationResult,
    LeftOut,
    LetterKind,
    OutcomeDetail,
)
from schemas.fact import FEW, ClinicalCode, Day, Fact, Id, Part, YesNo, sensitivity


class Diagnosis(Part):
    """A coded diagnosis: one code, or several joined as ICD-11 clusters them (`MG30.0&XS5W`)."""

    system: DiagnosisSystem
    code: Annotated[ClinicalCode, sensitivity("phi")]


class ConsultationFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "consultation"


class ConsultationStarted(ConsultationFact):
    """The clinician starts."""

    type: Literal["care_plan.consultation_started.v1"] = "care_plan.consultation_started.v1"
    consultation_id: Id
    appointment_id: Id
    kind: ConsultationKind


class ConsultationCompleted(ConsultationFact):
    """Checklist, outcome and coded diagnosis are there (CON-04)."""

    type: Literal["care_plan.consultation_completed.v1"] = "care_plan.consultation_completed.v1"
    consultation_id: Id
    kind: ConsultationKind
    outcome: Annotated[ConsultationOutcome, sensitivity("phi")]
    outcome_detail: OutcomeDetail | None = None
    diagnoses: Annotated[tuple[Diagnosis, ...], FEW, sensitivity("phi")]
    plan_due: Day | None = None
    letter_due: Day
    decided_by: Id


class InvestigationResultRecorded(ConsultationFact):
    """The result of a further investigation came in."""

    type: Literal["care_plan.investigation_result_recorded.v1"] = "care_plan.investigation_result_recorded.v1"
    consultation_id: Id
    result: Annotated[InvestigationResult, sensitivity("phi")]
    decided_by: Id


class LetterSigned(ConsultationFact):
    """A letter is signed and may go out."""

    type: Literal["care_plan.letter_signed.v1"] = "care_plan.letter_signed.v1"
    letter_ref: Id
    kind: LetterKind
    audience: Annotated[tuple[Audience, ...], FEW]
    signed_by: Id
    left_out: LeftOut | None = None
    """Why it is not for all whom it should be for."""
    after_discharge: YesNo | None = None
    """A summary letter that replaces one which was recalled: nothing else sends it."""
