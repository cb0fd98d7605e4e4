"""Every next step of the watch once: each fact that gives it, each that takes it away, and who ends the watch."""

from typing import Any

import pytest

from schemas.fact import Fact
from schemas.referral.v1.referral import FoundComplete, FoundIncomplete, ReferralReceived
from services.worklist.episode.aggregate import EPISODE
from services.worklist.episode.reactions import ENDINGS, OWN_ITEMS, STEPS, NextStep, always
from services.worklist.episode.states import Ended, Watched
from tests.support.desk import REFERRAL, Desk
from tests.support.examples import example_fact, hear, thing

LATER = {"start": "2027-01-05T14:00:00Z", "end": "2027-01-05T15:00:00Z"}
"""An appointment that is over is no step."""
PAIRS = [(step, given, taken) for step in STEPS for given in step.given_by for taken in step.taken_by]


async def an_episode() -> Desk:
    desk = Desk("2027-01-04 09:00")
    await hear(desk, example_fact(ReferralReceived))
    return desk


def state(desk: Desk) -> Any:
    [row] = desk.tables.states["episode"].values()
    return EPISODE.state_decoder.decode(row.body)


def steps(desk: Desk, step: NextStep) -> list[str]:
    return [each.name for each in state(desk).steps if each.name.startswith(f"{step.name}:")]


def saying(model: type[Fact], holds: Any) -> Fact:
    """The example, as one for which this holds."""
    later = LATER if set(LATER) <= set(model.model_fields) else {}
    for next_review in ("2027-03-01", None):
        about = {"next_review": next_review} if "next_review" in model.model_fields else {}
        fact = example_fact(model, **later, **about)
        if holds is always or holds(fact):
            return fact
    raise AssertionError(f"no {model.wire_type} says so")


def name(value: Any) -> str:
    return value.name if isinstance(value, NextStep) else value.wire_type


@pytest.mark.parametrize(("step", "given", "taken"), PAIRS, ids=name)
async def test_a_step_is_given_and_taken(step: NextStep, given: type[Fact], taken: type[Fact]) -> None:
    desk = await an_episode()
    await hear(desk, saying(given, step.gives))
    assert steps(desk, step) == [f"{step.name}:{thing(given.aggregate)}"]
    await hear(desk, saying(taken, step.takes))
    assert steps(desk, step) == []


async def test_every_item_that_opens_is_a_step_until_it_ends() -> None:
    desk = await an_episode()
    await hear(desk, example_fact(FoundIncomplete))
    assert len(steps(desk, OWN_ITEMS)) == 1
    await hear(desk, example_fact(FoundComplete))
    assert steps(desk, OWN_ITEMS) == []


@pytest.mark.parametrize("ending", ENDINGS, ids=name)
async def test_the_end_of_the_referral_ends_the_watch(ending: type[Fact]) -> None:
    desk = await an_episode()
    assert isinstance(state(desk), Watched)
    await hear(desk, example_fact(ending))
    assert isinstance(state(desk), Ended)


async def test_facts_of_no_referral_are_no_steps() -> None:
    desk = await an_episode()
    for step in STEPS:
        for model in step.facts:
            await desk.tell(example_fact(model), aggregate=thing(model.aggregate), referral=None)
    assert state(desk).steps == ()
    assert set(desk.tables.states["episode"]) == {REFERRAL}
