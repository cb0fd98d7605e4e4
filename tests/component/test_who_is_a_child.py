"""Who does not come and is a child is exempt (ATT-07), whenever the clinic learned how old they are."""

from typing import Any

import msgspec

from tests.support.front_desk import SHOULDER
from tests.support.hard_days import INES, NURSE, HardDay, person
from tests.support.submissions import a_submission

CHILD, ADULT = "2011-05-17", "1975-05-17"


async def a_day(**said: Any) -> HardDay:
    """Kim is referred; her birth date as it is said, or not."""
    day = HardDay("2027-02-01 09:00")
    await sends(day, **said)
    return day


async def sends(day: HardDay, birth_date: str | None = None) -> None:
    known = {name: value for name, value in person("Kim").items() if name != "birth_date"}
    sent = a_submission("Kim", patient=known | ({"birth_date": birth_date} if birth_date else {}))
    made = await day.ask("POST", "referral", "/referrals", "practice", json=sent)
    shown = await day.reads("referral", f"/referrals/{made['id']}", NURSE)
    day.keep("Kim", made["id"], shown["patient_id"])


async def misses(day: HardDay, when: str = "2027-02-09") -> tuple[bool, list[str]]:
    """Whether it counts, and what exempts."""
    await day.triages("Kim")
    visit = await day.books("Kim", f"{when} 09:00")
    await day.at(f"{when} 09:20")
    await day.does("scheduling", f"/appointments/{visit}/did-not-attend", INES)
    missed = day.last("patient_did_not_attend").fact
    return missed["counts"], list(missed["exemptions"])


async def test_whose_birth_date_comes_later_is_a_child_from_then_on() -> None:
    day = await a_day()
    await sends(day, CHILD)
    assert await misses(day) == (False, ["minor"])
    told = day.last("patient_updated").fact
    assert told["is_adult"] is False and told["changed"] == ["age"] and "2011" not in str(told)


async def test_who_was_taken_for_a_child_by_a_wrong_birth_date_is_none_once_it_is_corrected() -> None:
    day = await a_day(birth_date=CHILD)
    await sends(day, ADULT)
    assert await misses(day) == (True, [])


async def test_who_comes_of_age_is_no_child_any_more_when_the_practice_writes_again() -> None:
    day = await a_day(birth_date="2009-02-05")
    await day.at("2027-02-06 09:00")
    again = {"patient": person("Kim") | {"birth_date": "2009-02-05"}, **SHOULDER}
    await day.refers("Kim 2", **again)
    assert day.last("patient_updated").fact["is_adult"] is True
    assert await misses(day, "2027-02-16") == (True, [])


async def test_who_comes_of_age_is_no_child_any_more_from_that_morning_on_though_nobody_writes() -> None:
    day = await a_day(birth_date="2009-02-05")
    await day.at("2027-02-04 23:59")
    assert not [each for each in day.facts() if "patient_updated" in str(each)]
    await day.at("2027-02-05 09:00")
    told = day.last("patient_updated").fact
    assert (told["is_adult"], told["changed"], told.get("by_id")) == (True, ["age"], None)
    assert await misses(day) == (True, [])


async def test_all_of_it_once_more_makes_nobody_a_child_again() -> None:
    day = await a_day(birth_date=CHILD)
    await sends(day, ADULT)
    before = day.facts()
    for forgetting in (False, True):
        await day.replay(forgetting=forgetting)
    assert day.facts() == before
    assert await misses(day) == (True, [])


def as_an_earlier_release_filed_it(day: HardDay) -> None:
    """A child, and nobody looks at when they come of age."""
    tables = day.system.workers["referral"].store.tables
    [(key, row)] = tables.states["patient"].items()
    body = msgspec.json.decode(row.body)
    del body["look_again_on"]
    columns = tuple("true" if each == "false" else each for each in row.columns)
    tables.states["patient"][key] = row._replace(body=msgspec.json.encode(body), columns=columns)
    tables.timer = {name: each for name, each in tables.timer.items() if each.name != "age"}


async def test_a_child_of_an_earlier_release_comes_of_age_though_nobody_writes() -> None:
    """The service looks when it starts, as often as it starts."""
    day = await a_day(birth_date="2009-02-05")
    as_an_earlier_release_filed_it(day)
    for _ in range(2):
        await day.system.workers["referral"].runtime.begin()
        await day.system.settle()
    assert "patient_updated" not in str(day.facts()), "they are a child still"
    await day.at("2027-02-05 09:00")
    assert [each.fact["is_adult"] for each in day.facts_of("patient_updated")] == [True]
    assert await misses(day) == (True, [])
