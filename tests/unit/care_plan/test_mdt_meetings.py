"""Meetings of the team: questions that people ask, opening, closing, and whether there is a quorum."""

from datetime import timedelta
from typing import Any

from backbone.ids import ROOT, derive
from backbone.model import Actor
from schemas.care_plan.v1.mdt import (
    MdtCaseRequested,
    MdtMeetingClosed,
    MdtMeetingScheduled,
)
from services.care_plan.history.states import History
from services.care_plan.mdt.commands import (
    AskTeam,
    CancelMeeting,
    CloseMeeting,
    CountDecision,
    OpenMeeting,
    RequestCase,
    ScheduleMeeting,
)
from services.care_plan.mdt.decide.case import MOST_QUESTIONS
from services.care_plan.mdt.facts import ReasonAdded
from services.care_plan.mdt.states import InSession, Listed, Requested
from tests.support.deciding import LANE, Situation, like, refused, ruled
from tests.unit.care_plan.meetings import (
    CASE,
    COORDINATOR,
    LIST,
    NURSE,
    PHYSICIAN,
    QUORUM,
    REFERRAL,
    REQUEST,
    START,
    THERE,
    case,
    decision,
    given_meeting,
)


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
