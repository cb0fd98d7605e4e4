"""Who decided is shown: the clinician who came to the outcome, not whoever accepted the referral before."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from services.referral.referral.decide.visits import EndWithDischarge, NoteOutcome
from services.referral.referral.documents import decision
from tests.unit.referral.situations import given
from tests.unit.referral.test_every_pair import BOOKED, OUTCOME, SEEN, SOMEBODY

UNSUITABLE = NoteOutcome(
    outcome="NOT_SUITABLE", ends=True, decided_by=SOMEBODY, source_id=derive(ROOT, "not suitable")
)
LEFT = EndWithDischarge(reason="COMPLETED_GOALS", decided_by=SOMEBODY)


@pytest.mark.parametrize("steps", [(SEEN, UNSUITABLE), (UNSUITABLE, SEEN), (SEEN, OUTCOME, LEFT)])
def test_who_came_to_the_outcome_decided_whatever_was_told_first(steps: Any) -> None:
    state = given(*BOOKED, *steps).world.state
    assert state.course.accepted_by != SOMEBODY
    shown = decision(state)
    assert shown and (shown["disposition"], shown["decided_by"]) == ("completed", SOMEBODY)
