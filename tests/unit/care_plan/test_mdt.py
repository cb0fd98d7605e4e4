"""Cases before the multidisciplinary team, its meetings, and what its decisions ask for (MDT-01, MDT-02)."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from backbone.model import Actor
from config.loading import SHIPPED
from schemas.care_plan.v1.mdt import (
    MdtCaseDeferred,
    MdtCaseListed,
    MdtCaseRequested,
    MdtCaseWithdrawn,
    MdtDecisionRecorded,
    MdtMeetingClosed,
    MdtMeetingScheduled,
)
from services.care_plan.history.states import History
from services.care_plan.mdt.aggregate import MDT_CASE, MDT_MEETING
from services.care_plan.mdt.commands import (
    AskByInterval,
    AskTeam,
    BeginInterval,
    CancelMeeting,
    CloseMeeting,
    CountDecision,
    DecideCase,
    DeferCase,
    EndCase,
    ListCase,
    OpenMeeting,
    RequestCase,
    ScheduleMeeting,
    Task,
    WithdrawCase,
)
from services.care_plan.mdt.decide.case import MOST_QUESTIONS
from services.care_plan.mdt.facts import ReasonAdded
from services.care_plan.mdt.states import InSession, Listed, Requested, Scheduled
from services.care_plan.risk.states import Risk
from services.care_plan.rules import Rules, load_rules
from tests.support.deciding import LANE, Deciding, Situation, deciding, like, nothing, refused, ruled

MEETING = derive(ROOT, "a meeting")
OTHER_MEETING = derive(ROOT, "another meeting")
ACTION = derive(ROOT, "an action")
CASE = derive(ROOT, "a case")
REFERRAL = derive(ROOT, "a referral")
START = datetime(2027, 2, 25, 18, 0, tzinfo=UTC)
QUORUM = ("physician", "physiotherapist", "psychologist", "care_coordinator")
PRESENT = ("care_coordinator", "clinical_lead", "physician", "physiotherapist", "psychologist")
TASKS = (Task(action_id=ACTION, owner_queue="medical", due_on=date(2027, 2, 26)),)
LIST = ListCase(meeting_id=MEETING, prep_queues=("medical", "psychology"))
REQUEST = RequestCase(reason="new_programme")


@cache
def rules() -> Rules:
    return load_rules(SHIPPED)


def staff(login: str) -> Actor:
    member = rules().staff.by_login[login]
    return Actor("user", member.id, member.roles[0])


COORDINATOR, PHYSICIAN, NURSE = staff("cora.lind"), staff("paul.okafor"), staff("nora.quinn")
THERE = tuple(str(staff(who).id) for who in ("paul.okafor", "fay.dunn", "priya.nair", "cora.lind"))
"""Who they are in the staff directory: one of each role that the quorum wants."""
given_meeting: Deciding = deciding(MDT_MEETING, rules(), actor=COORDINATOR)


def case(*steps: Any, meeting: Any = None, actor: Actor = COORDINATOR) -> Situation:
    """A case after these steps, beside its meeting, which is open if nothing else is said."""
    others = {MEETING: meeting or InSession(start=START), OTHER_MEETING: Scheduled(start=START)}
    situation = deciding(MDT_CASE, rules(), actor=actor)().beside(others)
    for step in steps:
        situation.world.take(step)
    return situation


def decision(**changes: Any) -> DecideCase:
    said = {
        "meeting_id": MEETING,
        "decision": "programme",
        "attendees": THERE,
        "summary": "A programme of three disciplines.",
        "actions": TASKS,
    }
    return DecideCase(**said | changes)


def test_a_new_programme_goes_before_the_team() -> None:
    case().when(REQUEST).then(like(MdtCaseRequested, reason="new_programme", priority="routine"))


def test_one_open_case_collects_all_reasons_and_asks_only_once() -> None:
    result = case(REQUEST).when(RequestCase(reason="OUT-05")).then()
    assert result.state.reasons == ("new_programme", "OUT-05")


def test_the_more_urgent_priority_wins() -> None:
    urgent = RequestCase(reason="OPI-02", priority="urgent")
    result = case(REQUEST).when(urgent).then(like(MdtCaseRequested, reason="OPI-02", priority="urgent"))
    assert result.state.priority == "urgent"
    assert case(urgent).when(REQUEST).then().state.priority == "urgent"


def test_a_decided_case_is_asked_for_again_by_a_new_fact_but_not_by_the_same_one() -> None:
    situation = case(REQUEST, LIST, PHYSICIAN, decision())
    world = situation.world
    before = len(world.facts)
    world.command(REQUEST, derive(ROOT, "step 1"))
    assert len(world.facts) == before
    situation.when(REQUEST).then(MdtCaseRequested)


def test_a_coordinator_lists_a_case_with_the_start_of_the_meeting() -> None:
    expected = like(MdtCaseListed, meeting_id=MEETING, start=START, prep_queues=("medical", "psychology"))
    case(REQUEST, meeting=Scheduled(start=START)).when(LIST).then(expected)


def test_listing_again_for_the_same_meeting_changes_nothing_and_for_another_one_is_refused() -> None:
    case(REQUEST, LIST).when(LIST).then(nothing())
    other = ListCase(meeting_id=OTHER_MEETING, prep_queues=("medical",))
    case(REQUEST, LIST).when(other).then(refused(instead="DeferCase"))


def test_a_nurse_lists_no_case() -> None:
    case(REQUEST, NURSE).when(LIST).then(refused(code="not-permitted"))


def test_a_meeting_that_nobody_planned_takes_no_cases() -> None:
    situation = case(REQUEST).beside({MEETING: None})
    situation.when(LIST).then(refused(code="other-meeting"))


def test_a_decision_with_quorum_names_its_actions() -> None:
    result = case(REQUEST, LIST, PHYSICIAN).when(decision())
    expected = like(MdtDecisionRecorded, quorum_met=True, dissent=False, attendees=PRESENT)
    result.then(ruled(expected, "mdt.quorum", "MDT-02"))
    [fact] = result.only_facts
    assert isinstance(fact, MdtDecisionRecorded)
    assert [(each.owner_queue, each.due_on) for each in fact.actions] == [("medical", date(2027, 2, 26))]


def test_without_quorum_nothing_is_decided() -> None:
    few = decision(attendees=THERE[1:])
    case(REQUEST, LIST, PHYSICIAN).when(few).then(refused("physician", code="no-quorum"))


def test_a_named_person_may_waive_the_quorum() -> None:
    waived = decision(attendees=THERE[1:], quorum_waived_by=PHYSICIAN.id)
    case(REQUEST, LIST, PHYSICIAN).when(waived).then(like(MdtDecisionRecorded, quorum_met=False))


def test_a_decision_needs_an_owner_and_a_due_date() -> None:
    case(REQUEST, LIST, PHYSICIAN).when(decision(actions=())).then(refused("MDT-02", code="no-action"))


def test_nothing_is_decided_before_the_chair_has_opened_the_meeting() -> None:
    situation = case(REQUEST, LIST, PHYSICIAN, meeting=Scheduled(start=START))
    situation.when(decision()).then(refused(instead="OpenMeeting"))


def test_a_decision_belongs_to_the_meeting_of_the_case() -> None:
    case(REQUEST, LIST, PHYSICIAN).when(decision(meeting_id=OTHER_MEETING)).then(
        refused(code="other-meeting")
    )


def test_dissent_is_kept_as_content_and_told_as_a_fact() -> None:
    result = case(REQUEST, LIST, PHYSICIAN).when(decision(dissent="Too early for exercise."))
    result.then(like(MdtDecisionRecorded, dissent=True))
    [fact] = result.only_facts
    assert isinstance(fact, MdtDecisionRecorded)
    assert b"Too early" in result.world.contents[fact.note_ref]
    assert b"Too early" not in fact.model_dump_json().encode()


def test_an_undecided_case_is_deferred_and_listed_again() -> None:
    deferral = DeferCase(meeting_id=MEETING, reason="no_time", next_meeting_id=OTHER_MEETING)
    again = like(MdtCaseListed, meeting_id=OTHER_MEETING, prep_queues=("medical", "psychology"))
    result = case(REQUEST, LIST).when(deferral)
    result.then(like(MdtCaseDeferred, reason="no_time", next_meeting_id=OTHER_MEETING), again)
    assert result.state.meeting_id == OTHER_MEETING
    unknown = DeferCase(meeting_id=MEETING, reason="no_time")
    case(REQUEST, LIST).when(unknown).then(like(MdtCaseDeferred, next_meeting_id=None)).then_state(Requested)
    case(REQUEST, LIST, unknown).when(LIST).then(MdtCaseListed)


def test_it_is_not_put_off_to_the_meeting_that_it_is_listed_for() -> None:
    same = DeferCase(meeting_id=MEETING, reason="no_time", next_meeting_id=MEETING)
    case(REQUEST, LIST).when(same).then(refused(code="other-meeting"))


def test_a_case_that_nobody_needs_any_more_is_withdrawn() -> None:
    case(REQUEST, LIST).when(WithdrawCase(reason="patient_declined")).then(MdtCaseWithdrawn)
    case(REQUEST).when(EndCase(reason="completed")).then(like(MdtCaseWithdrawn, reason="completed"))
    case().when(EndCase(reason="completed")).then(nothing())


ACTIVATED = BeginInterval(on=date(2027, 2, 25), at=START)


def test_more_than_twelve_weeks_without_review_put_the_plan_on_the_agenda() -> None:
    result = case().when(ACTIVATED)
    [timer] = result.timers.values()
    assert rules().calendar.day(timer.due) == date(2027, 2, 25) + timedelta(days=85)
    case(ACTIVATED).when(timer.command).then(
        ruled(like(MdtCaseRequested, reason="MDT-01"), "MDT-01", "review.interval")
    )


def test_a_high_risk_plan_is_looked_at_after_four_weeks() -> None:
    """After its activation as after every review."""
    patient = derive(ROOT, "a patient")
    for on in (date(2027, 2, 25), date(2027, 4, 8)):
        begun = BeginInterval(on=on, at=START, patient_id=patient)
        [timer] = case().beside({patient: Risk(high_dose=True)}).when(begun).timers.values()
        assert rules().calendar.day(timer.due) == on + timedelta(days=29)


def test_a_review_counts_the_interval_anew_and_an_older_fact_does_not_set_it_back() -> None:
    reviewed = BeginInterval(on=date(2027, 4, 8), at=START + timedelta(days=42))
    situation = case(ACTIVATED, reviewed)
    situation.when(ACTIVATED).then(nothing())
    situation.when(AskByInterval(since=date(2027, 2, 25))).then(nothing())


@pytest.mark.parametrize(
    "answer", [(LIST, PHYSICIAN, decision()), (COORDINATOR, WithdrawCase(reason="other"))]
)
def test_what_an_interval_asked_for_is_not_asked_again_when_it_has_been_looked_at(
    answer: tuple[Any, ...],
) -> None:
    """The last meeting counts as the last review does; else a timer in the past asks a second time."""
    old = BeginInterval(on=date(2026, 11, 1), at=START)
    [timer] = case().when(old).timers.values()
    [again] = case(old, timer.command, *answer[:-1]).when(answer[-1]).timers.values()
    assert again.due > timer.due


def test_a_plan_that_has_ended_is_never_over_its_interval() -> None:
    ended = BeginInterval(on=date(2027, 6, 29), at=START + timedelta(days=124), running=False)
    situation = case(ACTIVATED, ended)
    assert not situation.when(ACTIVATED).then(nothing()).timers


def test_a_case_on_the_agenda_waits_for_no_interval() -> None:
    assert not case(ACTIVATED).when(REQUEST).timers


def test_a_meeting_is_planned_opened_and_closed_with_what_it_decided() -> None:
    plan = ScheduleMeeting(start=START)
    given_meeting().when(plan).then(like(MdtMeetingScheduled, start=START, quorum=QUORUM))
    counted = CountDecision(case_id=CASE, attendees=THERE)
    steps = (plan, PHYSICIAN, OpenMeeting(), START, counted, counted)
    result = given_meeting(*steps).when(CloseMeeting(deferred=2))
    result.then(like(MdtMeetingClosed, decided=1, deferred=2))


def test_a_meeting_names_its_own_quorum_where_it_needs_another() -> None:
    plan = ScheduleMeeting(start=START, quorum=("physician", "pharmacist"))
    given_meeting().when(plan).then(like(MdtMeetingScheduled, quorum=("physician", "pharmacist")))
    small = InSession(start=START, quorum=("physician", "pharmacist"))
    result = case(REQUEST, LIST, PHYSICIAN, meeting=small).when(decision(attendees=THERE[:1]))
    result.then(refused("pharmacist", code="no-quorum"))


QUESTION = AskTeam(referral_id=REFERRAL, reason="clinical_question", question="Is surgery still open?")


def asking(*steps: Any, whose: str = LANE, actor: Actor = NURSE) -> Situation:
    """A case of a referral that is known here, before somebody asks."""
    situation = case(actor=actor)
    situation.world.others = {**situation.world.others, REFERRAL: History(patient_id=whose)}
    for step in steps:
        situation.world.take(step)
    return situation


def test_a_person_puts_a_question_before_the_team_and_the_case_names_who_asked() -> None:
    result = asking().when(QUESTION)
    result.then(like(MdtCaseRequested, reason="clinical_question", requested_by=NURSE.id)).then_state(
        Requested
    )
    [fact] = result.only_facts
    assert isinstance(fact, MdtCaseRequested)
    assert b"surgery" in result.world.contents[fact.question_ref or ""]
    assert b"surgery" not in fact.model_dump_json().encode()
    [asked] = result.state.questions
    assert (asked.ref, asked.reason, asked.asked_by) == (fact.question_ref, "clinical_question", NURSE.id)


def test_a_question_about_an_open_case_is_one_more_reason_and_hides_no_other_question() -> None:
    result = asking(REQUEST, COORDINATOR, LIST, NURSE, QUESTION).when(QUESTION)
    result.then(like(ReasonAdded, reason="clinical_question", requested_by=NURSE.id)).then_state(Listed)
    assert result.state.reasons == ("new_programme", "clinical_question")
    assert len({each.ref for each in result.state.questions}) == 2


def test_nobody_asks_the_team_about_a_referral_of_somebody_else_or_without_end() -> None:
    asking(whose=derive(ROOT, "somebody else")).when(QUESTION).then(refused(code="another-patient"))
    asking(*([QUESTION] * MOST_QUESTIONS)).when(QUESTION).then(refused(code="too-many"))


def test_pain_that_is_worse_goes_before_the_team_by_its_rule() -> None:
    case().when(RequestCase(reason="OUT-04")).then(ruled(like(MdtCaseRequested, reason="OUT-04"), "OUT-04"))


def test_a_meeting_that_nobody_opened_is_not_closed() -> None:
    scheduled = given_meeting(ScheduleMeeting(start=START), PHYSICIAN, START + timedelta(hours=1))
    scheduled.when(CloseMeeting()).then(refused(instead="OpenMeeting"))


def decided_by(attendees: tuple[str, ...], **more: Any) -> Situation:
    """An open meeting at which these decided a case."""
    counted = CountDecision(case_id=CASE, attendees=attendees, **more)
    return given_meeting(ScheduleMeeting(start=START), PHYSICIAN, OpenMeeting(), START, counted)


def test_a_meeting_that_decided_is_closed_with_a_quorum_as_the_directory_has_it_now() -> None:
    decided_by(THERE).when(CloseMeeting()).then(ruled(like(MdtMeetingClosed, quorum_met=True), "mdt.quorum"))
    few = THERE[:3]
    decided_by(few).when(CloseMeeting()).then(refused("care_coordinator", code="no-quorum"))
    others = CloseMeeting(attendees=THERE[3:])
    decided_by(few).when(others).then(like(MdtMeetingClosed, quorum_met=True))
    decided_by(few).when(CloseMeeting(attendees=(CASE,))).then(refused(code="unknown-person"))


def test_a_quorum_is_waived_by_the_chair_for_a_decision_or_at_the_end_and_nothing_decided_needs_none() -> (
    None
):
    waived = decided_by(THERE[:3], quorum_waived_by=PHYSICIAN.id)
    waived.when(CloseMeeting()).then(like(MdtMeetingClosed, quorum_met=False))
    late = CloseMeeting(quorum_waived_by=PHYSICIAN.id)
    decided_by(THERE[:3]).when(late).then(like(MdtMeetingClosed, quorum_met=False))
    nurses = CloseMeeting(quorum_waived_by=NURSE.id)
    decided_by(THERE[:3]).when(nurses).then(refused(code="unknown-person"))
    nobody = given_meeting(ScheduleMeeting(start=START), PHYSICIAN, OpenMeeting(), START)
    nobody.when(CloseMeeting(deferred=1)).then(like(MdtMeetingClosed, decided=0, quorum_met=False))


def test_a_meeting_is_not_closed_before_it_begins_and_not_cancelled_once_it_is_open() -> None:
    opened = given_meeting(ScheduleMeeting(start=START), PHYSICIAN, OpenMeeting())
    opened.when(CloseMeeting()).then(refused(code="not-begun"))
    opened.when(CancelMeeting(reason="holiday")).then(refused("not possible"))
