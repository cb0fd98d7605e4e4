"""Every row of the catalogue once, from its opening fact to its end: by each closing fact, and by the referral's end.

The facts are the golden payloads of the contracts, in the envelope of the aggregate that really publishes them: its
kind, its id, its own count. Where two kinds of aggregates share ids (an appointment, its case and its visit; a referral
and its episode) they do so here.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Cause, Event
from backbone.store.rows import Answer
from schemas.fact import Fact
from services.worklist.catalogue.decide.row import Row, When
from services.worklist.catalogue.decide.table import CATALOGUE
from services.worklist.item.reactions import CLEANUP
from services.worklist.item.states import Cancelled, Completed, Open
from services.worklist.service import SERVICE
from tests.support.desk import NURSE, PATIENT, REFERRAL, Desk, kind_of, shipped_rules

GOLDEN = Path("tests/contract/golden")
SAME = {"attendance_case": "appointment", "visit": "appointment", "plan": "care_plan"}
"""Kinds whose ids are those of another kind; names of ids that are not their kind's."""
NAMES = {
    "case_id": {"scheduling": "appointment", "care_plan": "mdt_case"},
    "request_id": "measure_request",
    "flag_id": "red_flag",
    "alert_id": "safety_alert",
    "action_id": "mdt_action",
    "plan_id": "care_plan",
    "replaces": "appointment",
}
SAYS: dict[tuple[str, str], dict[str, Any]] = {
    ("REF_INFO_WAIT", "progressed"): {"tid": "X03"},
    ("INVESTIGATION_WAIT", "consultation_completed"): {"outcome": "FURTHER_INVESTIGATION"},
    ("LETTER_SIGN", "letter_signed"): {"kind": "outcome"},
    ("ACT_DNA", "activity_review_fell_due"): {"rule": "MOD-03"},
    ("MEASURE_CALL", "measure_not_received"): {"stage": "D-1"},
    ("SCORE_REVIEW", "measure_scored"): {"findings": ["phq9_severe"]},
    ("SCORE_REVIEW", "finding_reviewed"): {"finding": "phq9_severe"},
    ("SCORE_WORSE", "measure_scored"): {"findings": ["peg_worse"]},
    ("SCORE_WORSE", "finding_reviewed"): {"finding": "peg_worse"},
    ("PSY_SUGGEST", "measure_scored"): {"findings": ["pcs_high"]},
    ("PSY_SUGGEST", "finding_reviewed"): {"finding": "pcs_high"},
    ("PSY_SUGGEST", "activity_ordered"): {"discipline": "psychology"},
    ("MDT_LIST", "mdt_case_deferred"): {"next_meeting_id": None},
    ("NO_CHANNEL", "message_suppressed"): {"reason": "no_channel"},
    ("REPLY_READ", "message_replied"): {"reply": "unknown"},
}
"""What a fact says where not every one opens or closes the item."""
MISSED = {"stage": "missed"}


def thing(kind: str) -> str:
    """The id of the only thing of its kind."""
    return REFERRAL if kind in ("referral", "episode") else derive(ROOT, SAME.get(kind, kind))


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


def told(item: str, model: type[Fact], **more: Any) -> Fact:
    """The golden fact, with what it must say for this item."""
    service, name = model.wire_type.split(".")[:2]
    golden = GOLDEN / f"{model.wire_type}.json"
    says = json.loads(golden.read_text()) if golden.exists() else {"discipline": "medical", "start": NOON}
    return model.model_validate(ids(says, service) | SAYS.get((item, name), {}) | more)


NOON = "2027-01-04T17:00:00Z"


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


def states_of(desk: Desk, item: str) -> list[Any]:
    known = [state for state in desk.states().values() if hasattr(state, "item")]
    return [state for state in known if state.item.item_type == item]


async def opened(row: Row[Any]) -> Desk:
    desk = Desk("2027-01-04 09:00")
    fact = told(row.item, row.opens)
    assert row.when(fact), f"say in SAYS what a {row.opens.wire_type} says that opens {row.item}"
    await hear(desk, fact)
    return desk


def name(value: Any) -> str:
    return f"{value.item} by {value.opens.wire_type}" if isinstance(value, Row) else value.fact.wire_type


@pytest.mark.parametrize("row", CATALOGUE, ids=name)
async def test_its_fact_opens_it_where_and_by_when_the_row_says(row: Row[Any]) -> None:
    desk = await opened(row)
    states = states_of(desk, row.item)
    assert states and all(isinstance(state, Open) for state in states)
    for state in states:
        item = state.item
        assert row.item in [shown["item_type"] for shown in desk.queue(item.queue).values()]
        assert item.due_at is not None
        assert (item.ack_due_at is not None) == row.safety
        assert (item.subject_type, item.subject_id) == (row.subject.kind, subject_of(row))
        assert item.referral_id == REFERRAL


def subject_of(row: Row[Any]) -> str:
    if row.item == "PLAN_REVIEW":
        return derive(thing("care_plan"), "review:2027-01-18")
    return thing(row.subject.kind)


CLOSINGS = [(row, closing) for row in CATALOGUE for closing in row.closings]


@pytest.mark.parametrize(("row", "closing"), CLOSINGS, ids=name)
async def test_each_closing_fact_completes_it(row: Row[Any], closing: When[Any]) -> None:
    desk = await opened(row)
    fact = told(row.item, closing.fact, **(MISSED if closing.fact is row.opens else {}))
    assert closing.holds(fact), f"say in SAYS what a {closing.fact.wire_type} says that closes {row.item}"
    await hear(desk, fact)
    states = states_of(desk, row.item)
    assert states and all(isinstance(state, Completed) for state in states)


@pytest.mark.parametrize("ending", CLEANUP)
@pytest.mark.parametrize("row", CATALOGUE, ids=name)
async def test_the_end_of_the_referral_ends_it_unless_it_must_stay(row: Row[Any], ending: type[Fact]) -> None:
    desk = await opened(row)
    await hear(desk, told(row.item, ending))
    closes = ending in [closing.fact for closing in row.closings]
    wanted = Completed if closes else Cancelled if row.cleaned_up else Open
    assert all(isinstance(state, wanted) for state in states_of(desk, row.item))
