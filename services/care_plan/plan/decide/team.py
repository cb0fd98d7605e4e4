"""The team that follows from accepted work (ORCA)."""

from backbone.model import Decision, Given, Table, ignores, like
from schemas.care_plan.v1.plan import CareTeamChanged
from services.care_plan.plan.commands import EndWork, NoteWork
from services.care_plan.plan.facts import WorkAccepted, WorkEnded
from services.care_plan.plan.states import Draft, NoPlan, Over, Running, Work
from services.care_plan.rules import Rules


def note_work(state: Running, command: NoteWork, given: Given[Rules]) -> Decision:
    """Who accepts work joins the team."""
    if like(Work, command) in state.course.work or command.activity_id in state.course.finished:
        return ()
    accepted, owner = like(WorkAccepted, command), command.owner_id
    if owner in state.course.members:
        return [accepted]
    changed = CareTeamChanged(
        plan_id=given.target, joined=(owner,), left=(), disciplines=(command.discipline,)
    )
    return [accepted, changed]


def end_work(state: Running, command: EndWork, given: Given[Rules]) -> Decision:
    """The last work of a member ends: so does the membership."""
    work = state.course.work
    gone = next((each for each in work if each.activity_id == command.activity_id), None)
    if gone is None:
        return ()
    ended, owner = like(WorkEnded, command), gone.owner_id
    if owner == state.course.lead_id or any(each.owner_id == owner for each in work if each != gone):
        return [ended]
    changed = CareTeamChanged(plan_id=given.target, joined=(), left=(owner,), disciplines=(gone.discipline,))
    return [ended, changed]


TEAM = Table(
    *(note_work, end_work),
    ignores(*(NoteWork, EndWork), when=NoPlan | Draft | Over),
)
