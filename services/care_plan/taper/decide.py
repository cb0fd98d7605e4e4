"""What a taper decides: who agreed to what, and whether a dose fell as it was agreed (OPI-03)."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from backbone.model import Decision, Given, Refused, Ruled, Table, by, decider, ignores, like
from schemas.care_plan.v1.opioid import TaperEnded, TaperStarted, TaperStepRecorded
from services.care_plan.opioid.states import Assessed, profile_id
from services.care_plan.roles import CLINICIAN, PHYSICIAN
from services.care_plan.rules import Rules
from services.care_plan.taper.commands import EndTaper, EndWithDeath, FollowDose, RecordStep, StartTaper
from services.care_plan.taper.facts import AgreedStep, DoseFollowed, StepTaken, TaperAgreed
from services.care_plan.taper.states import Steady, Taper, Tapering

NONE = Decimal(0)


def follow_dose(state: Taper, command: FollowDose, given: Given[Rules]) -> Decision:
    """By what is known now, whatever was known when it was asked. A fall is a step, agreed or not."""
    if given.cause_id in state.heard_of:
        return ()
    dose = dose_of(command.patient_id, given)
    if dose is None or dose == state.dose:
        return () if given.version else [DoseFollowed(mme=dose)]
    if state.dose is None or dose > state.dose:
        return [DoseFollowed(mme=dose)]
    return [step(state, dose, given.rules.calendar.day(given.at), given)]


def dose_of(patient_id: str, given: Given[Rules]) -> Decimal | None:
    """Of this record. A sum that lacks something tells of no fall."""
    known = given.others.get(("opioid_profile", profile_id(patient_id)))
    if not isinstance(known, Assessed) or known.exposure == "incomplete":
        return None
    return known.mme_per_day or NONE


def step(state: Taper, mme: Decimal, on: date, given: Given[Rules]) -> Ruled:
    planned = isinstance(state, Tapering) and state.is_planned(mme, on)
    fact = TaperStepRecorded(taper_id=given.target, mme=mme, on=on, as_planned=planned)
    return Ruled(fact, (given.rules.opioid.taper,))


@by(PHYSICIAN)
def start(state: Steady, command: StartTaper, given: Given[Rules]) -> Decision:
    """Nobody's dose is lowered without their agreement, nor from a dose that nobody knows."""
    rule, calendar = given.rules.opioid.taper, given.rules.calendar
    if not command.agreed:
        return Refused("a taper is agreed with the patient", code="not-agreed")
    if other := under_another_record(given):
        reason = f"a taper of this person is under way under another record: end taper {other} first"
        return Refused(reason, code="under-way")
    if state.dose is None or state.dose == NONE:
        return Refused("no dose is known that could be lowered: state it first", code="dose-unknown")
    doses = [state.dose, *(each.mme for each in command.steps)]
    days = [each.on for each in command.steps]
    if not days or days[0] < calendar.day(given.at) or any(one >= other for one, other in pairwise(days)):
        return Refused("steps: each on a day after the one before it, the first today or later", code="steps")
    if any(one <= other for one, other in pairwise(doses)):
        return Refused(
            f"steps: each lower than the one before it, the first below {state.dose}", code="steps"
        )
    started = TaperStarted(
        taper_id=given.target,
        from_mme=state.dose,
        next_followup=calendar.days_later(given.at, rule.values.followup_days),
        decided_by=decider(given),
    )
    steps = tuple(like(AgreedStep, each) for each in command.steps)
    return [TaperAgreed(steps=steps), Ruled(started, (rule,))]


def under_another_record(given: Given[Rules]) -> str | None:
    """Nobody's dose is lowered by two plans at once."""
    under_way = (each for (_, each), state in given.others.items() if isinstance(state, Tapering))
    return min((each for each in under_way if each != given.target), default=None)


@by(PHYSICIAN)
def start_again(state: Tapering, command: StartTaper, given: Given[Rules]) -> Decision:
    return Refused("a taper is under way: end it first", instead=("EndTaper",), code="under-way")


@by(CLINICIAN)
def record_step(state: Tapering, command: RecordStep, given: Given[Rules]) -> Decision:
    """The dose that is reached already is no other step."""
    today = given.rules.calendar.day(given.at)
    on = command.on or today
    if on > today:
        return Refused("on: a step is recorded when it is taken", code="not-yet")
    if command.mme == state.dose:
        return ()
    taken = StepTaken(patient_id=command.patient_id, mme=command.mme, by_id=decider(given))
    return [taken, step(state, command.mme, on, given)]


@by(CLINICIAN)
def no_taper(state: Steady, command: RecordStep | EndTaper, given: Given[Rules]) -> Decision:
    reason = "no taper is under way: start one, or state what the patient takes"
    return Refused(reason, instead=("StartTaper",), code="no-taper")


@by(CLINICIAN)
def end(state: Tapering, command: EndTaper, given: Given[Rules]) -> Decision:
    return [TaperEnded(taper_id=given.target, mme=state.dose or NONE, reason=command.reason)]


def end_with_death(state: Tapering, command: EndWithDeath, given: Given[Rules]) -> Decision:
    return [TaperEnded(taper_id=given.target, mme=state.dose or NONE, reason="died")]


DECIDE: Table = Table(
    *(follow_dose, start, start_again, record_step, no_taper, end, end_with_death),
    ignores(EndWithDeath, when=(Steady,)),
)
