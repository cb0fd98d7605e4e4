"""WL-01 to WL-05: one open item, every change with its cause, once, in any order, pushed."""

from datetime import timedelta

from backbone.ids import ROOT, derive
from schemas.worklist.v1.item import ItemCompleted, ItemOpened, ItemReopened
from services.worklist.item.aggregate import ITEM, item_id
from services.worklist.item.commands import CompleteItem, OpenItem
from services.worklist.item.facts import ClosingRemembered, OpeningNoted
from services.worklist.item.states import Completed, Remembered, Source, Waiting
from tests.support.deciding import START, deciding, like, nothing
from tests.support.desk import REFERRAL, Desk, clinic, shipped_rules
from tests.support.referral_facts import (
    booking_requested,
    found_complete,
    found_incomplete,
    information_requested,
    information_supplied,
    red_flag_raised,
    red_flag_resolved,
    rejected,
    triage_suggested,
    triaged,
)

given = deciding(ITEM, shipped_rules())

WHOLE_STORY = (
    red_flag_raised(),
    found_incomplete(),
    red_flag_resolved(),
    information_requested(),
    information_supplied(),
    found_complete(),
    triage_suggested("cat_1"),
    triaged(),
    booking_requested(),
)


def source(name: str, hours: float = 0, aggregate: str = REFERRAL) -> Source:
    """A fact of another service, so many hours after the start."""
    return Source(derive(ROOT, name), START + timedelta(hours=hours), aggregate)


def opening(name: str = "opening", hours: float = 0, priority: str = "routine") -> OpenItem:
    return OpenItem(
        source=source(name, hours),
        item_type="BOOK_VISIT",
        queue="nursing",
        subject_type="referral",
        subject_id=REFERRAL,
        priority=priority,  # type: ignore[arg-type]
        due_at=START + timedelta(days=5 + hours),
    )


def closing_elsewhere(name: str = "closing", hours: float = 0) -> CompleteItem:
    """A closing fact of another topic than the opening one."""
    return CompleteItem(source(name, hours, derive(ROOT, "an appointment")), remember=True)


async def test_wl_01_a_second_opening_fact_opens_nothing_and_the_more_urgent_wins() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(triage_suggested("cat_3"))
    await desk.tell(triage_suggested("cat_1"), at="2027-01-12 09:00")
    item = desk.the("REF_TRIAGE").item
    assert desk.open() == ["nursing REF_TRIAGE"]
    assert (item.priority, item.due_at, item.category) == ("asap", clinic("2027-01-13 17:00"), "cat_1")
    await desk.tell(triage_suggested("cat_3"), at="2027-01-12 10:00")
    item = desk.the("REF_TRIAGE").item
    assert (item.priority, item.due_at, item.category) == ("asap", clinic("2027-01-13 17:00"), "cat_3")
    assert item.waiting_since == clinic("2027-01-11 10:00")
    assert desk.facts() == ["item_opened", "item_reprioritised"]


def test_wl_01_holds_by_identity() -> None:
    assert item_id("REF_TRIAGE", REFERRAL, "nursing") == item_id("REF_TRIAGE", REFERRAL, "nursing")
    assert item_id("REF_TRIAGE", REFERRAL, "nursing") != item_id("REF_TRIAGE", REFERRAL, "medical")


async def test_an_ended_item_opens_again_as_a_new_entry_of_the_same_item() -> None:
    desk = Desk("2027-01-04 09:00")
    await desk.tell(found_incomplete())
    first = desk.the("REF_COMPLETE").item
    await desk.tell(information_requested(), at="2027-01-04 09:40")
    await desk.tell(found_incomplete(), at="2027-01-11 10:00")
    again = desk.the("REF_COMPLETE")
    assert isinstance(again, Waiting)
    assert (again.item.id, again.item.number) == (first.id, first.number)
    assert again.item.entry_id != first.entry_id
    assert (again.item.waiting_since, again.item.due_at) == (
        clinic("2027-01-11 10:00"),
        clinic("2027-01-12 17:00"),
    )


async def test_a_cancelled_item_opens_again_with_the_priority_of_the_new_fact() -> None:
    desk = Desk("2027-01-04 09:00")
    await desk.tell(booking_requested("urgent"), rejected())
    await desk.tell(booking_requested(), at="2027-01-05 09:00")
    assert desk.facts()[-3:] == ["item_cancelled", "item_reopened", "item_reprioritised"]
    assert desk.the("BOOK_VISIT").item.priority == "routine"


async def test_items_have_numbers_of_a_sequence() -> None:
    desk = Desk()
    await desk.tell_at_once(found_incomplete(), red_flag_raised())
    assert sorted(state.item.number for state in desk.states().values()) == [1, 2]


async def test_wl_02_every_change_names_its_cause() -> None:
    desk = Desk()
    await desk.tell(*WHOLE_STORY)
    told = {message[3]["ce_id"] for message in desk.told}
    caused = {row.causation_id for row in desk.tables.journal if row.aggregate_kind == "item"}
    assert caused <= told
    assert {payload["opened_by_event"] for payload in desk.payloads("item_opened")} <= told
    assert {payload["closed_by_event"] for payload in desk.payloads("item_completed")} <= told


async def test_wl_03_a_replay_changes_nothing_even_when_the_inbox_has_forgotten() -> None:
    desk = Desk()
    *referral, booking = WHOLE_STORY
    await desk.tell(*referral)
    await desk.tell(booking, at="2027-01-04 09:01")  # scheduling hears of it later
    await desk.tell(found_incomplete(), information_requested(), at="2027-01-05 09:00")
    before, facts = desk.states(), desk.number_of_facts()
    await desk.replay()
    assert desk.states() == before
    assert desk.number_of_facts() == facts


async def test_wl_03_every_consumed_fact_is_kept_in_order_of_arrival() -> None:
    desk = Desk()
    await desk.tell(*WHOLE_STORY)
    assert [row.type for row in desk.tables.timeline] == [fact.wire_type for fact in WHOLE_STORY]


async def test_facts_one_by_one_and_all_at_once_come_to_the_same() -> None:
    alone, together = Desk(), Desk()
    await alone.tell(*WHOLE_STORY)
    await together.tell_at_once(*WHOLE_STORY)
    assert alone.states() == together.states()
    assert [row.data for row in alone.tables.journal] == [row.data for row in together.tables.journal]
    for queue in ("coordination", "nursing", "psychology"):
        assert alone.queue(queue) == together.queue(queue)
    assert together.open() == ["coordination BOOK_VISIT"]


def test_wl_04_a_closing_fact_that_comes_first_is_remembered_and_closes_at_once() -> None:
    result = given(closing_elsewhere(hours=2)).when(opening(hours=1))
    result.then(ItemOpened, OpeningNoted, like(ItemCompleted, item_wait_s=3600)).then_state(Completed)
    assert result.facts[0][0].number == 1  # type: ignore[attr-defined]


def test_wl_04_an_opening_fact_that_is_younger_than_the_remembered_one_stays_open() -> None:
    given(closing_elsewhere(hours=1)).when(opening(hours=2)).then(ItemOpened, OpeningNoted).then_state(
        Waiting
    )


def test_wl_04_of_the_same_moment_the_closing_fact_wins() -> None:
    given(closing_elsewhere(hours=1)).when(opening(hours=1)).then_state(Completed)


def test_wl_04_only_the_latest_closing_fact_is_remembered() -> None:
    given(closing_elsewhere("a", 2)).when(closing_elsewhere("b", 1)).then(nothing()).then_state(Remembered)
    given(closing_elsewhere("a", 1)).when(closing_elsewhere("b", 2)).then(ClosingRemembered)


def test_wl_04_the_memory_advances_on_ended_items_too() -> None:
    story = (closing_elsewhere("close 1", 1), opening("open 0", 0))
    result = given(*story).when(closing_elsewhere("close 3", 3), opening("open 2", 2))
    result.then(ClosingRemembered, ItemReopened, OpeningNoted, ItemCompleted).then_state(Completed)


def test_wl_04_the_memory_advances_when_an_open_item_is_closed() -> None:
    story = (opening("open 0", 0), closing_elsewhere("close 3", 3))
    given(*story).when(opening("open 2", 2)).then_state(Completed)
    given(*story).when(opening("open 4", 4)).then_state(Waiting)


def test_wl_04_a_late_closing_fact_of_an_earlier_occurrence_leaves_the_item_open() -> None:
    given(opening("open 5", 5)).when(closing_elsewhere("close 3", 3)).then(ClosingRemembered).then_state(
        Waiting
    )


def test_a_closing_fact_of_the_same_topic_that_finds_nothing_does_nothing() -> None:
    given().when(CompleteItem(source("closing"))).then(nothing())


async def test_wl_05_every_change_is_pushed_and_what_ended_leaves_a_tombstone() -> None:
    desk = Desk("2027-01-11 10:00")
    await desk.tell(triage_suggested())
    [row] = desk.queue("nursing").values()
    assert (row["item_type"], row["status"]) == ("REF_TRIAGE", "waiting")
    assert desk.tables.live_row.keys() == {("worklist.queue.nursing", desk.the("REF_TRIAGE").item.id)}
    await desk.tell(triage_suggested("cat_1"))
    [row] = desk.queue("nursing").values()
    assert row["priority"] == "asap"
    await desk.tell(triaged())
    assert desk.queue("nursing") == {}
    assert desk.tables.live_row == {}


async def test_rows_of_a_queue_carry_ids_and_codes_only() -> None:
    desk = Desk()
    await desk.tell(red_flag_raised())
    [row] = desk.queue("psychology").values()
    assert all(not isinstance(value, str) or " " not in value for value in row.values())
