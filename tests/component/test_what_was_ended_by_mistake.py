"""A referral that was ended by mistake goes on as another one, which keeps its clock; the old one stays as it is."""

from typing import Any

import pytest

from tests.support.front_desk import CLERK, COORDINATOR, NURSE, Desk
from tests.support.hard_days import CORA, HardDay
from tests.support.submissions import a_submission

MISTAKE = {"reason": "The call was about another patient."}


@pytest.fixture
async def desk() -> Desk:
    """A patient who was taken off by mistake, found ten days later."""
    desk = Desk()
    sent = await desk.send()
    path = f"/referrals/{sent['id']}"
    await desk.do(f"{path}/cancellation-requests", COORDINATOR, reason="no_longer_wanted", by="patient")
    await desk.do(f"{path}/cancellation", COORDINATOR)
    await desk.clinic.at("2027-01-21 09:00")
    return desk


def ended(desk: Desk) -> str:
    return f"/referrals/{desk.last('withdrawn').subject}"


async def reopened(desk: Desk) -> Any:
    return await desk.do(f"{ended(desk)}/reopening", COORDINATOR, **MISTAKE)


async def test_what_was_taken_back_by_mistake_goes_on_with_the_clock_that_it_had(desk: Desk) -> None:
    before = await desk.read(ended(desk))
    after = await reopened(desk)
    assert after["id"] != before["id"] and after["clock_start"] == before["clock_start"]
    assert (after["status"], after["patient_id"]) == ("received", before["patient_id"])
    assert desk.last("received").fact["predecessor_id"] == before["id"]
    assert {"REF_TRIAGE"} == desk.items(), "nobody is asked whether it is a duplicate of itself"
    still = await desk.read(ended(desk))
    assert (still["status"], still["successor_id"]) == ("cancelled", after["id"])
    await desk.accept(after)


async def test_what_its_sender_says_later_reaches_the_referral_that_goes_on(desk: Desk) -> None:
    after = await reopened(desk)
    said = a_submission("R-1", mechanism="A fall from a ladder.")
    amended = await desk.clinic.ask("POST", "referral", "/referrals", CLERK, json=said)
    assert (amended["id"], amended["package_version"]) == (after["id"], 2)


async def test_it_goes_on_once(desk: Desk) -> None:
    await reopened(desk)
    assert await desk.refuses(f"{ended(desk)}/reopening", COORDINATOR, **MISTAKE) == "decided-already"


async def test_what_is_open_or_linked_does_not_go_on_as_another(desk: Desk) -> None:
    first = await reopened(desk)
    assert await desk.refuses(f"/referrals/{first['id']}/reopening", COORDINATOR, **MISTAKE) == "refused"
    second = await desk.send("R-2")
    await desk.do(f"/referrals/{second['id']}/duplicate-link", COORDINATOR, kept_id=first["id"])
    assert await desk.refuses(f"/referrals/{second['id']}/reopening", COORDINATOR, **MISTAKE) == "linked"


async def test_whoever_died_is_not_waited_for_again(desk: Desk) -> None:
    first = await reopened(desk)
    await desk.do(f"/patients/{first['patient_id']}/death", NURSE, source="family")
    assert await desk.refuses(f"/referrals/{first['id']}/reopening", COORDINATOR, **MISTAKE) == "deceased"


@pytest.mark.parametrize("reason", ["NOT_READY", "NOT_CHRONIC_PAIN"])
async def test_who_was_not_ready_may_come_back_and_waits_anew(reason: str) -> None:
    """CON-03. Whoever is not suitable for another reason needs a new referral."""
    day = HardDay("2027-02-01 09:00")
    await day.waits_for(Ana="cat_2")
    visit = await day.books("Ana", "2027-02-09 09:00")
    await day.at("2027-02-09 09:00")
    await day.sees(visit, "NOT_SUITABLE", outcome_detail=reason)
    await day.at("2027-09-01 09:00")
    assert await day.status("Ana") == "completed"
    path = f"/referrals/{day.referral['Ana']}/reopening"
    asked = {"reason": "She has had her operation and asks for the programme."}
    if reason != "NOT_READY":
        assert await day.refused("referral", path, CORA, **asked) == "seen-already"
        return
    after = await day.does("referral", path, CORA, **asked)
    assert after["clock_start"].startswith("2027-09-01"), "she was seen: it is another wait"
    day.keep("Ana", after["id"], after["patient_id"])
    assert "nursing REF_TRIAGE" in " ".join(day.work("Ana"))
    assert day.last("received").fact["predecessor_id"] in path
    await day.triages("Ana")
    assert day.wish("Ana")
    assert await day.refused("referral", path, CORA, **asked) == "decided-already"
    await day.ends()
