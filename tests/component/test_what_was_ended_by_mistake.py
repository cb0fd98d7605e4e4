"""A referral that was ended by mistake goes on as another one, which keeps its clock; the old one stays as it is."""

from typing import Any

import pytest

from tests.support.front_desk import CLERK, COORDINATOR, NURSE, Desk
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
