"""A plan passes from one named clinician to another. Until the other one accepts it stays where it is."""

from backbone.model import Decision, Given, Group, Refused, Table, by, decider
from schemas.care_plan.v1.plan import CareTeamChanged, PlanHandoverEnded, PlanHandoverOffered
from services.care_plan.plan.commands import AcceptHandover, DeclineHandover, OfferHandover, WithdrawHandover
from services.care_plan.plan.states import Handover, Running
from services.care_plan.roles import PHYSICIAN, not_one_of
from services.care_plan.rules import Rules

NOTHING_OFFERED = Refused(
    "nobody is asked to take this plan over", instead=("OfferHandover",), code="not-offered"
)


@by(PHYSICIAN)
def offer(state: Running, command: OfferHandover, given: Given[Rules]) -> Decision:
    """To somebody who may lead it. Whoever was asked before is not asked any more."""
    course = state.course
    if wrong := not_one_of(PHYSICIAN, command.to_id, given.rules):
        return wrong
    if command.to_id == course.lead_id:
        return Refused("to_id: the plan is theirs already", code="theirs-already")
    offered = Handover(to_id=command.to_id, reason=command.reason)
    if offered == course.handover:
        return ()
    return [
        PlanHandoverOffered(
            plan_id=given.target,
            from_id=course.lead_id,
            to_id=command.to_id,
            reason=command.reason,
            offered_by=decider(given),
        )
    ]


def receiver(state: Running, rules: Rules) -> Group:
    """The one person who was asked."""
    handover = state.course.handover
    return Group("whoever was asked to take it over", persons=frozenset({handover.to_id} if handover else ()))


@by(receiver)
def accept(state: Running, command: AcceptHandover, given: Given[Rules]) -> Decision:
    """From now on it is theirs: who led it leaves the team, unless work of the plan is theirs."""
    handover, lead = state.course.handover, state.course.lead_id
    if handover is None:
        return NOTHING_OFFERED
    working = {each.owner_id for each in state.course.work}
    joined = (handover.to_id,) if handover.to_id not in working else ()
    left = (lead,) if lead and lead not in working else ()
    changed = CareTeamChanged(plan_id=given.target, joined=joined, left=left, disciplines=("medical",))
    return [ended(handover, lead, "accepted", given), *([changed] if joined or left else ())]


def ended(handover: Handover, lead: str | None, result: str, given: Given[Rules]) -> PlanHandoverEnded:
    has_it = handover.to_id if result == "accepted" else lead
    return PlanHandoverEnded(
        plan_id=given.target,
        from_id=lead,
        to_id=handover.to_id,
        result=result,
        lead_id=has_it,
        decided_by=decider(given),
    )


@by(receiver)
def decline(state: Running, command: DeclineHandover, given: Given[Rules]) -> Decision:
    """It stays where it was, and whoever wanted to hand it over asks somebody else."""
    handover = state.course.handover
    if handover is None:
        return NOTHING_OFFERED
    return [] if handover.declined else [ended(handover, state.course.lead_id, "declined", given)]


@by(PHYSICIAN)
def withdraw(state: Running, command: WithdrawHandover, given: Given[Rules]) -> Decision:
    """Who has it keeps it."""
    handover = state.course.handover
    return [ended(handover, state.course.lead_id, "withdrawn", given)] if handover else NOTHING_OFFERED


HANDOVER: Table = Table(offer, accept, decline, withdraw)
