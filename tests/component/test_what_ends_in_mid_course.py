"""Care that ends in the middle: nobody is left with an open hold, no call is owed to the dead or lost to the living."""

from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.safety import SafetyAlertRaised
from schemas.codes import LIVES
from schemas.fact import Fact
from schemas.referral.v1.ends import ENDS
from tests.support.examples import example_fact
from tests.support.feed import Feed
from tests.support.hard_days import CORA, FAY, INES, NURSE, PAUL, PRIYA
from tests.support.mid_course import MidCourse
from tests.support.planned_block import BLOCK
from tests.support.ward import EXERCISE, Ward


@pytest.fixture
async def day() -> MidCourse:
    return await MidCourse("2027-02-01 09:00").begin()


@pytest.mark.parametrize("end", ENDS, ids=lambda each: each.__name__)
async def test_whatever_ends_a_referral_ends_its_plan_its_procedures_and_its_case(end: type[Fact]) -> None:
    ward = await Ward().open()
    await ward.in_session()
    plan = (await ward.plan())["plan_id"]
    await ward.asks(f"/plans/{plan}/procedures", **dict[str, Any](BLOCK))
    await ward.feed.tell(example_fact(end))
    assert {"plan_revoked", "activity_cancelled", "mdt_case_withdrawn", "procedure_cancelled"} <= {
        fact.name for fact in ward.clinic.facts()
    }


async def test_nobody_calls_the_dead_about_a_hold_and_nobody_waits_for_their_findings(day: MidCourse) -> None:
    """NOT-14, whichever was told first: the hold is called off because of the death."""
    await day.dies()
    assert day.last("antithrombotic_plan_invalidated").fact["hold_running"]
    assert await day.called() == [] and day.types() == {"LETTER_SIGN", "SLOT_FILL"}
    sent = len(day.told("Ana"))
    await day.at("2027-03-05 09:00")
    assert day.last("investigation_fell_due").fact["cause"] == "nothing_heard"
    assert day.types() == {"LETTER_SIGN"} and len(day.told("Ana")) == sent
    await day.does("care_plan", f"/investigations/{day.investigation}/report", NURSE)
    assert "INVESTIGATION_READ" in day.types(), "what was found is read"
    await day.ends()


async def test_an_alert_that_nobody_had_closed_is_raised_again_for_who_lives_after_all(
    day: MidCourse,
) -> None:
    await day.dies()
    assert "SAFETY_ALERT" not in day.types()
    check = f"/patients/{day.patient['Ana']}/death-check"
    await day.at("2027-02-23 10:00")
    await day.does("referral", check, INES, lives=True)
    assert {row["detail"] for row in day.rows("SAFETY_ALERT")} == {
        "suicide_risk",
        "hold_running_without_plan",
    }
    assert set(await day.called()) == {PRIYA, "maya.stein"}
    path = f"/safety-alerts/{day.alert}"
    await day.does("care_plan", f"{path}/assess", PRIYA, result="no_imminent_risk", note="Spoke with her.")
    await day.does("care_plan", f"{path}/close", PRIYA)
    assert [row["detail"] for row in day.rows("SAFETY_ALERT")] == ["hold_running_without_plan"]
    raised = len(day.facts_of("safety_alert_raised"))
    await day.replay(forgetting=True)
    assert len(day.facts_of("safety_alert_raised")) == raised
    await day.ends()


async def test_that_somebody_lives_after_all_may_be_heard_from_the_alert_before_the_registry_says_so(
    day: MidCourse,
) -> None:
    await day.dies()
    await day.called()
    alert = derive(ROOT, "an alert that was open")
    says = {"alert_id": alert, "code": "suicide_risk", "severity": "same_day", "queue": "psychology"}
    known = {"rule": "OUT-01", "subject_id": alert}
    about = {"patient": day.patient["Ana"], "referral": day.referral["Ana"], "aggregate": alert}
    feed = Feed(day.system)
    for because in (None, LIVES):
        raised = SafetyAlertRaised.model_validate({**says, **known, "because": because})
        await feed.tell(raised, **about)
        lives = because == LIVES
        assert ("SAFETY_ALERT" in day.types(), await day.called()) == (lives, [PRIYA] if lives else [])


async def test_who_withdraws_in_the_middle_of_a_hold_is_called_and_so_is_a_physician(day: MidCourse) -> None:
    await day.withdraws()
    assert {row["detail"] for row in day.rows("SAFETY_ALERT")} == {
        "suicide_risk",
        "hold_running_without_plan",
        "taper_left",
    }
    assert await day.called() == ["maya.stein"] * 2 and "HOLD_CALL" in day.types()
    call = {"patient_id": day.patient["Ana"], "kind": "hold_call", "procedure_id": day.block}
    await day.does("care_plan", "/contacts", NURSE, result="reached", **call)
    assert "HOLD_CALL" not in day.types()
    await day.ends()


async def test_who_withdraws_after_a_procedure_is_still_called_and_a_warning_is_heard(day: MidCourse) -> None:
    """A bleeding shows days later, whatever became of the referral (ADR 55)."""
    await day.is_treated()
    await day.withdraws()
    assert {"POST_PROC_CALL_1", "POST_PROC_CALL_2"} <= day.types() and "PROC_OUTCOME" not in day.types()
    call = {"patient_id": day.patient["Ana"], "procedure_id": day.block, "result": "reached"}
    heard = {"kind": "post_procedure_24_72h", "warnings": ["weakness"]}
    await day.does("care_plan", "/contacts", NURSE, **call, **heard)
    assert day.last("safety_alert_raised").fact["code"] == "post_procedure_warning"
    await day.does("care_plan", "/contacts", NURSE, **call, kind="post_procedure_2w")
    assert not {"POST_PROC_CALL_1", "POST_PROC_CALL_2"} & day.types()
    await day.ends()


async def test_nobody_calls_the_dead_after_a_procedure(day: MidCourse) -> None:
    await day.is_treated()
    await day.dies()
    assert day.types() == {"LETTER_SIGN"}
    await day.ends()


async def test_a_referral_in_error_leaves_nobody_parked_and_a_hold_that_somebody_ends(day: MidCourse) -> None:
    path = f"/referrals/{day.referral['Ana']}/entered-in-error"
    await day.does("referral", path, INES, reason="wrong_patient")
    assert day.last("plan_revoked").fact["reason"] == "marked_in_error"
    assert {"hold_running_without_plan", "taper_left"} <= {row["detail"] for row in day.rows("SAFETY_ALERT")}
    assert "HOLD_CALL" in day.types() and await day.called() == ["maya.stein"] * 2
    await day.ends()


async def test_a_plan_that_gives_way_to_follow_up_by_the_patient_leaves_no_work_that_nobody_can_do(
    day: MidCourse,
) -> None:
    activity = day.last("activity_ordered").fact["activity_id"]
    await day.changes(
        f"/plans/{day.plan}", PAUL, reason="More.", activities_add=[{**EXERCISE, "kind": "hydrotherapy"}]
    )
    declined = day.last("activity_ordered").fact["activity_id"]
    await day.does("care_plan", f"/activities/{declined}/decline", FAY, reason="not_indicated")
    assert {"PLAN_REVIEW", "ACT_ACCEPT", "ACT_DECLINED"} <= day.types()
    await day.does("care_plan", f"/plans/{day.plan}/pifu", PAUL)
    assert not {"PLAN_REVIEW", "ACT_ACCEPT", "ACT_DECLINED"} & day.types()
    assert await day.refused("care_plan", f"/activities/{activity}/accept", FAY) == "refused"
    assert {"HOLD_CALL", "SAFETY_ALERT"} <= day.types(), "what somebody has to look at stays"
    await day.does("care_plan", f"/pifu/{day.plan}/use", CORA)
    assert day.wish("Ana", "review") and not {"PLAN_REVIEW", "ACT_ACCEPT", "ACT_DECLINED"} & day.types()
    await day.ends()
