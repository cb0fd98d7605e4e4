"""A time of a group for which fewer than eight have a place is somebody's work two weeks before, until it is not."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from services.scheduling.booking_request.aggregate import request_of
from services.scheduling.group_time.aggregate import group_at
from tests.component.test_places_of_a_group import GROUP, NEXT, Desk
from tests.support.told import at_clinic

BEFORE, ASKED, LATER = "2027-01-20 07:59", "2027-01-20 08:00", "2027-01-25 10:00"
"""The group is on Wednesday 2027-02-03 at 12:30: asked about from the morning two weeks before."""


async def with_so_many(count: int) -> Desk:
    """So many have a place; two more need one."""
    desk = Desk()
    await desk.accept(*range(1, count + 3))
    desk.booked = [(await desk.book(number)).json()["appointment_ids"][0] for number in range(1, count + 1)]
    return desk


def group(desk: Desk, when: str = GROUP) -> str:
    return group_at(desk.staff("priya.nair"), at_clinic(when)).id


def asked(desk: Desk) -> list[str]:
    """The times that somebody is asked about."""
    rows = desk.table("worklist.queue.coordination").values()
    return [each["subject_id"] for each in rows if each["item_type"] == "GROUP_SHORT"]


def told(desk: Desk) -> list[Any]:
    """What was said of groups: too few and how many; or what came of it."""
    named = [fact for fact in desk.facts("scheduling") if fact.name in ("group_short", "group_settled")]
    return [(fact.fact.get("outcome", "short"), fact.fact["sold"]) for fact in named]


async def come(desk: Desk, number: int) -> str:
    """A place at short notice."""
    request = request_of(derive(ROOT, f"activity {number}"), "series")
    body: dict[str, Any] = {"slots": [desk.slot(GROUP)], "short_notice_accepted": True}
    return str((await desk.post(f"/booking-requests/{request}/appointments", **body))["appointment_ids"][0])


async def give_back(desk: Desk, number: int) -> None:
    await desk.post(f"/appointments/{desk.booked[number - 1]}/cancel", by="patient", reason="ill")


async def decide(desk: Desk, what: str, login: str = "cora.lind", **body: Any) -> Any:
    return await desk.request("POST", "scheduling", f"/groups/{group(desk)}/{what}", login, json=body)


@pytest.mark.parametrize(("count", "short"), [(0, False), (1, True), (7, True), (8, False), (12, False)])
async def test_fewer_than_eight_are_somebodys_work_two_weeks_before(count: int, short: bool) -> None:
    desk = await with_so_many(count)
    await desk.at(BEFORE)
    assert not asked(desk)
    await desk.at(ASKED)
    assert asked(desk) == ([group(desk)] if short else [])
    await desk.at(LATER)
    assert told(desk) == ([("short", count)] if short else []), "it is said once"


async def test_a_place_that_is_given_back_after_that_is_looked_at_at_once() -> None:
    desk = await with_so_many(8)
    await desk.at(LATER)
    assert not asked(desk)
    await give_back(desk, 3)
    assert asked(desk) == [group(desk)]
    await give_back(desk, 4)
    assert told(desk) == [("short", 7)]


async def test_it_is_nobodys_work_when_enough_have_a_place_again() -> None:
    desk = await with_so_many(7)
    await desk.at(LATER)
    await come(desk, 8)
    assert not asked(desk) and told(desk) == [("short", 7), ("filled", 8)]
    await give_back(desk, 1)
    assert asked(desk) and told(desk)[-1] == ("short", 7)


async def test_a_time_whose_first_place_is_sold_late_is_looked_at_at_once() -> None:
    desk = await with_so_many(0)
    await desk.at(LATER)
    await come(desk, 1)
    assert asked(desk) == [group(desk)]


async def test_a_group_that_moves_as_a_whole_leaves_nobody_to_decide_about() -> None:
    desk = await with_so_many(7)
    await desk.at(LATER)
    moving: dict[str, Any] = {"slot": desk.slot(NEXT), "by": "clinic", "reason": "staff_absent"}
    for appointment in desk.booked:
        await desk.post(f"/appointments/{appointment}/move", **moving)
    assert not asked(desk) and told(desk)[-1] == ("empty", 0)
    await desk.at("2027-01-27 10:00")
    assert asked(desk) == [group(desk, NEXT)], "two weeks before its new time"


async def test_a_group_that_has_begun_is_nobodys_work() -> None:
    desk = await with_so_many(3)
    await desk.at("2027-02-03 12:29")
    assert asked(desk)
    await desk.at("2027-02-03 12:30")
    assert not asked(desk) and told(desk) == [("short", 3), ("begun", 3)]
    await desk.post(f"/appointments/{desk.booked[0]}/cancel", by="clinic", reason="staff_absent")
    assert not asked(desk)


async def test_somebody_says_by_name_that_it_takes_place_and_is_asked_again_when_fewer_come() -> None:
    desk = await with_so_many(5)
    await desk.at(LATER)
    refused = await decide(desk, "keep", reason="because")
    assert refused.status_code == 422 and "reason" in refused.text and asked(desk)
    kept = await decide(desk, "keep", reason="waited_too_long")
    assert (kept.status_code, kept.json()["status"], kept.json()["sold"]) == (200, "kept", 5)
    assert not asked(desk)
    assert desk.last("group_settled").fact["decided_by"] == desk.staff("cora.lind")
    assert (await decide(desk, "keep", reason="waited_too_long")).status_code == 200
    await come(desk, 6)
    await give_back(desk, 1)
    assert not asked(desk), "as many as when that was said"
    await give_back(desk, 2)
    assert asked(desk) and told(desk) == [("short", 5), ("kept", 5), ("short", 4)]


async def test_a_group_that_is_called_off_lets_nobody_fall_through() -> None:
    desk = await with_so_many(3)
    await desk.at(LATER)
    made = len(wished(desk))
    assert (await decide(desk, "call-off", "paul.okafor")).status_code == 200
    cancelled = [fact for fact in desk.facts("scheduling") if fact.name == "appointment_cancelled"]
    said = {(fact.fact["by"], fact.fact["reason"], fact.fact["counts"]) for fact in cancelled}
    assert {fact.subject for fact in cancelled} == {*desk.booked} and said == {
        ("clinic", "group_too_small", False)
    }
    assert not asked(desk) and told(desk) == [("short", 3), ("called_off", 3)]
    assert len(wished(desk)) == made + 3, "each gets another date"
    assert "slot_freed" not in {fact.name for fact in desk.facts()}, "nobody is offered a time that is off"
    assert "slot_offered" not in {fact.name for fact in desk.facts()}
    again = await decide(desk, "call-off")
    assert (again.status_code, again.json()["status"], told(desk)[-1]) == (
        200,
        "called_off",
        ("called_off", 3),
    )
    kept = await decide(desk, "keep", reason="other")
    assert (kept.status_code, kept.json()["type"].rpartition(":")[2]) == (409, "called-off")


async def test_nobody_gets_a_place_of_a_time_that_was_called_off_and_it_is_shown_to_nobody() -> None:
    desk = await with_so_many(3)
    await desk.at(LATER)
    elsewhere = (await desk.book(4, NEXT)).json()["appointment_ids"][0]
    await decide(desk, "call-off")
    request = f"/booking-requests/{request_of(derive(ROOT, 'activity 5'), 'series')}"
    here: dict[str, Any] = {"slots": [desk.slot(GROUP)]}
    before = len(desk.facts())
    for path, body in (
        (f"{request}/appointments", {**here, "short_notice_accepted": True}),
        (f"{request}/offers", {**here, "mode": "phone"}),
        (f"/appointments/{elsewhere}/move", {"slot": desk.slot(GROUP), "by": "clinic", "reason": "ill"}),
    ):
        answer = await desk.request("POST", "scheduling", path, "cora.lind", json=body)
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "called-off")
    assert len(desk.facts()) == before
    shown = await desk.ask("GET", "scheduling", f"{request}/slots", "cora.lind")
    starts = {each["start"] for each in shown["slots"]}
    assert starts and not any(each.startswith("2027-02-03") for each in starts)


async def test_who_is_asked_for_a_place_of_a_group_that_is_called_off_is_asked_no_more() -> None:
    desk = await with_so_many(3)
    await desk.at(LATER)
    request = f"/booking-requests/{request_of(derive(ROOT, 'activity 5'), 'series')}"
    offer = await desk.post(f"{request}/offers", slots=[desk.slot(GROUP)], mode="phone")
    assert (await decide(desk, "call-off")).status_code == 200
    assert desk.last("offer_expired").fact["offer_id"] == offer["offer_id"] and await desk.places() == 0
    cancelled = [fact.subject for fact in desk.facts() if fact.name == "appointment_cancelled"]
    assert {*cancelled} == {*desk.booked}, "who had no date loses none"
    assert (await desk.book(5, NEXT)).status_code == 201


async def test_only_clinicians_and_coordinators_decide_and_only_when_they_are_asked() -> None:
    desk = await with_so_many(8)
    assert (await decide(desk, "keep", reason="other")).json()["type"].endswith("nothing-asked")
    assert (await decide(desk, "keep", "ines.park", reason="other")).status_code == 403
    assert (await decide(desk, "call-off", "ines.park")).status_code == 403
    shown = await desk.ask("GET", "scheduling", f"/groups/{group(desk)}", "ines.park")
    assert (shown["status"], shown["sold"]) == ("planned", 8) and "places" not in shown


def wished(desk: Desk) -> list[str]:
    """Dates that are to be given."""
    rows = desk.table("worklist.queue.coordination").values()
    return [each["subject_id"] for each in rows if each["item_type"] == "BOOK_VISIT"]
