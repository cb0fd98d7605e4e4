"""An activity from order to end: who may do what (ORCA), and when somebody has to look (MOD-01 to MOD-03)."""

from typing import Any

import pytest

from backbone.model import Actor
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityPaused,
    ActivityResumed,
    ActivityReviewed,
    ActivityReviewFellDue,
    ActivityStarted,
    ActivityStopped,
    SessionCompleted,
)
from services.care_plan.activity.aggregate import ACTIVITY
from services.care_plan.activity.commands import (
    Accept,
    Cancel,
    Complete,
    CompleteSession,
    Decline,
    EndWithPlan,
    NoteMissed,
    OrderActivity,
    Pause,
    Receive,
    Resume,
    Review,
    Start,
    Stop,
)
from services.care_plan.activity.states import Accepted, Order, activity_status
from services.care_plan.history.states import History
from services.care_plan.rules import Rules
from tests.support.deciding import TARGET, Deciding, Situation, deciding, like, nothing, refused, ruled
from tests.unit.care_plan.plans import a_visit, peg
from tests.unit.care_plan.situations import (
    COORDINATOR,
    NURSE,
    OTHER_PSYCHOLOGIST,
    PHYSICIAN,
    PHYSIOTHERAPIST,
    PSYCHOLOGIST,
    rules,
    some_id,
)

given: Deciding = deciding(ACTIVITY, rules(), actor=PSYCHOLOGIST)
SESSION = CompleteSession()
FIRST, SECOND, THIRD = (some_id(name) for name in ("first visit", "second visit", "third visit"))


def order(discipline: Any = "psychology", sessions: int | None = 12) -> OrderActivity:
    return OrderActivity(
        order=Order(plan_id=some_id("plan"), discipline=discipline, kind="programme", sessions=sessions)
    )


def ordered(wanted: OrderActivity, history: History, *steps: Any) -> Situation:
    visits = dict.fromkeys((FIRST, SECOND, THIRD), a_visit())
    situation = given(PHYSICIAN, wanted).beside({TARGET: history} | visits)
    assert situation.when(*steps).refusal is None
    return situation


def psychology(*steps: Any, sessions: int | None = 12) -> Situation:
    """Ordered by a physician; then the psychologist acts."""
    return ordered(order(sessions=sessions), History(), PSYCHOLOGIST, *steps)


def physiotherapy(done: int, now: int | None, *, responder: bool = False, sessions: int = 8) -> Situation:
    """So many sessions were held; the sum of PEG was 21 and is `now`."""
    later = () if now is None else (peg(now, "review", responder=responder, day=42),)
    history = History(scores=(peg(21, "baseline"), *later))
    return ordered(order("physiotherapy", sessions), history, PHYSIOTHERAPIST, Accept(), *[SESSION] * done)


def fell_due(rule: str, **more: Any) -> Any:
    return ruled(like(ActivityReviewFellDue, rule=rule, **more), rule)


def test_the_performing_discipline_accepts_and_who_accepts_owns_it() -> None:
    result = psychology().when(Accept())
    result.then(like(ActivityAccepted, owner_id=PSYCHOLOGIST.id, sessions=12)).then_state(Accepted)
    psychology(Receive()).when(Accept()).then(ActivityAccepted)


def test_two_owners_accept_and_the_second_is_refused() -> None:
    psychology(Accept()).when(OTHER_PSYCHOLOGIST, Accept()).then(refused(code="accepted-already"))
    psychology(Accept()).when(Accept()).then(nothing())


@pytest.mark.parametrize("actor", [PHYSICIAN, NURSE, PHYSIOTHERAPIST])
@pytest.mark.parametrize("command", [Receive(), Accept(), Decline(reason="no_capacity")])
def test_no_other_discipline_takes_or_declines_it(actor: Actor, command: Any) -> None:
    psychology().when(actor, command).then(refused("only somebody of psychology", code="not-permitted"))


def test_what_is_declined_stays_declined() -> None:
    declined = psychology(Decline(reason="no_capacity"))
    declined.when(Accept()).then(refused("not possible"))
    psychology().when(Decline(reason="no_capacity")).then(like(ActivityDeclined, reason="no_capacity"))


def test_what_has_not_begun_is_not_completed() -> None:
    psychology(Accept()).when(Complete(result="done")).then(refused("not possible", instead="Start"))
    psychology(Accept()).when(Review(decision="complete")).then(refused(code="not-in-progress"))


def test_the_first_session_begins_it_and_the_last_one_may_complete_it() -> None:
    first = psychology(Accept(), sessions=2).when(SESSION)
    first.then(ActivityStarted, like(SessionCompleted, session_no=1, of=2))
    last = psychology(Accept(), SESSION, sessions=2).when(CompleteSession(complete=True))
    last.then(like(SessionCompleted, session_no=2), like(ActivityCompleted, sessions_done=2))


def test_an_assessment_visit_is_no_session() -> None:
    result = psychology(Accept()).when(Start()).then(ActivityStarted)
    assert result.state.course.sessions_done == 0


def test_the_same_visit_counts_once() -> None:
    again = CompleteSession(appointment_id=FIRST)
    psychology(Accept(), again).when(again).then(nothing())


def test_no_session_beyond_the_order() -> None:
    used_up = psychology(Accept(), SESSION, SESSION, sessions=2)
    used_up.when(SESSION).then(refused("every ordered session", code="sessions-used-up"))
    psychology(Accept(), *[SESSION] * 20, sessions=None).when(SESSION).then(
        like(SessionCompleted, session_no=21)
    )


def test_sessions_wait_while_it_is_on_hold() -> None:
    held = psychology(Accept(), SESSION, Pause(reason="illness"))
    held.when(SESSION).then(refused("not possible", instead="Resume"))
    held.when(Resume()).then(ActivityResumed)
    held.when(SESSION).then(like(SessionCompleted, session_no=2))


def test_it_may_be_held_before_it_begins_unless_the_clinic_says_no() -> None:
    psychology(Accept()).when(Pause(reason="illness")).then(ActivityPaused)
    psychology(Accept(), Pause(reason="illness")).when(Resume()).then(ActivityResumed).then_state(Accepted)
    strict = ordered(order(), History(), PSYCHOLOGIST, Accept())
    strict.world.rules = without_holding()
    strict.when(Pause(reason="illness")).then(refused(code="not-begun"))


def without_holding() -> Rules:
    care_plan = rules().care_plan
    values = care_plan.holding.values.model_copy(update={"allowed": False})
    holding = care_plan.holding.model_copy(update={"values": values})
    return rules().model_copy(update={"care_plan": care_plan.model_copy(update={"holding": holding})})


def test_what_is_on_hold_is_resumed_and_stopped_in_one_act() -> None:
    held = psychology(Accept(), SESSION, Pause(reason="illness"))
    held.when(Stop(reason="harm")).then(ActivityResumed, like(ActivityStopped, sessions_done=1))


def test_only_who_performs_it_stops_it() -> None:
    psychology(Accept(), SESSION).when(PHYSICIAN, Stop(reason="harm")).then(refused(code="not-permitted"))
    coordinator = psychology(Accept(), SESSION).when(COORDINATOR, Review(decision="stop"))
    coordinator.then(refused(code="not-permitted"))


def test_it_is_cancelled_only_before_it_begins() -> None:
    psychology(Accept()).when(COORDINATOR, Cancel(reason="moved")).then(ActivityCancelled)
    psychology(Accept(), Start()).when(COORDINATOR, Cancel(reason="moved")).then(refused(instead="Stop"))


@pytest.mark.parametrize("first", [(), (Receive(),), (Receive(), Accept())])
def test_it_is_cancelled_or_declined_at_every_step_before_it_begins(first: tuple[Any, ...]) -> None:
    psychology(*first).when(COORDINATOR, Cancel(reason="moved")).then(ActivityCancelled)
    psychology(*first).when(EndWithPlan(reason="plan_revoked")).then(ActivityCancelled)
    if Accept() not in first:
        psychology(*first).when(Decline(reason="no_capacity")).then(ActivityDeclined)


def test_with_the_plan_what_had_begun_is_stopped_and_the_rest_cancelled() -> None:
    end = EndWithPlan(reason="plan_revoked")
    psychology(Accept()).when(end).then(ActivityCancelled)
    psychology(Accept(), SESSION).when(end).then(ActivityStopped)
    psychology(Accept(), CompleteSession(complete=True)).when(end).then(nothing())


@pytest.mark.parametrize(("sum_now", "responder"), [(17, False), (18, False), (19, True)])
def test_an_improvement_by_session_six_needs_no_look(sum_now: int, responder: bool) -> None:
    physiotherapy(5, sum_now, responder=responder).when(SESSION).then(like(SessionCompleted, session_no=6))


@pytest.mark.parametrize("sum_now", [20, 19, 22, None])
def test_no_improvement_by_session_six_is_somebody_s_work(sum_now: int | None) -> None:
    due = fell_due("MOD-01", sessions_done=6, discipline="physiotherapy")
    physiotherapy(5, sum_now).when(SESSION).then(SessionCompleted, due)


def test_nobody_is_asked_again_before_they_looked() -> None:
    physiotherapy(6, 20).when(SESSION).then(SessionCompleted)
    looked = physiotherapy(6, 20)
    looked.when(Review(decision="continue")).then(like(ActivityReviewed, decision="continue"))
    looked.when(SESSION).then(SessionCompleted, fell_due("MOD-01", sessions_done=7))


def test_without_an_expected_session_no_effect_is_looked_for() -> None:
    psychology(Accept(), *[SESSION] * 7).when(SESSION).then(SessionCompleted)


def test_used_up_sessions_are_somebody_s_work_unless_the_same_act_completes_them() -> None:
    physiotherapy(7, 17).when(SESSION).then(SessionCompleted, fell_due("MOD-02", sessions_done=8))
    last = physiotherapy(7, 17).when(CompleteSession(complete=True))
    last.then(SessionCompleted, like(ActivityCompleted, sessions_done=8))


def test_the_second_missed_session_is_the_coordinator_s_work() -> None:
    missed, again = NoteMissed(appointment_id=FIRST), NoteMissed(appointment_id=SECOND)
    psychology(Accept()).when(missed).then()
    psychology(Accept(), missed).when(missed).then(nothing())
    psychology(Accept(), missed).when(again).then(fell_due("MOD-03", discipline="psychology"))
    psychology(Accept(), missed, again).when(NoteMissed(appointment_id=THIRD)).then()


def test_what_fell_due_is_looked_at_even_after_the_end_and_only_once() -> None:
    missed = (NoteMissed(appointment_id=FIRST), NoteMissed(appointment_id=SECOND))
    stopped = psychology(Accept(), Start(), *missed, Stop(reason="did_not_attend"), COORDINATOR)
    stopped.when(Review(decision="continue")).then(ActivityReviewed)
    stopped.when(Review(decision="continue")).then(nothing())


@pytest.mark.parametrize(("decision", "ending"), [("complete", ActivityCompleted), ("stop", ActivityStopped)])
def test_a_review_ends_it_in_the_same_act(decision: Any, ending: Any) -> None:
    psychology(Accept(), SESSION).when(Review(decision=decision)).then(ActivityReviewed, ending)


def test_a_review_stops_what_is_on_hold() -> None:
    held = psychology(Accept(), SESSION, Pause(reason="illness"))
    held.when(Review(decision="stop")).then(ActivityReviewed, ActivityResumed, ActivityStopped)


def test_both_lists_of_status_run_side_by_side() -> None:
    assert activity_status(psychology().world.state) == "not-started"
    assert activity_status(psychology(Accept(), SESSION).world.state) == "in-progress"
    assert activity_status(psychology(Decline(reason="no_capacity")).world.state) == "cancelled"
    assert activity_status(psychology(Accept(), Start(), Stop(reason="harm")).world.state) == "stopped"
