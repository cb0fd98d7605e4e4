"""Every state × command is answered: listed in the table, or refused with what is possible instead."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from backbone.ids import ROOT, derive
from backbone.model import Command, Refused, State
from services.worklist.item.aggregate import ITEM
from services.worklist.item.commands import (
    CancelItem,
    ClaimItem,
    CompleteItem,
    EscalateByLadder,
    EscalateByLead,
    EscalateOverdue,
    FollowLadder,
    HoldItem,
    KeepItem,
    OpenItem,
    RankItem,
    ReleaseIdle,
    ReleaseItem,
    ReprioritiseByLead,
    ReprioritiseItem,
    ResumeItem,
    ResumeOnTime,
    ShowApart,
    ShowUnder,
    TransferItem,
    UndoTransition,
)
from services.worklist.item.states import (
    Cancelled,
    Claimed,
    Closing,
    Completed,
    Item,
    Movement,
    OnHold,
    Remembered,
    Source,
    Unopened,
    Waiting,
)
from tests.support.deciding import LANE, START, TARGET, deciding
from tests.support.desk import LEAD, NURSE, REFERRAL, shipped_rules

given = deciding(ITEM, shipped_rules(), actor=NURSE, at=START + timedelta(hours=2))

FIRST = Source(derive(ROOT, "first"), START, REFERRAL, 1)
THEN = Source(derive(ROOT, "then"), START + timedelta(hours=1), REFERRAL, 2)
ENTRY = derive(ROOT, "an entry")

AN_ITEM = Item(
    id=TARGET,
    version=3,
    number=7,
    item_type="REF_TRIAGE",
    subject_type="referral",
    subject_id=REFERRAL,
    patient_id=derive(ROOT, "a patient"),
    queue="nursing",
    entry_id=ENTRY,
    entered_at=START,
    priority="routine",
    due_at=START + timedelta(hours=1),
    waiting_since=START,
    opened=FIRST,
)
MOVED = Movement(
    by=NURSE.id, at=START + timedelta(hours=2), queue="nursing", entry_id=ENTRY, entered_at=START
)

STATES: dict[str, State] = {
    "unopened": Unopened(),
    "remembered": Remembered(number=7, closing=Closing(FIRST)),
    "waiting": Waiting(item=AN_ITEM),
    "claimed": Claimed(item=AN_ITEM, by=str(NURSE.id), since=START, last=MOVED),
    "on hold": OnHold(
        item=AN_ITEM, reason="waits_for_date", resume_on=(START + timedelta(hours=1)).date(), last=MOVED
    ),
    "completed": Completed(item=AN_ITEM),
    "cancelled": Cancelled(item=AN_ITEM),
}

COMMANDS: dict[str, Command] = {
    "open": OpenItem(
        source=THEN,
        item_type="REF_TRIAGE",
        queue="nursing",
        subject_type="referral",
        subject_id=REFERRAL,
        priority="asap",
    ),
    "complete": CompleteItem(THEN),
    "complete from elsewhere": CompleteItem(THEN, remember=True),
    "cancel": CancelItem(THEN, "rejected"),
    "reprioritise": ReprioritiseItem(THEN, "information_not_received", "urgent"),
    "rank": RankItem(THEN, "cat_1"),
    "show under": ShowUnder(THEN, derive(ROOT, "survivor")),
    "show apart": ShowApart(THEN, LANE),
    "idle": ReleaseIdle(),
    "keep": KeepItem(),
    "claim": ClaimItem(),
    "release": ReleaseItem(),
    "transfer": TransferItem("medical", "other_expertise"),
    "undo": UndoTransition(),
    "hold": HoldItem("waits_for_date", (START + timedelta(days=9)).date()),
    "resume": ResumeItem(),
    "resume on time": ResumeOnTime(),
    "overdue": EscalateOverdue(),
    "follow ladder": FollowLadder(THEN, START),
    "ladder": EscalateByLadder(THEN, START),
}
BY_A_LEAD: dict[str, Command] = {
    "escalate": EscalateByLead(),
    "priority": ReprioritiseByLead("stat"),
}
COMMANDS |= BY_A_LEAD

F, N, R = "facts", "nothing", "refused"

#                            unopened remembered waiting claimed on_hold completed cancelled
EXPECTED: dict[str, tuple[str, ...]] = {
    "open":                    (F, F, F, F, F, F, F),
    "complete":                (N, N, F, F, F, N, N),
    "complete from elsewhere": (F, F, F, F, F, F, F),
    "cancel":                  (N, N, F, F, F, N, N),
    "reprioritise":            (N, N, F, F, F, N, N),
    "rank":                    (N, N, F, F, F, N, N),
    "show under":              (N, N, F, F, F, F, F),
    "show apart":              (N, N, F, F, F, F, F),
    "idle":                    (N, N, N, F, N, N, N),
    "claim":                   (R, R, F, N, R, R, R),
    "keep":                    (R, R, R, F, R, R, R),
    "release":                 (R, R, R, F, R, R, R),
    "transfer":                (R, R, R, F, R, R, R),
    "undo":                    (R, R, R, F, F, R, R),
    "hold":                    (R, R, R, F, R, R, R),
    "resume":                  (R, R, R, R, F, R, R),
    "resume on time":          (N, N, N, N, F, N, N),
    "overdue":                 (N, N, F, F, F, N, N),
    "follow ladder":           (N, N, F, F, F, F, F),
    "ladder":                  (N, N, F, F, F, F, F),
    "escalate":                (R, R, F, F, F, R, R),
    "priority":                (R, R, F, F, F, R, R),
}  # fmt: skip


def outcome(state: State, command: Command) -> str:
    actor = [LEAD] if command in BY_A_LEAD.values() else []
    result = given(state).when(*actor, command)
    if result.refusal is not None:
        assert isinstance(result.refusal, Refused)
        return R
    return F if result.facts else N


@pytest.mark.parametrize("command", COMMANDS)
def test_every_state_answers_the_command(command: str) -> None:
    assert tuple(outcome(state, COMMANDS[command]) for state in STATES.values()) == EXPECTED[command]


def test_every_state_and_command_is_tried() -> None:
    assert {type(state) for state in STATES.values()} == set(ITEM.states)
    assert {type(command) for command in COMMANDS.values()} == set(ITEM.decide.rights)


def test_a_refusal_says_what_is_possible() -> None:
    result = given(STATES["completed"]).when(COMMANDS["claim"])
    assert isinstance(result.refusal, Refused)
    assert "ClaimItem" not in result.refusal.instead


@pytest.mark.parametrize("name", STATES)
def test_a_state_survives_storage(name: str) -> None:
    state: Any = STATES[name]
    assert ITEM.state_decoder.decode(msgspec.json.encode(state)) == state


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_survives_storage(name: str) -> None:
    assert ITEM.command_decoder.decode(msgspec.json.encode(COMMANDS[name])) == COMMANDS[name]
