"""What a link leaves open: warnings of the duplicate, links of links, categories that a scheme no longer has."""

from typing import Any

import pytest

from tests.support.front_desk import COORDINATOR, NURSE, OTHER, PHYSICIAN, Desk
from tests.support.submissions import flags

EMERGENCY = flags(cauda_equina_neuro="yes")
NECK: dict[str, Any] = {"pain_site_character": [{"site": "neck"}]}


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def link(desk: Desk, duplicate: Any, kept: Any) -> None:
    await desk.do(f"/referrals/{duplicate['id']}/duplicate-link", COORDINATOR, kept_id=kept["id"])


async def triaged(desk: Desk, referral: Any) -> str:
    """`done`, or why it was refused."""
    path = f"/referrals/{referral['id']}"
    answer = await desk.clinic.request(
        *("POST", "referral", f"{path}/triage", NURSE),
        json={"category": "cat_2", "comment": "as proposed", "accept": True},
        headers={"if-match": f'"{(await desk.read(path))["version"]}"'},
    )
    return "done" if answer.is_success else str(answer.json()["type"].removeprefix("urn:huddle:problem:"))


async def test_an_open_emergency_of_a_duplicate_stops_the_triage_of_what_is_kept(desk: Desk) -> None:
    kept = await desk.send()
    duplicate = await desk.send("R-2", red_flag_screen=EMERGENCY)
    await link(desk, duplicate, kept)
    assert await triaged(desk, kept) == "red-flag-open"
    flag = desk.last("red_flag_raised").fact["flag_id"]
    resolution = f"/referrals/{duplicate['id']}/red-flags/{flag}/resolution"
    await desk.do(resolution, PHYSICIAN, result="assessed_continue", note="Seen today.")
    assert await triaged(desk, kept) == "done"


async def test_a_link_of_a_link_leads_to_the_one_that_is_kept(desk: Desk) -> None:
    first = await desk.send(red_flag_screen=EMERGENCY)
    second = await desk.send("R-2", referrer=OTHER)
    third = await desk.send("R-3")
    await link(desk, first, second)
    await link(desk, second, third)
    for ended in (first, second):
        shown = await desk.read(f"/referrals/{ended['id']}")
        assert shown["decision"]["kept_id"] == third["id"], "one truth"
    kept = await desk.read(f"/referrals/{third['id']}")
    assert kept["linked"] == [second["id"], first["id"]] and len(kept["attached"]) == 2
    assert await triaged(desk, third) == "red-flag-open", "however long the way"
