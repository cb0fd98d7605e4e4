"""The roster changes while people are called: the service starts again with other people, and each ladder goes on."""

from pathlib import Path

import pytest

from services.notifications.service import SERVICE as NOTIFICATIONS
from tests.component.test_who_is_called import EDITH, MINA, PAUL, at_half_past_nine
from tests.support.configuring import change, copied
from tests.support.on_call import OnCall

RAISED = "02-05 21:30 raised same_day 1 until 02-05 22:00"


@pytest.fixture
def without_paul(tmp_path: Path) -> Path:
    """Edith Brandt is on call on weekdays too: Paul Okafor is ill."""
    file = copied(tmp_path) / "staff.toml"
    on_call = 'post = "on_call_physician"\nstaff = "{}"'
    change(file, on_call.format("paul.okafor"), on_call.format("edith.brandt"))
    return tmp_path


async def started_again(night: OnCall, folder: Path) -> None:
    worker = night.clinic.system.workers["notifications"]
    worker.engine.stated = NOTIFICATIONS.load_rules(folder)
    await worker.runtime.begin()
    await night.clinic.system.settle()


async def test_another_roster_starts_no_ladder_anew_and_pages_nobody_twice(without_paul: Path) -> None:
    night = await at_half_past_nine()
    assert night.pages() == PAUL
    await night.clinic.at("2027-02-05 21:45")
    await started_again(night, without_paul)
    assert night.pages() == [] and night.ladder() == [RAISED]
    await night.clinic.replay(forgetting=True)
    assert night.pages() == [] and night.ladder() == [RAISED]
    assert await night.until("2027-02-05 21:59") == []
    assert await night.until("2027-02-05 22:00") == sorted(EDITH + MINA), "who is there now, each once"


async def test_who_was_paged_answers_though_the_roster_does_not_name_them_any_more(
    without_paul: Path,
) -> None:
    night = await at_half_past_nine()
    await started_again(night, without_paul)
    await night.text("paul.okafor", f"OK {night.code}")
    assert night.ladder()[1:] == ["02-05 21:30 acknowledged 1 by paul.okafor page"]
    assert await night.until("2027-02-05 23:29") == PAUL


async def test_who_was_paged_first_answers_though_others_were_paged_since(without_paul: Path) -> None:
    night = await at_half_past_nine()
    await started_again(night, without_paul)
    await night.until("2027-02-05 22:05")
    await night.text("paul.okafor", f"OK {night.code}")
    assert night.ladder()[-1] == "02-05 22:05 acknowledged 2 by paul.okafor page"


async def test_who_has_it_is_not_called_away_by_another_roster(without_paul: Path) -> None:
    """Nor is anybody else called, before it is due to be assessed."""
    night = await at_half_past_nine()
    assert await night.claim("SAFETY_ALERT", "paul.okafor") == 200
    assert night.pages() == PAUL
    await started_again(night, without_paul)
    taken = night.ladder()
    assert await night.until("2027-02-05 23:29") == [] and night.ladder() == taken


async def test_a_claim_that_rests_for_a_while_calls_nobody() -> None:
    """Whoever stepped away is with the patient, as far as anybody knows, until the time to assess is over."""
    night = await at_half_past_nine()
    assert await night.claim("SAFETY_ALERT", "paul.okafor") == 200
    night.pages()
    assert await night.until("2027-02-05 23:00") == []
    released = [
        each.fact["reason"] for each in night.clinic.facts("worklist") if each.name == "item_released"
    ]
    assert released == ["idle"] and len(night.ladder()) == 2
