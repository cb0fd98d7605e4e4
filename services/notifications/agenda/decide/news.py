"""What a fact elsewhere ends, moves and plans."""

from msgspec.structs import replace

from backbone.model import Decision, Given
from schemas.fact import Fact
from services.notifications.agenda.commands import Hear
from services.notifications.agenda.decide.plan import Planner
from services.notifications.agenda.facts import SourceHeard
from services.notifications.agenda.states import Agenda, Visit
from services.notifications.contact.states import contact_id, zone_of
from services.notifications.rules import Rules


def hear(state: Agenda, command: Hear, given: Given[Rules]) -> Decision:
    """Each fact once, in the order of its thing's life (NOT-10). What ends, ends before anything new is planned."""
    if command.source.sequence <= state.heard.get(command.source.id, 0):
        return ()
    heard = SourceHeard(source_id=command.source.id, sequence=command.source.sequence)
    return [heard] if state.deceased else [heard, *planned(state, command, given)]


def planned(state: Agenda, command: Hear, given: Given[Rules]) -> list[Fact]:
    zone = zone_of(given.others[contact_id(given.target)], given.rules)
    planner = Planner(given.target, command.referral_id, state, given.at, zone, given.rules)
    known = state.visits.get(command.subject_id)
    if command.ends and command.scope == "subject":
        planner.end(command.subject_id, command.ends)
    elif command.ends:
        planner.end_all(command.ends, command.scope, command.only)
    if visit := dated(command, known):
        planner.note(command.subject_id, visit)
    for template in command.says:
        planner.plan(template, command.subject_id, command.subject_version, command.due_on)
    if known and command.ends and visit is None:
        planner.drop(command.subject_id)
    return planner.facts


def dated(command: Hear, known: Visit | None) -> Visit | None:
    """The date as it is now."""
    if command.visit:
        return command.visit
    if command.moved_to and known and command.subject_version:
        return replace(known, version=command.subject_version, start=command.moved_to)
    return None
