"""Assessments of the exposure → what became of the dose; steps → the exposure. Pure."""

from backbone.model import Event, On, Orders, on, one
from schemas.care_plan.v1.discharge import PatientDischarged
from schemas.care_plan.v1.opioid import OpioidExposureAssessed
from schemas.referral.v1.patient import PatientDeceased
from services.care_plan.opioid.aggregate import OPIOID_PROFILE, FollowStep
from services.care_plan.opioid.states import profile_id
from services.care_plan.plan.decide.discharge import DIED
from services.care_plan.rules import Rules
from services.care_plan.taper.aggregate import TAPER
from services.care_plan.taper.commands import EndWithDeath, FollowDose
from services.care_plan.taper.facts import StepTaken
from services.care_plan.taper.states import taper_id


def follow_dose(event: Event[OpioidExposureAssessed], rules: Rules) -> Orders:
    if patient_id := event.head.lane_key:
        yield TAPER.send(FollowDose(patient_id=patient_id), to=one(taper_id(patient_id)))


def follow_step(event: Event[StepTaken], rules: Rules) -> Orders:
    command = FollowStep(mme_per_day=event.fact.mme, by_id=event.fact.by_id)
    yield OPIOID_PROFILE.send(command, to=one(profile_id(event.fact.patient_id)))


def end_with_death(event: Event[PatientDeceased | PatientDischarged], rules: Rules) -> Orders:
    """Recorded of the patient, or by who discharged them."""
    is_death = isinstance(event.fact, PatientDeceased) or event.fact.reason == DIED
    if (patient_id := event.head.lane_key) and is_death:
        yield TAPER.send(EndWithDeath(), to=one(taper_id(patient_id)))


REACTIONS: tuple[On, ...] = (
    on(OpioidExposureAssessed, follow_dose),
    on(PatientDeceased, end_with_death),
    on(PatientDischarged, end_with_death),
)

OWN: tuple[On, ...] = (on(StepTaken, follow_step),)
"""Handled in the transaction that writes the facts."""
