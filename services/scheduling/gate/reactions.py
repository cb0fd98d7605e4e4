"""What others decide → the gates of a procedure; and what a gate says → the procedure's date. Pure."""

from backbone.model import AllOf, Event, On, Orders, Send, all_of, like, on, one, together
from schemas.care_plan.v1.antithrombotic import (
    AntithromboticPlanInvalidated,
    AntithromboticPlanRequested,
    AntithromboticPlanSigned,
)
from schemas.care_plan.v1.override import OverrideLapsed, OverrideRecorded, OverrideRequested
from schemas.care_plan.v1.procedure import (
    ProcedureCancelled,
    ProcedureOutcomeNeeded,
    ProcedureOutcomeSettled,
    ProcedurePerformed,
)
from schemas.codes import GateKind
from schemas.referral.v1.ends import ENDS, ReferralEnd
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentHeld,
    PatientAttended,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.authorisation import AuthorisationExpired, AuthorisationRecorded
from schemas.scheduling.v1.gate import GateFailed, GateOpened, GateSatisfied, GateWaived
from services.scheduling.appointment.aggregate import APPOINTMENT, Appointments
from services.scheduling.appointment.commands import LookAtGates
from services.scheduling.gate.aggregate import GATE, GateColumns
from services.scheduling.gate.commands import (
    AwaitOutcome,
    AwaitOverride,
    AwaitPlan,
    CloseGate,
    DropPlan,
    FollowDate,
    LookAgain,
    SettleOutcome,
    TakeOverride,
    TakePlan,
)
from services.scheduling.gate.states import gate_id, gates_seen
from services.scheduling.procedure_record.facts import ConsentGone, OutcomeNoted
from services.scheduling.rules import Rules

BY_PLAN: tuple[GateKind, ...] = ("antithrombotic_plan", "inr")
"""What a signed plan meets, and what it says the limit of."""
OVERRIDES = "PRC-"
"""Rules whose override a procedure waits for."""


def of_referral(referral_id: str, kind: GateKind) -> AllOf:
    return all_of(GateColumns.referral_id(referral_id), GateColumns.kind(kind), GateColumns.open)


def of_procedure(procedure_id: str) -> AllOf:
    return all_of(GateColumns.procedure_id(procedure_id), GateColumns.open)


def await_plan(event: Event[AntithromboticPlanRequested], rules: Rules) -> Orders:
    """ANT-07: where nothing is blocked there is a task, and no gate."""
    fact, number = event.fact, event.head.sequence or 0
    for kind, needed in zip(BY_PLAN, (fact.blocking, fact.needs_inr), strict=True):
        if needed:
            plan_id = fact.antithrombotic_plan_id
            command = like(AwaitPlan, fact, plan_id=plan_id, kind=kind, asked_by=number)
            yield GATE.send(command, to=one(gate_id(fact.procedure_id, kind)))


def take_plan(event: Event[AntithromboticPlanSigned], rules: Rules) -> Orders:
    fact = event.fact
    signed = {"plan_id": fact.antithrombotic_plan_id, "taken_from": fact.inr_from, "most": fact.inr_max}
    for kind in BY_PLAN:
        command = like(TakePlan, fact, kind=kind, **signed)
        yield GATE.send(command, to=one(gate_id(fact.procedure_id, kind)))


def drop_plan(event: Event[AntithromboticPlanInvalidated], rules: Rules) -> Orders:
    if event.head.pathway_id:
        for kind in BY_PLAN:
            command = DropPlan(plan_id=event.fact.antithrombotic_plan_id)
            yield GATE.send(command, to=of_referral(event.head.pathway_id, kind))


def await_override(event: Event[OverrideRequested], rules: Rules) -> Orders:
    """PRC-01 to PRC-03, PRC-07 and PRC-08 are asked about a procedure; other rules hold up no date."""
    if event.fact.rule.startswith(OVERRIDES):
        command = like(AwaitOverride, event.fact, procedure_id=event.fact.subject_id)
        yield GATE.send(command, to=one(gate_id(event.fact.subject_id, "override")))


def await_outcome(event: Event[ProcedureOutcomeNeeded], rules: Rules) -> Orders:
    """PRC-04, where the one before was done after this one was ordered."""
    to = one(gate_id(event.fact.procedure_id, "previous_outcome"))
    yield GATE.send(like(AwaitOutcome, event.fact), to=to)


def settle_outcome(event: Event[ProcedureOutcomeSettled], rules: Rules) -> Orders:
    to = one(gate_id(event.fact.procedure_id, "previous_outcome"))
    yield GATE.send(like(SettleOutcome, event.fact), to=to)


def take_override(event: Event[OverrideRecorded], rules: Rules) -> Orders:
    if event.head.pathway_id:
        to = of_referral(event.head.pathway_id, "override")
        yield GATE.send(like(TakeOverride, event.fact), to=to)


def ask_no_more(event: Event[OverrideLapsed], rules: Rules) -> Orders:
    """The rule says nothing any more: as if it were granted."""
    if event.head.pathway_id:
        command = TakeOverride(override_id=event.fact.override_id, granted=True)
        yield GATE.send(command, to=of_referral(event.head.pathway_id, "override"))


def look_at_answer(event: Event[AuthorisationRecorded], rules: Rules) -> Orders:
    """PRC-05"""
    if event.head.pathway_id:
        yield GATE.send(LookAgain(), to=of_referral(event.head.pathway_id, "authorisation"))


def look_at_end(event: Event[AuthorisationExpired], rules: Rules) -> Orders:
    yield GATE.send(LookAgain(), to=one(gate_id(event.fact.procedure_id, "authorisation")))


def look_at_outcome(event: Event[OutcomeNoted], rules: Rules) -> Orders:
    """PRC-04"""
    if event.head.pathway_id:
        yield GATE.send(LookAgain(), to=of_referral(event.head.pathway_id, "previous_outcome"))


def look_at_consent(event: Event[ConsentGone], rules: Rules) -> Orders:
    """Consent to a series that was taken back meets no other of its procedures."""
    if event.head.pathway_id:
        yield GATE.send(LookAgain(), to=of_referral(event.head.pathway_id, "procedure_consent"))


def gates_follow(procedure_id: str, follow: FollowDate) -> list[Send]:
    """Every gate at once: none of them is seen before all have followed."""
    return [GATE.send(follow, to=one(gate)) for _, gate in gates_seen(procedure_id)]


def hold_date(event: Event[AppointmentHeld | AppointmentBooked], rules: Rules) -> Orders:
    if event.fact.procedure_id:
        follow = FollowDate(appointment_id=event.head.aggregate_id, start=event.fact.start)
        yield together(*gates_follow(event.fact.procedure_id, follow))


def lose_date(event: Event[AppointmentCancelled | PatientDidNotAttend], rules: Rules) -> Orders:
    """What was shown for that date says nothing of another one."""
    if event.fact.procedure_id and event.fact.version:
        follow = FollowDate(appointment_id=event.head.aggregate_id, moved=True)
        yield together(*gates_follow(event.fact.procedure_id, follow))


def close(event: Event[ProcedureCancelled | ProcedurePerformed | PatientAttended], rules: Rules) -> Orders:
    if event.fact.procedure_id:
        yield GATE.send(CloseGate(), to=of_procedure(event.fact.procedure_id))


def close_all(event: Event[ReferralEnd], rules: Rules) -> Orders:
    to = all_of(GateColumns.referral_id(event.head.aggregate_id), GateColumns.open)
    yield GATE.send(CloseGate(), to=to)


def look_at_gates(event: Event[GateOpened | GateSatisfied | GateFailed | GateWaived], rules: Rules) -> Orders:
    """SCH-02: it is booked when nothing holds it up, and held again when something does."""
    to = all_of(Appointments.procedure_id(event.fact.procedure_id), Appointments.open)
    yield APPOINTMENT.send(LookAtGates(), to=to)


REACTIONS: tuple[On, ...] = (
    on(AntithromboticPlanRequested, await_plan),
    on(AntithromboticPlanSigned, take_plan),
    on(AntithromboticPlanInvalidated, drop_plan),
    on(OverrideRequested, await_override),
    on(ProcedureOutcomeNeeded, await_outcome),
    on(ProcedureOutcomeSettled, settle_outcome),
    on(OverrideRecorded, take_override),
    on(OverrideLapsed, ask_no_more),
    on(AppointmentHeld, hold_date),
    on(AppointmentBooked, hold_date),
    on(AppointmentCancelled, lose_date),
    on(PatientDidNotAttend, lose_date),
    on(ProcedureCancelled, close),
    on(ProcedurePerformed, close),
    on(PatientAttended, close),
    *(on(fact, close_all) for fact in ENDS),
)

OWN: tuple[On, ...] = (
    on(OutcomeNoted, look_at_outcome),
    on(ConsentGone, look_at_consent),
    on(AuthorisationRecorded, look_at_answer),
    on(AuthorisationExpired, look_at_end),
    *(on(fact, look_at_gates) for fact in (GateOpened, GateSatisfied, GateFailed, GateWaived)),
)
"""Handled in the transaction that writes the facts."""
