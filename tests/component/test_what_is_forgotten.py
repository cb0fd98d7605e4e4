"""A patient's agenda forgets what is long past, and what it has forgotten says nothing when it comes again."""

from datetime import timedelta

from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.evolve import KEPT_DAYS
from services.notifications.agenda.states import REMEMBERED_DAYS, Agenda
from tests.support.feed import PATIENT, clinic
from tests.support.post_room import PostRoom, visit

FIRST = "2027-01-04 09:00"


async def agenda(room: PostRoom) -> Agenda:
    found = await room.system.workers["notifications"].runtime.load(AGENDA, PATIENT)
    assert found is not None
    return found.state


async def a_life(room: PostRoom, months: int) -> None:
    """A visit and a word from the clinic every month."""
    for number in range(1, months + 1):
        at = clinic(FIRST) + timedelta(days=30 * number)
        await room.book(f"{at + timedelta(days=20):%Y-%m-%d} 14:00", number, at=f"{at:%Y-%m-%d} 09:00")
        await room.news(number, at=f"{at:%Y-%m-%d} 11:00")
        await room.cancel(number, at=f"{at + timedelta(days=5):%Y-%m-%d} 09:00")


async def test_an_agenda_does_not_grow_with_the_years():
    room = await PostRoom(FIRST).ready()
    await a_life(room, 12)
    state = await agenda(room)
    assert state.heard.keys() == state.heard_on.keys() and len(state.heard) <= 2 * (REMEMBERED_DAYS // 30 + 1)
    assert len(state.notes) <= 3 + (KEPT_DAYS + REMEMBERED_DAYS) // 30, "what was kept back for longest"
    assert state.visits == {}


async def test_what_was_forgotten_and_is_told_again_is_not_said_again():
    room = await PostRoom(FIRST).ready()
    await a_life(room, 6)
    sent, planned = await room.ends(), await room.planned()
    room.system.rewind(forgetting=True)
    await room.system.settle()
    assert await room.ends() == sent and await room.planned() == planned
    assert (await agenda(room)).visits == {}


async def test_a_date_to_come_is_remembered_however_long_ago_it_was_booked():
    room = await PostRoom(FIRST).ready()
    await room.book("2027-06-20 14:00")
    await room.move("2027-06-22 14:00", at="2027-01-05 09:00")
    await room.news(1, at="2027-04-20 09:00")
    room.system.rewind(forgetting=True)
    await room.system.settle()
    assert (await agenda(room)).visits[visit(1)].version == 2
    await room.until("2027-06-21 10:00")
    assert [text for text in room.texts if "Jun 2" in text][-1].startswith(
        "Harbor Street: see you Tue Jun 22 14:00"
    )


async def test_a_lost_agenda_is_filled_again_from_the_journals_without_old_news():
    """The service's own tables are gone, the other services publish what they told once more."""
    lost = await PostRoom(FIRST).ready()
    await lost.book("2027-06-20 14:00")
    await lost.news(1)
    room = await PostRoom("2027-05-01 09:00").ready()
    room.told = lost.told
    for topic, key, value, headers in lost.told:
        room.system.produce(topic, key, value, headers)
    await room.system.settle()
    await room.until("2027-06-19 10:00")
    assert await room.ends() == ["sent APPT_D3", "sent APPT_D1"]
