"""What the kept referral takes from its duplicate, whatever became of the scheme meanwhile."""

from datetime import date

import pytest
from msgspec.structs import replace

from services.referral.referral.commands import KeepWithDuplicate
from services.referral.referral.states import Urgency
from tests.unit.referral.situations import BESIDE, COORDINATOR, NURSE, OTHER, given, receive, triage

GONE = Urgency(1, "IASP", "soon", date(2027, 2, 10), str(NURSE.id), 30)
"""A category that is in no scheme any more."""


@pytest.mark.parametrize(
    ("category", "kept", "days"), [("cat_1", "cat_1", 30), ("cat_2", "soon", 30), ("cat_3", "soon", 30)]
)
def test_a_category_that_left_the_scheme_is_still_read_and_still_counts(
    category: str, kept: str, days: int
) -> None:
    duplicate = given(receive()).world.state
    gone = replace(duplicate, course=replace(duplicate.course, urgency=GONE))
    linked = given(receive(), NURSE, triage(category)).beside(BESIDE | {OTHER: gone})
    urgency = linked.when(COORDINATOR, KeepWithDuplicate(duplicate_id=OTHER)).state.course.urgency
    assert (urgency.category, urgency.target_days) == (kept, days)
