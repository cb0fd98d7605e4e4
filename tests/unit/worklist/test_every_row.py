"""Every row of the catalogue, from its opening fact to its end: by each closing fact, and by the referral's end."""

from typing import Any

import pytest

from backbone.ids import derive
from schemas.fact import Fact
from services.worklist.catalogue.decide.row import Row, When
from services.worklist.catalogue.decide.table import CATALOGUE
from services.worklist.item.reactions import CLEANUP
from services.worklist.item.states import Cancelled, Completed, Open
from tests.support.desk import PATIENT, REFERRAL, Desk
from tests.support.examples import example_fact, hear, thing

SAYS: dict[tuple[str, str], dict[str, Any]] = {
    ("REF_INFO_WAIT", "progressed"): {"tid": "X03"},
    ("REF_AMENDED", "amended"): {"status": "accepted"},
    ("REF_AMENDED", "duplicate_linked"): {"status": "accepted"},
    ("LIVES_AFTER_ALL", "death_settled"): {"lives": True},
    ("WAIT_FORECAST", "target_changed"): {"standing": "in_time"},
    ("WAIT_BREACH", "target_changed"): {"standing": "short"},
    ("REF_DUPLICATE_CHECK", "duplicate_linked"): {"duplicate_id": thing("referral")},
    ("INVESTIGATION_WAIT", "consultation_completed"): {"outcome": "FURTHER_INVESTIGATION"},
    ("LETTER_SIGN", "letter_signed"): {"kind": "outcome"},
    ("PLAN_HANDOVER", "plan_handover_ended"): {"result": "accepted"},
    ("ACT_DNA", "activity_review_fell_due"): {"rule": "MOD-03"},
    ("MEASURE_CALL", "measure_not_received"): {"stage": "D-1"},
    ("SCORE_REVIEW", "measure_scored"): {"findings": ["phq9_severe"]},
    ("SCORE_REVIEW", "finding_reviewed"): {"finding": "phq9_severe"},
    ("SCORE_WORSE", "measure_scored"): {"findings": ["peg_worse"]},
    ("SCORE_WORSE", "finding_reviewed"): {"finding": "peg_worse"},
    **{
        (item, "measure_entered_in_error"): {"findings": [finding], "left": None}
        for item, finding in (
            ("SCORE_REVIEW", "phq9_severe"),
            ("SCORE_WORSE", "peg_worse"),
            ("PSY_SUGGEST", "pcs_high"),
            ("SUBSTANCE_CHECK", "ort_oud_high"),
        )
    },
    ("SCORE_ERROR", "finding_reviewed"): {"finding": "score_in_error", "left": None},
    ("PSY_SUGGEST", "measure_scored"): {"findings": ["pcs_high"]},
    ("PSY_SUGGEST", "finding_reviewed"): {"finding": "pcs_high"},
    ("PSY_SUGGEST", "activity_ordered"): {"discipline": "psychology"},
    ("SUBSTANCE_CHECK", "measure_scored"): {"findings": ["ort_oud_high"]},
    ("SUBSTANCE_CHECK", "finding_reviewed"): {"finding": "ort_oud_high"},
    ("MONTHLY_CONTACT", "contact_fell_due"): {"kind": "monthly"},
    ("MONTHLY_CONTACT", "contact_recorded"): {"kind": "monthly"},
    ("MDT_LIST", "mdt_case_deferred"): {"next_meeting_id": None},
    **{
        ("AUTH_OBTAIN", name): {"kind": "authorisation"}
        for name in ("gate_opened", "gate_satisfied", "gate_waived", "gate_closed")
    },
    **{
        ("CONSENT_OBTAIN", name): {"kind": "procedure_consent"}
        for name in ("gate_opened", "gate_failed", "gate_satisfied", "gate_closed")
    },
    ("PROC_CHECKLIST", "appointment_booked"): {"purpose": "procedure"},
    ("PROC_CHECKLIST", "appointment_moved"): {"procedure_id": thing("procedure"), "status": "booked"},
    ("PROC_CHECKLIST", "gate_check_failed"): {"checkpoint": "T-72"},
    ("GATE_RELEASE", "gate_check_failed"): {"checkpoint": "T-24"},
    **{(item, "gates_cleared"): {"scope": "pre"} for item in ("PROC_CHECKLIST", "GATE_RELEASE")},
    ("DAY_GATE", "gate_failed"): {"check_class": "day_of"},
    ("NO_CHANNEL", "message_suppressed"): {"reason": "no_channel"},
    ("ESCALATION_EXHAUSTED", "escalation_timed_out"): {"next_level": None},
    ("REPLY_READ", "message_replied"): {"reply": "unknown", "severity": None},
    ("CRISIS_CALL", "message_replied"): {"reply": "unknown", "severity": "same_day"},
    ("CRISIS_CALL", "contact_recorded"): {"result": "reached"},
    ("POST_PROC_CALL_1", "contact_recorded"): {
        "kind": "post_procedure_24_72h",
        "procedure_id": thing("procedure"),
        "result": "spoken",
    },
    ("POST_PROC_CALL_2", "contact_recorded"): {
        "kind": "post_procedure_2w",
        "procedure_id": thing("procedure"),
        "result": "spoken",
    },
    ("PROC_OUTCOME", "procedure_ordered"): {
        "procedure_id": thing("the next procedure"),
        "previous_id": thing("procedure"),
        "met": [],
    },
    ("PROC_OUTCOME", "procedure_outcome_needed"): {
        "procedure_id": thing("the next procedure"),
        "previous_id": thing("procedure"),
    },
    ("HOLD_CALL", "antithrombotic_plan_invalidated"): {"was_signed": True},
    ("HOLD_CALL", "antithrombotic_plan_signed"): {"corrects": True},
    ("HOLD_CALL", "contact_recorded"): {
        "kind": "hold_call",
        "procedure_id": thing("procedure"),
        "result": "spoken",
    },
}
"""What a fact says where not every one opens or closes the item."""
AGAIN: dict[str, dict[str, Any]] = {"MEASURE_CALL": {"stage": "missed"}, "JOINT_DAY_BROKEN": {"left": 0}}
"""What a fact says that ends what one of its kind has opened."""


def told(item: str, model: type[Fact], **more: Any) -> Fact:
    """The example, with what it must say for this item."""
    return example_fact(model, **SAYS.get((item, model.wire_type.split(".")[1]), {}) | more)


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
    return PATIENT if row.item == "LIVES_AFTER_ALL" else thing(row.subject.kind)


CLOSINGS = [(row, closing) for row in CATALOGUE for closing in row.closings]


@pytest.mark.parametrize(("row", "closing"), CLOSINGS, ids=name)
async def test_each_closing_fact_completes_it(row: Row[Any], closing: When[Any]) -> None:
    desk = await opened(row)
    fact = told(row.item, closing.fact, **(AGAIN[row.item] if closing.fact is row.opens else {}))
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
