"""Orders, dates and ends of procedures → what the payer has to authorise, and for which day. Pure."""

from backbone.model import Event, On, Orders, all_of, like, on, one
from schemas.care_plan.v1.procedure import ProcedureOrdered
from schemas.scheduling.v1.appointment import AppointmentHeld, AppointmentMoved
from schemas.scheduling.v1.gate import GateClosed
from services.scheduling.authorisation.aggregate import (
    AUTHORISATION,
    AuthorisationColumns,
    CheckReach,
    EndNeed,
    NeedAuthorisation,
)
from services.scheduling.authorisation.states import authorisation_id
from services.scheduling.rules import Rules


def need(event: Event[ProcedureOrdered], rules: Rules) -> Orders:
    """Asked for before its gate is opened: an approval that is there meets it at once."""
    if "authorisation" in event.fact.gates and event.head.pathway_id:
        to = one(authorisation_id(event.head.pathway_id, event.fact.family))
        yield AUTHORISATION.send(like(NeedAuthorisation, event.fact), to=to)


def end_need(event: Event[GateClosed], rules: Rules) -> Orders:
    if event.fact.kind == "authorisation" and event.head.pathway_id:
        to = all_of(AuthorisationColumns.referral_id(event.head.pathway_id))
        yield AUTHORISATION.send(like(EndNeed, event.fact), to=to)


def check_reach(event: Event[AppointmentHeld | AppointmentMoved], rules: Rules) -> Orders:
    """PRC-05: asked again of every date."""
    if event.fact.procedure_id and event.head.pathway_id:
        check = CheckReach(procedure_id=event.fact.procedure_id, day=rules.calendar.day(event.fact.start))
        yield AUTHORISATION.send(check, to=all_of(AuthorisationColumns.referral_id(event.head.pathway_id)))


REACTIONS: tuple[On, ...] = (
    on(ProcedureOrdered, need),
    on(GateClosed, end_need),
    on(AppointmentHeld, check_reach),
    on(AppointmentMoved, check_reach),
)
