"""Work that the multidisciplinary team and safety alerts make."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from backbone.model import Event
from schemas.care_plan.v1.mdt import (
    MdtActionCompleted,
    MdtCaseDeferred,
    MdtCaseListed,
    MdtCaseRequested,
    MdtCaseWithdrawn,
    MdtDecisionRecorded,
)
from schemas.care_plan.v1.safety import SafetyAlertClosed, SafetyAlertRaised
from schemas.codes import LIVES, Priority, Queue
from services.worklist.catalogue.decide.due import Within, end_of, safety_ack, safety_due
from services.worklist.catalogue.decide.referral import priority_of_flag
from services.worklist.catalogue.decide.row import Detail, Row, named
from services.worklist.rules import Rules

CASE = named("mdt_case", "case_id")


class Preparation(NamedTuple):
    """What one discipline prepares."""

    case_id: str
    start: datetime
    owner_queue: Queue


def preparations(fact: MdtCaseListed) -> Iterable[Preparation]:
    return [Preparation(fact.case_id, fact.start, queue) for queue in fact.prep_queues]


def owner_queue(event: Event[Any], rules: Rules) -> Queue:
    """Of one preparation or action."""
    queue: Queue = event.fact.owner_queue
    return queue


def action_priority(event: Event[Any], rules: Rules) -> Priority:
    priority: Priority = event.fact.priority
    return priority


def action_due(event: Event[Any], rules: Rules) -> datetime:
    return end_of(event.fact.due_on, event, rules)


MDT_ROWS = (
    Row(
        item="MDT_LIST",
        queue="coordination",
        subject=CASE,
        opens=MdtCaseRequested,
        priority=lambda event, rules: event.fact.priority,
        due=Within(lambda due: due.mdt_list),
        detail=Detail("reason"),
        closes=(MdtCaseListed, MdtDecisionRecorded, MdtCaseWithdrawn),
    ),
    Row(
        item="MDT_LIST",
        queue="coordination",
        subject=CASE,
        opens=MdtCaseDeferred,
        when=lambda fact: fact.next_meeting_id is None,
        priority="routine",
        due=Within(lambda due: due.mdt_list),
        detail=Detail("reason"),
        closes=(),
    ),
    Row(
        item="MDT_PREP",
        queue=owner_queue,
        subject=CASE,
        opens=MdtCaseListed,
        each=preparations,
        priority="routine",
        due=lambda event, rules: event.fact.start,
        closes=(MdtDecisionRecorded, MdtCaseDeferred, MdtCaseWithdrawn),
    ),
    Row(
        item="MDT_ACTION",
        queue=owner_queue,
        subject=named("mdt_action", "action_id"),
        opens=MdtDecisionRecorded,
        each=lambda fact: fact.actions,
        priority=action_priority,
        due=action_due,
        closes=(MdtActionCompleted,),
    ),
    Row(
        item="SAFETY_ALERT",
        queue=lambda event, rules: event.fact.queue,
        subject=named("safety_alert", "alert_id"),
        opens=SafetyAlertRaised,
        priority=priority_of_flag,
        due=safety_due,
        ack=safety_ack,
        detail=Detail("code"),
        closes=(SafetyAlertClosed,),
        lives=lambda fact: fact.because == LIVES,
        safety=True,
        cleaned_up=False,
    ),
)
