"""The safety alert: raised by a rule, closed by a named clinician and nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from backbone.ids import derive
from backbone.model import (
    Aggregate,
    Command,
    Content,
    Decision,
    Given,
    Head,
    Refused,
    Ruled,
    State,
    Table,
    by,
    decider,
    ignores,
    like,
)
from config.rules import Rule
from schemas.care_plan.v1.codes import AlertCode, AlertResult
from schemas.care_plan.v1.safety import (
    SafetyAlertAcknowledged,
    SafetyAlertAssessed,
    SafetyAlertClosed,
    SafetyAlertRaised,
)
from schemas.codes import LIVES
from schemas.fact import Code
from services.care_plan.measures.decide.suicide_risk import judged
from services.care_plan.risk.states import risk_of, risk_seen
from services.care_plan.roles import CLINICIAN, not_one_of
from services.care_plan.rules import Rules
from services.care_plan.safety_alert.commands import (
    AcknowledgeAlert,
    AssessAlert,
    CloseAlert,
    ConsiderAnswers,
    ConsiderFall,
    ConsiderFinding,
    ConsiderHighDose,
    ConsiderHold,
    ConsiderLeftTaper,
    ConsiderMissedVisit,
    ConsiderWarnings,
    FollowEscalation,
    RaiseOpen,
)
from services.care_plan.safety_alert.facts import TriggerNoted
from services.care_plan.taper.states import Tapering, tapers_seen


class Alert(State, kw_only=True):
    triggers: tuple[str, ...] = ()
    """Submissions, contacts and missed visits that set it off: none does so twice."""
    first_by: tuple[str, ...] = ()
    """Who gave the first review, of what is open: the second is another's (OPI-02)."""


class Quiet(Alert, tag="none"):
    """Nothing was found."""


class Known(Alert, kw_only=True):
    code: AlertCode


class Raised(Known, tag="raised"):
    """Nobody has taken it up."""


class Acknowledged(Known, tag="acknowledged"):
    """A named clinician has."""


class Assessed(Known, tag="assessed", kw_only=True):
    result: AlertResult


class Closed(Known, tag="closed"):
    """It is dealt with."""


Open = Raised | Acknowledged | Assessed
SafetyAlert = Quiet | Open | Closed


def consider_answers(state: SafetyAlert, command: ConsiderAnswers, given: Given[Rules]) -> Decision:
    """A positive answer means act. A negative one closes nothing."""
    rule = given.rules.measures.suicide_risk
    fired, because = judged(rule, command.answers)
    return raising(state, "suicide_risk", command.submission_id, rule, given, because) if fired else ()


def consider_warnings(state: SafetyAlert, command: ConsiderWarnings, given: Given[Rules]) -> Decision:
    """Thoughts of suicide are told of by the rule that asks for them, everything else by its own."""
    suicidal = command.code == "suicide_risk"
    rule = given.rules.measures.suicide_risk if suicidal else given.rules.care_plan.warning_signs
    return raising(state, command.code, command.contact_id, rule, given, procedure_id=command.procedure_id)


def consider_missed_visit(state: SafetyAlert, command: ConsiderMissedVisit, given: Given[Rules]) -> Decision:
    """Whoever is at risk is called on the same day."""
    rule, risk = given.rules.care_plan.welfare, risk_of(given)
    at_risk = risk.is_high(given.at, rule.values.alert_days, given.rules.calendar)
    return raising(state, "dna_high_risk", command.appointment_id, rule, given) if at_risk else ()


def consider_finding(state: SafetyAlert, command: ConsiderFinding, given: Given[Rules]) -> Decision:
    """It is talked over and confirmed; nobody is dismissed for it."""
    return raising(state, "unexpected_finding", command.check_id, given.rules.opioid.unexpected, given)


def consider_fall(state: SafetyAlert, command: ConsiderFall, given: Given[Rules]) -> Decision:
    return raising(state, "taper_too_fast", command.step_id, given.rules.opioid.taper, given)


def consider_left_taper(state: SafetyAlert, command: ConsiderLeftTaper, given: Given[Rules]) -> Decision:
    """A clinician sees to it that somebody follows it, or ends it with the patient."""
    left = any(isinstance(each, Tapering) for each in given.others.values())
    return raising(state, "taper_left", command.ended_by, given.rules.opioid.taper, given) if left else ()


def consider_high_dose(state: SafetyAlert, command: ConsiderHighDose, given: Given[Rules]) -> Decision:
    rule = given.rules.opioid.second_review
    return raising(state, "mme_high_second_review", command.asked_by, rule, given, first_by=command.first_by)


def consider_hold(state: SafetyAlert, command: ConsiderHold, given: Given[Rules]) -> Decision:
    """Somebody is called: nobody is told by software what to take."""
    rules = given.rules.antithrombotic
    rule: Rule[Any] = rules.inr if command.code == "inr_blocked" else rules.hold_running
    return raising(state, command.code, command.fact_id, rule, given)


def raise_open(state: Open, command: RaiseOpen, given: Given[Rules]) -> Decision:
    """Whoever was called about it was told that nobody needs them."""
    return raising(state, state.code, command.settled_by, rule_of(state.code, given.rules), given, LIVES)


def rule_of(code: AlertCode, rules: Rules) -> Rule[Any]:
    """By which a kind of alert is raised."""
    by_code: Mapping[AlertCode, Rule[Any]] = {
        "suicide_risk": rules.measures.suicide_risk,
        "dna_high_risk": rules.care_plan.welfare,
        "unexpected_finding": rules.opioid.unexpected,
        "taper_too_fast": rules.opioid.taper,
        "taper_left": rules.opioid.taper,
        "mme_high_second_review": rules.opioid.second_review,
        "inr_blocked": rules.antithrombotic.inr,
        "hold_running_without_plan": rules.antithrombotic.hold_running,
    }
    return by_code.get(code, rules.care_plan.warning_signs)


def raising(
    state: SafetyAlert,
    code: AlertCode,
    trigger: str,
    rule: Rule[Any],
    given: Given[Rules],
    because: Code | None = None,
    procedure_id: str | None = None,
    first_by: tuple[str, ...] = (),
) -> Decision:
    """Raised, also while it is open: whoever took it up has to look again. No trigger does so twice."""
    if trigger in state.triggers:
        return ()
    fact = SafetyAlertRaised(
        alert_id=given.target,
        code=code,
        severity=rule.values.severity,
        rule=rule.id,
        subject_id=trigger,
        queue=rule.values.queue,
        because=because,
        procedure_id=procedure_id,
    )
    return [TriggerNoted(trigger_id=trigger, first_by=first_by), Ruled(fact, (rule,))]


@by(CLINICIAN)
def acknowledge(state: Raised, command: AcknowledgeAlert, given: Given[Rules]) -> Decision:
    return [SafetyAlertAcknowledged(alert_id=given.target, by_id=decider(given), at=given.at)]


def follow_escalation(state: Raised, command: FollowEscalation, given: Given[Rules]) -> Decision:
    return [like(SafetyAlertAcknowledged, command, alert_id=given.target)]


@by(CLINICIAN)
def assess(state: Open, command: AssessAlert, given: Given[Rules]) -> Decision:
    """Assessing acknowledges."""
    note, person = given.ref("note"), decider(given)
    if person in state.first_by:
        return second_is_anothers(state, given.rules)
    acknowledged = SafetyAlertAcknowledged(alert_id=given.target, by_id=person, at=given.at)
    assessed = like(SafetyAlertAssessed, command, alert_id=given.target, decided_by=person, note_ref=note)
    return [
        Content(note, "alert_note", msgspec.json.encode(command.note)),
        *([acknowledged] if isinstance(state, Raised) else ()),
        assessed,
    ]


def second_is_anothers(state: Open, rules: Rules) -> Refused:
    """Whatever role they act in; where the directory has nobody else, somebody is found first."""
    staff = [each for each in rules.staff.members if each.id not in state.first_by]
    others = sorted(each.login for each in staff if not_one_of(CLINICIAN, each.id, rules) is None)
    who = (
        ", ".join(others)
        or "nobody of the staff directory yet: a clinician from outside is entered there first"
    )
    return Refused(
        f"you gave the first review, and the second is another's; it may be by {who}", code="not-second"
    )


@by(CLINICIAN)
def close(state: Assessed, command: CloseAlert, given: Given[Rules]) -> Decision:
    return [SafetyAlertClosed(alert_id=given.target, decided_by=decider(given))]


@by(CLINICIAN)
def assess_first(state: Raised | Acknowledged, command: CloseAlert, given: Given[Rules]) -> Decision:
    return Refused("an alert is assessed before it is closed", instead=("AssessAlert",), code="not-assessed")


def noted(state: SafetyAlert, fact: TriggerNoted, head: Head) -> SafetyAlert:
    before = state.first_by if isinstance(state, Open) else ()
    first_by = tuple(dict.fromkeys((*before, *fact.first_by)))
    return replace(state, triggers=(*state.triggers, fact.trigger_id), first_by=first_by)


def raised(state: SafetyAlert, fact: SafetyAlertRaised, head: Head) -> Raised:
    """Whatever was acknowledged or assessed before did not see this."""
    return Raised(code=fact.code, triggers=state.triggers, first_by=state.first_by)


def acknowledged(state: Raised, fact: SafetyAlertAcknowledged, head: Head) -> Acknowledged:
    return like(Acknowledged, state)


def assessed(state: Acknowledged | Assessed, fact: SafetyAlertAssessed, head: Head) -> Assessed:
    return like(Assessed, state, result=fact.result)


def closed(state: Assessed, fact: SafetyAlertClosed, head: Head) -> Closed:
    return like(Closed, state)


def needs(state: SafetyAlert, command: Command) -> Iterable[tuple[str, str]]:
    if isinstance(command, ConsiderMissedVisit):
        yield from risk_seen(command.patient_id)
    if isinstance(command, ConsiderLeftTaper):
        yield from tapers_seen(command.patient_id)


SAFETY_ALERT = Aggregate[SafetyAlert](
    "safety_alert",
    Quiet(),
    decide=Table(
        *(consider_answers, consider_warnings, consider_missed_visit, consider_finding),
        *(consider_fall, consider_left_taper, consider_high_dose, consider_hold, raise_open),
        *(acknowledge, follow_escalation, assess, close, assess_first),
        ignores(RaiseOpen, when=(Quiet, Closed)),
        ignores(FollowEscalation, when=(Quiet, Acknowledged, Assessed, Closed)),
        ignores(AcknowledgeAlert, when=(Acknowledged, Assessed), whom=CLINICIAN),
    ),
    evolve=Table(noted, raised, acknowledged, assessed, closed),
    needs=needs,
    has_pathway="if known",
)


def alert_id(patient_id: str, code: AlertCode) -> str:
    """The alert of this kind of a patient."""
    return derive(patient_id, f"safety alert:{code}")
