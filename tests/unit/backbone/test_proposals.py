"""What software proposed stays open until a person answers, and the answer names it (PRV-26)."""

from typing import ClassVar, Literal

import pytest
from msgspec.structs import replace

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, State
from backbone.model.decision import OpenProposal
from backbone.model.head import Head
from backbone.model.proposals import MOST_OPEN, answering, with_proposals
from schemas.fact import Code, Fact
from schemas.proposal import Answer, Answered, Outcome, Proposal, ProposalType
from tests.support.deciding import START

NURSE = Actor("user", derive(ROOT, "a nurse"), "nurse")


class Suggested(Proposal):
    type: Literal["sample.suggested.v1"] = "sample.suggested.v1"
    colour: Code

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.colour,)


class Chosen(Answer):
    type: Literal["sample.chosen.v1"] = "sample.chosen.v1"
    colour: Code
    answers_to: ClassVar[tuple[ProposalType, ...]] = (Suggested,)

    def outcome(self, proposal: ProposalType, question: str) -> Outcome | None:
        return "taken" if question == self.colour else None


class Box(State, tag="box"):
    pass


def head(fact: Fact, number: int, rules: tuple[str, ...] = ("sample.rule@1",)) -> Head:
    return Head(
        event_id=derive(ROOT, f"fact {number}"),
        type=fact.wire_type,
        origin="sample",
        occurred_at=START,
        recorded_at=START,
        aggregate_type="box",
        aggregate_id=ROOT,
        version=number,
        sequence=number,
        lane_key=None,
        pathway_id=None,
        correlation_id=ROOT,
        causation_id=ROOT,
        actor=SYSTEM,
        rules=rules,
    )


def after(*facts: Fact, rules: tuple[str, ...] = ("sample.rule@1",)) -> Box:
    state = Box()
    for number, fact in enumerate(facts, 1):
        state = with_proposals(state, replace(state, proposals=()), fact, head(fact, number, rules))
    return state


def id_of(number: int) -> str:
    return derive(ROOT, f"fact {number}")


def test_the_answer_of_a_person_names_what_was_proposed_and_settles_it() -> None:
    state = after(Suggested(colour="red"), Suggested(colour="blue"))
    answer = answering(state, Chosen(colour="red"), NURSE)
    assert answer == Chosen(colour="red", answered=(Answered(proposal_id=id_of(1), outcome="taken"),))
    left = after(Suggested(colour="red"), Suggested(colour="blue"), Chosen(colour="red"))
    assert left.proposals == (OpenProposal(id_of(2), "sample.suggested.v1", "blue"),)


def test_of_the_same_question_the_latest_is_answered() -> None:
    state = after(Suggested(colour="red"), Suggested(colour="red"))
    assert [each.fact_id for each in state.proposals] == [id_of(2)]


def test_software_answers_nothing() -> None:
    assert answering(after(Suggested(colour="red")), Chosen(colour="red"), SYSTEM) == Chosen(colour="red")


@pytest.mark.parametrize("state", [Box(), after(Suggested(colour="blue"))])
def test_an_answer_that_nothing_asked_for_names_nothing(state: Box) -> None:
    assert answering(state, Chosen(colour="red"), NURSE) == Chosen(colour="red")


def test_what_a_person_put_forward_without_a_rule_is_no_proposal_of_software() -> None:
    assert after(Suggested(colour="red"), rules=()).proposals == ()


def test_an_answer_never_names_more_than_its_contract_takes() -> None:
    state = after(*(Suggested(colour=f"colour_{number}") for number in range(MOST_OPEN + 5)))
    assert len(state.proposals) == MOST_OPEN
    assert state.proposals[-1].fact_id == id_of(MOST_OPEN + 5)
