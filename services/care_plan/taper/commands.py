"""What may happen to a taper."""

from datetime import date
from decimal import Decimal

from backbone.model import Command
from schemas.care_plan.v1.codes import TaperEnd
from services.care_plan.taper.states import Step


class FollowDose(Command, tag="follow_dose", kw_only=True):
    """The exposure was assessed: what it is now may be less than it was."""

    patient_id: str


class StartTaper(Command, tag="start_taper", kw_only=True):
    """From the dose that is known, by these steps, as agreed with the patient."""

    patient_id: str
    agreed: bool
    steps: tuple[Step, ...]


class RecordStep(Command, tag="record_taper_step", kw_only=True):
    """The patient takes this much since that day; without one, since today."""

    patient_id: str
    mme: Decimal
    on: date | None = None


class EndWithDeath(Command, tag="end_taper_with_death"):
    """Nobody takes anything any more."""


class EndTaper(Command, tag="end_taper", kw_only=True):
    """Finished, paused or given up."""

    reason: TaperEnd
