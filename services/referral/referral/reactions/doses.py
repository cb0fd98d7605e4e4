"""Assessments of care plan → what the triage clinician sees of opioids. Pure."""

from backbone.model import Event, On, Orders, all_of, on
from schemas.care_plan.v1.opioid import OpioidExposureAssessed
from services.referral.referral.aggregate import REFERRAL, Referrals
from services.referral.referral.commands import NoteDose
from services.referral.rules import Rules


def note_dose(event: Event[OpioidExposureAssessed], rules: Rules) -> Orders:
    """The advisory `mme_high`. From which dose on it is high, care plan knows."""
    if patient_id := event.head.lane_key:
        command = NoteDose(high="mme_50" in event.fact.risk_factors, at=event.head.occurred_at)
        yield REFERRAL.send(command, to=all_of(Referrals.patient_id(patient_id)))


DOSES: tuple[On, ...] = (on(OpioidExposureAssessed, note_dose),)
