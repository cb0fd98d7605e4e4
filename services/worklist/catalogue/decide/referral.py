"""Work that facts of the referral service make."""

from datetime import datetime
from typing import Any

from backbone.model import Event
from schemas.codes import Priority, Queue
from schemas.referral.v1.referral import (
    FoundComplete,
    FoundIncomplete,
    InformationRequested,
    InformationSupplied,
    RedFlagRaised,
    RedFlagResolved,
    RedFlagUnclear,
    ReferralProgressed,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
    TriageSuggested,
)
from services.worklist.catalogue.decide.due import after, on_day, safety_ack, safety_due, within
from services.worklist.catalogue.decide.row import FLAG, REFERRAL, Rank, Row, When, in_queue, priority
from services.worklist.rules import Rules


def queue_of_flag(event: Event[Any], rules: Rules) -> Queue:
    return rules.queue_of_flag(event.fact.flag)


def queue_of_triage(event: Event[Any], rules: Rules) -> Queue:
    return rules.triage_queue


def priority_of_flag(event: Event[Any], rules: Rules) -> Priority:
    return "asap" if event.fact.severity == "urgent" else "stat"


def priority_of_triage(event: Event[Any], rules: Rules) -> Priority:
    return "asap" if rules.is_soon(event.fact.category) else "routine"


def priority_of_booking(event: Event[Any], rules: Rules) -> Priority:
    return "urgent" if rules.is_soon(event.fact.category) else "routine"


def triage_due(event: Event[Any], rules: Rules) -> datetime:
    setting = "ref_triage_soon" if rules.is_soon(event.fact.category) else "ref_triage"
    return after(event.head.occurred_at, setting, rules)


def suggested(event: Event[Any]) -> Rank:
    return Rank(event.fact.category)


def decided(event: Event[Any]) -> Rank:
    return Rank(event.fact.category, event.fact.target_date)


def went_on_without(fact: ReferralProgressed) -> bool:
    return fact.tid == "X03"


REFERRAL_ROWS: tuple[Row, ...] = (
    Row(
        item="REF_COMPLETE",
        queue=in_queue("coordination"),
        subject=REFERRAL,
        opens=FoundIncomplete,
        priority=priority("routine"),
        due=within("ref_complete"),
        closes=(InformationRequested, FoundComplete, ReferralRejected),
    ),
    Row(
        item="REF_INFO_WAIT",
        queue=in_queue("coordination"),
        subject=REFERRAL,
        opens=InformationRequested,
        priority=priority("routine"),
        due=on_day("reminder_on"),
        closes=(
            InformationSupplied,
            FoundComplete,
            ReferralRejected,
            When(ReferralProgressed, went_on_without),
        ),
    ),
    Row(
        item="REF_CALL_REFERRER",
        queue=in_queue("nursing"),
        subject=REFERRAL,
        opens=RedFlagUnclear,
        priority=priority("urgent"),
        due=within("ref_call_referrer"),
        closes=(RedFlagResolved, RedFlagRaised),
    ),
    Row(
        item="RED_FLAG",
        queue=queue_of_flag,
        subject=FLAG,
        opens=RedFlagRaised,
        priority=priority_of_flag,
        due=safety_due,
        ack=safety_ack,
        closes=(RedFlagResolved,),
        safety=True,
        cleaned_up=False,
    ),
    Row(
        item="REF_TRIAGE",
        queue=queue_of_triage,
        subject=REFERRAL,
        opens=TriageSuggested,
        priority=priority_of_triage,
        due=triage_due,
        rank=suggested,
        closes=(ReferralTriaged, ReferralRejected, ReferralRedirected, InformationRequested),
    ),
)
