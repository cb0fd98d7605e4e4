"""The case before the multidisciplinary team: one for each referral, that collects every reason (MDT-01, MDT-02)."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from backbone.ids import derive
from backbone.model import (
    Aggregate,
    Column,
    Columns,
    Content,
    Decision,
    Given,
    Head,
    Refused,
    Ruled,
    Table,
    Timer,
    by,
    field,
)
from schemas.care_plan.v1.mdt import (
    MdtCaseDeferred,
    MdtCaseListed,
    MdtCaseRequested,
    MdtCaseWithdrawn,
    MdtDecisionRecorded,
    MeetingAction,
)
from services.care_plan.domain.facts import IntervalBegun, ReasonAdded
from services.care_plan.domain.mdt_meeting import MDT_MEETING, InSession, Scheduled
from services.care_plan.domain.mdt_states import (
    URGENCY,
    AskByInterval,
    BeginInterval,
    DecideCase,
    Decided,
    DeferCase,
    EndCase,
    Interval,
    Known,
    ListCase,
    Listed,
    NoCase,
    RequestCase,
    Requested,
    Task,
    WithdrawCase,
    Withdrawn,
)
from services.care_plan.domain.roles import CLINICIAN_OR_COORDINATOR, COORDINATOR
from services.care_plan.domain.rules import Rules


def request(state: NoCase | Decided | Withdrawn, command: RequestCase, given: Given[Rules]) -> Decision:
    if given.cause_id in state.known.asked_by:
        return ()
    fact = MdtCaseRequested(case_id=given.target, reason=command.reason, priority=command.priority)
    return [Ruled(fact, (command.rule,))] if command.rule else [fact]


def add_reason(state: Requested | Listed, command: RequestCase, given: Given[Rules]) -> Decision:
    """One open case collects all reasons; the more urgent priority wins."""
    if given.cause_id in state.known.asked_by:
        return ()
    if URGENCY[command.priority] < URGENCY[state.priority]:
        return request(NoCase(), command, given)
    return [ReasonAdded(reason=command.reason, priority=command.priority)]


@by(COORDINATOR)
def enlist(state: Requested, command: ListCase, given: Given[Rules]) -> Decision:
    meeting = given.others.get(command.meeting_id)
    if not isinstance(meeting, Scheduled | InSession):
        return Refused("this meeting takes no cases", code="other-meeting")
    return [
        MdtCaseListed(
            case_id=given.target,
            meeting_id=command.meeting_id,
            start=meeting.start,
            prep_queues=command.prep_queues,
        )
    ]


@by(COORDINATOR)
def enlist_again(state: Listed, command: ListCase, given: Given[Rules]) -> Decision:
    if state.meeting_id == command.meeting_id:
        return ()
    return Refused("it is listed for another meeting: defer it", instead=("DeferCase",), code="listed")


@by(CLINICIAN_OR_COORDINATOR)
def decide(state: Listed, command: DecideCase, given: Given[Rules]) -> Decision:
    """A decision needs quorum at the time, or who waived it; and somebody who acts on it, by a date (MDT-02)."""
    if command.meeting_id != state.meeting_id:
        return Refused("it is listed for another meeting", code="other-meeting")
    meeting = given.others.get(command.meeting_id)
    if not isinstance(meeting, InSession):
        return Refused("the meeting is not open", instead=("OpenMeeting",), code="meeting-not-open")
    if not command.actions:
        return Refused("a decision has an owner and a due date (MDT-02)", code="no-action")
    rule = given.rules.care_plan.quorum
    absent = sorted(set(meeting.quorum or rule.values.roles) - set(command.attendees))
    if absent and not command.quorum_waived_by:
        return Refused(f"no quorum: {', '.join(absent)} is not there", code="no-quorum")
    note = given.ref("minutes")
    body = {
        "summary": command.summary,
        "dissent": command.dissent,
        "waived_by": command.quorum_waived_by,
        "actions": {each.action_id: each.text for each in command.actions},
    }
    fact = MdtDecisionRecorded(
        case_id=given.target,
        meeting_id=command.meeting_id,
        decision=command.decision,
        attendees=command.attendees,
        quorum_met=not absent,
        dissent=command.dissent is not None,
        actions=tuple(map(as_action, command.actions)),
        note_ref=note,
    )
    return [Content(note, "minutes", msgspec.json.encode(body)), Ruled(fact, (rule.named, "MDT-02@1"))]


def as_action(task: Task) -> MeetingAction:
    return MeetingAction(
        action_id=task.action_id,
        owner_queue=task.owner_queue,
        owner_id=task.owner_id,
        due_on=task.due_on,
        priority=task.priority,
    )


@by(COORDINATOR)
def defer(state: Listed, command: DeferCase, given: Given[Rules]) -> Decision:
    if command.meeting_id != state.meeting_id:
        return Refused("it is listed for another meeting", code="other-meeting")
    return [
        MdtCaseDeferred(
            case_id=given.target,
            meeting_id=state.meeting_id,
            reason=command.reason,
            next_meeting_id=command.next_meeting_id,
        )
    ]


@by(COORDINATOR)
def withdraw(state: Requested | Listed, command: WithdrawCase, given: Given[Rules]) -> Decision:
    return [MdtCaseWithdrawn(case_id=given.target, reason=command.reason)]


def end(state: Requested | Listed, command: EndCase, given: Given[Rules]) -> Decision:
    return [MdtCaseWithdrawn(case_id=given.target, reason=command.reason)]


def nothing_to_end(state: NoCase | Decided | Withdrawn, command: EndCase, given: Given[Rules]) -> Decision:
    return ()


def begin_interval(
    state: NoCase | Requested | Listed | Decided | Withdrawn, command: BeginInterval, given: Given[Rules]
) -> Decision:
    if state.known.counted_at and command.at <= state.known.counted_at:
        return ()
    return [IntervalBegun(on=command.on, at=command.at, high_risk=command.high_risk, running=command.running)]


def ask_by_interval(
    state: NoCase | Decided | Withdrawn, command: AskByInterval, given: Given[Rules]
) -> Decision:
    """MDT-01: more than so long since the last review or meeting."""
    interval = state.known.interval
    if interval is None or interval.on != command.since:
        return ()
    fact = MdtCaseRequested(case_id=given.target, reason="MDT-01", priority="routine")
    return [Ruled(fact, ("MDT-01@1", given.rules.care_plan.reviews.named))]


def on_the_agenda(state: Requested | Listed, command: AskByInterval, given: Given[Rules]) -> Decision:
    return ()


def requested(state: NoCase | Decided | Withdrawn, fact: MdtCaseRequested, head: Head) -> Requested:
    known = asked(state.known, head)
    return Requested(known=known, reasons=(fact.reason,), priority=fact.priority)


def asked(known: Known, head: Head) -> Known:
    asked_by = (*known.asked_by, head.causation_id)
    return msgspec.structs.replace(known, asked_by=asked_by, referral_id=head.pathway_id)


def more(state: Requested | Listed, fact: MdtCaseRequested | ReasonAdded, head: Head) -> Requested | Listed:
    reasons = tuple(dict.fromkeys((*state.reasons, fact.reason)))
    return msgspec.structs.replace(state, reasons=reasons, known=asked(state.known, head))


def made_urgent(state: Requested | Listed, fact: MdtCaseRequested, head: Head) -> Requested | Listed:
    return msgspec.structs.replace(more(state, fact, head), priority=fact.priority)


def reason_added(state: Requested | Listed, fact: ReasonAdded, head: Head) -> Requested | Listed:
    return more(state, fact, head)


def listed(state: Requested, fact: MdtCaseListed, head: Head) -> Listed:
    return Listed(
        known=state.known,
        reasons=state.reasons,
        priority=state.priority,
        meeting_id=fact.meeting_id,
        start=fact.start,
    )


def decided(state: Listed, fact: MdtDecisionRecorded, head: Head) -> Decided:
    return Decided(known=state.known, decision=fact.decision)


def deferred(state: Listed, fact: MdtCaseDeferred, head: Head) -> Requested:
    return Requested(known=state.known, reasons=state.reasons, priority=state.priority)


def withdrawn(state: Requested | Listed, fact: MdtCaseWithdrawn, head: Head) -> Withdrawn:
    return Withdrawn(known=state.known)


def interval_begun(
    state: NoCase | Requested | Listed | Decided | Withdrawn, fact: IntervalBegun, head: Head
) -> NoCase | Requested | Listed | Decided | Withdrawn:
    interval = Interval(fact.on, fact.high_risk) if fact.running else None
    known = msgspec.structs.replace(
        state.known, interval=interval, counted_at=fact.at, referral_id=head.pathway_id
    )
    return msgspec.structs.replace(state, known=known)


def timers(state: Any, rules: Rules) -> Mapping[str, Timer]:
    """MDT-01: the rule is "more than", so the day after."""
    interval: Interval | None = state.known.interval
    if interval is None or isinstance(state, Requested | Listed):
        return {}
    reviews = rules.care_plan.reviews.values
    weeks = reviews.high_risk_weeks if interval.high_risk else reviews.weeks
    over = rules.calendar.daily(interval.on + timedelta(weeks=weeks, days=1))
    return {"interval": Timer(over, AskByInterval(since=interval.on))}


def meeting_of(state: Any, command: Any) -> Iterable[tuple[str, str]]:
    """Whether a case may be listed or decided depends on its meeting."""
    return [(MDT_MEETING.kind, command.meeting_id)] if isinstance(command, ListCase | DecideCase) else ()


class MdtCases(Columns):
    """How cases are found."""

    meeting_id = field("meeting_id")
    referral_id = Column(lambda state: state.known.referral_id)


MDT_CASE = Aggregate(
    "mdt_case",
    NoCase(),
    decide=Table(
        *(request, add_reason, enlist, enlist_again, decide, defer, withdraw, end, nothing_to_end),
        *(begin_interval, ask_by_interval, on_the_agenda),
    ),
    evolve=Table(
        *(requested, made_urgent, reason_added, listed, decided, deferred, withdrawn, interval_begun)
    ),
    needs=meeting_of,
    timers=timers,
    columns=MdtCases,
)


def case_id(referral_id: str) -> str:
    """The case of a referral."""
    return derive(referral_id, "mdt case")
