"""The crisis of a patient: every alert and its end are noted once."""

from datetime import datetime

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Decision, Given, Head, Table, like
from services.scheduling.crisis.facts import AlertHeard, CrisisEndNoted, CrisisNoted, MinorNoted
from services.scheduling.crisis.states import Alert, Crisis
from services.scheduling.rules import Rules


class NoteCrisis(Command, tag="note_crisis", kw_only=True, frozen=True):
    alert_id: str
    at: datetime


class NoteCrisisEnd(Command, tag="note_crisis_end", kw_only=True, frozen=True):
    alert_id: str
    at: datetime


class HearOfAlert(Command, tag="hear_of_alert", kw_only=True, frozen=True):
    alert_id: str
    number: int
    is_open: bool


class NoteMinor(Command, tag="note_minor", kw_only=True, frozen=True):
    """They were registered as a child."""


def note(state: Crisis, command: NoteCrisis, given: Given[Rules]) -> Decision:
    known = state.at is not None and command.at <= state.at
    return () if known else [like(CrisisNoted, command)]


def note_end(state: Crisis, command: NoteCrisisEnd, given: Given[Rules]) -> Decision:
    """Alerts of other kinds are no crisis: nothing ends with them."""
    known = state.closed_at is not None and command.at <= state.closed_at
    return () if known or command.alert_id != state.alert_id else [like(CrisisEndNoted, command)]


def hear_of_alert(state: Crisis, command: HearOfAlert, given: Given[Rules]) -> Decision:
    known = state.alerts.get(command.alert_id)
    return () if known and command.number <= known.number else [like(AlertHeard, command)]


def note_minor(state: Crisis, command: NoteMinor, given: Given[Rules]) -> Decision:
    return () if state.minor else [MinorNoted()]


def noted(state: Crisis, fact: CrisisNoted, head: Head) -> Crisis:
    return replace(state, alert_id=fact.alert_id, at=fact.at)


def end_noted(state: Crisis, fact: CrisisEndNoted, head: Head) -> Crisis:
    return replace(state, closed_at=fact.at)


def alert_heard(state: Crisis, fact: AlertHeard, head: Head) -> Crisis:
    return replace(state, alerts={**state.alerts, fact.alert_id: like(Alert, fact)})


def minor_noted(state: Crisis, fact: MinorNoted, head: Head) -> Crisis:
    return replace(state, minor=True)


CRISIS = Aggregate[Crisis](
    "crisis",
    Crisis(),
    decide=Table(note, note_end, hear_of_alert, note_minor),
    evolve=Table(noted, end_noted, alert_heard, minor_noted),
    has_pathway=False,
    of_person=True,
)
