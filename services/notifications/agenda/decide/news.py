"""What a fact elsewhere ends, moves and plans."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from backbone.model import Decision, Given, like
from schemas.fact import Fact
from services.notifications.agenda.commands import Hear, Source
from services.notifications.agenda.decide.plan import Planner, Subject
from services.notifications.agenda.facts import SourceHeard
from services.notifications.agenda.states import REMEMBERED_DAYS, Agenda, Visit
from services.notifications.contact.states import contact_id, zone_of
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS


def hear(state: Agenda, command: Hear, given: Given[Rules]) -> Decision:
    """Each fact once, in the order of its thing's life (NOT-10). What ends, ends before anything new is planned."""
    if command.source.sequence <= state.heard.get(command.source.id, 0):
        return ()
    heard = SourceHeard(source_id=command.source.id, sequence=command.source.sequence)
    facts = [] if state.deceased else planned(state, command, given)
    return [] if is_long_ago(command.source, given) and not facts else [heard, *facts]


def planned(state: Agenda, command: Hear, given: Given[Rules]) -> list[Fact]:
    zone = zone_of(given.others["contact", contact_id(given.target)], given.rules)
    planner = Planner(given.target, command.referral_id, state, given.at, zone, given.rules)
    known, is_old = state.visits.get(command.subject_id), is_long_ago(command.source, given)
    visit = dated(command, known)
    end(planner, command)
    if visit and (visit.start > given.at or not is_old):
        planner.note(command.subject_id, visit)
    about = like(Subject, command, changes=first_of(known, visit) if command.ends else None)
    for template in command.says:
        if not is_old or KINDS[template].moment not in ("at_once", "together", "day_after"):
            planner.plan(template, about)
    if known and command.ends and visit is None:
        planner.drop(command.subject_id)
    return planner.facts


def end(planner: Planner, command: Hear) -> None:
    if command.ends and command.scope == "subject":
        planner.end(command.subject_id, command.ends)
    elif command.ends:
        planner.end_all(command.ends, command.scope, command.only)


def dated(command: Hear, known: Visit | None) -> Visit | None:
    """The date as it is now."""
    if command.visit:
        return command.visit
    if command.moved_to and known and command.subject_version:
        location = command.location or known.location
        return replace(known, version=command.subject_version, start=command.moved_to, location=location)
    return None


def first_of(*visits: Visit | None) -> datetime | None:
    """Of a date that is not as it was: the earlier of before and after."""
    return min((visit.start for visit in visits if visit), default=None)


def is_long_ago(source: Source, given: Given[Rules]) -> bool:
    """So old a fact comes again because a journal was published again: of dates to come it still counts, what is told
    at once was told or never will be."""
    return source.at is not None and source.at < given.at - timedelta(days=REMEMBERED_DAYS)
