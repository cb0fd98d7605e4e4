"""Drug lists, consultations and scores of a risk tool → the opioid exposure."""

from backbone.model import Event, On, Orders, like, on, one
from schemas.care_plan.v1.consultation import ConsultationCompleted
from schemas.care_plan.v1.measure import MeasureScored
from schemas.referral.v1.medication import MedicationsListed
from schemas.referral.v1.referral import RedFlagRaised, RedFlagResolved
from services.care_plan.history.facts import ScoreTakenBack
from services.care_plan.opioid.aggregate import (
    OPIOID_PROFILE,
    AssessAgain,
    AssessList,
    NoteOverdose,
    ScoreRisk,
)
from services.care_plan.opioid.content import Drug
from services.care_plan.opioid.states import profile_id
from services.care_plan.rules import Rules


def assess_exposure(event: Event[MedicationsListed], rules: Rules) -> Orders:
    if event.head.lane_key is None:
        return
    drugs = tuple(like(Drug, each, system=each.code_system, unit=each.dose_unit) for each in event.fact.items)
    command = AssessList(
        drugs=drugs, complete=event.fact.complete, source_id=event.head.event_id, context="intake"
    )
    yield OPIOID_PROFILE.send(command, to=one(profile_id(event.head.lane_key)))


def look_at_exposure(event: Event[ConsultationCompleted], rules: Rules) -> Orders:
    """The physician reconciled the medication: who takes opioids is assessed again."""
    if event.head.lane_key:
        command = AssessAgain(context="consultation", only_if_any=True)
        yield OPIOID_PROFILE.send(command, to=one(profile_id(event.head.lane_key)))


def score_risk(event: Event[MeasureScored], rules: Rules) -> Orders:
    """Nothing is gated on a risk tool: it only asks for a closer look (OPI-15)."""
    rule = rules.opioid.intensified.values
    if event.head.lane_key and event.fact.instrument == rule.instrument:
        command = ScoreRisk(high=rule.finding in event.fact.findings)
        yield OPIOID_PROFILE.send(command, to=one(profile_id(event.head.lane_key)))


def forget_risk(event: Event[ScoreTakenBack], rules: Rules) -> Orders:
    """What the risk tool says is not known any more: looked at more closely until it is answered again."""
    rule = rules.opioid.intensified.values
    if event.head.lane_key and event.fact.lacking and event.fact.instrument == rule.instrument:
        yield OPIOID_PROFILE.send(ScoreRisk(high=True), to=one(profile_id(event.head.lane_key)))


def note_overdose(event: Event[RedFlagRaised], rules: Rules) -> Orders:
    """REF-02: an overdose is looked at, and is a danger with whatever opioid (OPI-04)."""
    yield from overdose(event, there=True)


def forget_overdose(event: Event[RedFlagResolved], rules: Rules) -> Orders:
    """A clinician found that there was none."""
    if event.fact.result == "not_present":
        yield from overdose(event, there=False)


def overdose(event: Event[RedFlagRaised] | Event[RedFlagResolved], *, there: bool) -> Orders:
    if event.head.lane_key and event.fact.flag == "opioid_overdose":
        command = NoteOverdose(flag_id=event.fact.flag_id, there=there)
        yield OPIOID_PROFILE.send(command, to=one(profile_id(event.head.lane_key)))


REACTIONS: tuple[On, ...] = (
    on(MedicationsListed, assess_exposure),
    on(ConsultationCompleted, look_at_exposure),
    on(MeasureScored, score_risk),
    on(RedFlagRaised, note_overdose),
    on(RedFlagResolved, forget_overdose),
)

OWN: tuple[On, ...] = (on(ScoreTakenBack, forget_risk),)
"""Handled in the transaction that writes the facts."""
