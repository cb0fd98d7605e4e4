"""The example payloads of the contracts as facts that a worklist really hears: in the envelope of the aggregate that
publishes them, with its kind, its id and its own count.

Where two kinds of aggregates share ids (an appointment, its case and its visit; a referral and its episode) they do so
here.
"""

from datetime import datetime, timedelta
from typing import Any

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Cause, Event
from backbone.store.rows import Answer
from schemas.__main__ import examples
from schemas.fact import Fact
from services.worklist.service import SERVICE
from tests.support.desk import NURSE, PATIENT, REFERRAL, Desk, kind_of, shipped_rules

EXAMPLES = examples()
HALF_AN_HOUR = timedelta(minutes=30)
NOON = "2027-01-04T17:00:00Z"
SAME = {"attendance_case": "appointment", "visit": "appointment", "episode": "referral"}
"""Kinds whose ids are those of another kind."""
NAMES: dict[str, Any] = {
    "case_id": {"scheduling": "appointment", "care_plan": "mdt_case"},
    "request_id": "measure_request",
    "flag_id": "red_flag",
    "alert_id": "safety_alert",
    "check_id": "opioid_check",
    "action_id": "mdt_action",
    "plan_id": "care_plan",
    "replaces": "appointment",
}
"""What fields name that are not called by the kind."""


def thing(kind: str) -> str:
    """The id of the only thing of its kind."""
    kind = SAME.get(kind, kind)
    return REFERRAL if kind == "referral" else derive(ROOT, kind)


def ids(says: Any, service: str) -> Any:
    """A payload in which every thing that is named has its own id."""
    if isinstance(says, list):
        return [ids(each, service) for each in says]
    if not isinstance(says, dict):
        return says
    found = {name: ids(value, service) for name, value in says.items()}
    for name in found:
        kind = NAMES.get(name, name.removesuffix("_id"))
        if name == "replaces" or (name.endswith("_id") and found[name]):
            found[name] = thing(kind[service] if isinstance(kind, dict) else kind)
    return found


def example_fact(model: type[Fact], **says: Any) -> Fact:
    """The example, with what it must say besides."""
    service = model.wire_type.partition(".")[0]
    known = EXAMPLES.get(model.wire_type, {"discipline": "medical", "start": NOON})
    if "start" in says and "end" in known:
        says = {"end": datetime.fromisoformat(says["start"]) + HALF_AN_HOUR} | says
    return model.model_validate(ids(known, service) | says)


async def hear(desk: Desk, fact: Fact) -> None:
    """Over its topic; a fact of the worklist's own in the transaction that writes it."""
    about = thing(kind_of(fact))
    if fact.wire_type in SERVICE.consumed:
        await desk.tell(fact, aggregate=about, actor=NURSE)
        return
    head = desk._head(fact, SYSTEM, PATIENT, REFERRAL, about, desk.system.clock.now())
    cause = Cause(head.event_id, head.occurred_at, SYSTEM, head.event_id, PATIENT, REFERRAL, source="fact")
    orders = [
        order
        for react in SERVICE.reactions_by_type[fact.wire_type]
        for order in react(Event(head, fact), shipped_rules())
    ]
    runtime = desk.system.workers["worklist"].runtime
    await runtime.order(cause, orders, lambda outcome: Answer(200, b"{}"))
    await desk.system.settle()
