"""The risk of a patient: every alert and every dose is noted once."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Head,
    Table,
    like,
    others_of,
    person_seen,
)
from schemas.care_plan.v1.codes import Instrument
from services.care_plan.risk.facts import (
    AlertEndNoted,
    AlertNoted,
    DoseNoted,
    MoodNoted,
    RecordBeside,
    TaperNoted,
)
from services.care_plan.risk.states import Risk
from services.care_plan.rules import Rules


class NoteAlert(Command, tag="note_alert", kw_only=True):
    patient_id: str
    alert_id: str
    at: datetime
    recent: bool = True


class NoteAlertEnd(Command, tag="note_alert_end", kw_only=True):
    alert_id: str


class NoteDose(Command, tag="note_dose", kw_only=True):
    patient_id: str
    high: bool
    closely: bool = False


class NoteMood(Command, tag="note_mood", kw_only=True):
    patient_id: str
    instrument: Instrument
    low: bool


class NoteTaper(Command, tag="note_taper", kw_only=True):
    patient_id: str
    active: bool


class NoteBeside(Command, tag="note_record_beside", kw_only=True):
    """Whoever looks at this record looks at that one too."""

    other_id: str


def note_alert(state: Risk, command: NoteAlert, given: Given[Rules]) -> Decision:
    """Noted even where it changes nothing: else an older one, told again, would set a younger one back."""
    also = others_of(given.target, given)
    return () if given.cause_id in state.told_by else [like(AlertNoted, command, also=also)]


def note_alert_end(state: Risk, command: NoteAlertEnd, given: Given[Rules]) -> Decision:
    return () if given.cause_id in state.told_by else [like(AlertEndNoted, command)]


def note_dose(state: Risk, command: NoteDose, given: Given[Rules]) -> Decision:
    also = others_of(given.target, given)
    return () if given.cause_id in state.told_by else [like(DoseNoted, command, also=also)]


def note_mood(state: Risk, command: NoteMood, given: Given[Rules]) -> Decision:
    also = others_of(given.target, given)
    return () if given.cause_id in state.told_by else [like(MoodNoted, command, also=also)]


def note_taper(state: Risk, command: NoteTaper, given: Given[Rules]) -> Decision:
    also = others_of(given.target, given)
    return () if given.cause_id in state.told_by else [like(TaperNoted, command, also=also)]


def note_beside(state: Risk, command: NoteBeside, given: Given[Rules]) -> Decision:
    return () if given.cause_id in state.told_by else [like(RecordBeside, command)]


def alert_noted(state: Risk, fact: AlertNoted, head: Head) -> Risk:
    alerts = tuple(dict.fromkeys((*state.open_alerts, fact.alert_id)))
    at = max(state.alert_at or fact.at, fact.at) if fact.recent else state.alert_at
    return told(replace(state, open_alerts=alerts, alert_at=at), head)


def alert_end_noted(state: Risk, fact: AlertEndNoted, head: Head) -> Risk:
    left = tuple(each for each in state.open_alerts if each != fact.alert_id)
    return told(replace(state, open_alerts=left), head)


def dose_noted(state: Risk, fact: DoseNoted, head: Head) -> Risk:
    return told(replace(state, high_dose=fact.high, closely=fact.closely), head)


def mood_noted(state: Risk, fact: MoodNoted, head: Head) -> Risk:
    others = tuple(each for each in state.low_mood if each != fact.instrument)
    return told(replace(state, low_mood=(*others, fact.instrument) if fact.low else others), head)


def taper_noted(state: Risk, fact: TaperNoted, head: Head) -> Risk:
    return told(replace(state, tapering=fact.active), head)


def beside(state: Risk, fact: RecordBeside, head: Head) -> Risk:
    return told(state, head)


def told(state: Risk, head: Head) -> Risk:
    return replace(state, told_by=(*state.told_by, head.causation_id))


def needs(state: Risk, command: Command) -> Iterable[tuple[str, str]]:
    """Whom else it is about."""
    if isinstance(command, NoteAlert | NoteDose | NoteMood | NoteTaper):
        yield from person_seen(command.patient_id)


RISK = Aggregate[Risk](
    "risk",
    Risk(),
    decide=Table(note_alert, note_alert_end, note_dose, note_mood, note_taper, note_beside),
    evolve=Table(alert_noted, alert_end_noted, dose_noted, mood_noted, taper_noted, beside),
    needs=needs,
    has_pathway=False,
    of_person=True,
)
