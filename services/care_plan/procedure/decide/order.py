"""The order of a physician: it fits, is not ordered twice, and says what must be true before it."""

from collections.abc import Sequence

from dateutil.relativedelta import relativedelta

from backbone.model import Decision, Given, Refused, Ruled, Step, Table, by, like
from config.procedures import RISKS, Family, Payer
from config.rules import Rule
from schemas.care_plan.v1.codes import BleedingRisk, CoverageRisk, SequenceRole
from schemas.care_plan.v1.procedure import ProcedureOrdered
from schemas.codes import GateKind
from services.care_plan.history.states import history_of
from services.care_plan.plan.states import Active
from services.care_plan.procedure.commands import OrderProcedure
from services.care_plan.procedure.decide.dates import questions
from services.care_plan.procedure.decide.limits import (
    Reached,
    brought_too_little,
    is_same,
    previous,
    qualifying,
    reached,
)
from services.care_plan.procedure.decide.places import misplaced
from services.care_plan.procedure.states import NotOrdered
from services.care_plan.procedure_record.states import Known, procedures_of
from services.care_plan.roles import PHYSICIAN
from services.care_plan.rules import Rules

LONGEST_AHEAD = relativedelta(years=2)


@by(PHYSICIAN)
def order(state: NotOrdered, command: OrderProcedure, given: Given[Rules]) -> Decision:
    """For the first day on which it may be; limits are asked for again when it has a date."""
    if wrong := impossible(command, given):
        return wrong
    rules, known = given.rules.procedures, procedures_of(given)
    wanted, family = like(Known, command, procedure_id=given.target), rules.family(command.family)
    profile = history_of(command.referral_id, given).payer_profile
    payer, is_known = rules.payer(profile)
    on = command.not_before or given.rules.calendar.day(given.at)
    limits = reached(wanted, on, known, payer, rules)
    before = previous(wanted, known, rules)
    gates = gates_for(command, family, payer, limits, before, given.rules)
    ordered = like(
        ProcedureOrdered,
        command,
        procedure_id=given.target,
        sequence_role=role_of(wanted, family, known, payer, given),
        bleeding_risk=risk_of(command, family),
        gates=gates,
        met=("previous_outcome",) if before and before.relief_pct is not None else (),
        previous_id=before.procedure_id if before else None,
        coverage_risk=coverage(limits, brought_too_little(wanted, known, payer, rules), is_known=is_known),
    )
    facts: list[Step] = [Ruled(ordered, (rules.families, rules.gates, rules.outcome, payer))]
    return facts + questions(limits, on, given, is_known=is_known)


def impossible(command: OrderProcedure, given: Given[Rules]) -> Refused | None:
    rules, today = given.rules, given.rules.calendar.day(given.at)
    if not isinstance(given.others["care_plan", command.plan_id], Active):
        instead = ("ActivatePlan", "ResumePlan")
        return Refused("procedures are ordered under a plan that is active", instead, code="plan-not-active")
    if command.not_before is not None and not today <= command.not_before <= today + LONGEST_AHEAD:
        return Refused("`not_before`: today or a day of the next two years", code="wrong-day")
    family = rules.procedures.family(command.family)
    wrong = misplaced(command.family, family, command.region, command.side, command.levels)
    return wrong or ordered_already(command, given)


def ordered_already(command: OrderProcedure, given: Given[Rules]) -> Refused | None:
    """Nobody is treated twice because it was ordered twice, under whichever record."""
    wanted = like(Known, command, procedure_id=given.target)
    for each in procedures_of(given):
        if is_same(each, wanted) and not each.done and not command.again:
            return Refused(
                f"this is ordered and open already, as procedure {each.procedure_id}: say `again` where both are "
                "wanted",
                code="already-ordered",
            )
    return None


def gates_for(
    command: OrderProcedure,
    family: Family,
    payer: Rule[Payer],
    limits: Sequence[Reached],
    before: Known | None,
    rules: Rules,
) -> tuple[GateKind, ...]:
    """What must be true before it. Antithrombotics ask for more by facts of their own."""
    gates, found = rules.procedures.gates.values, list[GateKind]()
    if rules.procedures.wants_to_authorise(payer, family.group, command.place):
        found.append("authorisation")
    if before is not None:
        found.append("previous_outcome")
    if limits:
        found.append("override")
    found += [*gates.always, *gates.groups.get(family.group, ())]
    for each in command.circumstances:
        found += gates.circumstances.get(each, ())
    return tuple(dict.fromkeys(found))


def risk_of(command: OrderProcedure, family: Family) -> BleedingRisk:
    """One step higher for who bleeds more easily."""
    usual = family.regions[command.region]
    if usual == "none" or "raised_bleeding_risk" not in command.circumstances:
        return usual
    return RISKS[min(RISKS.index(usual) + 1, len(RISKS) - 1)]


def role_of(
    wanted: Known, family: Family, known: Sequence[Known], payer: Rule[Payer], given: Given[Rules]
) -> SequenceRole | None:
    """Its place in the order of care: the first block, the second, the ablation (SCH-04)."""
    rules = given.rules.procedures
    blocks = rules.needed(payer)[0]
    if family.group in blocks.rule.values.groups:
        return "rfa"
    if family.group != blocks.rule.values.after:
        return None
    today = given.rules.calendar.day(given.at)
    counted = qualifying(wanted, today, known, blocks, rules)
    return "mbb_2" if counted else "mbb_1"


def coverage(limits: Sequence[Reached], too_little: bool, *, is_known: bool) -> CoverageRisk | None:
    """Why the payer may not pay, as far as this can be told."""
    if not is_known:
        return "unknown"
    if limits:
        return limits[0].risk
    return "criteria" if too_little else None


ORDER = Table(order)
