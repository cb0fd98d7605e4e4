"""Facts of alerts and doses → the risk of their patient."""

from backbone.model import Event, On, Orders, PersonJoined, on, one
from schemas.care_plan.v1.measure import MeasureScored
from schemas.care_plan.v1.opioid import OpioidExposureAssessed, TaperEnded, TaperStarted
from schemas.care_plan.v1.safety import SafetyAlertClosed, SafetyAlertRaised
from schemas.referral.v1.referral import RedFlagRaised, RedFlagResolved
from services.care_plan.history.facts import ScoreTakenBack
from services.care_plan.risk.aggregate import (
    RISK,
    NoteAlert,
    NoteAlertEnd,
    NoteBeside,
    NoteDose,
    NoteMood,
    NoteTaper,
)
from services.care_plan.risk.facts import TaperNoted
from services.care_plan.rules import Rules


def note_alert(event: Event[SafetyAlertRaised], rules: Rules) -> Orders:
    if event.head.lane_key:
        patient_id, alert_id = event.head.lane_key, event.head.aggregate_id
        command = NoteAlert(patient_id=patient_id, alert_id=alert_id, at=event.head.occurred_at)
        yield RISK.send(command, to=one(patient_id))


def note_alert_closed(event: Event[SafetyAlertClosed], rules: Rules) -> Orders:
    if event.head.lane_key:
        yield RISK.send(NoteAlertEnd(alert_id=event.head.aggregate_id), to=one(event.head.lane_key))


def note_flag(event: Event[RedFlagRaised], rules: Rules) -> Orders:
    """It is dealt with before anybody is let go. One of suicide is as an alert: who misses a visit soon after is
    called."""
    if event.head.lane_key:
        patient_id, flag = event.head.lane_key, event.fact
        recent = flag.flag == "suicide_mental_health"
        command = NoteAlert(
            patient_id=patient_id, alert_id=flag.flag_id, at=event.head.occurred_at, recent=recent
        )
        yield RISK.send(command, to=one(patient_id))


def note_flag_resolved(event: Event[RedFlagResolved], rules: Rules) -> Orders:
    if event.head.lane_key:
        yield RISK.send(NoteAlertEnd(alert_id=event.fact.flag_id), to=one(event.head.lane_key))


def note_dose(event: Event[OpioidExposureAssessed], rules: Rules) -> Orders:
    """What is incomplete is treated as high until a clinician says otherwise; a risk tool may ask for a closer look
    (OPI-15)."""
    dose, limit = event.fact.mme_per_day, rules.opioid.factor_set.values.high_mme
    high = event.fact.status == "incomplete" or (dose is not None and dose >= limit)
    closely = event.fact.profile == "intensified"
    if event.head.lane_key:
        command = NoteDose(patient_id=event.head.lane_key, high=high, closely=closely)
        yield RISK.send(command, to=one(event.head.lane_key))


def note_mood(event: Event[MeasureScored], rules: Rules) -> Orders:
    """What was answered last counts (OPI-07)."""
    fact = event.fact
    asked = rules.opioid.review.values.mental_health.get(fact.instrument)
    if event.head.lane_key and asked:
        low = bool({*asked} & {*fact.findings})
        command = NoteMood(patient_id=event.head.lane_key, instrument=fact.instrument, low=low)
        yield RISK.send(command, to=one(event.head.lane_key))


def forget_mood(event: Event[ScoreTakenBack], rules: Rules) -> Orders:
    """What it says is not known any more: reviewed sooner until it is answered again."""
    patient_id, instrument = event.head.lane_key, event.fact.instrument
    if patient_id and event.fact.lacking and instrument in rules.opioid.review.values.mental_health:
        command = NoteMood(patient_id=patient_id, instrument=instrument, low=True)
        yield RISK.send(command, to=one(patient_id))


def note_taper(event: Event[TaperStarted | TaperEnded], rules: Rules) -> Orders:
    if patient_id := event.head.lane_key:
        active = isinstance(event.fact, TaperStarted)
        yield RISK.send(NoteTaper(patient_id=patient_id, active=active), to=one(patient_id))


def note_beside(event: Event[TaperNoted], rules: Rules) -> Orders:
    """Two tapers that begin at the same moment are written down one after the other: the later one finds both."""
    for each in event.fact.also:
        yield RISK.send(NoteBeside(other_id=event.head.aggregate_id), to=one(each))


def note_joined(event: Event[PersonJoined], rules: Rules) -> Orders:
    """The same of a taper that begins while two records are joined."""
    record, other = event.head.aggregate_id, event.fact.other_id
    yield RISK.send(NoteBeside(other_id=other), to=one(record))
    yield RISK.send(NoteBeside(other_id=record), to=one(other))


REACTIONS: tuple[On, ...] = (
    on(SafetyAlertRaised, note_alert),
    on(SafetyAlertClosed, note_alert_closed),
    on(RedFlagRaised, note_flag),
    on(RedFlagResolved, note_flag_resolved),
    on(OpioidExposureAssessed, note_dose),
    on(TaperStarted, note_taper),
    on(TaperEnded, note_taper),
    on(MeasureScored, note_mood),
)

OWN: tuple[On, ...] = (
    on(TaperNoted, note_beside),
    on(PersonJoined, note_joined),
    on(ScoreTakenBack, forget_mood),
)
"""Handled in the transaction that writes the facts, before anybody looks at them."""
