"""The action that a decision leaves: done by a person or by a fact, given to somebody else, cancelled."""

from dataclasses import replace

from backbone.model import Decision, Given, Group, Table, by, ignores, like
from schemas.care_plan.v1.mdt import MdtActionCompleted
from services.care_plan.mdt.commands import (
    CancelAction,
    CompleteAction,
    NoteActionDone,
    OpenAction,
    ReassignAction,
)
from services.care_plan.mdt.facts import ActionCancelled, ActionOpened, ActionReassigned
from services.care_plan.mdt.states import Done, Dropped, NoAction, OpenTask
from services.care_plan.roles import CLINICIAN_OR_COORDINATOR, COORDINATOR, LEADS, not_one_of, somebody_of
from services.care_plan.rules import Rules


def open_action(state: NoAction, command: OpenAction, given: Given[Rules]) -> Decision:
    return [like(ActionOpened, command)]


def owners(state: OpenTask, rules: Rules) -> Group:
    """The person whose it is, else somebody of the queue; or a plan lead. Whoever stands in is named first."""
    if state.owner_id:
        return Group("its owner, or a plan lead", roles=LEADS, persons=frozenset({state.owner_id}))
    if state.owner_queue is None:
        return CLINICIAN_OR_COORDINATOR
    able = somebody_of(state.owner_queue, rules)
    return replace(able, name=f"{able.name}, or a plan lead", roles=LEADS)


@by(owners, instead=("ReassignAction",))
def complete(state: OpenTask, command: CompleteAction, given: Given[Rules]) -> Decision:
    return [MdtActionCompleted(action_id=given.target, case_id=state.case_id)]


def note_done(state: OpenTask, command: NoteActionDone, given: Given[Rules]) -> Decision:
    return [MdtActionCompleted(action_id=given.target, case_id=state.case_id)]


@by(COORDINATOR)
def reassign(state: OpenTask, command: ReassignAction, given: Given[Rules]) -> Decision:
    """To somebody who works in its queue."""
    if state.owner_queue:
        able = somebody_of(state.owner_queue, given.rules)
        if wrong := not_one_of(able, command.owner_id, given.rules):
            return wrong
    return [like(ActionReassigned, command)]


@by(COORDINATOR)
def cancel(state: OpenTask, command: CancelAction, given: Given[Rules]) -> Decision:
    """Told as completed: nobody has to do it any more."""
    return [
        like(ActionCancelled, command),
        MdtActionCompleted(action_id=given.target, case_id=state.case_id),
    ]


ACTION = Table(
    *(open_action, complete, note_done, reassign, cancel),
    ignores(CompleteAction, when=Done, whom=CLINICIAN_OR_COORDINATOR),
    ignores(NoteActionDone, when=(NoAction, Done, Dropped)),
)
