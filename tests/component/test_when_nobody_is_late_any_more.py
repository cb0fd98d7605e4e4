"""A target that passed is somebody's work and somebody's call (REF-07): both end when nobody is late any more."""

import pytest

from schemas.fact import Fact
from services.notifications.escalation.reactions import OWN, REACTIONS
from services.worklist.catalogue.decide.table import CATALOGUE
from tests.support.hard_days import CORA, INES, HardDay

CALLED_ABOUT = ("WAIT_BREACH", "PLAN_OVERDUE", "RED_FLAG", "SAFETY_ALERT", "CRISIS_CALL")


async def late(*, booked: bool = False) -> HardDay:
    """Ana's target was 3 March; on the 4th the service manager is paged. `booked`: for the 9th, which is too late."""
    day = HardDay("2027-02-01 09:00")
    await day.waits_for(Ana="cat_1")
    if booked:
        await day.books("Ana", "2027-03-09 09:00")
    await day.at("2027-03-04 12:00")
    assert day.rows("WAIT_BREACH") and await day.called() == ["mina.cho"]
    return day


async def nobody_is_called(day: HardDay, until: str = "2027-04-30 12:00") -> None:
    """Not about the wait, nor is there work about it."""
    assert day.rows("WAIT_BREACH") == []
    [resolved] = day.facts_of("escalation_resolved")
    await day.called()
    await day.at(until)
    timed_out = [fact.fact["escalation_id"] for fact in day.facts_of("escalation_timed_out")]
    before = [fact for fact in day.facts_of("escalation_timed_out") if fact.at <= resolved.at]
    assert timed_out.count(resolved.fact["escalation_id"]) == len(before)


async def test_who_was_seen_though_late_is_called_about_no_more() -> None:
    day = await late(booked=True)
    visit = day.last("appointment_booked").subject
    await day.at("2027-03-09 09:00")
    await day.sees(visit)
    await nobody_is_called(day)


async def test_who_was_found_to_have_been_seen_is_called_about_no_more() -> None:
    day = await late(booked=True)
    visit = f"/appointments/{day.last('appointment_booked').subject}"
    await day.at("2027-03-09 09:20")
    await day.does("scheduling", f"{visit}/did-not-attend", INES)
    await day.does("scheduling", f"{visit}/correct", INES, reason="late")
    await nobody_is_called(day)


async def test_who_turns_out_to_be_less_urgent_is_late_no_more() -> None:
    day = await late()
    await day.triages("Ana", "cat_3", accept=False)
    assert day.last("target_changed").fact["standing"] == "in_time"
    await nobody_is_called(day)


async def test_who_was_away_meanwhile_is_late_no_more_and_a_manager_hears_that_it_is_close() -> None:
    day = await late()
    away = {"kind": "medical", "start": "2027-02-10", "end": "2027-02-14"}
    path = f"/patients/{day.patient['Ana']}/unavailability"
    await day.does("scheduling", path, CORA, referral_id=day.referral["Ana"], **away)
    assert day.last("target_changed").fact["standing"] == "short"
    await nobody_is_called(day, "2027-03-05 12:00")
    assert day.rows("WAIT_FORECAST")
    await day.at("2027-03-08 12:00")
    assert day.rows("WAIT_BREACH") and await day.called() == ["mina.cho"], "four days later it is late again"


async def test_who_is_late_by_the_new_target_too_stays_somebodys_work() -> None:
    day = await late()
    away = {"kind": "medical", "start": "2027-02-10", "end": "2027-02-11"}
    await day.at("2027-03-10 12:00")
    path = f"/patients/{day.patient['Ana']}/unavailability"
    await day.does("scheduling", path, CORA, referral_id=day.referral["Ana"], **away)
    assert day.last("target_changed").fact["standing"] == "late"
    assert day.rows("WAIT_BREACH") and not day.facts_of("escalation_resolved")


async def test_what_is_no_longer_close_is_no_managers_work() -> None:
    day = HardDay("2027-02-01 09:00")
    await day.waits_for(Ana="cat_1")
    await day.at("2027-02-26 12:00")
    assert day.rows("WAIT_FORECAST")
    await day.triages("Ana", "cat_3", accept=False)
    assert day.rows("WAIT_FORECAST") == []


@pytest.mark.parametrize("item", CALLED_ABOUT)
def test_whatever_ends_work_that_people_are_called_about_ends_the_calls(item: str) -> None:
    heard: set[type[Fact]] = {row.fact for row in (*REACTIONS, *OWN)}
    ends = {closing.fact for row in CATALOGUE if row.item == item for closing in row.closings}
    assert ends and ends <= heard
