"""Whoever is referred again: while they are in care, after they left, after a death that was somebody else's."""

from datetime import datetime

import pytest

from tests.support.hard_days import CORA, INES, LEAVING, LETTER, NURSE, PAUL, HardDay
from tests.support.told import at_clinic


async def in_care() -> HardDay:
    """Ana was seen and has a plan."""
    day = HardDay("2027-02-01 09:00")
    await day.waits_for(Ana="cat_2")
    visit = await day.books("Ana", "2027-02-09 09:00")
    await day.at("2027-02-09 09:00")
    await day.sees(visit)
    await day.plans("Ana")
    return day


def plan_of(day: HardDay) -> str:
    return f"/plans/{day.last('plan_drafted').fact['plan_id']}"


async def links(day: HardDay) -> None:
    """Her practice writes again, and a coordinator finds that it is about the same."""
    await day.refers("Ana 2")
    again = f"/referrals/{day.referral['Ana 2']}/duplicate-link"
    await day.does("referral", again, CORA, kept_id=day.referral["Ana"])


@pytest.mark.parametrize("follows_herself", [False, True], ids=["in a plan", "in her own follow-up"])
async def test_what_the_practice_writes_about_who_is_in_care_is_read_by_who_treats_her(
    follows_herself: bool,
) -> None:
    """The referral that is linked ends: what it asks for would be nobody's, least of all where nobody calls her."""
    day = await in_care()
    if follows_herself:
        await day.does("care_plan", f"{plan_of(day)}/pifu", PAUL)
    await day.at("2027-03-03 09:00")
    await links(day)
    assert "medical REF_AMENDED urgent 03-04 17:00" in day.work("Ana")
    review = f"/referrals/{day.referral['Ana']}/amendment-review"
    await day.does("referral", review, PAUL)
    assert "REF_AMENDED" not in " ".join(day.work("Ana"))
    await day.replay(forgetting=True)
    assert "REF_AMENDED" not in " ".join(day.work("Ana"))
    await day.ends()


async def test_what_is_linked_before_the_decision_is_part_of_it() -> None:
    day = HardDay("2027-02-01 09:00")
    await day.refers("Ana")
    await links(day)
    assert [row["item_type"] for row in day.rows()] == ["REF_TRIAGE"]


async def test_whoever_was_discharged_is_no_duplicate_and_a_clinician_says_whether_she_is_taken_again() -> (
    None
):
    day = await in_care()
    await day.at("2027-02-22 09:00")
    await day.does("care_plan", f"{plan_of(day)}/review", PAUL, result="discharge")
    await day.does("care_plan", f"{plan_of(day)}/discharge/letter/sign", PAUL, **LETTER)
    leaving = {"reason": "COMPLETED_GOALS", "to": "referrer", **LEAVING}
    await day.does("care_plan", f"{plan_of(day)}/discharge", PAUL, **leaving)
    await day.at("2027-03-15 09:00")
    await day.refers("Ana 2")
    answer = await day.tries_triage("Ana 2", "cat_2")
    problem = answer.json()
    assert (problem["type"], problem["instead"]) == ("urn:huddle:problem:seen-recently", ["DismissDuplicate"])
    assert "nursing REF_DUPLICATE_CHECK routine 03-16 17:00" in " ".join(day.work("Ana 2"))
    taken = f"/referrals/{day.referral['Ana 2']}/duplicate-dismissal"
    await day.does("referral", taken, NURSE, other_referral_id=day.referral["Ana"])
    await day.triages("Ana 2")
    assert await day.status("Ana 2") in ("accepted", "waitlisted") and day.wish("Ana 2")
    await day.ends()


@pytest.mark.parametrize("reopened", [True, False], ids=["a coordinator", "her practice"])
async def test_whoever_lives_after_all_is_somebodys_to_be_seen_to(reopened: bool) -> None:
    """Nothing comes back by itself: a plan that the death ended has no next step of its own."""
    day = await in_care()
    await day.at("2027-02-20 09:00")
    await day.does("referral", f"/patients/{day.patient['Ana']}/death", CORA, source="family")
    check = f"/patients/{day.patient['Ana']}/death-check"
    await day.at("2027-02-23 09:00")
    assert not day.rows("LIVES_AFTER_ALL")
    await day.does("referral", check, INES, lives=True)
    [row] = day.rows("LIVES_AFTER_ALL")
    assert (row["queue"], row["priority"], row["patient_id"]) == (
        "coordination",
        "urgent",
        day.patient["Ana"],
    )
    await day.at("2027-02-25 09:00")
    assert day.rows("LIVES_AFTER_ALL"), "it waits until care goes on"
    if reopened:
        path = f"/referrals/{day.referral['Ana']}/reopening"
        again = await day.does("referral", path, CORA, reason="The death was somebody else's.")
        assert at_clinic("2027-02-25 09:00") == datetime.fromisoformat(again["clock_start"]), (
            "who was seen waits anew"
        )
    else:
        await day.refers("Ana 2")
    assert not day.rows("LIVES_AFTER_ALL")
    await day.replay(forgetting=True)
    assert not day.rows("LIVES_AFTER_ALL")
    await day.ends()
