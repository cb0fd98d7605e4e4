"""The question whether to depart from a rule, and its answer. Its id is made by whoever asks."""

from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Group,
    Head,
    Refused,
    Ruled,
    Table,
    by,
    decider,
    ignores,
    like,
)
from schemas.care_plan.v1.codes import CoverageRisk, OverrideReason
from schemas.care_plan.v1.override import OverrideLapsed, OverrideRecorded, OverrideRequested
from services.care_plan.override.states import Asked, Decided, Lapsed, NotAsked, Override, WithQuestion
from services.care_plan.rules import Rules


class RequestOverride(Command, tag="request_override", kw_only=True):
    """`rule`: by its id; the rule itself names the role that may depart from it."""

    rule: str
    subject_id: str
    coverage_risk: CoverageRisk | None = None


class DecideOverride(Command, tag="decide_override", kw_only=True):
    granted: bool
    reason: OverrideReason


class LapseOverride(Command, tag="lapse_override"):
    """The rule says nothing any more, or what it was about is over."""


def request(state: NotAsked, command: RequestOverride, given: Given[Rules]) -> Decision:
    """Raises LookupError for a rule that does not apply or names no role: whoever asks knows both."""
    rule = next(each for each in given.rules.applying() if each.id == command.rule)
    if rule.override_role is None:
        raise LookupError(f"{rule.id} names no role that may depart from it")
    asked = like(OverrideRequested, command, override_id=given.target, role=rule.override_role)
    return [Ruled(asked, (rule,))]


def whoever_may(state: WithQuestion, rules: Rules) -> Group:
    """Somebody of the role that the rule names."""
    return Group(f"a {state.role.replace('_', ' ')}", frozenset({state.role}))


@by(whoever_may)
def decide(state: Asked, command: DecideOverride, given: Given[Rules]) -> Decision:
    return wrong_reason(command) or [answer(command, given)]


@by(whoever_may)
def decide_again(state: Decided, command: DecideOverride, given: Given[Rules]) -> Decision:
    """The same again is nothing; another decision is on record beside the first."""
    if (state.granted, state.reason) == (command.granted, command.reason):
        return ()
    return wrong_reason(command) or [answer(command, given)]


def wrong_reason(command: DecideOverride) -> Refused | None:
    """Reasons to refuse are no reasons to grant, and the other way round."""
    if command.reason == "other" or command.granted != (command.reason in REFUSING):
        return None
    said = "granted" if command.granted else "refused"
    return Refused(f"`reason`: {command.reason} is none for which it is {said}", code="not-a-reason")


REFUSING = frozenset({"not_justified", "alternative_chosen"})


def answer(command: DecideOverride, given: Given[Rules]) -> OverrideRecorded:
    return like(OverrideRecorded, command, override_id=given.target, decided_by=decider(given))


def lapse(state: Asked | Decided, command: LapseOverride, given: Given[Rules]) -> Decision:
    """What was granted stays granted."""
    if isinstance(state, Decided) and state.granted:
        return ()
    return [OverrideLapsed(override_id=given.target)]


def requested(state: NotAsked, fact: OverrideRequested, head: Head) -> Asked:
    return like(Asked, fact)


def recorded(state: Asked | Decided, fact: OverrideRecorded, head: Head) -> Decided:
    return like(Decided, state, granted=fact.granted, reason=fact.reason, decided_by=fact.decided_by)


def lapsed(state: Asked | Decided, fact: OverrideLapsed, head: Head) -> Lapsed:
    return like(Lapsed, state)


OVERRIDE = Aggregate[Override](
    "override",
    NotAsked(),
    decide=Table(
        *(request, decide, decide_again, lapse),
        ignores(RequestOverride, when=(Asked, Decided, Lapsed)),
        ignores(LapseOverride, when=(NotAsked, Lapsed)),
    ),
    evolve=Table(requested, recorded, lapsed),
)
