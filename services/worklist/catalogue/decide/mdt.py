"""Work that the multidisciplinary team and safety alerts make."""

from typing import Any

from backbone.model import Event
from schemas.care_plan.v1.mdt import (
    MdtCaseDeferred,
    MdtCaseListed,
    MdtCaseRequested,
    MdtCaseWithdrawn,
    MdtDecisionRecorded,
)
from schemas.care_plan.v1.safety import SafetyAlertClosed, SafetyAlertRaised
from schemas.codes import Queue
from services.worklist.catalogue.decide.due import safety_ack, safety_due, within
from services.worklist.catalogue.decide.referral import priority_of_flag
from services.worklist.catalogue.decide.row import Row, in_queue, named, priority
from services.worklist.catalogue.decide.scheduling import at_start, priority_of_fact
from services.worklist.rules import Rules


def queue_of_fact(event: Event[Any], rules: Rules) -> Queue:
    found: Queue = event.fact.queue
    return found


def who_prepares(event: Event[Any]) -> tuple[Queue, ...]:
    found: tuple[Queue, ...] = event.fact.prep_queues
    return found


def nowhere_next(fact: MdtCaseDeferred) -> bool:
    return fact.next_meeting_id is None


CASE = named("mdt_case", "case_id")

TEAM_ROWS: tuple[Row, ...] = (
    Row(
        item="MDT_LIST",
        queue=in_queue("coordination"),
        subject=CASE,
        opens=MdtCaseRequested,
        priority=priority_of_fact,
        due=within("mdt_list"),
        closes=(MdtCaseListed, MdtDecisionRecorded, MdtCaseWithdrawn),
    ),
    Row(
        item="MDT_LIST",
        queue=in_queue("coordination"),
        subject=CASE,
        opens=MdtCaseDeferred,
        when=nowhere_next,
        priority=priority("routine"),
        due=within("mdt_list"),
        closes=(),
    ),
    Row(
        item="MDT_PREP",
        queue=in_queue("medical"),
        queues=who_prepares,
        subject=CASE,
        opens=MdtCaseListed,
        priority=priority("routine"),
        due=at_start,
        closes=(MdtDecisionRecorded, MdtCaseDeferred, MdtCaseWithdrawn),
    ),
    Row(
        item="SAFETY_ALERT",
        queue=queue_of_fact,
        subject=named("safety_alert", "alert_id"),
        opens=SafetyAlertRaised,
        priority=priority_of_flag,
        due=safety_due,
        ack=safety_ack,
        closes=(SafetyAlertClosed,),
        safety=True,
        cleaned_up=False,
    ),
)
