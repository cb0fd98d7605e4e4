"""What the end of a referral brings about is work, whichever of both is heard first."""

from datetime import timedelta

import pytest

from schemas.notifications.v1.message import MessageSuppressed
from tests.support.desk import Desk
from tests.support.examples import example_fact
from tests.support.referral_facts import rejected

NOT_SAID = example_fact(
    MessageSuppressed, template="REF_DECLINED_PT", reason="cap_day", **{"class": "information"}
)


@pytest.mark.parametrize("heard_first", ["the end", "what follows from it"])
async def test_a_refusal_that_the_patient_was_not_told_of_is_told_by_a_person(heard_first: str) -> None:
    """REF-09. Two services speak on two topics: after a pause the later fact may be read first."""
    desk = Desk()
    at = desk.system.clock.now()
    told = [(rejected(), at), (NOT_SAID, at + timedelta(milliseconds=40))]
    for fact, when in told if heard_first == "the end" else reversed(told):
        await desk.tell(fact, occurred=when)
    assert desk.open() == ["coordination NO_CHANNEL"]


@pytest.mark.parametrize("heard_first", ["the end", "what it ends"])
async def test_what_was_not_said_before_the_end_goes_with_it(heard_first: str) -> None:
    desk = Desk()
    at = desk.system.clock.now()
    told = [(rejected(), at), (NOT_SAID, at - timedelta(milliseconds=40))]
    for fact, when in told if heard_first == "the end" else reversed(told):
        await desk.tell(fact, occurred=when)
    assert desk.open() == []
