"""What scheduling keeps of a patient's suicide alerts. Its id is the patient's: it holds for all their referrals."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table, like
from schemas.scheduling.v1.codes import Exemption
from services.scheduling.crisis.facts import CrisisEndNoted, CrisisNoted
from services.scheduling.rules import Rules

EXEMPT_BY_CRISIS: Exemption = "mental_health_crisis"


class Crisis(State, tag="crisis", frozen=True, kw_only=True):
    alert_id: str | None = None
    at: datetime | None = None
    """When the alert was raised last."""
    closed_at: datetime | None = None

    def exemptions(self, at: datetime, rules: Rules) -> tuple[Exemption, ...]:
        """What exempts by itself (SCH-06): an alert that is open, or was raised not long ago."""
        if self.at is None:
            return ()
        is_open = self.closed_at is None or self.closed_at < self.at
        recent = at - self.at <= timedelta(days=rules.scheduling.exemptions.values.crisis_days)
        return (EXEMPT_BY_CRISIS,) if is_open or recent else ()


class NoteCrisis(Command, tag="note_crisis", kw_only=True, frozen=True):
    alert_id: str
    at: datetime


class NoteCrisisEnd(Command, tag="note_crisis_end", kw_only=True, frozen=True):
    alert_id: str
    at: datetime


def note(state: Crisis, command: NoteCrisis, given: Given[Rules]) -> Decision:
    known = state.at is not None and command.at <= state.at
    return () if known else [like(CrisisNoted, command)]


def note_end(state: Crisis, command: NoteCrisisEnd, given: Given[Rules]) -> Decision:
    """Alerts of other kinds are no crisis: nothing ends with them."""
    known = state.closed_at is not None and command.at <= state.closed_at
    return () if known or command.alert_id != state.alert_id else [like(CrisisEndNoted, command)]


def noted(state: Crisis, fact: CrisisNoted, head: Head) -> Crisis:
    return replace(state, alert_id=fact.alert_id, at=fact.at)


def end_noted(state: Crisis, fact: CrisisEndNoted, head: Head) -> Crisis:
    return replace(state, closed_at=fact.at)


CRISIS = Aggregate[Crisis](
    "crisis", Crisis(), decide=Table(note, note_end), evolve=Table(noted, end_noted), has_pathway=False
)


def crisis_seen(patient_id: str | None) -> Iterable[tuple[str, str]]:
    """For `needs`: the crisis of this patient."""
    if patient_id:
        yield CRISIS.kind, patient_id


def crisis_of(patient_id: str | None, given: Given[Rules]) -> Crisis:
    """The crisis that the decider asked for; none where nothing was told."""
    found = given.others.get(patient_id or "")
    return found if isinstance(found, Crisis) else Crisis()
