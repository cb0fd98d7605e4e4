"""A plan passes from one named clinician to another: whoever has it keeps it until the other one accepts."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Actor
from schemas.care_plan.v1.plan import CareTeamChanged, PlanHandoverEnded, PlanHandoverOffered
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.commands import (
    AcceptHandover,
    DeclineHandover,
    HoldPlan,
    NoteWork,
    OfferHandover,
    WithdrawHandover,
)
from tests.support.deciding import START, Situation, deciding, like, nothing, refused
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.plans import ACTIVATE, DRAFT, beside
from tests.unit.care_plan.situations import NURSE, rules, some_id

DIRECTORY = rules().staff


def lead(login: str) -> Actor:
    member = DIRECTORY.by_login[login]
    return Actor("user", member.id, member.roles[0])


GIVER = lead("paul.okafor")
LEADS = tuple(
    Actor("user", each.id, each.roles[0])
    for each in DIRECTORY.members
    if {"physician", "clinical_lead", "medical_director"} & set(each.roles) and each.id != GIVER.id
)
RECEIVER, OTHER = LEADS[:2]
OFFER = OfferHandover(to_id=str(RECEIVER.id), reason="absence")


def running(*steps: Any) -> Situation:
    """An active plan that is the giver's."""
    situation = deciding(CARE_PLAN, rules(), actor=GIVER)().beside(beside())
    for step in (DRAFT, ACTIVATE, *steps):
        situation.world.take(step)
    return situation


def test_whoever_hands_a_plan_over_keeps_it_until_the_other_one_accepts() -> None:
    offered = like(
        PlanHandoverOffered, from_id=GIVER.id, to_id=RECEIVER.id, reason="absence", offered_by=GIVER.id
    )
    result = running().when(OFFER)
    result.then(offered)
    assert result.state.course.lead_id == GIVER.id
    accepted = running(OFFER, RECEIVER).when(AcceptHandover())
    ended = like(PlanHandoverEnded, result="accepted", from_id=GIVER.id, lead_id=RECEIVER.id)
    accepted.then(ended, like(CareTeamChanged, joined=(RECEIVER.id,), left=(GIVER.id,)))
    assert (accepted.state.course.lead_id, accepted.state.course.handover) == (RECEIVER.id, None)


def test_nobody_accepts_for_somebody_else() -> None:
    for actor in (GIVER, OTHER, NURSE):
        for command in (AcceptHandover(), DeclineHandover()):
            running(OFFER, actor).when(command).then(refused(code="not-permitted"))


def test_what_is_declined_stays_where_it_was_and_waits_for_somebody_else() -> None:
    declined = running(OFFER, RECEIVER).when(DeclineHandover())
    declined.then(like(PlanHandoverEnded, result="declined", lead_id=GIVER.id))
    assert declined.state.course.handover.declined
    again = OfferHandover(to_id=str(OTHER.id), reason="absence")
    steps = (OFFER, RECEIVER, DeclineHandover(), GIVER)
    running(*steps).when(again).then(like(PlanHandoverOffered, to_id=OTHER.id))
    running(*steps).when(WithdrawHandover()).then(
        like(PlanHandoverEnded, result="withdrawn", lead_id=GIVER.id)
    )


def test_another_lead_hands_over_what_somebody_left_behind_also_while_it_rests() -> None:
    hold = HoldPlan(reason="staff_absent", review_on=START.date().replace(year=START.year + 1))
    result = running(hold, OTHER).when(OFFER)
    result.then(like(PlanHandoverOffered, from_id=GIVER.id, offered_by=OTHER.id))


@pytest.mark.parametrize("to", [NURSE.id, GIVER.id, some_id("nobody")])
def test_a_plan_goes_to_somebody_who_may_lead_it_and_does_not_yet(to: str) -> None:
    result = running().when(OfferHandover(to_id=to, reason="workload"))
    result.then(refused(code="theirs-already" if to == GIVER.id else "unknown-person"))


def test_the_same_offer_again_changes_nothing_and_without_one_nothing_is_accepted() -> None:
    running(OFFER).when(OFFER).then(nothing())
    running().when(WithdrawHandover()).then(refused(instead="OfferHandover"))


def test_who_has_work_of_the_plan_stays_in_the_team() -> None:
    work = NoteWork(activity_id=some_id("activity 1"), owner_id=str(GIVER.id), discipline="medical")
    result = running(work, OFFER, RECEIVER).when(AcceptHandover())
    result.then(PlanHandoverEnded, like(CareTeamChanged, joined=(RECEIVER.id,), left=()))


class Handovers(Machine):
    """One plan and three who may lead it: somebody always does."""

    lead: str

    @initialize()
    def somebody_leads(self) -> None:
        self.begin(CARE_PLAN, rules())
        self.world.others = beside()
        for command in (DRAFT, ACTIVATE):
            self.take(GIVER, command)
        self.lead = str(GIVER.id)

    @rule(
        actor=st.sampled_from((GIVER, RECEIVER, OTHER, NURSE)),
        command=st.sampled_from(
            (
                *(OfferHandover(to_id=str(each.id), reason="leaving") for each in (GIVER, RECEIVER, OTHER)),
                *(AcceptHandover(), DeclineHandover(), WithdrawHandover()),
            )
        ),
    )
    def do(self, actor: Actor, command: Any) -> None:
        for fact in self.take(actor, command):
            if isinstance(fact, PlanHandoverEnded) and fact.result == "accepted":
                assert actor.id == fact.to_id, "who accepts is who was asked"
                self.lead = str(actor.id)

    @invariant()
    def the_plan_is_of_whoever_accepted_last(self) -> None:
        if self.world.version:
            assert self.world.state.course.lead_id == self.lead
            assert self.lead in self.world.state.course.members


TestHandovers = Handovers.TestCase
TestHandovers.settings = explored(60, steps=30)
