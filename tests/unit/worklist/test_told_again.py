"""What moved a due time or a priority, told again or late: it moves nothing back."""

from datetime import timedelta

from services.worklist.item.commands import ReprioritiseItem
from services.worklist.item.states import Source
from tests.support.deciding import START, nothing
from tests.unit.worklist.test_movements import LAST, LATER, SOMEBODY, given, opening


def test_a_hold_that_is_told_again_after_it_ended_moves_no_due_time_back() -> None:
    """Nor one that is told for the first time then."""
    due = START + timedelta(days=5)
    held = ReprioritiseItem(LATER, "suspended", due_at=START + timedelta(days=60), waits=True)
    taken_up = ReprioritiseItem(LAST, "taken_up", due_at=due)
    for story in ((held, taken_up), (taken_up,)):
        result = given(opening(), *story).when(held, taken_up, held)
        result.then(nothing())
        assert result.state.item.due_at == due


def test_what_two_things_say_of_one_item_is_remembered_of_each() -> None:
    """A booking that waits, and how urgent its referral is."""
    elsewhere = Source("00000000-0000-4000-8000-000000000003", START, SOMEBODY.id or "", 3)
    held = ReprioritiseItem(LATER, "suspended", waits=True)
    urgent = ReprioritiseItem(elsewhere, "triaged", "urgent", due_at=START, decides=True)
    given(opening(), held, urgent).when(held, urgent).then(nothing())
