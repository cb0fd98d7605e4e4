"""Who may do what, command by command, as the domain says; what facts and timers ask is open to nobody by name."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from backbone.model import Aggregate, Given, Refused, group_of, tag_of
from services.care_plan.activity.decide.questions import performers, who_was_asked
from services.care_plan.activity.states import Course, OnHold, Order
from services.care_plan.investigation.decide import readers
from services.care_plan.mdt.decide.action import owners
from services.care_plan.override.aggregate import whoever_may
from services.care_plan.override.states import Decided
from services.care_plan.plan.decide.handover import receiver
from services.care_plan.plan.states import Course as PlanCourse
from services.care_plan.plan.states import OnHold as PlanOnHold
from services.care_plan.roles import (
    CHAIR,
    CLINICIAN,
    CLINICIAN_OR_COORDINATOR,
    COORDINATOR,
    OFFICER,
    PATIENT_OR_STAFF,
    PHYSICIAN,
    PROCEDURALIST,
    REGISTRAR,
)
from services.care_plan.service import SERVICE
from tests.support.deciding import START, TARGET
from tests.unit.care_plan.situations import OUTSIDERS, rules

RIGHTS: Mapping[Any, str] = {
    PROCEDURALIST: "draft_antithrombotic_plan sign_antithrombotic_plan",
    PHYSICIAN: """
        complete_consultation sign_outcome_letter activate_plan hold_plan resume_plan revoke_plan
        sign_discharge_letter discharge_patient freeze_letter order_procedure
        start_taper offer_handover withdraw_handover
    """,
    CLINICIAN: """
        start_consultation abandon_consultation add_addendum record_investigation_result update_plan record_levels
        review_plan decline_discharge open_pifu assess_goal order_activity pause_activity resume_activity
        mark_score_in_error
        review_finding acknowledge_alert assess_alert close_alert decide_mdt_case state_exposure write_letter
        record_hold_agreement state_renal_function
        record_opioid_check record_procedure_performed record_procedure_outcome cancel_procedure
        record_taper_step end_taper
        accept_conflict order_investigation cancel_investigation
    """,
    whoever_may: "decide_override",
    who_was_asked: "end_question",
    performers: """
        ask_information
        receive_activity accept_activity decline_activity start_activity complete_session complete_activity
        stop_activity
    """,
    owners: "complete_mdt_action",
    receiver: "accept_handover decline_handover",
    readers: "read_investigation",
    CHAIR: "open_mdt_meeting close_mdt_meeting",
    CLINICIAN_OR_COORDINATOR: """
        draft_plan discharge_patient use_pifu set_goal close_goal cancel_activity review_activity request_measures
        complete_mdt_action record_contact recall_letter ask_mdt
        note_investigation_not_done order_investigation_again report_investigation
    """,
    COORDINATOR: """
        list_mdt_case defer_mdt_case withdraw_mdt_case schedule_mdt_meeting cancel_mdt_meeting reassign_mdt_action
        cancel_mdt_action
    """,
    PATIENT_OR_STAFF: "answer_measures decline_measures",
    REGISTRAR: "mark_plan_in_error",
    OFFICER: "review_recall",
}
ASKED_BY_FACTS = """
    consider_left_taper end_taper_with_death drop_draft note_end
    note_visit move_visit end_visit note_draft end_plan note_work end_work open_pifu_at_once note_activity_booked
    note_session_missed end_activity_with_plan plan_measure_request drop_measure_request note_sites note_score note_plan
    take_score_back
    note_suggestion
    move_measure_request note_review note_alert note_alert_end note_dose consider_answers
    consider_missed_visit consider_warnings assess_drug_list assess_exposure_again score_opioid_risk
    follow_opioids look_at_opioids
    end_opioid_checks consider_unexpected_finding consider_fall consider_high_dose follow_dose follow_taper_step
    note_taper note_mood note_overdose note_record_beside request_mdt_case
    end_mdt_case begin_mdt_interval shorten_mdt_interval hold_mdt_interval
    count_mdt_decision open_mdt_action note_mdt_action_done
    follow_escalation discharge_deceased take_back_session_missed note_attendance
    note_full_turn note_missed_session
    take_letter_back take_plan_letter_back raise_open_alert
    follow_procedure look_at_antithrombotics note_procedure_date drop_procedure_date note_failed_inr note_renal_function
    look_at_procedures_beside cancel_antithrombotic_plan finish_antithrombotic_plan consider_antithrombotics
    set_procedure_date lose_procedure_date end_procedure_with_plan
    look_at_procedure_limits note_procedure note_procedure_day note_procedure_relief forget_procedure
    request_override lapse_override
    note_rest_day drop_rest_day watch_visit move_watched_visit end_watched_visit look_at_rest pause_watch
    resume_watch end_watch ask_for_contact note_first_visit move_first_visit
"""
ASKED_BY_TIMERS = """
    miss_draft announce_review expire_pifu ask_for_measures chase_measures miss_measures ask_mdt_by_interval
    investigation_falls_due ask_opioid_checks_again begin_contact_month
"""


ORDER = Order(plan_id=TARGET, discipline="psychology", kind="cbt")


def rows() -> list[tuple[Aggregate[Any], str, Any]]:
    """With the group, or with what it follows from."""
    return [
        (aggregate, tag_of(command), getattr(decide, "whom", None))
        for aggregate in SERVICE.aggregates
        for (_, command), decide in aggregate.decide.rows.items()
    ]


def test_every_command_of_a_person_is_open_to_its_group_only() -> None:
    expected = {(command, group) for group, commands in RIGHTS.items() for command in commands.split()}
    assert {(command, group) for _, command, group in rows() if group} == expected


def test_what_has_no_group_is_asked_by_facts_and_timers() -> None:
    asked = {command for _, command, group in rows() if group is None}
    assert asked == {*ASKED_BY_FACTS.split(), *ASKED_BY_TIMERS.split()}


PAUSED: Mapping[type, Any] = {
    OnHold: {"begun": True},
    PlanOnHold: {"until": date(2027, 3, 1)},
    Decided: {"granted": False, "reason": "other", "decided_by": TARGET},
}
AS_IT_STANDS: Mapping[Any, Callable[[Any], Any]] = {
    performers: lambda state: state(course=Course(order=ORDER), **PAUSED.get(state, {})),
    who_was_asked: lambda state: state(course=Course(order=ORDER), **PAUSED.get(state, {})),
    receiver: lambda state: state(course=PlanCourse(), **PAUSED.get(state, {})),
    readers: lambda state: state(kind="mri", due_on=date(2027, 3, 1), responsible_id=TARGET),
    whoever_may: lambda state: state(
        rule="PRC-01", role="physician", subject_id=TARGET, **PAUSED.get(state, {})
    ),
}
"""Where the state says who may: one that it could be in."""


@pytest.mark.parametrize("aggregate", SERVICE.aggregates, ids=lambda each: each.kind)
def test_whoever_is_not_of_the_group_is_refused_whatever_the_state(aggregate: Aggregate[Any]) -> None:
    """Before the decider looks at state or command: here it is given their classes only."""
    for (state, command), decide in aggregate.decide.rows.items():
        make = AS_IT_STANDS.get(getattr(decide, "whom", None))
        state = make(state) if make else state
        group = group_of(decide, state, rules())
        for actor in OUTSIDERS:
            given = Given(command_id=TARGET, target=TARGET, at=START, actor=actor, rules=rules())
            if group and actor.kind not in group.kinds:
                answer = decide(state, command, given)
                assert isinstance(answer, Refused) and answer.code == "not-permitted"
