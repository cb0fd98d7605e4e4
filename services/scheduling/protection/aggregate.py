"""What protects a patient: alerts, their end, and age are noted once. Its stored name is its first one, `crisis`."""

from datetime import datetime

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Decision, Given, Head, Table, like
from services.scheduling.protection.facts import (
    AlertHeard,
    CrisisEndNoted,
    CrisisNoted,
    FlagNoted,
    MinorNoted,
)
from services.scheduling.protection.states import Alert, Protection
from services.scheduling.rules import Rules


class NoteCrisis(Command, tag="note_crisis", kw_only=True, frozen=True):
    alert_id: str
    at: datetime


class NoteCrisisEnd(Command, tag="note_crisis_end", kw_only=True, frozen=True):
    alert_id: str
    at: datetime


class NoteFlag(Command, tag="note_crisis_flag", kw_only=True, frozen=True):
    at: datetime


class HearOfAlert(Command, tag="hear_of_alert", kw_only=True, frozen=True):
    alert_id: str
    number: int
    is_open: bool


class NoteMinor(Command, tag="note_minor", kw_only=True, frozen=True):
    """They are a child, or are none, as the registry told last."""

    minor: bool = True
    number: int = 0


def note(state: Protection, command: NoteCrisis, given: Given[Rules]) -> Decision:
    known = state.at is not None and command.at <= state.at
    return () if known else [like(CrisisNoted, command)]


def note_end(state: Protection, command: NoteCrisisEnd, given: Given[Rules]) -> Decision:
    """Alerts of other kinds are no crisis: nothing ends with them."""
    known = state.closed_at is not None and command.at <= state.closed_at
    return () if known or command.alert_id != state.alert_id else [like(CrisisEndNoted, command)]


def note_flag(state: Protection, command: NoteFlag, given: Given[Rules]) -> Decision:
    known = state.flag_at is not None and command.at <= state.flag_at
    return () if known else [like(FlagNoted, command)]


def hear_of_alert(state: Protection, command: HearOfAlert, given: Given[Rules]) -> Decision:
    known = state.alerts.get(command.alert_id)
    return () if known and command.number <= known.number else [like(AlertHeard, command)]


def note_minor(state: Protection, command: NoteMinor, given: Given[Rules]) -> Decision:
    known = command.minor == state.minor or command.number < state.age_told
    return () if known else [like(MinorNoted, command)]


def noted(state: Protection, fact: CrisisNoted, head: Head) -> Protection:
    return replace(state, alert_id=fact.alert_id, at=fact.at)


def end_noted(state: Protection, fact: CrisisEndNoted, head: Head) -> Protection:
    return replace(state, closed_at=fact.at)


def flag_noted(state: Protection, fact: FlagNoted, head: Head) -> Protection:
    return replace(state, flag_at=fact.at)


def alert_heard(state: Protection, fact: AlertHeard, head: Head) -> Protection:
    return replace(state, alerts={**state.alerts, fact.alert_id: like(Alert, fact)})


def minor_noted(state: Protection, fact: MinorNoted, head: Head) -> Protection:
    return replace(state, minor=fact.minor, age_told=fact.number)


PROTECTION = Aggregate[Protection](
    "crisis",
    Protection(),
    decide=Table(note, note_end, note_flag, hear_of_alert, note_minor),
    evolve=Table(noted, end_noted, flag_noted, alert_heard, minor_noted),
    has_pathway=False,
    of_person=True,
)
