"""Private facts of an authorisation: they stand in this service's journal only."""

from typing import Annotated, Literal

from schemas.codes import PROCEDURE_FAMILY
from schemas.fact import Day, Id, PrivateFact


class AuthorisationNeeded(PrivateFact):
    """A procedure of the family was ordered that the payer has to authorise."""

    type: Literal["scheduling.authorisation_needed.v1"] = "scheduling.authorisation_needed.v1"
    procedure_id: Id
    family: Annotated[str, PROCEDURE_FAMILY.passed_on]


class NeedEnded(PrivateFact):
    """The procedure is done, or is not going ahead."""

    type: Literal["scheduling.authorisation_need_ended.v1"] = "scheduling.authorisation_need_ended.v1"
    procedure_id: Id


class AuthorisationRanOut(PrivateFact):
    """Its last day is over."""

    type: Literal["scheduling.authorisation_ran_out.v1"] = "scheduling.authorisation_ran_out.v1"
    on: Day
