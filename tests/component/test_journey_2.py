"""Journey 2 in memory: every line of its table, and its variants."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.journeys.blocks import move
from tests.support.journeys.courses import JOURNEY_2, Make, go_on, in_memory
from tests.support.journeys.journey_2 import lines, play_journey_2
from tests.support.journeys.play import Deed, Play
from tests.support.journeys.procedures import (
    authorises,
    holds,
    judges,
    orders,
    plan_path,
    prepare_plan,
    procedure_of,
    signature,
)

pytestmark = pytest.mark.wide
AUTHORISED, MOVED, JUDGED = "2027-04-05 11:00", "2027-05-04 09:30", "2027-05-24 09:00"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A clinic at which the table was played until then."""
    return in_memory(JOURNEY_2, tmp_path)


async def test_every_line_of_the_journey_comes_out_as_written(make: Make) -> None:
    await play_journey_2((await make()).clinic)


async def test_a_date_that_moves_after_the_last_dose_leaves_a_hold_without_a_plan(make: Make) -> None:
    play = await make(MOVED)
    await play.clinic.at("2027-05-07 09:30")
    await move(play)
    [invalid] = await play.every("care_plan.antithrombotic_plan_invalidated")
    assert (invalid.fact["was_signed"], invalid.fact["hold_running"]) == (True, True)
    alert = (await play.last("care_plan.safety_alert_raised")).fact
    assert (alert["code"], alert["severity"], alert["queue"]) == (
        "hold_running_without_plan",
        "same_day",
        "medical",
    )
    raised = await play.last("notifications.escalation_raised")
    assert raised.fact["ack_due_at"] == "2027-05-07T14:00:00Z"


async def test_a_second_block_that_brought_too_little_asks_a_physician_before_anything_is_booked(
    make: Make,
) -> None:
    play = await ablation_after(make, judges(79))
    asked = (await play.last("care_plan.override_requested")).fact
    assert (asked["rule"], asked["role"]) == ("PRC-03", "physician")
    assert [each for each in await play.clinic.queues() if "OVERRIDE" in each]
    assert "override" in await held_for(play, "2027-06-16 10:00")
    await play.post(
        "care_plan",
        f"/overrides/{asked['override_id']}/decide",
        "paul.okafor",
        granted=True,
        reason="clinical_need",
    )
    assert not [each for each in await play.clinic.queues() if "OVERRIDE" in each]
    assert await play.every("scheduling.gate_satisfied", kind="override")


async def test_what_the_last_block_brought_is_on_record_before_the_next_is_booked(make: Make) -> None:
    play = await ablation_after(make, None)
    blocked = (await play.last("scheduling.booking_blocked")).fact
    assert "previous_outcome" in blocked["gate_kinds"]
    assert blocked["reason"] == "outcome_missing"
    assert "previous_outcome" in await held_for(play, "2027-06-16 10:00")


async def test_a_signature_for_the_date_before_is_refused(make: Make) -> None:
    play = await make("2027-05-06 15:00")
    await play.clinic.at("2027-05-06 15:00")
    await prepare_plan(play)
    path, body = f"{await plan_path(play)}/sign", await signature(play, version=1)
    refused = await play.clinic.request("POST", "care_plan", path, "maya.stein", json=body)
    assert refused.status_code == 409, refused.text
    gates = await play.clinic.ask(
        "GET", "scheduling", f"/procedures/{await procedure_of(play)}/gates", "nora.quinn"
    )
    [gate] = [each for each in gates["gates"] if each["kind"] == "antithrombotic_plan"]
    assert gate["status"] == "open"


async def test_an_authorisation_that_ends_before_the_new_date_is_asked_for_again(make: Make) -> None:
    play = await make(AUTHORISED)
    await play.clinic.at(AUTHORISED)
    await authorises("2027-04-05", "2027-05-15")(play)
    await go_on(play, (line for line in lines() if line.at > AUTHORISED), until=MOVED)
    await play.clinic.at(MOVED)
    await move(play)
    moved = (await play.last("scheduling.appointment_moved")).fact
    assert set(moved["gates_reopened"]) == {"antithrombotic_plan", "authorisation"}
    assert "authorisation" in (await play.last("scheduling.booking_blocked")).fact["gate_kinds"]
    assert [each for each in await play.clinic.queues() if "AUTH_OBTAIN" in each]


async def test_an_escort_whom_nobody_confirmed_is_called_for_and_then_the_date_is_offered(make: Make) -> None:
    play = await make("2027-04-16 14:00")
    await play.clinic.at("2027-04-19 10:00")
    [failed] = await play.every("scheduling.gate_check_failed")
    assert (failed.fact["checkpoint"], failed.fact["open_gates"]) == ("T-72", ["escort"])
    urgent = await play.last("worklist.item_escalated", item_type="PROC_CHECKLIST")
    assert urgent.fact["priority"] == "urgent"
    await play.clinic.at("2027-04-21 10:00")
    assert (await play.last("scheduling.gate_check_failed")).fact["checkpoint"] == "T-24"
    assert [each for each in await play.clinic.queues() if each.startswith("coordination GATE_RELEASE")]


@pytest.mark.parametrize(("day", "asked"), [("2027-12-15", True), ("2027-12-16", False)])
async def test_an_ablation_of_the_same_joint_within_six_months_asks_a_physician(
    make: Make, day: str, asked: bool
) -> None:
    play = await make("2027-08-01")
    await play.clinic.at("2027-08-02 10:00")
    await orders("rfa_ct", not_before=day)(play)
    found = [each.fact["rule"] for each in await play.every("care_plan.override_requested")]
    assert found == (["PRC-02"] if asked else [])


async def test_a_move_that_is_told_twice_invalidates_once_and_tells_the_patient_once(make: Make) -> None:
    play = await make("2027-05-04 10:00")
    await play.clinic.replay(forgetting=False)
    await play.clinic.replay(forgetting=True)
    assert len(await play.every("care_plan.antithrombotic_plan_invalidated")) == 1
    assert len(await play.every("notifications.message_sent", template="APPT_MOVED")) == 1


async def ablation_after(make: Make, outcome: Deed | None) -> Play:
    """The ablation is ordered; of the second block there is this outcome, or none."""
    play = await make(JUDGED)
    await play.clinic.at(JUDGED)
    if outcome:
        await outcome(play)
    await orders("rfa_ct")(play)
    return play


async def held_for(play: Play, start: str) -> Sequence[str]:
    """What the date still waits for: it is held, and not booked."""
    await holds(start)(play)
    held = await play.last("scheduling.appointment_held")
    assert not [
        each for each in await play.every("scheduling.appointment_booked") if each.subject == held.subject
    ]
    return held.fact["open_gates"]
