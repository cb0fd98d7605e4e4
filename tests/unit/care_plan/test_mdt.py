"""Cases before the multidisciplinary team, its meetings, and what its decisions ask for (MDT-01, MDT-02)."""

from datetime import date, timedelta

from backbone.ids import ROOT, derive
from schemas.care_plan.v1.mdt import (
    MdtCaseDeferred,
    MdtCaseListed,
    MdtCaseRequested,
    MdtCaseWithdrawn,
    MdtDecisionRecorded,
)
from services.care_plan.mdt.commands import (
    AskByInterval,
    BeginInterval,
    DeferCase,
    EndCase,
    HoldInterval,
    ListCase,
    RequestCase,
    WithdrawCase,
)
from services.care_plan.mdt.states import Requested, Scheduled
from services.care_plan.risk.states import Risk
from tests.support.deciding import like, nothing, refused, ruled
from tests.unit.care_plan.meetings import (
    COORDINATOR,
    LIST,
    MEETING,
    NURSE,
    OTHER_MEETING,
    PHYSICIAN,
    PRESENT,
    REQUEST,
    START,
    THERE,
    case,
    decision,
    rules,
)


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
    case(REQUEST, LIST, PHYSICIAN).when(decision(actions=())).then(
        refused("an owner and a due date", code="no-action")
    )


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


WITHDRAW = WithdrawCase(reason="other")
LONG_AGO = BeginInterval(on=date(2026, 9, 1), at=START)
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


def test_what_an_interval_asked_for_is_not_asked_again_when_it_has_been_looked_at() -> None:
    """The last meeting counts as the last review does; else a timer in the past asks a second time."""
    [timer] = case().when(LONG_AGO).timers.values()
    [again] = case(LONG_AGO, timer.command, LIST, PHYSICIAN).when(decision()).timers.values()
    assert again.due > timer.due


def test_what_an_interval_asked_for_is_not_withdrawn_while_nobody_has_reviewed_the_plan() -> None:
    [timer] = case().when(LONG_AGO).timers.values()
    asked = case(LONG_AGO, timer.command, COORDINATOR)
    asked.when(WITHDRAW).then(refused(instead="DeferCase", code="review-overdue"))
    held = HoldInterval(held=True, at=START + timedelta(days=1))
    case(LONG_AGO, timer.command, held, COORDINATOR).when(WITHDRAW).then(MdtCaseWithdrawn)
    reviewed = BeginInterval(on=date(2027, 2, 25), at=START + timedelta(days=1))
    [later] = case(LONG_AGO, timer.command, reviewed, COORDINATOR).when(WITHDRAW).timers.values()
    assert rules().calendar.day(later.due) == date(2027, 2, 25) + timedelta(days=85), "from the review on"


def test_a_plan_on_hold_is_asked_about_when_it_goes_on() -> None:
    held, on = (
        HoldInterval(held=each, at=START + timedelta(days=days)) for each, days in ((True, 1), (False, 9))
    )
    assert not case(ACTIVATED).when(held).timers
    situation = case(ACTIVATED, held, on)
    assert situation.when(held).then(nothing()).timers, "told again it changes nothing"
    reviewed = BeginInterval(on=date(2027, 4, 8), at=START + timedelta(days=5))
    assert not case(ACTIVATED, held).when(reviewed).timers, "a review does not end the hold"


def test_a_plan_that_has_ended_is_never_over_its_interval() -> None:
    ended = BeginInterval(on=date(2027, 6, 29), at=START + timedelta(days=124), running=False)
    situation = case(ACTIVATED, ended)
    assert not situation.when(ACTIVATED).then(nothing()).timers


def test_a_case_on_the_agenda_waits_for_no_interval() -> None:
    assert not case(ACTIVATED).when(REQUEST).timers
