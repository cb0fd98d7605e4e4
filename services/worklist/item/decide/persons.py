"""Whose work it is shown as, when two records prove to be one person, or not to be (EVT-03)."""

from backbone.model import Decision, Given, Table, ignores
from services.worklist.item.commands import ShowApart, ShowUnder
from services.worklist.item.decide.stamps import caused_by
from services.worklist.item.facts import ShownUnder
from services.worklist.item.states import Opened, Remembered, Unopened
from services.worklist.rules import Rules


def show_under(state: Opened, command: ShowUnder, given: Given[Rules]) -> Decision:
    if state.item.patient_id in (None, command.patient_id):
        return ()
    return [ShownUnder(**caused_by(command.source), patient_id=command.patient_id)]


def show_apart(state: Opened, command: ShowApart, given: Given[Rules]) -> Decision:
    """The key that it was born with tells whose it was."""
    if given.lane_key != command.restored_id or state.item.patient_id == command.restored_id:
        return ()
    return [ShownUnder(**caused_by(command.source), patient_id=command.restored_id)]


PERSONS = Table(show_under, show_apart, ignores(ShowUnder, ShowApart, when=(Unopened, Remembered)))
