"""The case before the team: one for each referral, that collects every reason (MDT-01, MDT-02)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from backbone.model import Content, Decision, Given, Refused, Ruled, Step, Table, by, decider, ignores, like
from config.rules import Rule
from schemas.care_plan.v1.mdt import (
    MdtCaseDeferred,
    MdtCaseListed,
    MdtCaseRequested,
    MdtCaseWithdrawn,
    MdtDecisionRecorded,
    MeetingAction,
)
from schemas.codes import Priority
from services.care_plan.history.states import is_over, not_to_begin
from services.care_plan.mdt.commands import (
    AskByInterval,
    AskTeam,
    BeginInterval,
    DecideCase,
    DeferCase,
    EndCase,
    HoldInterval,
    ListCase,
    RequestCase,
    ShortenInterval,
    WithdrawCase,
)
from services.care_plan.mdt.decide.meeting import there, wrong_people
from services.care_plan.mdt.facts import IntervalBegun, ReasonAdded
from services.care_plan.mdt.states import (
    InSession,
    Interval,
    Listed,
    MdtCase,
    Pending,
    Requested,
    Scheduled,
    Settled,
)
from services.care_plan.risk.states import is_high_risk
from services.care_plan.roles import (
    CLINICIAN,
    CLINICIAN_OR_COORDINATOR,
    COORDINATOR,
    not_one_of,
    somebody_of,
)
from services.care_plan.rules import Rules

MOST_QUESTIONS = 20
URGENCY: Mapping[str, int] = {"stat": 0, "asap": 1, "urgent": 2, "routine": 3}


def request(state: Settled, command: RequestCase, given: Given[Rules]) -> Decision:
    """Nothing is decided for a referral that is over: who looks at what was found has heard of it by now."""
    if given.cause_id in state.known.asked_by or is_over(command.referral_id, given):
        return ()
    return [requested(command, given)]


def add_reason(state: Pending, command: RequestCase, given: Given[Rules]) -> Decision:
    """One open case collects all reasons; the more urgent priority wins."""
    if given.cause_id in state.known.asked_by:
        return ()
    return [requested(command, given, told_as(state, command.priority))]


def told_as(state: MdtCase, priority: Priority) -> type[MdtCaseRequested | ReasonAdded]:
    """What makes an open case no more urgent is a reason among others."""
    if isinstance(state, Requested | Listed) and URGENCY[priority] >= URGENCY[state.priority]:
        return ReasonAdded
    return MdtCaseRequested


@by(CLINICIAN_OR_COORDINATOR)
def ask(state: MdtCase, command: AskTeam, given: Given[Rules]) -> Decision:
    """Somebody's question is one more reason: who asked stays with it, and its text among the contents."""
    if given.cause_id in state.known.asked_by:
        return ()
    if wrong := not_to_begin(command.referral_id, given):
        return wrong
    if len(getattr(state, "questions", ())) >= MOST_QUESTIONS:
        return Refused(f"the team has {MOST_QUESTIONS} questions about this case already", code="too-many")
    ref, fact = given.ref("question"), told_as(state, command.priority)
    text = Content(ref, "case_question", msgspec.json.encode({"question": command.question}))
    asked = like(RequestCase, command)
    return [text, requested(asked, given, fact, requested_by=decider(given), question_ref=ref)]


def requested(
    command: RequestCase,
    given: Given[Rules],
    fact: type[MdtCaseRequested | ReasonAdded] = MdtCaseRequested,
    **more: str | None,
) -> Step:
    """By a rule, where the reason is one. `more`: who asks, and what."""
    asked = like(fact, command, **more, **({"case_id": given.target} if fact is MdtCaseRequested else {}))
    if more:
        return asked
    step_up, interval = given.rules.measures.step_up, given.rules.care_plan.mdt_interval
    high_dose, worse = given.rules.opioid.second_review, given.rules.measures.worsening
    rules: Mapping[str, tuple[Rule[Any], ...]] = {
        step_up.id: (step_up,),
        worse.id: (worse,),
        high_dose.id: (high_dose,),
        interval.id: (interval, given.rules.care_plan.reviews),
    }
    helped = rules.get(command.reason)
    return Ruled(asked, helped) if helped else asked


@by(COORDINATOR)
def enlist(state: Requested, command: ListCase, given: Given[Rules]) -> Decision:
    meeting = given.others["mdt_meeting", command.meeting_id]
    if not isinstance(meeting, Scheduled | InSession):
        return Refused("this meeting takes no cases", code="other-meeting")
    return [like(MdtCaseListed, command, case_id=given.target, start=meeting.start)]


@by(COORDINATOR)
def enlist_again(state: Listed, command: ListCase, given: Given[Rules]) -> Decision:
    if state.meeting_id == command.meeting_id:
        return ()
    return Refused("it is listed for another meeting: defer it", instead=("DeferCase",), code="listed")


@by(CLINICIAN)
def decide(state: Listed, command: DecideCase, given: Given[Rules]) -> Decision:
    """A decision needs quorum at the time, or who waived it; and somebody who acts on it, by a date (MDT-02)."""
    meeting, rules = given.others["mdt_meeting", command.meeting_id], given.rules.care_plan
    if command.meeting_id != state.meeting_id:
        return Refused("it is listed for another meeting", code="other-meeting")
    if not isinstance(meeting, InSession):
        return Refused("the meeting is not open", instead=("OpenMeeting",), code="meeting-not-open")
    named = (command.attendees, command.quorum_waived_by)
    if wrong := wrong_people(*named, given.rules) or wrong_actions(command, given):
        return wrong
    present, absent = there(command.attendees, meeting, given.rules)
    if absent and not command.quorum_waived_by:
        return Refused(f"no quorum: {', '.join(absent)} is not there", code="no-quorum")
    note = given.ref("minutes")
    fact = MdtDecisionRecorded(
        case_id=given.target,
        meeting_id=command.meeting_id,
        decision=command.decision,
        attendees=tuple(sorted(present)),
        quorum_met=not absent,
        dissent=command.dissent is not None,
        actions=tuple(like(MeetingAction, each) for each in command.actions),
        decided_by=decider(given),
        note_ref=note,
    )
    told = Ruled(fact, (rules.quorum, rules.mdt_decision))
    return [Content(note, "minutes", minutes(command)), told, *from_now_on(state, given)]


def minutes(command: DecideCase) -> bytes:
    """What was said, and who was there."""
    body = {
        "summary": command.summary,
        "dissent": command.dissent,
        "attendees": command.attendees,
        "waived_by": command.quorum_waived_by,
        "actions": {each.action_id: each.text for each in command.actions},
    }
    return msgspec.json.encode(body)


def wrong_actions(command: DecideCase, given: Given[Rules]) -> Refused | None:
    """MDT-02: an owner who can do it, and a date that is to come."""
    if not command.actions:
        return Refused("a decision has an owner and a due date", code="no-action")
    today = given.rules.calendar.day(given.at)
    for each in command.actions:
        if each.due_on < today:
            return Refused(f"an action was due on {each.due_on}: name a day to come", code="due-in-the-past")
        if wrong := not_one_of(somebody_of(each.owner_queue, given.rules), each.owner_id, given.rules):
            return wrong
    return None


@by(COORDINATOR)
def defer(state: Listed, command: DeferCase, given: Given[Rules]) -> Decision:
    """To a meeting that is known it is listed in the same act, for the same people: nobody has to remember it."""
    following = command.next_meeting_id
    if command.meeting_id not in (None, state.meeting_id):
        return Refused("it is listed for another meeting", code="other-meeting")
    deferred = like(MdtCaseDeferred, command, case_id=given.target, meeting_id=state.meeting_id)
    if following is None:
        return [deferred]
    meeting = given.others["mdt_meeting", following]
    if not isinstance(meeting, Scheduled | InSession) or following == state.meeting_id:
        return Refused("the next meeting takes no cases", code="other-meeting")
    listed = MdtCaseListed(
        case_id=given.target, meeting_id=following, start=meeting.start, prep_queues=state.prep_queues
    )
    return [deferred, listed]


@by(COORDINATOR)
def withdraw(state: Pending, command: WithdrawCase, given: Given[Rules]) -> Decision:
    """That is no review: where one is overdue (MDT-01) the case stays until somebody reviews the plan, or the team
    decides."""
    interval, rules = state.known.interval, given.rules
    overdue = interval and not interval.held and rules.calendar.day(given.at) > last_day(interval, rules)
    if overdue and rules.care_plan.mdt_interval.id in state.reasons:
        said = (
            "nobody has reviewed the plan for longer than its interval: review it first, or put the case off"
        )
        return Refused(said, instead=("DeferCase",), code="review-overdue")
    return [like(MdtCaseWithdrawn, command, case_id=given.target)]


def end(state: Pending, command: EndCase, given: Given[Rules]) -> Decision:
    return [like(MdtCaseWithdrawn, command, case_id=given.target)]


def from_now_on(state: Pending, given: Given[Rules]) -> list[IntervalBegun]:
    """MDT-01 counts from the last meeting, as from the last review."""
    known, today = state.known, given.rules.calendar.day(given.at)
    at = max(given.at, known.counted_at or given.at)
    return [like(IntervalBegun, known.interval, on=today, at=at, running=True)] if known.interval else []


def last_day(interval: Interval, rules: Rules) -> date:
    """MDT-01: the rule is "more than", so it asks on the day after."""
    return interval.on + rules.care_plan.reviews.values.interval(interval.high_risk)


def begin_interval(state: MdtCase, command: BeginInterval, given: Given[Rules]) -> Decision:
    """It is shorter for whoever is at risk now, whichever review of the plan this was. Of the same instant the end of
    the plan comes last."""
    known = state.known
    if known.counted_at and (command.at, not command.running) <= (known.counted_at, known.interval is None):
        return ()
    held = command.running and known.interval is not None and known.interval.held
    return [like(IntervalBegun, command, high_risk=is_high_risk(given), held=held)]


def hold_interval(state: MdtCase, command: HoldInterval, given: Given[Rules]) -> Decision:
    """MDT-01 is about plans that are active. On goes what counted before. Of the same instant going on comes last."""
    interval, at = state.known.interval, state.known.counted_at
    if interval is None or at is None or (command.at, not command.held) <= (at, not interval.held):
        return ()
    return [like(IntervalBegun, interval, at=command.at, running=True, held=command.held)]


def shorten_interval(state: MdtCase, command: ShortenInterval, given: Given[Rules]) -> Decision:
    """Whose risk begins between two reviews is looked at as soon as who had it before. It ends with the next review."""
    interval, at = state.known.interval, state.known.counted_at
    if interval is None or at is None or interval.high_risk or not is_high_risk(given):
        return ()
    return [like(IntervalBegun, interval, at=at, high_risk=True, running=True)]


def ask_by_interval(state: Settled, command: AskByInterval, given: Given[Rules]) -> Decision:
    """MDT-01: more than so long since the last review or meeting."""
    interval = state.known.interval
    if interval is None or interval.on != command.since:
        return ()
    return [requested(RequestCase(reason=given.rules.care_plan.mdt_interval.id), given)]


CASE = Table(
    *(request, add_reason, ask, enlist, enlist_again, decide, defer, withdraw, end),
    *(begin_interval, hold_interval, shorten_interval, ask_by_interval),
    ignores(EndCase, when=Settled),
    ignores(AskByInterval, when=Pending),
)
