"""What counts in a plan, and from when: the base, final measures, the full battery, missed sessions, time on hold."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from tests.support.walks.care_plan import listed
from tests.support.ward import (
    COORDINATOR,
    EXERCISE,
    HERS,
    LEAVING,
    PHYSIOTHERAPIST,
    SEEN_TO,
    Ward,
    session_missed,
)

HANDS = {"discipline": "physiotherapy", "kind": "manual_therapy", "sessions": 4}


@pytest.fixture
async def ward() -> Ward:
    return await Ward().open()


async def measured(ward: Ward, occasion: str, **answers: list[int | None]) -> Any:
    await ward.answered(occasion, **answers)
    return ward.last("measure_scored").fact


async def reviewed(ward: Ward, plan: Any, to: str = "2027-12-01", level: int = -1, **more: Any) -> None:
    said = {
        "result": "continue",
        "next_review": to,
        "goals": [{"goal_id": plan["goal_ids"][0], "level": level}],
    }
    await ward.asks(f"/plans/{plan['plan_id']}/review", **said | more)


async def test_the_base_is_the_last_baseline_before_the_plan_began(ward: Ward) -> None:
    await measured(ward, "baseline", peg=[6, 6, 6])
    await ward.plan()
    await ward.clinic.at("2027-04-26 12:00")
    late = await measured(ward, "baseline", peg=[9, 9, 9])
    assert (late["change"], late["responder"]) == ("3", False), "itself it is beside the base"
    now = await measured(ward, "review", peg=[6, 6, 6])
    assert (now["change"], now["responder"], now["findings"]) == ("0", False, [])


async def test_where_nothing_was_measured_before_the_plan_began_there_is_no_change_and_who_gets_worse_is_seen(
    ward: Ward,
) -> None:
    await ward.plan()
    await ward.clinic.at("2027-04-26 12:00")
    await measured(ward, "baseline", peg=[3, 3, 3])
    now = await measured(ward, "review", peg=[9, 9, 9])
    assert (now.get("change"), now.get("responder"), now["findings"]) == (None, None, ["peg_worse"])


async def test_two_missed_sessions_of_a_discipline_are_somebody_s_work_whatever_they_are_of(
    ward: Ward,
) -> None:
    one, other = (await ward.plan(activities=[EXERCISE, HANDS]))["activity_ids"]
    for activity in (one, other):
        await ward.asks(f"/activities/{activity}/accept", PHYSIOTHERAPIST)
    for number, activity in enumerate((one, other)):
        assert not ward.told("activity_review_fell_due", rule="MOD-03")
        await ward.feed.tell(session_missed(activity), aggregate=derive(ROOT, f"session {number}"))
    [due] = ward.told("activity_review_fell_due", rule="MOD-03")
    assert due.subject == other


async def test_who_takes_opioids_is_ready_for_discharge_once_they_are_handed_over(ward: Ward) -> None:
    plan = await ward.plan()
    await listed(ward, "10")
    await reviewed(ward, plan, level=0)
    assert "discharge_ready" not in ward.last("goal_assessed").fact["findings"]
    await reviewed(ward, plan, level=0, checklist=["medication_handover"])
    assert "discharge_ready" in ward.last("goal_assessed").fact["findings"]


async def test_a_plateau_of_who_knows_what_to_do_is_ready_for_discharge(ward: Ward) -> None:
    await measured(ward, "baseline", peg=[7, 7, 7])
    plan = await ward.plan()
    await ward.clinic.at("2027-05-21 12:00")
    await measured(ward, "review", peg=[7, 7, 6])
    await reviewed(ward, plan)
    assert "discharge_ready" not in ward.last("goal_assessed").fact["findings"]
    await reviewed(ward, plan, checklist=["flare_up_plan"])
    assert "discharge_ready" in ward.last("goal_assessed").fact["findings"]


async def test_the_first_measures_of_a_long_plan_are_not_its_final_ones(ward: Ward) -> None:
    plan = await ward.plan()
    await ward.clinic.at("2027-04-08 12:00")
    await measured(ward, "review", peg=[7, 7, 7])
    await reviewed(ward, plan)
    await ward.clinic.at("2027-09-01 12:00")
    path = await ward.comes_to_discharge(plan["plan_id"])
    assert "final_proms" in ward.last("discharge_proposed").fact["missing"]
    said = {**LEAVING, "no_final_measures": None}
    assert await ward.refuses(path, **said) == "discharge-incomplete"
    await measured(ward, "review", peg=[4, 4, 4])
    await ward.asks(path, **said)


async def test_who_is_on_hold_is_discharged_without_going_on_first(ward: Ward) -> None:
    path = f"/plans/{(await ward.plan())['plan_id']}"
    await ward.asks(f"{path}/hold", reason="operation", review_on="2027-06-01")
    later = {"result": "continue", "next_review": "2027-07-01"}
    assert await ward.refuses(f"{path}/review", **later) == "on-hold"
    await ward.asks(f"{path}/review", result="discharge", checklist=SEEN_TO)
    await ward.asks(
        f"{path}/discharge/letter/sign", audience=["referrer", "pcp", "patient"], text="Dear colleague"
    )
    await ward.asks(f"{path}/discharge", **LEAVING)
    assert ward.told("patient_discharged", reason="COMPLETED_GOALS")


async def test_who_declines_the_discharge_of_who_is_on_hold_leaves_it_on_hold(ward: Ward) -> None:
    path = f"/plans/{(await ward.plan())['plan_id']}"
    await ward.asks(f"{path}/hold", reason="operation", review_on="2027-06-01")
    await ward.asks(f"{path}/review", result="discharge")
    await ward.asks(f"{path}/discharge/decline", reason="not_ready")
    await ward.asks(f"{path}/resume")


async def test_a_plan_on_hold_does_not_go_before_the_team_until_it_goes_on(ward: Ward) -> None:
    path = f"/plans/{(await ward.plan())['plan_id']}"
    await ward.clinic.at("2027-03-10 12:00")
    await ward.asks(f"{path}/hold", reason="operation", review_on="2027-09-01")
    await ward.clinic.at("2027-06-10 12:00")
    assert not ward.told("mdt_case_requested", reason="MDT-01")
    await ward.asks(f"{path}/resume")
    await ward.clinic.at("2027-06-11 12:00")
    assert ward.told("mdt_case_requested", reason="MDT-01"), "it counts from the last review"


async def test_withdrawing_a_case_is_no_review_of_the_plan(ward: Ward) -> None:
    await ward.plan()
    await ward.clinic.at("2027-04-20 12:00")
    asked = {"reason": "complex_social_situation", "question": "What now?", **HERS}
    await ward.asks("/mdt/cases", **asked)
    case = ward.last("mdt_case_requested").subject
    await ward.asks(f"/mdt/cases/{case}/withdraw", COORDINATOR, reason="not_needed")
    await ward.clinic.at("2027-05-21 12:00")
    assert ward.told("mdt_case_requested", reason="MDT-01")


async def test_a_plan_that_nobody_reviewed_is_not_taken_off_the_agenda(ward: Ward) -> None:
    plan = await ward.plan()
    await ward.clinic.at("2027-05-21 12:00")
    path = f"/mdt/cases/{ward.last('mdt_case_requested').subject}/withdraw"
    assert await ward.refuses(path, COORDINATOR, reason="not_needed") == "review-overdue"
    await reviewed(ward, plan)
    await ward.asks(path, COORDINATOR, reason="not_needed")
    await ward.clinic.at("2027-06-25 12:00")
    assert len(ward.told("mdt_case_requested", reason="MDT-01")) == 1


async def test_after_the_full_battery_it_is_short_again_for_twelve_weeks(ward: Ward) -> None:
    plan = await ward.plan()
    asked: list[int] = []
    for now, following in (
        ("2027-04-08", "2027-05-20"),
        ("2027-05-20", "2027-07-01"),
        ("2027-07-01", "2027-08-12"),
        ("2027-08-12", "2027-09-23"),
    ):
        await ward.clinic.at(f"{now} 12:00")
        found = [
            each for each in ward.told("measure_requested", occasion="review") if each.fact["due_on"] == now
        ]
        asked += [len(each.fact["instruments"]) for each in found]
        await reviewed(ward, plan, following)
    assert asked == [1, 5, 1, 5]


async def test_what_was_missing_is_supplied_within_seven_days(ward: Ward) -> None:
    asked: dict[str, Any] = {"occasion": "review", "instruments": ["peg", "phq9"], "due_on": "2027-12-01"}
    path = (
        f"/measure-requests/{(await ward.asks('/measure-requests', **asked, **HERS))['request_id']}/answers"
    )
    await ward.asks(path, answers={"peg": [7, 7, None], "phq9": [1, None, 0, 0, 0, 0, 0, 0, 0]})
    await ward.clinic.at("2027-03-04 12:00")
    await ward.asks(path, answers={"peg": [7, 7, 6]})
    await ward.clinic.at("2027-03-05 12:00")
    late: dict[str, Any] = {"phq9": [1, 1, 0, 0, 0, 0, 0, 0, 0]}
    assert await ward.refuses(path, answers=late) == "not-asked"
    late["phq9"][8] = 1
    await ward.asks(path, answers=late)
    assert ward.told("safety_alert_raised"), "what calls for help is never too late"
    assert not ward.told("measure_scored", instrument="phq9")


async def test_a_questionnaire_of_who_answered_half_of_it_is_scored_of_that_half(ward: Ward) -> None:
    half: list[int | None] = [2, 2, 2, 2, 2, None, None, None, None, None]
    assert (await measured(ward, "review", odi=half))["score"] == "40"


async def test_less_is_suggested_after_two_reviews_that_are_four_weeks_apart(ward: Ward) -> None:
    await measured(ward, "baseline", peg=[9, 9, 9])
    plan = await ward.plan()
    await ward.clinic.at("2027-03-04 12:00")
    await measured(ward, "review", peg=[3, 3, 3])
    await ward.clinic.at("2027-04-08 12:00")
    await measured(ward, "review", peg=[3, 3, 3])
    await reviewed(ward, plan, level=0)
    assert "step_down" not in ward.last("goal_assessed").fact["findings"], "it was reviewed once"
    await ward.clinic.at("2027-05-13 12:00")
    await measured(ward, "review", peg=[3, 3, 3])
    await reviewed(ward, plan, level=0)
    assert "step_down" in ward.last("goal_assessed").fact["findings"]
