"""Facts of a payer's authorisation of a procedure (PRC-05)."""

from typing import Annotated, ClassVar, Literal

from schemas.codes import ProcedureFamily
from schemas.fact import Day, Fact, Id, sensitivity
from schemas.scheduling.v1.codes import AuthorisationStatus


class AuthorisationFact(Fact):
    """What every fact of this aggregate is."""

    aggregate: ClassVar[str] = "authorisation"


class AuthorisationRecorded(AuthorisationFact):
    """The payer answered, or has been asked (`pending`)."""

    type: Literal["scheduling.authorisation_recorded.v1"] = "scheduling.authorisation_recorded.v1"
    authorisation_id: Id
    status: AuthorisationStatus
    valid_from: Day | None = None
    valid_to: Day | None = None
    family: Annotated[ProcedureFamily, sensitivity("phi")]


class AuthorisationExpired(AuthorisationFact):
    """It ran out, or will before the date."""

    type: Literal["scheduling.authorisation_expired.v1"] = "scheduling.authorisation_expired.v1"
    authorisation_id: Id
    procedure_id: Id
    expired_on: Day
