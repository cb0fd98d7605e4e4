"""What a discharge needs (DIS-01). A line that names a thing is there when the thing is: no tick stands for it."""

from datetime import date, time, timedelta

from backbone.model import Given
from schemas.care_plan.v1.codes import FINAL_MEASURES, LOOKED_FOR
from services.care_plan.history.states import history_of
from services.care_plan.opioid.states import takes_opioids
from services.care_plan.plan.commands import Discharge
from services.care_plan.plan.states import Course
from services.care_plan.rules import Rules

HANDOVER, SELF_MANAGEMENT = "medication_handover", "flare_up_plan"


def ticked(course: Course, items: tuple[str, ...]) -> tuple[str, ...]:
    """What people said is there, now or before."""
    return tuple(dict.fromkeys((*course.met, *(item for item in items if item not in LOOKED_FOR))))


def missing(course: Course, met: tuple[str, ...], on: date, given: Given[Rules]) -> tuple[str, ...]:
    """What is not there yet; measures are final that are not much older than the review `on` that day."""
    rules, history = given.rules, history_of(course.referral_id, given)
    since = rules.calendar.at(on - timedelta(days=rules.care_plan.discharge.values.measures_days), time())
    measured = {FINAL_MEASURES} if history.has_final_measures(since) else set()
    there = ({*met} - {FINAL_MEASURES}) | measured
    return tuple(item for item in given.rules.care_plan.discharge.values.items if item not in there)


def lacking(course: Course, command: Discharge, given: Given[Rules]) -> tuple[str, ...]:
    """What hinders this discharge: a reason may stand for measures, and opioids are handed over to somebody."""
    excused = {FINAL_MEASURES} if command.no_final_measures else set()
    met = set(ticked(course, command.met))
    if takes_opioids(given) and not command.handover_prescriber:
        met.discard(HANDOVER)
    on = max(history_of(course.referral_id, given).reviews, default=given.rules.calendar.day(given.at))
    return tuple(item for item in missing(course, tuple(met), on, given) if item not in excused)
