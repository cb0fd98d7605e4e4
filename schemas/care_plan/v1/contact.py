"""Facts of contacts between staff and patient."""

from typing import Annotated, ClassVar, Literal

from schemas.care_plan.v1.codes import CallResult, ContactKind, WarningSign
from schemas.fact import FEW, Day, Fact, Id, sensitivity


class ContactFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "contact"


class ContactRecorded(ContactFact):
    """Staff spoke with the patient, or tried to."""

    type: Literal["care_plan.contact_recorded.v1"] = "care_plan.contact_recorded.v1"
    contact_id: Id
    kind: ContactKind
    procedure_id: Id | None = None
    result: CallResult
    warnings: Annotated[tuple[WarningSign, ...], FEW, sensitivity("phi")]


class ContactFellDue(ContactFact):
    """A patient whose plan is active is to be called, once a month where the clinic does that."""

    type: Literal["care_plan.contact_fell_due.v1"] = "care_plan.contact_fell_due.v1"
    kind: ContactKind
    due_on: Day
